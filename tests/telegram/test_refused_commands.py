"""Whoever is no operator cannot tell that operators' commands exist (F27)."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from tests.telegram.client import Client, until
from tests.telegram.conftest import Newcomer
from tests.telegram.office import STALE, UNKNOWN, Office, open_office
from tests.telegram.texts import LANGUAGES, say

REAL = ("/operators", "/audit", "/operators@saqbol_demo_bot")
UNREAL = "/nosuchcommand"
_GROUPS = itertools.count(-1_009_000_000_000)
_MESSAGES = itertools.count(910_000)
_ANONYMOUS = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GAB"}
_TIMES = 15
# As for an answer: over the internet it takes 100 to 300 ms, with more than this between two.
_ONE_CLASS_S = 0.05

# What a message in the private chat may have more, or instead.
IN_PRIVATE: dict[str, dict[str, Any]] = {
    "typed": {},
    "forwarded": {
        "forward_origin": {"type": "hidden_user", "sender_user_name": "Chief", "date": 1}
    },
    "edited": {"edit_date": 1_795_219_201},
    "in-the-name-of-a-channel": {
        "sender_chat": {"id": -1_008_000_000_001, "type": "channel", "title": "Saqbol"}
    },
    "over-a-business-account": {"business_connection_id": "abc"},
    "as-a-guest": {"guest_query_id": "abc"},
    "as-a-caption": {"photo": [{"file_id": "x", "file_unique_id": "x", "width": 9, "height": 9}]},
}
IN_GROUPS: dict[str, dict[str, Any]] = {
    "group": {},
    "supergroup": {},
    "anonymous-administrator": {"from": _ANONYMOUS},
}
# Kinds of updates that the bot never asks for, and what is left without a word.
SILENT: dict[str, dict[str, Any]] = {
    "edited_message": {"edit_date": 1_795_219_201},
    "channel_post": {"chat": {"id": -1_008_000_000_001, "type": "channel", "title": "x"}},
    "edited_channel_post": {"chat": {"id": -1_008_000_000_001, "type": "channel", "title": "x"}},
    "business_message": {"business_connection_id": "abc"},
    "guest_message": {"guest_query_id": "abc"},
    "message": {"via_bot": _ANONYMOUS},
}


@pytest.fixture(scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with open_office(tmp_path_factory.mktemp("refused"), chiefs=30) as office:
        yield office


@pytest.fixture(scope="module")
def newcomer(office: Office) -> Newcomer:
    return office.newcomer


def worded(text: str, shape: dict[str, Any]) -> dict[str, Any]:
    length = len(text.split(maxsplit=1)[0])
    entities = [{"type": "bot_command", "offset": 0, "length": length}]
    if "photo" in shape:
        return {"caption": text, "caption_entities": entities, **shape}
    return {"text": text, "entities": entities, **shape}


async def put(person: Client, kind: str, content: dict[str, Any]) -> None:
    """Put a message into the bot's queue as it is."""
    message = {
        "message_id": next(_MESSAGES),
        "date": 1_795_219_200,
        "chat": {"id": person.id, "type": "private", "first_name": "Тест"},
        "from": {"id": person.id, "is_bot": False, "first_name": "Тест", "language_code": "ru"},
        **content,
    }
    await person._post("/client/updates", {kind: message})


async def replies(person: Client, chat_id: int, number: int) -> list[dict[str, Any]]:
    """Wait for so many calls to a chat; give what each of them says."""

    async def calls() -> list[dict[str, Any]]:
        async with person._session.get("/client/journal") as response:
            journal = await response.json()
        return [call for call in journal if call["params"].get("chat_id") == chat_id]

    async def came() -> bool:
        return len(await calls()) >= number

    await until(came)
    # A second answer would come at once.
    await asyncio.sleep(0.05)
    return [
        {"method": call["method"], **call["params"], "chat_id": 0, "message_id": 0}
        for call in await calls()
        if "my_commands" not in call["method"].lower()
    ]


@pytest.mark.parametrize(
    ("who", "shape"),
    [
        *(("stranger", shape) for shape in IN_PRIVATE),
        # Typed is how an administrator gives commands.
        *(("administrator", shape) for shape in IN_PRIVATE if shape != "typed"),
    ],
)
async def test_command_in_private_gets_the_reply_to_an_unknown_one(
    office: Office, who: str, shape: str
) -> None:
    content = IN_PRIVATE[shape]
    real, unreal = [
        office.chief() if who == "administrator" else await office.newcomer("ru", consent=False)
        for _ in range(2)
    ]

    await put(real, "message", worded(REAL[0], content))
    await put(unreal, "message", worded(UNREAL, content))

    told = await replies(real, real.id, 1)
    assert told == await replies(unreal, unreal.id, 1)
    assert say("ru", UNKNOWN) in told[0]["text"]
    actor = str(real.id) if who == "administrator" else office.mark_of(real)
    await office.audited(actor, "refused", step="operators")


@pytest.mark.parametrize("shape", IN_GROUPS)
@pytest.mark.parametrize("who", ["stranger", "administrator"])
async def test_command_in_a_group_gets_the_reply_to_an_unknown_one(
    office: Office, who: str, shape: str
) -> None:
    person = office.chief() if who == "administrator" else await office.newcomer("ru")
    kind = "group" if shape == "group" else "supergroup"
    told = []

    for text in (REAL[0], UNREAL):
        chat = {"id": next(_GROUPS), "type": kind, "title": "x"}
        sender_chat = {"sender_chat": chat} if shape.startswith("anonymous") else {}
        content = {"chat": chat, **sender_chat, **IN_GROUPS[shape]}
        await put(person, "message", worded(text, content))
        told.append(await replies(person, int(str(chat["id"])), 1))

    assert told[0] == told[1]


@pytest.mark.parametrize("kind", SILENT)
async def test_command_that_nobody_typed_here_and_now_gets_no_reply(
    office: Office, kind: str
) -> None:
    chief = office.chief()

    await put(chief, kind, worded(REAL[0], SILENT[kind]))
    await put(chief, "message", worded("/start", {}))

    [answer] = await replies(chief, chief.id, 1)
    assert answer["text"].startswith("<b>")
    assert say("ru", "Operators and their roles") not in answer["text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", REAL)
async def test_typed_command_is_unknown_in_the_language_of_the_stranger(
    newcomer: Newcomer, language: str, text: str
) -> None:
    one, other = await newcomer(language), await newcomer(language)

    answer, of_unknown = await one.send(text), await other.send(UNREAL)

    assert answer["text"] == of_unknown["text"]
    assert answer["text"].startswith(say(language, UNKNOWN))
    assert answer["reply_markup"] == of_unknown["reply_markup"]


@pytest.mark.parametrize(
    "data", ["operators", "operator:700000001", "op_role:700000001:administrator:1", "audit:0"]
)
async def test_operators_button_is_out_of_date_for_a_stranger(
    office: Office, newcomer: Newcomer, data: str
) -> None:
    stranger = await newcomer("kk")
    menu = await stranger.send("/start")

    alerts = [await stranger.press_for_alert(menu, each) for each in (data, "nosuchbutton:0")]

    assert alerts == [say("kk", STALE)] * 2
    await office.audited(office.mark_of(stranger), "refused", step=data.partition(":")[0])


async def test_stranger_who_shares_a_person_is_not_understood(office: Office) -> None:
    stranger = await office.newcomer("ru", consent=False)
    shared = {"request_id": 1, "users": [{"user_id": stranger.id}], "user_ids": [stranger.id]}

    await put(stranger, "message", {"users_shared": shared})

    [told] = await replies(stranger, stranger.id, 1)
    assert say("ru", UNKNOWN) in told["text"]
    assert [row for row in office.audit() if row.action == "role_granted"] == []


async def test_refused_and_unknown_commands_take_times_of_one_class(newcomer: Newcomer) -> None:
    async def seconds(text: str) -> float:
        stranger = await newcomer("ru", consent=False)
        start = perf_counter()
        await stranger.send(text)
        return perf_counter() - start

    pairs = [(await seconds(REAL[0]), await seconds(UNREAL)) for _ in range(_TIMES)]

    assert abs(median(real - unreal for real, unreal in pairs)) < _ONE_CLASS_S


async def test_refusal_is_written_by_a_keyed_hash_once_a_minute(office: Office) -> None:
    stranger = await office.newcomer("ru")

    for _ in range(3):
        await stranger.send("/audit")
    await office.audited(office.mark_of(stranger), "refused", step="audit")

    rows = [row for row in office.audit() if row.actor == office.mark_of(stranger)]
    assert len(rows) == 1
    assert str(stranger.id) not in str(office.audit())
