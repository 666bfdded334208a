"""Presses that come late, answers that get lost, buttons of another day."""

import aiohttp
from structlog.testing import capture_logs

from bot.telegram.callbacks import GiveConsent, OpenWays, OpenWhy
from tests.telegram.client import data_of
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import say

LATER = "The service cannot answer right now. Please try again in a few minutes."
TOO_OLD = {
    "kind": "error",
    "status": 400,
    "description": "Bad Request: query is too old and response timeout expired",
}
REFUSED = {"kind": "error", "status": 400, "description": "Bad Request: no"}
PROXY_PAGE = {"kind": "error", "status": 502, "html": True}


async def test_press_that_waited_too_long_still_opens_the_view(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    answer = await person.send("950101500019")
    await person.fail("answerCallbackQuery", TOO_OLD)

    view = await person.press(answer, say("ru", "Ways back"))

    assert view["text"].startswith(say("ru", "Ways back to full cover"))


async def test_iin_is_deleted_although_the_answer_was_lost(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    await person.fail("sendMessage", REFUSED, times=2)

    sent = await person.write("950101500019")

    await person.wait_gone(sent["message_id"])


async def test_page_of_a_proxy_is_an_error_like_others(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    answer = await person.send("950101500019")
    await person.fail("editMessageText", PROXY_PAGE)

    view = await person.press(answer, say("ru", "Why?"))

    assert view["text"].startswith(say("ru", "Why this answer"))


async def test_press_that_fails_too_late_for_an_alert_is_told_by_a_message(
    newcomer: Newcomer,
) -> None:
    person = await newcomer("ru")
    answer = await person.send("950101500019")
    await person.fail("answerCallbackQuery", TOO_OLD, times=2)
    await person.fail("editMessageText", REFUSED)

    await person.press_data(answer, data_of(answer, say("ru", "Why?")))

    assert (await person.next_message())["text"] == say("ru", LATER)


async def test_ways_of_somebody_insured_meanwhile_show_the_answer(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    answer = await person.send("991231500707")
    answer_id = data_of(answer, say("ru", "Why?")).partition(":")[2]
    why = await person.press(answer, say("ru", "Why?"))

    await person.press_data(why, OpenWays(answer_id=answer_id).pack())
    shown = (await person.next_event("edited"))["message"]

    assert shown["text"].startswith(say("ru", "✅ Insured"))
    assert OpenWhy(answer_id=answer_id).pack() in str(shown["reply_markup"])


async def test_consent_to_an_older_notice_is_no_consent(newcomer: Newcomer) -> None:
    person = await newcomer("ru", consent=False)
    welcome = await person.send("/start")

    await person.press_data(welcome, GiveConsent(version=0).pack())
    answer = await person.send("950101500019")

    assert say("ru", "First read this and agree. Then send the number again.") in answer["text"]


async def test_hundred_messages_of_one_person_do_not_stop_another(
    newcomer: Newcomer, api: aiohttp.ClientSession
) -> None:
    flooder, resident = await newcomer("ru"), await newcomer("kk")
    await flooder.fail("sendMessage", {"kind": "slow", "seconds": 0.5}, times=100)
    with capture_logs() as logs:
        for _ in range(100):
            await flooder.write("привет")

        answer = await resident.send("991231500707")

    assert answer["text"].startswith(say("kk", "✅ Insured"))
    # What is beyond the fifteen that may wait.
    assert [entry["event"] for entry in logs].count("update_dropped") > 50
    async with api.delete("/client/faults") as response:
        assert response.ok
