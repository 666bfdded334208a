"""Who may let a broadcast go, and how a second operator approves one of many people."""

from typing import Any

import pytest

from bot.domain.locales import Locale
from tests.telegram.client import Client, Message, labels
from tests.telegram.drafts.author import Author, begin, bring, give_role, heard, take_role
from tests.telegram.office import STALE, Office, Row
from tests.telegram.texts import LANGUAGES, say

DECIDED = "This was decided already, or it is your own broadcast."


@pytest.fixture(autouse=True)
async def nobody_else_sends(office: Office) -> None:
    """Let no sender of another test be asked."""
    await office.execute("DELETE FROM operators")


async def written(office: Office, *roles: str) -> Author:
    """Bring an author whose draft is for everybody and complete."""
    author = await begin(office, *roles)
    await author.write(Locale.RU, "Всем")
    await author.press("Also for languages without a text")
    await author.check()
    return author


async def request_to(sender: Client, author: Author) -> Message:
    return await heard(sender, say("ru", "Approve broadcast {number}?", number=author.number))


def decisions(office: Office, author: Author) -> list[tuple[str, str]]:
    return [
        (row.actor, row.action)
        for row in office.audit()
        if row.details.get("broadcast") == author.number
    ]


async def test_many_recipients_need_another_sender(office: Office) -> None:
    sender, bystander = await bring(office, "sender"), await bring(office, "author")
    for _ in range(2):
        await office.newcomer("ru")
    author = await written(office)

    waiting = await author.send()
    request = await request_to(sender, author)
    state = author.state()
    own = await author.client.press_for_alert(waiting, f"bd_yes:{author.number}")
    unrelated = await bystander.press_for_alert(
        await bystander.send("/start"), f"bd_yes:{author.number}"
    )
    approved = await sender.press(request, say("ru", "Approve"))
    news = await heard(author.client, str(author.number))

    assert say("ru", "Ask the senders again") in labels(waiting)
    assert state == "awaiting_approval"
    assert (own, unrelated) == (say("ru", DECIDED), say("ru", STALE))
    assert labels(approved) == [say("ru", "Open the broadcast")]
    assert news["text"].startswith(
        say("ru", "{who} approved your broadcast {number}", who="Тест", number=author.number)
    )
    await author.reach("done")
    assert author.row("approver") == sender.id
    assert decisions(office, author) == [
        (str(author.client.id), "broadcast_handed_over"),
        (str(sender.id), "broadcast_approved"),
    ]


async def test_f10_approval_pressed_twice_or_by_two_counts_once(office: Office) -> None:
    first, second = await bring(office, "sender"), await bring(office, "sender")
    author = await written(office)
    await author.send()
    requests = [await request_to(first, author), await request_to(second, author)]
    data = f"bd_yes:{author.number}"

    await first.press_data(requests[0], data)
    again = await first.press_for_alert(requests[0], data)
    late = await second.press_for_alert(requests[1], f"bd_no:{author.number}")

    assert [again, late] == [say("ru", DECIDED)] * 2
    approved = [each for each in decisions(office, author) if each[1] == "broadcast_approved"]
    assert approved == [(str(first.id), "broadcast_approved")]


async def test_declined_broadcast_is_a_draft_again_and_its_author_hears_of_it(
    office: Office,
) -> None:
    sender = await bring(office, "sender")
    author = await written(office)
    await author.send()
    request = await request_to(sender, author)

    await sender.press(request, say("ru", "Decline"))
    news = await heard(author.client, "/broadcast")
    state, number = author.state(), author.number
    listed = await author.client.send("/broadcast")
    await author.client.press_data(listed, f"bd_go:{number}")
    author.card = await author.client.next_message()
    left = office.fetch("SELECT * FROM deliveries WHERE broadcast_id = ?", number)
    await author.check()
    await author.send()

    assert news["text"].startswith(
        say("ru", "{who} declined your broadcast {number}", who="Тест", number=number)
    )
    assert (state, left) == ("draft", [])
    assert say("ru", "Start: at once") in (await request_to(sender, author))["text"]
    assert (str(sender.id), "broadcast_declined") in decisions(office, author)


async def test_author_who_is_no_sender_hands_over_however_few_there_are(office: Office) -> None:
    sender = await bring(office, "sender")
    author = await begin(office, "author")
    await author.write(Locale.RU, "Только мне")
    await author.choose_only_me()
    last = await author.check()

    stale = await author.client.press_for_alert(last, f"bd_send:{author.number}")
    await author.press_label(
        say("ru", "Ask for approval: {people}", people=say("ru", "{amount} person", 1, amount=1))
    )
    state = author.state()
    await sender.press(await request_to(sender, author), say("ru", "Approve"))

    assert stale == say("ru", STALE)
    assert state == "awaiting_approval"
    assert (await heard(author.client, "Только мне"))["text"] == "Только мне"


async def test_without_another_sender_nothing_is_handed_over(office: Office) -> None:
    author = await written(office, "author")

    alert = await author.client.press_for_alert(author.card, f"bd_hand:{author.number}")

    assert alert == say(
        "ru", "There is no other operator with the role “sender”. Ask an administrator for one."
    )
    assert author.state() == "draft"


async def test_sender_sees_exactly_what_recipients_get(office: Office) -> None:
    sender = await bring(office, "sender")
    author = await written(office)
    await author.send()
    request = await request_to(sender, author)

    await sender.press_data(request, f"bd_show:{author.number}:kk")
    shown = await sender.next_message()

    assert shown["text"] == "Всем"
    assert say("ru", "Show me: {name}", name="Қазақша") in labels(request)


async def test_role_taken_from_a_sender_before_the_approval_stops_it(office: Office) -> None:
    sender = await bring(office, "sender")
    author = await written(office)
    await author.send()
    request = await request_to(sender, author)

    await take_role(office, sender, "sender")
    alert = await sender.press_for_alert(request, f"bd_yes:{author.number}")

    assert alert == say("ru", STALE)
    assert author.state() == "awaiting_approval"


async def test_sender_who_comes_later_is_asked_again(office: Office) -> None:
    deaf = await bring(office, "sender")
    await deaf.block()
    author = await written(office)
    waiting = await author.send()
    untold = await author.client.next_message()

    later = await office.newcomer("ru")
    await give_role(office, later, "sender")
    await author.client.press_data(waiting, f"bd_again:{author.number}")

    assert untold["text"] == say(
        "ru",
        "The bot could write to no sender. Ask one to press Start in this bot, then ask again.",
    )
    assert await request_to(later, author)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_request_is_in_the_language_of_the_sender(office: Office, language: str) -> None:
    sender = await bring(office, "sender", language=language)
    author = await written(office)

    await author.send()
    request = await sender.next_message()

    expected: dict[str, Any] = {"number": author.number}
    assert request["text"].startswith(say(language, "Approve broadcast {number}?", **expected))
    assert say(language, "Decline") in labels(request)


async def test_texts_of_a_broadcast_begin_a_new_draft_once(office: Office) -> None:
    author = await begin(office)
    await author.write(Locale.RU, "Ещё раз")
    await author.choose_only_me()
    await author.check()
    sent = await author.send()
    await heard(author.client, "Ещё раз")
    data = f"bd_from:{author.number}:0"

    for _ in range(2):
        await author.client.press_data(sent, data)
    cards = [await author.client.next_message() for _ in range(2)]

    assert all("Ещё раз" in card["text"] for card in cards)
    drafts = "SELECT count(*) FROM broadcasts WHERE author = ? AND state = 'draft'"
    assert office.fetch(drafts, author.client.id) == [(1,)]


async def test_what_was_done_is_read_in_the_audit_log(office: Office) -> None:
    author = await begin(office)
    await author.write(Locale.RU, "В журнал")
    await author.choose_only_me()
    await author.check()
    await author.send()

    row = Row(
        str(author.client.id), "broadcast_confirmed", {"broadcast": author.number, "recipients": 1}
    )
    assert row in office.audit()
