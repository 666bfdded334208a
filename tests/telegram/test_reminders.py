"""Who switched a reminder on hears in time, once, and nothing that is not so."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from bot.content.library import Content
from bot.telegram.profile import resident_commands
from tests.telegram.client import Client, Message, data_of, labels, until
from tests.telegram.conftest import AGREE
from tests.telegram.reminding import (
    CHILD,
    DISABLED,
    END,
    NOBODY,
    SOON,
    STUDENT,
    USUAL,
    Calendar,
    heal,
    open_calendar,
    switch,
    written,
)
from tests.telegram.test_export import ask, read
from tests.telegram.texts import LANGUAGES, day, say

LEFT = "{number} day is left until then."
LOST = "⛔ Not insured any more, as of {day}"
BACK = "✅ Insured again, until {day}"
ON, OFF = "Reminder is on: switch off", "Remind me"
_NOTICES = "SELECT state FROM reminder_notices WHERE kind = '7' AND subscriber_id"
_ONLY_CORRECTIONS = (
    "Operators do not write to you by themselves; only if an answer of the bot was wrong, you are "
    "told. Your reminders still come."
)
_OPEN_END = {**USUAL, CHILD: ",many_children_mother:2008-12..,,,"}
_INSURED_AGAIN = {**USUAL, NOBODY: ",student:2026-12..2028-06,,,"}


@pytest.fixture(scope="module")
async def bot_of_all(
    tmp_path_factory: pytest.TempPathFactory, content: Content
) -> AsyncIterator[Calendar]:
    async with open_calendar(tmp_path_factory.mktemp("calendar"), content) as calendar:
        yield calendar


@pytest.fixture
async def calendar(bot_of_all: Calendar) -> Calendar:
    """Give a bot whose people of other tests are not reminded any more."""
    await bot_of_all.change("DELETE FROM reminders")
    return bot_of_all


def before(days: int) -> date:
    return END - timedelta(days=days)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_one_press_switches_the_reminder_on_and_another_off(
    calendar: Calendar, language: str
) -> None:
    person = await calendar.newcomer(language)
    answer = await person.send(CHILD)

    on = await switch(person, answer, say(language, OFF))
    off = await switch(person, on, say(language, ON))

    assert say(language, OFF) in labels(answer)
    assert say(language, ON) in labels(on)
    assert say(language, OFF) in labels(off)
    assert on["text"] == answer["text"]
    assert calendar.rows(f"SELECT 1 FROM reminders WHERE subscriber_id = {person.id}") == []  # noqa: S608


async def test_press_says_when_the_bot_will_write(calendar: Calendar) -> None:
    for language in LANGUAGES:
        person = await calendar.newcomer(language)
        answer = await person.send(NOBODY)

        alert = await person.press_for_alert(answer, data_of(answer, say(language, OFF)))

        assert "30, 14, 7" in alert
        assert len(alert) <= 200  # Telegram's limit


async def test_double_press_keeps_one_reminder(calendar: Calendar) -> None:
    person = await calendar.newcomer("ru")
    answer = await person.send(CHILD)
    button = data_of(answer, say("ru", OFF))

    await person.press_for_alert(answer, button)
    await person.press_for_alert(answer, button)

    query = f"SELECT last4, is_covered FROM reminders WHERE subscriber_id = {person.id}"  # noqa: S608
    assert calendar.rows(query) == [(CHILD[-4:], 1)]


async def test_answer_typed_again_knows_of_its_reminder(calendar: Calendar) -> None:
    person, _answer = await calendar.reminded(CHILD)

    assert say("ru", ON) in labels(await person.send(CHILD))


async def test_somebody_elses_answer_button_switches_nothing(calendar: Calendar) -> None:
    owner, stranger = await calendar.newcomer("ru"), await calendar.newcomer("ru")
    answer, own = await owner.send(CHILD), await stranger.send("/menu")

    await stranger.press_for_alert(own, data_of(answer, say("ru", OFF)))

    query = f"SELECT 1 FROM reminders WHERE subscriber_id = {stranger.id}"  # noqa: S608
    assert calendar.rows(query) == []


async def test_twenty_reminders_are_the_most(calendar: Calendar) -> None:
    person, answer = await calendar.reminded(CHILD)
    await calendar.change(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 19) "  # noqa: S608
        "INSERT INTO reminders "
        "(id, subscriber_id, record_key, last4, is_covered, as_of, looked_on, created_at) "
        f"SELECT 'r' || i, {person.id}, CAST(i AS BLOB), '0000', 0, '2026-11-21', '2026-11-21', "
        "'2026-11-21' FROM n"
    )
    other = await person.send(STUDENT)

    alert = await person.press_for_alert(other, data_of(other, say("ru", OFF)))

    assert alert == say(
        "ru", "You have {number} reminder already. Switch one off first: /reminders", 20
    )
    # The one that is on stays so.
    assert say("ru", ON) in labels(answer)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_list_shows_the_answers_and_switches_off(calendar: Calendar, language: str) -> None:
    person, _answer = await calendar.reminded(CHILD, language)

    shown = await person.send("/reminders")
    opened = await person.press(shown, say(language, "{last4}: open", last4=CHILD[-4:]))
    again = await person.send("/reminders")
    label = say(language, "{last4}: switch off", last4=CHILD[-4:])
    emptied = await switch(person, again, label)

    assert say(language, "✅ Insured until {day}", day=day(language, END)) in shown["text"]
    assert say(language, "✅ Insured until {day}", day=day(language, END)) in opened["text"]
    assert say(language, "No reminders") in emptied["text"]


async def test_forget_erases_the_reminder_and_a_new_answer_knows_nothing_of_it(
    calendar: Calendar,
) -> None:
    person, _answer = await calendar.reminded(CHILD)
    asked = await person.send("/forget")
    await person.press(asked, say("ru", "Yes, erase"))

    left = [
        calendar.rows(f"SELECT 1 FROM {table} WHERE subscriber_id = {person.id}")  # noqa: S608
        for table in ("reminders", "reminder_notices")
    ]
    welcome = await person.send("/start")
    await person.press(welcome, AGREE["ru"])

    assert left == [[], []]
    assert say("ru", OFF) in labels(await person.send(CHILD))


async def test_export_has_the_reminder(calendar: Calendar) -> None:
    person, _answer = await calendar.reminded(CHILD)

    document = await read(await ask(person), calendar.url)

    (table,) = [each for each in document["database"] if each["table"] == "reminders"]
    (row,) = table["rows"]
    assert (row["last4"], row["ends_on"]) == (CHILD[-4:], END.isoformat())
    assert set(row) == set(table["columns"])


async def test_each_step_comes_once_in_the_language_of_the_person(calendar: Calendar) -> None:
    people = {language: (await calendar.reminded(CHILD, language))[0] for language in LANGUAGES}
    told: dict[str, list[tuple[int, str]]] = {language: [] for language in LANGUAGES}

    for days in (31, 30, 29, 14, 13, 7, 6, 2, 1, 0):
        known = {language: len(await written(person)) for language, person in people.items()}
        await calendar.go_to(before(days))
        await calendar.go_to(before(days), is_silent=True)
        for language, person in people.items():
            told[language] += [(days, text) for text in (await written(person))[known[language] :]]

    for language, steps in told.items():
        assert [days for days, _text in steps] == [30, 14, 7, 1]
        title = say(language, "✅ Insured until {day}", day=day(language, END))
        for days, text in steps:
            assert text.splitlines()[0] == title
            assert say(language, LEFT, days) in text
            assert say(language, "What to do now") in text


async def test_only_the_nearest_of_several_steps_comes_after_days_without_the_bot(
    calendar: Calendar,
) -> None:
    person, _answer = await calendar.reminded(CHILD)
    known = len(await written(person))

    await calendar.go_to(before(5))
    await calendar.go_to(before(4))

    (text,) = (await written(person))[known:]
    assert say("ru", LEFT, 5) in text


async def test_step_that_the_answer_has_just_told_does_not_follow_it(calendar: Calendar) -> None:
    person, _answer = await calendar.reminded(SOON)
    known = len(await written(person))

    await calendar.go_to(date(2026, 11, 22))
    assert len(await written(person)) == known
    await calendar.go_to(date(2026, 11, 23))

    (text,) = (await written(person))[known:]
    assert say("ru", LEFT, 7) in text


async def test_end_that_comes_nearer_is_told_the_next_day(calendar: Calendar) -> None:
    person, _answer = await calendar.reminded(CHILD)
    known = len(await written(person))

    await calendar.go_to(date(2026, 11, 22), {**USUAL, CHILD: USUAL[SOON]})

    (text,) = (await written(person))[known:]
    assert say("ru", LEFT, 8) in text


async def test_lost_cover_and_cover_that_is_back_are_told_once(calendar: Calendar) -> None:
    person, _answer = await calendar.reminded(CHILD)
    await calendar.go_to(before(1))
    known = len(await written(person))
    new_year = date(2027, 1, 1)

    for days in range(3):
        await calendar.go_to(new_year + timedelta(days=days))
    (lost,) = (await written(person))[known:]
    back_facts = {**USUAL, CHILD: ",student:2027-01..2028-06,,,"}
    for days in range(3, 6):
        await calendar.go_to(new_year + timedelta(days=days), back_facts)
    (back,) = (await written(person))[known + 1 :]

    assert lost.splitlines()[0] == say("ru", LOST, day=day("ru", new_year))
    until = day("ru", date(2028, 6, 30))
    assert back.splitlines()[0] == say("ru", BACK, day=until)


async def test_uninsured_person_hears_when_insured_again(calendar: Calendar) -> None:
    people = {language: (await calendar.reminded(NOBODY, language))[0] for language in LANGUAGES}
    known = {language: len(await written(person)) for language, person in people.items()}

    await calendar.go_to(date(2026, 12, 5))
    assert {key: len(await written(person)) for key, person in people.items()} == known
    await calendar.go_to(date(2026, 12, 6), _INSURED_AGAIN)

    until = date(2028, 6, 30)
    for language, person in people.items():
        (text,) = (await written(person))[known[language] :]
        assert text.splitlines()[0] == say(language, BACK, day=day(language, until))


async def test_end_within_the_first_step_needs_no_second_message_after_being_back(
    calendar: Calendar,
) -> None:
    person, _answer = await calendar.reminded(NOBODY)
    known = len(await written(person))
    soon = {**USUAL, NOBODY: ",student:2026-12..2026-12,,,"}

    await calendar.go_to(date(2026, 12, 6), soon)
    await calendar.go_to(date(2026, 12, 7), soon)

    assert len(await written(person)) == known + 1


async def test_end_that_moves_away_is_told_no_more(calendar: Calendar) -> None:
    person, _answer = await calendar.reminded(CHILD)
    await calendar.go_to(before(30))
    known = len(await written(person))

    await calendar.go_to(before(14), _OPEN_END)
    await calendar.go_to(before(7), _OPEN_END)
    assert len(await written(person)) == known

    # The end is back where it was: the steps that were told are not told again.
    await calendar.go_to(before(6))
    await calendar.go_to(before(5))
    (text,) = (await written(person))[known:]
    assert say("ru", LEFT, 6) in text


async def test_stranger_hears_no_sensitive_category(calendar: Calendar) -> None:
    person, _answer = await calendar.reminded(DISABLED)
    known = len(await written(person))

    await calendar.go_to(before(7))
    await calendar.go_to(date(2027, 1, 1))

    told = " ".join((await written(person))[known:])
    assert say("ru", LEFT, 7) in told
    assert say("ru", "disability") not in told
    assert "инвалид" not in told.lower()
    assert DISABLED not in told


@pytest.mark.parametrize("hour", [0, 9, 20, 23])
async def test_nobody_is_written_to_outside_the_day(calendar: Calendar, hour: int) -> None:
    person, _answer = await calendar.reminded(CHILD)
    known = len(await written(person))

    await calendar.go_to(before(7), hour=hour, is_silent=True)
    assert len(await written(person)) == known

    await calendar.go_to(before(7) if hour < 10 else before(6), hour=10)
    assert len(await written(person)) == known + 1


async def test_too_old_register_tells_nobody_anything_until_there_is_a_new_one(
    calendar: Calendar,
) -> None:
    person, _answer = await calendar.reminded(CHILD)
    known = len(await written(person))

    await calendar.go_to(before(7), as_of=before(15), is_silent=True)
    assert len(await written(person)) == known

    await calendar.go_to(before(7), as_of=before(14))
    assert len(await written(person)) == known + 1


async def test_older_register_than_the_last_one_decides_nothing(calendar: Calendar) -> None:
    person, _answer = await calendar.reminded(NOBODY)
    await calendar.go_to(date(2026, 12, 6), _INSURED_AGAIN)
    known = len(await written(person))

    # Another worker still has yesterday's extract, in which the person is not insured.
    await calendar.go_to(date(2026, 12, 7), as_of=date(2026, 12, 5), is_silent=True)

    assert len(await written(person)) == known


async def test_person_missing_from_the_register_hears_nothing(calendar: Calendar) -> None:
    person, _answer = await calendar.reminded(CHILD)
    known = len(await written(person))
    without = {iin: rest for iin, rest in USUAL.items() if iin != CHILD}

    await calendar.go_to(before(7), without)

    assert len(await written(person)) == known


async def test_those_whose_end_is_near_are_written_to_first(calendar: Calendar) -> None:
    later, _answer = await calendar.reminded(STUDENT)
    uninsured, _answer = await calendar.reminded(NOBODY)
    sooner, _answer = await calendar.reminded(CHILD)
    facts = {**_INSURED_AGAIN, STUDENT: ",student:2024-09..2027-01,,,"}

    await calendar.go_to(date(2027, 1, 1), {**facts, CHILD: USUAL[CHILD]})

    sent = await calendar.sent(sooner, later, uninsured)
    assert sent == [sooner.id, later.id, uninsured.id]


async def test_two_workers_write_once(calendar: Calendar) -> None:
    people = [(await calendar.reminded(CHILD))[0] for _ in range(6)]

    await calendar.go_to(before(7), workers=3)

    assert sorted(await calendar.sent(*people)) == sorted(person.id for person in people)


async def test_who_blocked_the_bot_becomes_inactive_and_hears_the_nearest_step_when_back(
    calendar: Calendar,
) -> None:
    person, _answer = await calendar.reminded(CHILD)
    about = f"FROM subscribers WHERE id = {person.id} AND inactive_since IS NOT NULL"
    await person.block()
    await until(lambda: calendar.has(f"SELECT 1 {about}"))
    # Only a message tells, as where the block came while the bot was down.
    await calendar.change(f"UPDATE subscribers SET inactive_since = NULL WHERE id = {person.id}")  # noqa: S608

    await calendar.go_to(before(14))
    state = calendar.rows("SELECT state FROM reminder_notices WHERE kind = '14'")
    assert state == [("unreachable",)]
    assert await calendar.has(f"SELECT 1 {about}")

    await person.send("/menu")
    known = len(await written(person))
    await calendar.go_to(before(7))
    assert len(await written(person)) == known + 1


async def test_message_that_surely_was_not_sent_is_sent_later(calendar: Calendar) -> None:
    person, _answer = await calendar.reminded(CHILD)
    await person.fail("sendMessage", {"kind": "429", "retry_after": 1000})
    known = len(await written(person))

    await calendar.go_to(before(7), is_silent=True)
    assert len(await written(person)) == known
    await heal(calendar.url)
    await calendar.go_to(before(7))

    assert len(await written(person)) == known + 1


async def test_message_without_an_answer_is_uncertain_and_not_sent_again(
    calendar: Calendar,
) -> None:
    person, _answer = await calendar.reminded(CHILD)
    known = len(await written(person))
    await person.fail("sendMessage", {"kind": "reset_after"})

    await calendar.go_to(before(7))
    await calendar.go_to(before(7), is_silent=True)

    assert calendar.rows("SELECT state FROM reminder_notices WHERE kind = '7'") == [("uncertain",)]
    assert len(await written(person)) == known + 1


async def test_button_of_the_reminder_opens_a_fresh_answer_and_the_other_switches_off(
    calendar: Calendar,
) -> None:
    person, _answer = await calendar.reminded(CHILD)
    await calendar.go_to(before(7))
    reminder = await last(person)

    stopped = data_of(reminder, say("ru", "Switch off"))
    await calendar.change("DELETE FROM answers")
    opened = await person.press(reminder, say("ru", "Open answer"))
    why = await person.press(opened, say("ru", "Why?"))
    await person.press_for_answer(reminder, stopped)

    assert say("ru", ON) in labels(opened)
    assert why["text"] != opened["text"]
    assert calendar.rows("SELECT count(*) FROM reminders") == [(0,)]
    known = len(await written(person))
    await calendar.go_to(before(1))
    assert len(await written(person)) == known


async def test_first_look_after_a_restore_is_silent_and_the_next_step_comes(
    calendar: Calendar,
) -> None:
    person, _answer = await calendar.reminded(CHILD)
    # What a restored backup has: nobody knows what was sent after it.
    await calendar.change("UPDATE reminders SET looked_on = NULL")
    known = len(await written(person))

    await calendar.go_to(before(14))
    await calendar.go_to(before(13))
    assert len(await written(person)) == known
    await calendar.go_to(before(7))

    assert len(await written(person)) == known + 1


@pytest.mark.long
async def test_f01_killed_worker_sends_nothing_twice_and_its_message_is_counted(
    calendar: Calendar, capsys: pytest.CaptureFixture[str]
) -> None:
    person, _answer = await calendar.reminded(CHILD)
    other, _answer = await calendar.reminded(CHILD)
    await person.fail("sendMessage", {"kind": "hang"})
    calls = len(await person.calls("sendMessage"))

    async def has_left() -> bool:
        return len(await person.calls("sendMessage")) > calls

    process = calendar.start_process(before(7))
    await until(has_left, 60)
    await until(lambda: calendar.has_been_sent(other))
    known = len(await other.calls("sendMessage"))
    process.kill()
    process.join()

    # The lease ends.
    await calendar.change("UPDATE reminder_notices SET lease_until = '2026-11-21 00:00:00.000000'")
    await calendar.go_to(before(7))
    await calendar.go_to(before(6))

    assert calendar.rows(f"{_NOTICES} = {person.id}") == [("uncertain",)]
    assert "number=" in capsys.readouterr().out
    assert len(await person.calls("sendMessage")) == calls + 1
    assert len(await other.calls("sendMessage")) == known


async def test_operators_messages_are_switched_off_and_on_in_each_language(
    calendar: Calendar,
) -> None:
    for language in LANGUAGES:
        person = await calendar.newcomer(language)
        query = f"SELECT accepts_broadcasts FROM subscribers WHERE id = {person.id}"  # noqa: S608
        card = await person.send("/privacy")

        off = await switch(person, card, say(language, "No messages from operators"))
        states = calendar.rows(query)
        on = await switch(person, off, say(language, "Get messages from operators"))
        states += calendar.rows(query)

        assert states == [(0,), (1,)]
        assert say(language, "Operators may write to you by themselves.") in on["text"]
        assert say(language, _ONLY_CORRECTIONS) in off["text"]


async def test_list_is_in_the_menu_of_commands_and_on_the_privacy_page(calendar: Calendar) -> None:
    person, _answer = await calendar.reminded(CHILD)
    card = await person.send("/privacy")

    listed = await switch(person, card, say("ru", "My reminders"))

    assert say("ru", "Your reminders") in listed["text"]
    assert "reminders" in {command.command for command in resident_commands()}


async def last(person: Client) -> Message:
    shown: Message = [each for each in await person.messages() if each["from"]["is_bot"]][-1]
    return shown
