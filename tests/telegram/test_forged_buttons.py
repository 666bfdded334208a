"""Old, forged and stolen buttons get a friendly alert and open nothing."""

import pytest
from aiogram.filters.callback_data import CallbackData

from bot.telegram.callbacks import AskExport, AskForget, Forget
from tests.telegram.client import data_of
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, say

STALE = "This button is out of date. Send the IIN again."
ERASED = (
    "Erased. All that stays is a coded mark, so that no backup brings you back. Send /start to "
    "begin again."
)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_old_button_is_explained_in_the_language_of_the_person(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    answer = await person.send("991231500707")

    assert await person.press_for_alert(answer, "y:AAAAAAAAAAAAAAAAAAAAAA") == say(language, STALE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("l|kk|a:AAAAAAAAAAAAAAAAAAAAAA", id="language-of-no-answer"),
        pytest.param("a:AAAAAAAAAAAAAAAAAAAAAA", id="answer-that-never-was"),
        pytest.param("y:AAAAAAAAAAAAAAAAAAAAAA", id="why-of-no-answer"),
        pytest.param("w:AAAAAAAAAAAAAAAAAAAAAA", id="ways-of-no-answer"),
        pytest.param("a:", id="no-id"),
        pytest.param("a:950101500019", id="iin-as-an-id"),
        pytest.param("y:'; DROP TABLE answers;--", id="sql"),
        pytest.param("w:%s{0}\u0000", id="format-marks"),
        pytest.param("l|xx|m", id="unknown-language"),
        pytest.param("l|kk|l|kk|m", id="language-of-a-language"),
        pytest.param("g:no-such-guide:", id="unknown-guide"),
        pytest.param("g:../../../etc/passwd:", id="path"),
        pytest.param("ы" * 32, id="cyrillic"),
        pytest.param("garbage", id="garbage"),
        pytest.param(":", id="colon"),
        pytest.param("|", id="bar"),
    ],
)
async def test_forged_button_gives_a_friendly_alert(newcomer: Newcomer, data: str) -> None:
    person = await newcomer("ru")
    answer = await person.send("991231500707")

    alert = await person.press_for_alert(answer, data)

    assert alert in {say(language, STALE) for language in LANGUAGES}
    assert (await person.messages())[-1]["text"] == answer["text"]


@pytest.mark.parametrize(
    ("button", "said"),
    [
        pytest.param(AskExport(), STALE, id="export"),
        pytest.param(AskForget(), STALE, id="erasing"),
        pytest.param(Forget(), ERASED, id="erasing-confirmed"),
    ],
)
async def test_button_of_a_message_that_telegram_does_not_show_any_more_is_answered(
    newcomer: Newcomer, button: CallbackData, said: str
) -> None:
    person = await newcomer("ru")
    query_id = f"old-{person.id}"
    old = {"message_id": 1, "date": 0, "chat": {"id": person.id, "type": "private"}}
    sender = {"id": person.id, "is_bot": False, "first_name": "X", "language_code": "ru"}
    press = {"id": query_id, "from": sender, "chat_instance": "1", "data": button.pack()}

    await person._post("/client/updates", {"callback_query": {**press, "message": old}})
    answer = await person.next_event("callback_answer")

    assert answer["callback_query_id"] == query_id
    assert answer["text"] == say("ru", said)


@pytest.mark.parametrize("button", ["Why?", "Ways back"])
async def test_somebody_elses_answer_stays_closed(newcomer: Newcomer, button: str) -> None:
    owner, stranger = await newcomer("ru"), await newcomer("ru")
    theirs = await owner.send("950101500019")
    own = await stranger.send("991231500707")

    event = await stranger.press_for_answer(own, data_of(theirs, say("ru", button)))

    assert event["show_alert"]
    assert event["text"] == say("ru", STALE)
    assert not any("0019" in message["text"] for message in await stranger.messages())


async def test_somebody_elses_answer_stays_closed_behind_guides_and_languages(
    newcomer: Newcomer,
) -> None:
    owner, stranger = await newcomer("ru"), await newcomer("ru")
    theirs = await owner.send("950101500019")
    answer_id = data_of(theirs, say("ru", "Why?")).partition(":")[2]
    own = await stranger.send("991231500707")

    for data in (f"l|kk|a:{answer_id}", f"l|ky|w:{answer_id}", f"a:{answer_id}"):
        await stranger.press_for_answer(own, data)
        shown = str(await stranger.messages())
        assert "0019" not in shown
        assert "51\u00a0000" not in shown


@pytest.mark.parametrize(
    "data",
    [
        "t:pay:a|b",
        "g:student:a|b",
        "e:mri:a|b",
        f"g:student:{'A' * 48}",
        "S:" + ".".join(["g123456"] * 7),
        "S:../../etc",
        "V:free:-2",
        "x:AAAAAAAAAAAAAAAAAAAAAA:gaps:0:" + "f" * 20,
        "L:accountant:7:ru:",
        "L:accountant:-1:ru:",
        "D:accountant:0:xx:",
    ],
)
async def test_data_of_a_wrong_form_are_out_of_date(newcomer: Newcomer, data: str) -> None:
    person = await newcomer("ru")
    menu = await person.send("/start")

    assert await person.press_for_alert(menu, data) == say(
        "ru", "This button is out of date. Send the IIN again."
    )
