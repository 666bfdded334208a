"""What if: the next twelve months of an answer, pressed through."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.config import Disclosure
from tests.conftest import SAMPLE_REGISTER
from tests.telegram.client import Client, Message, data_of, labels
from tests.telegram.conftest import Newcomer, bot_settings, home_with, own_emulator, running_bot
from tests.telegram.texts import LANGUAGES, OWN_NAMES, day, month, say

EMPLOYEE, NEVER_PAID, CHILD, STUDENT = (
    "991231500707",
    "950101500019",
    "991212501010",
    "980915501018",
)
LAID_OFF, PREPAID, OUTSIDE, DISABLED = (
    "970822501010",
    "970515501011",
    "980723501014",
    "960919501016",
)
LEFT_OUT = "Only what the answer shows is counted: no other payer, no other right to insurance."
STALE = "This button is out of date. Send the IIN again."
NO_ANSWER = "AAAAAAAAAAAAAAAAAAAAAA"
CATEGORIES = (
    "child under 18",
    "full-time student",
    "pensioner",
    "disability",
    "serving a sentence",
    "After the month of the 18th birthday",
    "When full-time study ends",
)


async def what_if(person: Client, language: str, iin: str) -> Message:
    answer = await person.send(iin)
    return await person.press(answer, say(language, "What if…"))


def signs(message: Message) -> str:
    return "".join(sign for sign in message["text"] if sign in "■▨□")


def month_year(language: str, when: date) -> str:
    return say(language, "{month} {year}", month=month(language, when).lower(), year=when.year)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_employee_learns_what_a_resignation_in_march_costs(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    unchanged = await what_if(person, language, EMPLOYEE)

    now = await person.press(unchanged, say(language, "If payments stop…"))
    march = await person.press(now, "03.2027")

    assert signs(unchanged) == "■" * 12
    assert unchanged["text"].startswith(say(language, "If nothing changes"))
    assert signs(now) == "■▨▨▨□□□□□□□□"
    assert signs(march) == "■■■■■▨▨▨□□□□"
    first_line = march["text"].splitlines()[0]
    condition = say(
        language,
        "If the last paid month is {month}",
        month=month_year(language, date(2027, 3, 1)),
    )
    assert first_line.startswith(condition)
    insured = say(language, "insured until {day}", day=day(language, date(2027, 3, 31)))
    conditional = say(
        language, "insured conditionally until {day}", day=day(language, date(2027, 6, 30))
    )
    assert first_line.index(insured) < first_line.index(conditional)
    assert first_line.endswith(say(language, "not insured"))
    assert day(language, date(2027, 5, 25)) in march["text"]
    assert "✓ 03.2027" in labels(march)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_uninsured_person_compares_the_changes(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)
    view = await what_if(person, language, NEVER_PAID)
    strips = {"": signs(view)}

    for change in (
        "If missing months are paid",
        "If some months are paid…",
        "If registered as unemployed",
        "If a job begins…",
    ):
        view = await person.press(view, say(language, change))
        strips[change] = signs(view)

    assert list(strips.values()) == [
        "□" * 12,
        "■▨▨▨□□□□□□□□",
        "■" * 12,
        "■" * 12,
        "□" * 11 + "■",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_two_months_paid_do_not_bring_the_cover_back(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    view = await what_if(person, language, NEVER_PAID)
    year = await person.press(view, say(language, "If some months are paid…"))

    two = await person.press(year, say(language, "{number} month", 2))
    ways = await person.press(two, say(language, "Ways back"))

    assert signs(two) == "□" * 12
    assert two["text"].startswith(
        say(language, "If {number} month is paid now, beginning with this one", 2)
    )
    assert (
        say(
            language,
            "This alone does not bring the cover back: twelve months in a row have to be covered. "
            "The ways back show what is enough.",
        )
        in two["text"]
    )
    assert ways["text"].startswith(say(language, "Ways back to full cover"))


@pytest.mark.parametrize(
    ("iin", "strip"),
    [
        pytest.param(LAID_OFF, "▨" + "□" * 11, id="laid off"),
        pytest.param(PREPAID, "■■■■■■▨▨▨□□□", id="prepaid"),
        pytest.param("970303501019", "□□□□■■■■■■■■", id="hole of the employer"),
        pytest.param("960221601018", "■■" + "□" * 10, id="crisis level"),
        pytest.param("971201501017", "□" + "■" * 11, id="prepaid from next month"),
    ],
)
async def test_strip_if_nothing_changes(newcomer: Newcomer, iin: str, strip: str) -> None:
    person = await newcomer("ru")

    assert signs(await what_if(person, "ru", iin)) == strip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("iin", "strip"),
    [
        pytest.param(CHILD, "■■□□□□□□□□□□", id="child"),
        pytest.param(STUDENT, "■■■■■■■■□□□□", id="student"),
        pytest.param(DISABLED, "■■■■■■■■■■■■", id="disability"),
    ],
)
async def test_stranger_learns_when_the_cover_ends_and_not_why(
    newcomer: Newcomer, language: str, iin: str, strip: str
) -> None:
    person = await newcomer(language)

    view = await what_if(person, language, iin)

    text = view["text"].lower()
    assert signs(view) == strip
    assert not [word for word in CATEGORIES if say(language, word).lower() in text]
    changes = {say(language, name) for name in ("If payments stop…", "If a job begins…")}
    assert not changes & set(labels(view))


async def test_stranger_is_told_that_facts_are_left_out(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    assert say("ru", LEFT_OUT) in (await what_if(person, "ru", CHILD))["text"]


@pytest.fixture(scope="module")
async def among_owners(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newcomer]:
    """Give people and a bot that shows everybody what an owner may see."""
    home = home_with(SAMPLE_REGISTER, tmp_path_factory.mktemp("owners") / "home")
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(home, emulator.url, disclosure=Disclosure.OPEN)),
    ):
        yield newcomer


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("iin", "condition"),
    [
        pytest.param(CHILD, "After the month of the 18th birthday", id="child"),
        pytest.param(STUDENT, "When full-time study ends", id="student"),
        pytest.param("971007601019", "When the present cover ends", id="pregnancy"),
    ],
)
async def test_owner_is_told_what_ends_and_may_look_at_a_job_after_it(
    among_owners: Newcomer, language: str, iin: str, condition: str
) -> None:
    person = await among_owners(language)

    view = await what_if(person, language, iin)
    job = await person.press(view, say(language, "If a job begins…"))

    assert view["text"].startswith(say(language, condition))
    assert say(language, LEFT_OUT) not in view["text"]
    assert signs(view).endswith("□")
    assert signs(job).endswith("■")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_language_switch_keeps_the_change(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)
    view = await what_if(person, language, EMPLOYEE)
    stop = await person.press(view, say(language, "If payments stop…"))
    march = await person.press(stop, "03.2027")
    other = next(o for o in LANGUAGES if o != language)

    switched = await person.press(march, OWN_NAMES[other])
    back = await person.press(switched, say(other, "Back to the answer"))

    assert signs(switched) == signs(march)
    assert "✓ 03.2027" in labels(switched)
    assert switched["text"] != march["text"]
    assert back["text"].startswith(say(other, "✅ Insured"))


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param("resign:0", id="unknown change"),
        pytest.param("stop:0x10", id="no number"),
        pytest.param("stop:", id="empty number"),
        pytest.param("stop:-1", id="negative"),
        pytest.param("stop:24321", id="month in the past"),
        pytest.param("stop:999999999999999", id="month without end"),
        pytest.param("pay:12", id="change of the uninsured"),
        pytest.param(":7", id="number without a change"),
        pytest.param("", id="no number at all"),
    ],
)
async def test_forged_change_is_refused(newcomer: Newcomer, tail: str) -> None:
    person = await newcomer("ru")
    view = await what_if(person, "ru", EMPLOYEE)
    prefix = data_of(view, say("ru", "If payments stop…")).rpartition("stop:")[0]

    assert await person.press_for_alert(view, prefix + tail) == say("ru", STALE)
    assert (await person.messages())[-1]["text"] == view["text"]


async def test_outlook_of_no_answer_and_of_somebody_elses_is_stale(newcomer: Newcomer) -> None:
    owner, stranger = await newcomer("ru"), await newcomer("ru")
    theirs = await what_if(owner, "ru", NEVER_PAID)
    own = await what_if(stranger, "ru", EMPLOYEE)
    stolen = data_of(theirs, say("ru", "If missing months are paid"))

    for data in (stolen, f"o:{NO_ANSWER}::0"):
        assert await stranger.press_for_alert(own, data) == say("ru", STALE)
    assert not any("0019" in message["text"] for message in await stranger.messages())


async def test_who_is_outside_has_no_outlook_but_the_answer(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    answer = await person.send(OUTSIDE)
    answer_id = data_of(answer, say("ru", "Why?")).partition(":")[2]
    why = await person.press(answer, say("ru", "Why?"))

    await person.press_data(why, f"o:{answer_id}::0")
    event = await person.next_event("edited")

    assert say("ru", "What if…") not in labels(answer)
    assert event["message"]["text"] == answer["text"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_buttons_fit(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)
    for iin in (EMPLOYEE, NEVER_PAID):
        view = await what_if(person, language, iin)
        for row in view["reply_markup"]["inline_keyboard"]:
            for button in row:
                data = button["callback_data"]
                assert len(button["text"]) <= 32, button["text"]
                assert data.startswith("l|") or len(data.encode()) <= 59
