"""Questions instead of an IIN: from the menu to the likely status, in every language."""

import sqlite3
from pathlib import Path

import pytest

from bot.content.library import Content
from bot.domain.locales import Locale
from bot.domain.screener import Choice, Question
from bot.telegram.callbacks import ChooseLocale, OpenScreener
from bot.telegram.i18n import Catalogues
from bot.telegram.rendering.screener import choice_label, question_text
from tests.conftest import SAMPLE_DAY
from tests.telegram.client import Client, Message, data_of, labels
from tests.telegram.conftest import Newcomer, bot_settings, own_emulator, running_bot
from tests.telegram.texts import LANGUAGES, OWN_NAMES, say, sum_of

ENTRY = "Without an IIN: a few questions"
STALE = "This button is out of date. Send the IIN again."
# The longest path: ill, without work or business for five months, a year paid, level unknown.
LONGEST: tuple[tuple[str, dict[str, int]], ...] = (
    ("Citizen of Kazakhstan", {}),
    ("None of these", {}),
    ("Poor health, no group", {}),
    ("No official work", {}),
    ("No", {}),
    ("{first}–{last} months ago", {"first": 4, "last": 6}),
    ("{first}–{last} months", {"first": 12, "last": 59}),
    ("Low income, level unknown", {}),
)
CHECK_LEVEL = (
    "Ask your clinic to check your level in the Digital Family Card: at D or E the akimat pays. "
    "If the clinic cannot tell, ask 1414."
)
OTHER = {"kk": "ru", "ru": "ky", "ky": "kk"}


def button(language: str, step: int) -> str:
    msgid, values = LONGEST[step]
    return say(language, msgid, **values)


def data_of_exactly(message: Message, label: str) -> str:
    rows = message["reply_markup"]["inline_keyboard"]
    return next(str(b["callback_data"]) for row in rows for b in row if b["text"] == label)


async def press(person: Client, message: Message, label: str) -> Message:
    return await open_data(person, message, data_of_exactly(message, label))


async def open_data(person: Client, message: Message, data: str) -> Message:
    await person.press_data(message, data)
    edited: Message = (await person.next_event("edited"))["message"]
    return edited


async def first_question(person: Client, language: str) -> Message:
    return await person.press(await person.send("/start"), say(language, ENTRY))


async def open_given(person: Client, given: str) -> Message:
    return await open_data(person, await person.send("/start"), OpenScreener(given=given).pack())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_eight_taps_lead_to_the_likely_status_and_the_ways(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)

    shown = await first_question(person, language)
    for step in range(8):
        counter = say(language, "Question {number}, {most} at most", number=step + 1, most=8)
        assert shown["text"].startswith(counter.format(number=step + 1))
        shown = await press(person, shown, button(language, step))

    text = shown["text"]
    assert text.startswith(say(language, "❔ It depends: insured or not"))
    assert say(language, "whether your level is D or E") in text
    level, unemployed, disability, paid = (
        text.index(say(language, msgid))
        for msgid in (
            CHECK_LEVEL,
            "Register as unemployed: the akimat pays",
            "Disability assessment, if your health limits you: the state pays",
            "The paid way, if you turn out to be uninsured",
        )
    )
    assert level < unemployed < disability < paid
    assert "₸" not in text[:paid]
    assert sum_of(4_250) in text[paid:]
    assert say(language, "Exact answer: send an IIN") in labels(shown)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_back_and_start_again_work_at_every_question_and_at_the_end(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    back, again = say(language, "Back"), say(language, "Start again")

    first = shown = await first_question(person, language)
    assert not {back, again} & set(labels(first))
    for step in range(8):
        before, answer = shown, data_of_exactly(shown, button(language, step))
        shown = await open_data(person, shown, answer)
        returned = await press(person, shown, back)
        assert (returned["text"], labels(returned)) == (before["text"], labels(before))
        shown = await open_data(person, returned, answer)
        restarted = await press(person, shown, again)
        assert (restarted["text"], labels(restarted)) == (first["text"], labels(first))
        shown = await open_data(person, restarted, answer)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_change_of_language_midway_keeps_the_answers(
    newcomer: Newcomer, language: str
) -> None:
    person, other = await newcomer(language), OTHER[language]

    shown = await first_question(person, language)
    for step in range(4):
        shown = await press(person, shown, button(language, step))
    shown = await press(person, shown, OWN_NAMES[other])
    for step in range(4, 8):
        shown = await press(person, shown, button(other, step))

    assert shown["text"].startswith(say(other, "❔ It depends: insured or not"))
    assert (
        say(other, "Disability assessment, if your health limits you: the state pays")
        in (shown["text"])
    )
    in_first = await press(person, shown, OWN_NAMES[language])
    assert in_first["text"].startswith(say(language, "❔ It depends: insured or not"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_claim_of_a_category_is_likely_insured_and_shows_what_to_do_at_a_desk(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)

    shown = await open_given(person, Choice.CITIZEN + Choice.PENSION)

    assert shown["text"].startswith(say(language, "✅ Likely insured"))
    assert say(language, "pensioner") in shown["text"]
    assert "Qoldau 24/7" in shown["text"]
    assert "₸" not in shown["text"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_active_business_owes_its_own_rate_and_is_told_so(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    path = (
        *(Choice.CITIZEN, Choice.NO_CATEGORY, Choice.PREGNANT, Choice.NOT_WORKING),
        *(Choice.BUSINESS_ACTIVE, Choice.PAID_NONE),
    )

    shown = await open_given(person, "".join(path))

    text = shown["text"]
    assert text.startswith(say(language, "⛔ Likely not insured"))
    for msgid in (
        "An active business has to pay every month, even without income.",
        "A child, care, pregnancy or kandas status does not change that.",
        "The months of the business are owed in any case.",
    ):
        assert say(language, msgid) in text
    assert sum_of(5_950) in text
    assert sum_of(4_250) not in text


async def test_guides_of_a_result_open(newcomer: Newcomer, content: Content) -> None:
    person = await newcomer("ru")
    path = (Choice.CITIZEN, Choice.NO_CATEGORY, Choice.POOR_HEALTH, Choice.NOT_WORKING)
    ended = (Choice.NO_BUSINESS, Choice.ENDED_IN_GRACE, Choice.RUN_OF_A_YEAR)

    shown = await open_given(person, "".join((*path, *ended)))

    for slug in ("job-lost", "register-unemployed", "disability-assessment", "pay-independent"):
        data = data_of(shown, content.guides[slug][Locale.RU].title)
        guide = await open_data(person, shown, data)
        assert guide["text"] != shown["text"]


async def test_exact_answer_leads_to_where_an_iin_is_sent(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    shown = await open_given(person, Choice.FOREIGNER)

    menu = await person.press(shown, say("ru", "Exact answer: send an IIN"))

    assert menu["text"].startswith(say("ru", "Send an IIN: 12 digits"))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("q:?", id="no-letter"),
        pytest.param("q:aa", id="the-same-question-twice"),
        pytest.param("q:agn", id="goes-on-after-the-end"),
        pytest.param("q:950101500019", id="iin"),
        pytest.param("q:an\u0000", id="null"),
        pytest.param("q:ыыы", id="cyrillic"),
        pytest.param("q:" + "a" * 57, id="long"),
        pytest.param("q", id="nothing"),
        pytest.param("q:a:n", id="two-fields"),
        pytest.param("l|kk|q:zz", id="in-another-language"),
    ],
)
async def test_forged_answers_get_an_alert(newcomer: Newcomer, data: str) -> None:
    person = await newcomer("ru")
    menu = await person.send("/start")

    alert = await person.press_for_alert(menu, data)

    assert alert in {say(language, STALE) for language in LANGUAGES}


async def test_stranger_without_consent_is_answered_and_nothing_is_written(
    own_home: Path,
) -> None:
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(own_home, emulator.url)
        async with running_bot(settings):
            person = await newcomer("kk", consent=False)
            shown = await person.send("/start")
            before = rows_of(own_home)
            shown = await open_data(person, shown, OpenScreener(given="").pack())
            for step in range(8):
                shown = await press(person, shown, button("kk", step))
            after = rows_of(own_home)

    assert shown["text"].startswith(say("kk", "❔ It depends: insured or not"))
    assert before == after
    assert set(after.values()) == {0}


def rows_of(home: Path) -> dict[str, int]:
    """Count the rows of every table about people."""
    with sqlite3.connect(home / "saqbol.sqlite") as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = {name for (name,) in tables} - {"alembic_version", "counters", "turns"}
        assert {"subscribers", "answers"} <= names
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in names
        }


@pytest.mark.parametrize("locale", Locale)
def test_labels_fit_their_buttons_and_differ_within_a_question(
    content: Content, locale: Locale
) -> None:
    with Catalogues(content.translations).using(locale):
        for question in Question:
            shown = [
                choice_label(Choice(letter), SAMPLE_DAY, content.parameters)
                for letter in question.value
            ]
            assert all(0 < len(label) <= 32 for label in shown), shown
            assert len(set(shown)) == len(shown), shown
            assert question_text(question, 8, SAMPLE_DAY, content.parameters)


def test_longest_path_fits_callback_data_with_a_language_around_it() -> None:
    view = OpenScreener(given="x" * 8).pack()

    assert len(ChooseLocale(locale=Locale.KK, view=view).pack().encode()) <= 64
