"""An author writes a broadcast on a card: people, hours, price, and what blocks it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.broadcasts import KAZAKHSTAN
from bot.domain.locales import Locale
from tests.conftest import SAMPLE_REGISTER
from tests.telegram.client import data_of, labels
from tests.telegram.conftest import bot_settings, home_with, own_emulator, running_bot
from tests.telegram.drafts.author import (
    OUT_OF_DATE,
    Author,
    begin,
    bring,
    heard,
    take_role,
)
from tests.telegram.office import STALE, UNKNOWN, Office
from tests.telegram.texts import LANGUAGES, say


@pytest.mark.parametrize("language", LANGUAGES)
async def test_broadcast_reaches_whom_it_is_for_in_every_language_of_operators(
    office: Office, language: str
) -> None:
    author = await begin(office, language=language)
    own = Locale(language)

    await author.write(own, "Жаңалық бар")
    await author.choose_only_me()
    last = await author.check()
    sent = await author.send()
    arrived = await heard(author.client, "Жаңалық бар")

    assert last["text"].startswith(author.say("Send broadcast {number}?", number=author.number))
    assert labels(sent)[0] == author.say("Open the broadcast")
    assert data_of(sent, labels(sent)[0]) == f"bc:{author.number}"
    assert arrived["text"] == "Жаңалық бар"


async def test_count_is_exact_whenever_the_audience_changes(office: Office) -> None:
    author = await begin(office)
    for language in ("kk", "kk", "ky"):
        await office.newcomer(language)
    await author.press("For whom")
    before = author.card["text"]

    await office.newcomer("ky")
    await author.press("Language")
    kk = await author.press_label("Қазақша")
    both = await author.press_label("Кыргызча")

    people = int(kk["text"].split("Қазақша ")[1].split(")")[0])
    shown = both["text"].split("Кыргызча ")[1].split(")")[0]
    assert f"Қазақша {people}, Кыргызча {shown}" in both["text"]
    assert f"Кыргызча {int(shown) - 1}" in before
    assert "Русский" not in both["text"].split("\n• ")[0]


async def test_audience_is_by_status_region_and_days(office: Office) -> None:
    author = await begin(office)
    insured, uninsured = await office.newcomer("ky"), await office.newcomer("ky")
    await insured.send("950101500019")
    await uninsured.send("991231500707")
    await author.press("For whom")

    await author.press("Status")
    await author.press("not insured")
    await author.press("Back to the audience")
    await author.press("Days")
    shown = await author.press_label(say("ru", "Asked in the last {number} day", 1))
    people = await author.press("Back to the audience")

    assert author.say("Last answer: {names}", names=say("ru", "not insured")) in shown["text"]
    assert f"✓ {author.say('Status')}" in labels(people)
    assert f"✓ {author.say('Days')}" in labels(people)
    everybody = await author.press("Everybody")
    assert (
        author.say("Everybody who agreed to the privacy notice and can be reached")
        in everybody["text"]
    )


async def test_language_without_a_text_blocks_and_is_named(office: Office) -> None:
    author = await begin(office)
    await office.newcomer("kk")
    await office.newcomer("ky")

    await author.write(Locale.RU, "Новость")
    last = await author.check()

    missing = "Қазақша, Кыргызча"
    said = author.say(
        "No text in: {languages}. Write it, or choose which text they get instead.",
        languages=missing,
    )
    assert said in last["text"]
    alert = await author.client.press_for_alert(last, f"bd_send:{author.number}")
    assert alert == said
    assert author.state() == "draft"


async def test_chosen_text_stands_in_for_missing_languages(office: Office) -> None:
    author, sender = await begin(office), await bring(office, "sender")
    kazakh, kyrgyz = await office.newcomer("kk"), await office.newcomer("ky")

    await author.write(Locale.RU, "Всем одно")
    chosen = await author.press("Also for languages without a text")
    await author.write(Locale.KK, "Қазақша мәтін")
    await author.check()
    await author.send()
    request = await sender.next_message()
    await sender.press_data(request, f"bd_yes:{author.number}")

    assert author.say("the text in {name} instead", name="Русский") in chosen["text"]
    assert (await heard(kazakh, "мәтін"))["text"] == "Қазақша мәтін"
    assert (await heard(kyrgyz, "Всем"))["text"] == "Всем одно"


async def test_start_that_cannot_be_is_refused(office: Office) -> None:
    author = await begin(office)
    await author.press("When")

    for typed, problem in (
        ("21.11.2025 10:30", "This time has passed."),
        ("завтра", "This is no day and time."),
        ("25.11.2062 10:30", "This is more than a year away."),
    ):
        answer = await author.client.send(typed)
        assert f"{author.say(problem)} " in answer["text"]
        assert "25.11.2026 10:30" in answer["text"]

    # At once, as before.
    assert author.row("starts_at") <= author.row("created_at")


async def test_start_and_hours_are_by_the_clocks_of_kazakhstan(office: Office) -> None:
    author = await begin(office)
    start = (datetime.now(KAZAKHSTAN) + timedelta(days=3)).replace(hour=10, minute=30)
    await author.write(Locale.RU, "Позже")
    await author.choose_only_me()

    await author.press("When")
    await author.press_label("09:00–21:00")
    await author.client.write(f"{start:%d.%m.%Y %H:%M}")
    shown = await author.edited()
    await author.check()
    done = await author.send()

    assert f"{start.year}" in shown["text"]
    assert "10:30" in shown["text"]
    assert (
        author.say("Only between {opens} and {closes}", opens="09:00", closes="21:00")
        in (shown["text"])
    )
    assert "10:30" in done["text"]
    assert author.state() == "scheduled"
    assert author.row("starts_at").startswith(f"{start.astimezone(UTC):%Y-%m-%d %H:%M}")


async def test_start_that_passed_while_the_draft_lay_is_refused(office: Office) -> None:
    author = await begin(office)
    await author.write(Locale.RU, "Поздно")
    await author.choose_only_me()
    await author.press("When")
    await author.client.write(f"{datetime.now(KAZAKHSTAN) + timedelta(days=1):%d.%m.%Y %H:%M}")
    await author.edited()
    await author.check()
    await office.execute(
        "UPDATE broadcasts SET created_at = '2020-01-01 00:00:00.000000',"
        " starts_at = '2020-01-02 00:00:00.000000' WHERE id = ?",
        author.number,
    )

    alert = await author.client.press_for_alert(author.card, f"bd_send:{author.number}")

    assert alert == author.say("The chosen start has passed. Choose it anew.")
    assert author.state() == "draft"


async def test_paid_choice_shows_its_price_for_this_count(office: Office) -> None:
    author = await begin(office)

    page = await author.press("How it is sent")
    await author.choose_only_me()
    await author.press("How it is sent")
    await author.press("Paid")
    await author.press("Rather twice than never")
    shown = await author.back()

    price = author.say("Paid: up to 1000 messages a second for at most {stars} Stars", stars="0,1")
    assert price in shown["text"]
    assert "0,1 Star" in page["text"]
    assert author.say("In doubt: rather twice than never") in shown["text"]
    assert (author.row("is_paid"), author.row("rather_twice")) == (1, 1)


async def test_f10_second_press_and_old_cards_do_nothing(office: Office) -> None:
    author = await begin(office)
    await author.write(Locale.RU, "Один раз")
    await author.choose_only_me()
    last = await author.check()
    data = f"bd_send:{author.number}"

    for _ in range(2):
        await author.client.press_data(last, data)
    await heard(author.client, "Один раз")
    alert = await author.client.press_for_alert(last, data)
    await author.reach("done")

    assert alert == author.say(OUT_OF_DATE)
    shown = [each for each in await author.client.messages() if each.get("text") == "Один раз"]
    assert len([each for each in shown if each["from"]["is_bot"]]) == 1
    confirmed = {"broadcast": author.number, "recipients": 1}
    rows = [row for row in office.audit() if row.action == "broadcast_confirmed"]
    assert [row.details for row in rows if row.actor == str(author.client.id)] == [confirmed]


async def test_f10_forwarded_card_sends_and_opens_nothing(office: Office) -> None:
    author, other = await begin(office), await begin(office)
    await author.write(Locale.RU, "Не уйдёт")
    await author.choose_only_me()
    await author.check()
    forwarded = await author.client.write("карточка", forward_from={"id": author.client.id})

    alerts = [
        *[
            await author.client.press_for_alert(forwarded, f"{press}:{author.number}")
            for press in ("bd_send", "bd_drop")
        ],
        *[
            await other.client.press_for_alert(other.card, f"{press}:{author.number}{rest}")
            for press, rest in (
                ("bd_send", ""),
                ("bd_drop", ""),
                ("bd_text", ":ru"),
                ("bd_show", ":ru"),
            )
        ],
    ]

    assert alerts == [say("ru", OUT_OF_DATE)] * 6
    assert author.state() == "draft"


async def test_role_taken_between_preview_and_confirmation_stops_it(office: Office) -> None:
    author = await begin(office)
    await author.write(Locale.RU, "Не уйдёт")
    await author.choose_only_me()
    last = await author.check()

    await take_role(office, author.client, "sender")
    as_author = await author.client.press_for_alert(last, f"bd_send:{author.number}")
    await take_role(office, author.client, "author")
    as_nobody = await author.client.press_for_alert(last, f"bd:{author.number}:m")

    assert [as_author, as_nobody] == [say("ru", STALE)] * 2
    assert author.state() == "draft"


async def test_draft_is_thrown_away_when_asked_twice(office: Office) -> None:
    author = await begin(office)

    number = author.number
    await author.press("Throw away")
    before = author.state()
    gone = await author.press("Yes, throw it away")

    assert before == "draft"
    assert gone["text"] == author.say("The draft is gone. A new one: /broadcast")
    assert office.fetch("SELECT * FROM broadcasts WHERE id = ?", number) == []


async def test_several_drafts_are_listed_and_go_on(office: Office) -> None:
    author = await begin(office)
    await author.write(Locale.RU, "Первый черновик")

    listed = await author.client.send("/broadcast")
    await author.client.press_data(listed, data_of(listed, "Первый"))
    again = await author.client.next_message()
    stale = await author.client.press_for_alert(author.card, f"bd:{author.number}:m")
    await author.client.press_data(listed, data_of(listed, author.say("New broadcast")))
    new = await author.client.next_message()

    assert "Первый черновик" in again["text"]
    assert stale == author.say(OUT_OF_DATE)
    assert author.say("no text yet") in new["text"]


async def test_commands_are_not_there_for_others(office: Office) -> None:
    support = await bring(office, "support")

    for command in ("/broadcast", "/correct", "/cancel"):
        assert (await support.send(command))["text"].startswith(say("ru", UNKNOWN))


@pytest.mark.long
async def test_draft_survives_a_restart_of_the_bot(tmp_path: Path) -> None:
    home = home_with(SAMPLE_REGISTER, tmp_path / "home")
    async with own_emulator() as (emulator, newcomer):
        chief, person = await newcomer("ru", consent=False), await newcomer("ru", consent=False)
        settings = bot_settings(home, emulator.url, operators=(chief.id,))
        office = Office(emulator, newcomer, home, iter([chief]))
        async with running_bot(settings):
            welcome = await person.send("/start")
            await person.press(welcome, "согласие")
            card = await chief.send(f"/operators {person.id}")
            for role in ("author", "sender"):
                await chief.press_data(card, f"op_role:{person.id}:{role}:1")
                await chief.next_event("edited")
                await person.next_message()
            author = Author(office, person, await person.send("/broadcast"))
            await author.write(Locale.RU, "До перезапуска")
            await author.choose_only_me()
            await author.press_label(Locale.KK.own_name)
        async with running_bot(settings):
            await author.client.write("Қайта іске қосылғаннан кейін")
            await author.edited()
            shown = await author.back()
            await author.check()
            await author.send()
            arrived = await heard(person, "До перезапуска")

    assert "Қайта іске" in shown["text"]
    assert "До перезапуска" in shown["text"]
    assert arrived["text"] == "До перезапуска"
