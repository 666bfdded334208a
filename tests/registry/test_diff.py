"""Two generations compared, against a plain comparison of the same rows."""

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random

import pytest

from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.assess import assess
from bot.domain.assessment import ReasonCode, Status
from bot.domain.diff import Diff, Move
from bot.domain.iin import parse_iin
from bot.domain.outcome import Outcome
from bot.registry import diff as diffing
from bot.registry.diff import choose_generation, compare, newest_two
from bot.registry.errors import RegistryBrokenError, RegistryError, RegistryKeyError
from bot.registry.generate import generate
from bot.registry.generations import Generations
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey
from bot.registry.report import Progress
from bot.registry.rows import COLUMNS, parse_row
from bot.registry.snapshot import Snapshot
from bot.registry.summary import as_facts, read_summary, summarise
from bot.services.register_judge import RegisterJudge

from .samples import AS_OF, IINS, KEY, import_people, line, write_csv

PARAMETERS = load_parameters(SHARE / "data" / "parameters")
JUDGE = RegisterJudge(PARAMETERS)
NEXT_DAY, DUE_OVER, NEXT_MONTH = date(2026, 11, 22), date(2026, 11, 26), date(2026, 12, 1)
ALL = (0, 1 << 32)
Rows = Mapping[str, Mapping[str, str]]


def made_up(people: int, seed: int) -> dict[str, dict[str, str]]:
    """Give rows of the generator by their numbers."""
    _, *lines = generate(people, seed, AS_OF)
    rows = [dict(zip(COLUMNS, each.split(","), strict=True)) for each in lines]
    return {row["iin"]: row for row in rows}


def changed(
    rows: Rows, random: Random, rows_changed: int | None = None
) -> dict[str, dict[str, str]]:
    """Change, remove and add some rows, of each kind of change some; half of them if not told."""
    others = made_up(len(rows), seed=random.randrange(1_000))
    donors = list(others.values())
    result = {iin: dict(row) for iin, row in rows.items()}
    for iin in random.sample(sorted(result), rows_changed or len(result) // 2):
        donor = random.choice(donors)
        match random.randrange(6):
            case 0:
                del result[iin]
            case 1:
                result[iin] = {**donor, "iin": iin}
            case 2:
                result[iin] |= {"region": donor["region"], "clinic": donor["clinic"]}
            case 3:
                result[iin]["phone"] = "+77000009999"
            case 4:
                result[iin] |= {"contributions": donor["contributions"], "spells": ""}
            case _:
                result[donor["iin"]] = dict(donor)
    return result


def import_rows(home: Path, rows: Rows, as_of: date, key: RegistryKey = KEY) -> str:
    path = write_csv(home / "rows.csv", [",".join(row.values()) for row in rows.values()])
    report = import_csv(path, as_of=as_of, home=home, key=key, force=True, is_rekey=True)
    return report.generation


def compared(home: Path) -> Diff:
    generations = Generations(home)
    return compare(generations, *newest_two(generations), JUDGE, lambda _: None)


def outcome(row: Mapping[str, str], on: date) -> Outcome:
    person = parse_row(row, as_of=on).person
    found = assess(person, on, PARAMETERS.assumed_unchanged())
    reasons = found.reasons if found.status is Status.UNINSURED else ()
    return Outcome(found.status, reasons[0].code if reasons else None)


def naive(before: Rows, after: Rows, days: tuple[date, date]) -> tuple[int, Counter[Move]]:
    """Compare row by row; give how many changed, and the moves."""
    moves: Counter[Move] = Counter()
    for iin in {*before, *after}:
        old, new = before.get(iin), after.get(iin)
        one = outcome(old, days[0]) if old else None
        other = outcome(new, days[1]) if new else None
        if one is None or other is None or one.status is not other.status:
            region = (new or old or {})["region"] or None
            reason = (other and other.reason) or (one and one.reason)
            moves[Move(one and one.status, other and other.status, region, reason)] += 1
    return sum(before[iin] != after[iin] for iin in {*before} & {*after}), moves


@pytest.mark.parametrize(
    ("day", "seed"),
    [
        pytest.param(NEXT_DAY, 1, id="a-day-later"),
        pytest.param(DUE_OVER, 2, id="past-the-due-day"),
        pytest.param(NEXT_MONTH, 3, id="in-the-next-month"),
        pytest.param(date(2026, 11, 1), 4, id="an-older-extract"),
    ],
)
def test_diff_counts_what_a_row_by_row_comparison_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: date, seed: int
) -> None:
    # Several pieces and parts, also of so few people.
    monkeypatch.setattr(diffing, "_PEOPLE_IN_PIECE", 70)
    monkeypatch.setattr(diffing, "_PIECES_IN_PART", 2)
    before = made_up(500, seed)
    after = changed(before, Random(seed))
    import_rows(tmp_path, before, AS_OF)
    import_rows(tmp_path, after, day)

    found = compared(tmp_path)

    many_changed, moves = naive(before, after, (AS_OF, day))
    assert found.moves == moves
    assert found.changed == many_changed
    assert found.appeared == len({*after} - {*before}) > 10
    assert found.gone == len({*before} - {*after}) > 10
    assert found.same == sum(after.get(iin) == row for iin, row in before.items()) > 100
    assert found.lost_cover > 0 < found.got_cover
    assert (found.before.people, found.after.people) == (len(before), len(after))
    assert (found.before.as_of, found.after.as_of) == (AS_OF, day)


@pytest.mark.parametrize(("few", "many"), [(1, 200), (47, 300), (200, 1), (150, 230)])
def test_generations_of_any_number_of_buckets_are_compared(
    tmp_path: Path, few: int, many: int
) -> None:
    everybody = list(made_up(max(few, many), 3).items())
    before, after = dict(everybody[:few]), dict(everybody[-many:])
    first, second = import_rows(tmp_path, before, AS_OF), import_rows(tmp_path, after, AS_OF)
    generations = Generations(tmp_path)
    counts = set()
    for name in (first, second):
        with closing(Snapshot(generations.folder / name)) as snapshot:
            counts.add(snapshot.layout.bucket_count)

    found = compared(tmp_path)

    assert len(counts) == 2
    assert (found.changed, found.moves) == naive(before, after, (AS_OF, AS_OF))


def test_buckets_alike_are_counted_and_the_others_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diffing, "_PEOPLE_IN_PIECE", 500)
    monkeypatch.setattr(diffing, "_PIECES_IN_PART", 2)
    before = made_up(3_000, 9)
    after = changed(before, Random(9), rows_changed=20)
    names = import_rows(tmp_path, before, AS_OF), import_rows(tmp_path, after, NEXT_DAY)
    folder = tmp_path / "registry"

    found = compared(tmp_path)

    assert (found.changed, found.moves) == naive(before, after, (AS_OF, NEXT_DAY))
    assert (found.before.people, found.after.people) == (len(before), len(after))
    with closing(Snapshot(folder / names[0])) as one, closing(Snapshot(folder / names[1])) as other:
        assert one.layout == other.layout
        pairs = zip(one.buckets_between(*ALL), other.buckets_between(*ALL), strict=True)
        assert sum(bucket == counterpart for bucket, counterpart in pairs) > 60


def test_bucket_left_behind_from_the_older_generation_is_not_taken_for_unchanged(
    tmp_path: Path,
) -> None:
    rows = made_up(300, 11)
    names = import_rows(tmp_path, rows, AS_OF), import_rows(tmp_path, rows, NEXT_DAY)
    older, newer = (tmp_path / "registry" / name for name in names)
    with closing(sqlite3.connect(newer, isolation_level=None)) as database:
        database.execute("ATTACH ? AS older", (str(older),))
        database.execute(
            "UPDATE buckets SET data = (SELECT data FROM older.buckets WHERE number = 4)"
            " WHERE number = 4"
        )

    with pytest.raises(RegistryBrokenError, match=f"{newer.name}.*bucket 4 .*damaged"):
        compared(tmp_path)


def test_diff_of_many_people_is_done_by_several_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.registry.workers._WORTH_IT_BYTES", 0)
    monkeypatch.setattr(diffing, "_PEOPLE_IN_PIECE", 20)
    before = made_up(400, 4)
    after = changed(before, Random(4))
    import_rows(tmp_path, before, AS_OF)
    import_rows(tmp_path, after, NEXT_DAY)
    generations, seen = Generations(tmp_path), list[Progress]()

    found = compare(generations, *newest_two(generations), JUDGE, seen.append)

    assert (found.changed, found.moves) == naive(before, after, (AS_OF, NEXT_DAY))
    assert [state.share for state in seen] == sorted(state.share for state in seen)
    assert seen[-1] == Progress("compare", len(after), 1.0)


def test_phone_alone_is_a_changed_record_and_no_other_status(tmp_path: Path) -> None:
    import_people(tmp_path, 60)
    lines = [line(iin) for iin in IINS[1:60]] + [line(phone="+77000009999")]
    path = write_csv(tmp_path / "next.csv", lines)
    import_csv(path, as_of=NEXT_DAY, home=tmp_path, key=KEY)

    found = compared(tmp_path)

    assert (found.changed, found.same, found.moves) == (1, 59, {})


def test_generations_are_named_by_file_or_by_day(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    first, second = import_people(tmp_path, 30), import_people(tmp_path, 30)
    third = import_people(tmp_path, 30, NEXT_DAY)

    assert choose_generation(generations, first.generation).file == first.generation
    assert choose_generation(generations, "2026-11-21").file == second.generation
    assert choose_generation(generations, "2026-11-22").file == third.generation
    for part in ("2026", "2026-11", "2026-11-2"):
        with pytest.raises(RegistryError, match=f"{part}.*{first.generation}"):
            choose_generation(generations, part)


def test_single_generation_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    import_people(tmp_path, 30)

    with pytest.raises(RegistryError, match="nothing to compare"):
        newest_two(Generations(tmp_path))


def test_generations_of_two_peppers_are_not_compared(tmp_path: Path) -> None:
    rows = made_up(40, 5)
    import_rows(tmp_path, rows, AS_OF, RegistryKey(b"another pepper for the tests, not for you"))
    generation = import_rows(tmp_path, rows, AS_OF)

    with pytest.raises(RegistryKeyError, match=KEY.key_id):
        compared(tmp_path)

    with pytest.raises(RegistryKeyError):
        summarise(Generations(tmp_path), generation, JUDGE, lambda _: None)


@pytest.mark.parametrize("which", ["older", "newer"])
def test_damaged_generation_is_refused_by_name(tmp_path: Path, which: str) -> None:
    rows = made_up(300, 6)
    names = [import_rows(tmp_path, rows, AS_OF), import_rows(tmp_path, rows, NEXT_DAY)]
    path = tmp_path / "registry" / names[which == "newer"]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    with pytest.raises(RegistryBrokenError, match=path.name):
        compared(tmp_path)


def test_missing_generation_is_refused(tmp_path: Path) -> None:
    import_people(tmp_path, 30)
    generation = import_people(tmp_path, 30, NEXT_DAY).generation
    (tmp_path / "registry" / generation).unlink()

    with pytest.raises(RegistryBrokenError, match=generation):
        compared(tmp_path)


def test_summary_says_what_the_comparison_found_and_goes_with_its_snapshot(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    before = made_up(200, 7)
    import_rows(tmp_path, before, AS_OF)
    name = import_rows(tmp_path, changed(before, Random(7)), NEXT_DAY)

    found = summarise(generations, name, JUDGE, lambda _: None)

    assert found == compared(tmp_path) == read_summary(generations, name)
    for day in (23, 24, 25):
        assert read_summary(generations, name) is not None
        import_rows(tmp_path, before, date(2026, 11, day))
    assert read_summary(generations, name) is None
    assert not list(generations.folder.glob("*.json"))


def test_first_generation_has_no_summary(tmp_path: Path) -> None:
    name = import_people(tmp_path, 30).generation

    assert summarise(Generations(tmp_path), name, JUDGE, lambda _: None) is None
    assert read_summary(Generations(tmp_path), name) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"before": 1, "moves": 1}', '{"moves": [1]}'])
def test_damaged_summary_is_an_error_and_not_a_summary(tmp_path: Path, text: str) -> None:
    name = import_people(tmp_path, 30).generation
    (tmp_path / "registry" / f"{Path(name).stem}.json").write_text(text)

    with pytest.raises(ValueError, match=r"summary|Expecting"):
        read_summary(Generations(tmp_path), name)


def test_facts_of_a_comparison_hold_no_key_and_add_up(tmp_path: Path) -> None:
    before = made_up(300, 8)
    after = changed(before, Random(8))
    import_rows(tmp_path, before, AS_OF)
    import_rows(tmp_path, after, DUE_OVER)

    facts = json.loads(json.dumps(as_facts(compared(tmp_path))))

    text = json.dumps(facts)
    for iin in {*before, *after}:
        assert iin not in text
        assert KEY.of_iin(parse_iin(iin)).hex()[:16] not in text
    moves = facts["moves"]
    assert sum(move["people"] for move in moves if move["before"] is None) == facts["appeared"]
    assert sum(move["people"] for move in moves if move["after"] is None) == facts["gone"]
    assert facts["same"] + facts["changed"] + facts["appeared"] == len(after)
    assert facts["same"] + facts["changed"] + facts["gone"] == len(before)
    assert {move["reason"] for move in moves} <= {*ReasonCode, None}
