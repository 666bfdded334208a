"""What comes in odd shapes: updates of every kind, names of any letters, people out of reach."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.emulator import Emulator
from tests.conftest import SAMPLE_REGISTER
from tests.failures import texts
from tests.failures.oracles import gather, judge, spoken_of
from tests.failures.running import bot_by, readiness, written_log
from tests.failures.talk import Talk
from tests.telegram.client import Client, Events, until
from tests.telegram.conftest import Newcomer, bringer, home_with

IIN = texts.IIN_UNINSURED
_CHANNEL = {"id": -1_002_000_000_778, "type": "channel", "title": "X"}
_ANONYMOUS = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}
_IDS = {"message_id": 900_000, "date": 1_795_219_200}


@dataclass(frozen=True)
class Side:
    api: aiohttp.ClientSession
    newcomer: Newcomer
    port: int

    async def put(self, person: Client, update: dict[str, Any]) -> None:
        """Put an update into the queue and wait until the bot has come to a later one."""
        async with self.api.post("/client/updates", json=update) as response:
            assert response.ok, await response.text()
        await self.answer_to(person, "/menu")

    async def answer_to(self, person: Client, text: str) -> str:
        await person.write(text)
        await Talk(self.api, person).wait_ended()
        return str((await person.messages())[-1]["text"])

    async def calls(self) -> list[dict[str, Any]]:
        async with self.api.get("/client/journal") as response:
            found: list[dict[str, Any]] = await response.json()
            return found


@pytest.fixture(scope="module")
async def side(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Side]:
    home = home_with(SAMPLE_REGISTER, tmp_path_factory.mktemp("shapes") / "home")
    with written_log() as log:
        async with (
            Emulator(webhook_retry_s=0.2) as emulator,
            aiohttp.ClientSession(emulator.url) as api,
            Events(api) as events,
            bot_by("polling", home, emulator.url) as port,
        ):
            yield Side(api, bringer(api, events), port)
            evidence = await gather(api, home, log.getvalue())
    judge(evidence)


def shapes(person: dict[str, Any], text: str) -> dict[str, dict[str, Any]]:
    """Give every shape in which somebody else's word or a word elsewhere may come."""
    own = {"id": person["id"], "type": "private", "first_name": "X"}
    written = {**_IDS, "chat": own, "from": person, "text": text}
    # A group of its own, because there is a limit of messages to each.
    group = {"id": -1_002_000_000_000 - person["id"], "type": "supergroup", "title": "X"}
    in_group = {**written, "chat": group}
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "X"}
    bot = {"id": 1, "is_bot": True, "first_name": "X"}
    return {
        "edited": {"edited_message": {**written, "edit_date": 1}},
        "group": {"message": in_group},
        "anonymous-admin": {"message": {**in_group, "from": _ANONYMOUS, "sender_chat": group}},
        "channel-in-a-group": {"message": {**in_group, "sender_chat": _CHANNEL}},
        "channel-post": {"channel_post": {**_IDS, "chat": _CHANNEL, "text": text}},
        "edited-channel-post": {"edited_channel_post": {**_IDS, "chat": _CHANNEL, "text": text}},
        "business": {"business_message": {**written, "business_connection_id": "X"}},
        "edited-business": {"edited_business_message": {**written, "business_connection_id": "X"}},
        "guest": {"guest_message": written},
        "forwarded": {"message": {**written, "forward_origin": origin}},
        "via-bot": {"message": {**written, "via_bot": bot}},
    }


_TYPED_IN_PRIVATE = {"forwarded", "via-bot"}


@pytest.mark.parametrize("shape", shapes({"id": 0}, ""))
async def test_f27_f32_f34_no_other_shape_of_update_gets_a_status_or_is_obeyed(
    side: Side, shape: str
) -> None:
    person = await side.newcomer("ru")
    known = {key: person.person[key] for key in ("id", "is_bot", "first_name", "language_code")}
    before = len(await side.calls())

    for text in (IIN, f"/start {IIN}", "/forget", "/menu@saqbol_demo_bot"):
        if shape in _TYPED_IN_PRIVATE and text != IIN:
            continue
        await side.put(person, shapes(known, text)[shape])

    calls = (await side.calls())[before:]
    assert not [call for call in calls if spoken_of(str(call["params"]))]
    assert not [call for call in calls if IIN in str(call["params"])]
    if shape not in _TYPED_IN_PRIVATE:
        # Only what is typed in private is obeyed: all these calls are for the menu asked there.
        private = [call for call in calls if call["chat_id"] == person.id]
        assert {call["method"] for call in private} == {"sendMessage"}
        assert all(texts.MENU in call["params"]["text"] for call in private)
    answer = await side.answer_to(person, IIN)
    assert answer.startswith(texts.UNINSURED)
    assert spoken_of(answer) == [IIN[-4:]]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("\u202eдовлоП\u202c", id="turns-the-direction"),
        pytest.param("محمد", id="from-the-right"),
        pytest.param("👩‍👩‍👧‍👦🏳️‍🌈" * 3, id="emoji"),
        pytest.param("е\u0301" * 30, id="accents"),
        pytest.param("\u200b\u2060\ufeff", id="unseen"),
        pytest.param('<a href="tg://user?id=1">&amp;</a></b>', id="html"),
        pytest.param("{0.__class__} %(x)s", id="format-marks"),
    ],
)
async def test_f24_f25_names_and_texts_of_any_letters_are_answered_and_not_shown(
    side: Side, name: str
) -> None:
    person = await side.newcomer("ru", first_name=name, last_name=name)
    long = (name * 4096).encode("utf-16-le")[: 2 * 4000].decode("utf-16-le", "ignore")

    answers = [await person.send(text) for text in (IIN, f"{name}?", long)]

    assert answers[0]["text"].startswith(texts.UNINSURED)
    calls = [call for call in await side.calls() if call["chat_id"] == person.id]
    assert not [call for call in calls if call.get("error")]
    assert not [call for call in calls if name in str(call["params"])]


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: PEER_ID_INVALID"),
        (400, "Bad Request: group chat was upgraded to a supergroup chat"),
    ],
)
async def test_f30_f31_person_who_cannot_be_written_to_is_not_tried_again_and_comes_back(
    side: Side, status: int, description: str
) -> None:
    person = await side.newcomer("ru")
    talk = Talk(side.api, person)
    await talk.wait_ended()
    earlier = len(await person.calls("sendMessage"))
    fault = {"kind": "error", "status": status, "description": description}
    await person.fail("sendMessage", fault, times=100)

    await person.write("/menu")
    await talk.wait_ended()

    tried = (await person.calls("sendMessage"))[earlier:]
    async with side.api.delete("/client/faults") as response:
        assert response.ok
    # The menu and one "try later": a person who is out of reach is not knocked at.
    assert 1 <= len(tried) <= 2
    assert (await person.send("/start"))["text"].startswith(texts.MENU)
    assert (await person.send(IIN))["text"].startswith(texts.UNINSURED)


async def test_f30_word_that_somebody_blocked_the_bot_is_taken_in_silence(side: Side) -> None:
    person = await side.newcomer("ru")
    earlier = len(await person.calls())
    talk = Talk(side.api, person)
    await talk.wait_ended()

    await person.block()
    await talk.wait_ended()

    assert len(await person.calls()) == earlier
    assert (await person.send("/start"))["text"].startswith(texts.MENU)


@pytest.mark.long
async def test_f39_readiness_tells_whether_telegram_is_reached(own_home: Path) -> None:
    outage = {"method": "getMe", "times": 1000, "fault": {"kind": "error", "status": 502}}
    async with (
        Emulator() as emulator,
        aiohttp.ClientSession(emulator.url) as api,
        bot_by("webhook", own_home, emulator.url) as port,
    ):

        async def says(status: int) -> None:
            async def is_said() -> bool:
                return await readiness(port) == status

            await until(is_said, 90)

        async with api.post("/client/faults", json=outage) as response:
            assert response.ok
        # What answered lately is not asked again; by webhook nothing else is called meanwhile.
        await says(503)
        async with api.delete("/client/faults") as response:
            assert response.ok
        await says(200)
