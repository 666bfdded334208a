"""/stats: what people did is counted without them, and shown to operators as pictures."""

import asyncio
import csv
import io
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.domain.stats import FEWEST, Kind, Topic
from bot.services import counters as counters_module
from tests.cli.conftest import run_here
from tests.conftest import SAMPLE_DAY, SAMPLE_REGISTER
from tests.stats_sample import season
from tests.telegram.client import Client, Message, labels
from tests.telegram.conftest import bot_settings, home_with, own_emulator, running_bot
from tests.telegram.office import UNKNOWN as NOT_UNDERSTOOD
from tests.telegram.office import Office
from tests.telegram.texts import LANGUAGES, day, say

UNINSURED, INSURED, NOBODY = "970614601016", "961105601014", "991231500719"
MISTYPED = "970614601017"
NEXT_DAY = SAMPLE_DAY + timedelta(days=1)
ASKED, ASKED_TWICE = 12, 11
REFUSED = {"kind": "error", "status": 403, "description": "Forbidden: bot was blocked by the user"}
Counts = dict[Kind, dict[str, int]]


def counts_of(home: Path, when: date) -> Counts:
    with closing(sqlite3.connect(home / "saqbol.sqlite")) as database:
        query = "SELECT kind, label, number FROM counters WHERE day = ?"
        found: Counts = {}
        for kind, label, number in database.execute(query, (when.isoformat(),)):
            found.setdefault(Kind(kind), {})[label] = number
        return found


def keep(home: Path, days: dict[date, Counts]) -> None:
    rows = [
        (when.isoformat(), kind.value, label, number)
        for when, counts in days.items()
        for kind, by_label in counts.items()
        for label, number in by_label.items()
    ]
    with closing(sqlite3.connect(home / "saqbol.sqlite")) as database, database:
        database.executemany("INSERT INTO counters VALUES (?, ?, ?, ?)", rows)


@pytest.fixture(scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """Let people live through a day whose every step is known, and open the bot on the next."""
    home = home_with(SAMPLE_REGISTER, tmp_path_factory.mktemp("stats") / "home")
    async with own_emulator() as (emulator, newcomer):
        with pytest.MonkeyPatch.context() as patch:
            async with running_bot(bot_settings(home, emulator.url)):
                people = await asyncio.gather(
                    *(newcomer("kk" if number else "ru") for number in range(ASKED))
                )
                await asyncio.gather(*(person.send(UNINSURED) for person in people))
                await asyncio.gather(*(person.send(INSURED) for person in people[:ASKED_TWICE]))
                await live_through_the_day(people)
                # Everybody is silent for long now.
                patch.setattr(counters_module, "SILENCE_S", 0)
        keep(home, season(SAMPLE_DAY - timedelta(days=1)))
        chiefs = [await newcomer("ru", consent=False) for _ in range(14)]
        ids = tuple(chief.id for chief in chiefs)
        async with running_bot(bot_settings(home, emulator.url, operators=ids, today=NEXT_DAY)):
            yield Office(emulator, newcomer, home, iter(chiefs))


async def live_through_the_day(people: list[Client]) -> None:
    first, second, third, fourth, *_ = people
    await first.send(UNINSURED)  # again: counts no more
    await second.send(NOBODY)
    await third.send(MISTYPED)
    await fourth.send("Как прикрепиться к поликлинике?")
    await fourth.send("qwrtpsdfg")
    shown = await first.send("/menu")
    await first.press(shown, say("ru", "Contribution calculator"))
    await people[-1].fail("sendMessage", REFUSED)
    await people[-1].write("/menu")
    await people[-2].block()
    await people[5].send("/nosuchcommand")


async def test_numbers_of_a_day_equal_those_counted_by_hand(office: Office) -> None:
    found = counts_of(office.home, SAMPLE_DAY)

    assert found[Kind.ANSWERS] == {"uninsured": ASKED, "insured": ASKED_TWICE}
    assert found[Kind.LANGUAGES] == {"ru": 2, "kk": ASKED + ASKED_TWICE - 2}
    assert sum(found[Kind.REASONS].values()) == ASKED
    assert sum(found[Kind.REGIONS].values()) == ASKED + ASKED_TWICE
    assert found[Kind.NOT_FOUND] == {"all": 1}
    assert found[Kind.REFUSED] == {"wrong_number": 1}
    assert found[Kind.SEARCHES] == {"kk.found": 1, "kk.missed": 1}
    assert found[Kind.NEWCOMERS] == {"ru": 1, "kk": ASKED - 1}
    assert found[Kind.LEAVERS] == {"kk": 1}
    assert found[Kind.REGISTER] == {"0": 1}


async def test_each_person_is_left_at_the_last_view(office: Office) -> None:
    found = counts_of(office.home, SAMPLE_DAY)[Kind.LAST_VIEWS]

    # To whom the menu could not be sent still looked at the answer before.
    assert found == {
        "calculator": 1,
        "wrong_number": 1,
        "found": 1,
        "not_understood": 1,
        "answer": ASKED - 4,
    }


async def test_replies_are_counted_by_what_became_of_them(office: Office) -> None:
    found = counts_of(office.home, SAMPLE_DAY)[Kind.REPLIES]

    welcomes, answers, apology, others = ASKED, ASKED + ASKED_TWICE, 1, 7
    assert found == {"sent": welcomes + answers + apology + others, "unreachable": 1}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_first_message_has_the_key_figures_under_a_picture(
    office: Office, language: str
) -> None:
    operator = await office.operator("support", language=language)

    shown = await operator.send("/stats")

    first, week, month, *_ = shown["caption"].split("\n")
    assert first == say(
        language,
        "Answers on {day}: {number}, not insured {share}",
        day=day(language, SAMPLE_DAY),
        number=ASKED + ASKED_TWICE,
        share="52 %",
    )
    assert week.startswith(say(language, "{number} day", 7))
    assert month.startswith(say(language, "{number} day", 30))
    assert shown["photo"][-1]["width"] == 1080
    assert f"✓ {say(language, 'Answers')}" in labels(shown)


async def test_topics_come_in_place_of_the_picture(office: Office) -> None:
    chief = office.chief()
    shown = await chief.send("/stats")

    captions, pictures = {shown["caption"]}, {shown["photo"][-1]["file_id"]}
    for topic in Topic:
        await chief.press_data(shown, f"stats:{topic.value}:7")
        changed: Message = (await chief.next_event("edited"))["message"]
        assert changed["message_id"] == shown["message_id"]
        assert f"✓ {say('ru', '{number} day', 7)}" in labels(changed)
        assert sum(label.startswith("✓") for label in labels(changed)) == 2
        captions.add(changed["caption"])
        pictures.add(changed["photo"][-1]["file_id"])

    assert len(captions) == len(pictures) == 1 + len(Topic)


async def test_table_has_what_is_shown_and_no_small_group(office: Office) -> None:
    chief = office.chief()
    shown = await chief.send("/stats")

    await chief.press_data(shown, "stats_csv:regions:30")
    sent = await chief.next_message()

    document = sent["document"]
    assert document["file_name"] == f"saqbol-regions-{SAMPLE_DAY}-30.csv"
    async with (
        aiohttp.ClientSession(office.emulator.url) as api,
        api.get(f"/client/files/{document['file_id']}") as response,
    ):
        rows = list(csv.DictReader(io.StringIO((await response.read()).decode("utf-8-sig"))))
    assert {row["day"] for row in rows} == {
        str(SAMPLE_DAY - timedelta(days=age)) for age in range(30)
    }
    assert {row["kind"] for row in rows} == {"regions"}
    assert all(int(row["number"]) >= FEWEST for row in rows)
    assert say("ru", "Almaty city") in {row["name"] for row in rows}
    by_day = sum(int(row["number"]) for row in rows if row["day"] == str(SAMPLE_DAY))
    assert by_day == ASKED + ASKED_TWICE


async def test_today_is_not_shown_before_it_is_over(office: Office) -> None:
    chief, resident = office.chief(), await office.newcomer("ru")
    before = await chief.send("/stats")
    await resident.send(UNINSURED)

    after = await chief.send("/stats")

    assert after["caption"] == before["caption"]
    assert str(NEXT_DAY.day) not in after["caption"].split("\n")[0].split(",")[0]


async def test_same_picture_is_uploaded_once(office: Office) -> None:
    one, other = office.chief(), office.chief()
    await one.send("/stats")
    shown = await other.send("/stats")

    (call,) = await other.calls("sendPhoto")

    assert isinstance(call["params"]["photo"], str), shown


@pytest.mark.parametrize("role", ["administrator", "author", "sender"])
async def test_every_operator_may_look(office: Office, role: str) -> None:
    operator = await office.operator(role)

    assert "photo" in await operator.send("/stats")
    assert "stats" in await office.menu_of(operator)


async def test_for_residents_the_command_does_not_exist(office: Office) -> None:
    resident = await office.newcomer("ru")

    answer = await resident.send("/stats")

    assert answer["text"].startswith(say("ru", NOT_UNDERSTOOD))


@pytest.mark.parametrize("data", ["stats:answers:30", "stats_csv:answers:30"])
async def test_buttons_of_the_figures_are_nothing_for_residents(office: Office, data: str) -> None:
    resident = await office.newcomer("ru")
    shown = await resident.send("/menu")

    alert = await resident.press_for_alert(shown, data)

    assert alert == say("ru", "This button is out of date. Send the IIN again.")


@pytest.mark.parametrize("data", ["stats:answers:8", "stats:people.x:7", "stats_csv:answers:-1"])
async def test_button_of_another_period_is_out_of_date(office: Office, data: str) -> None:
    chief = office.chief()
    shown = await chief.send("/stats")

    alert = await chief.press_for_alert(shown, data)

    assert alert == say("ru", "This button is out of date. Send the IIN again.")


async def test_command_line_prints_the_same_for_programs(office: Office) -> None:
    arguments = ("stats", "--days", 7)
    as_json, as_csv, as_nothing = [
        await asyncio.to_thread(run_here, office.home, *arguments, *form, TODAY=str(NEXT_DAY))
        for form in (["--json"], ["--csv"], [])
    ]

    rows = json.loads(as_json.stdout)
    assert {"day": str(SAMPLE_DAY), "kind": "answers", "group": "uninsured", "number": 12} in rows
    assert {"day": str(SAMPLE_DAY), "kind": "refused", "group": "few", "number": None} in rows
    assert len(list(csv.DictReader(io.StringIO(as_csv.stdout)))) == len(rows)
    assert as_nothing.exit_code == 2
