"""An import that turns over how many people are uninsured stops; noise does not stop one."""

from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from bot.domain.person import Level, Person
from bot.registry.errors import RegistryKeyError, SuspiciousImportError
from bot.registry.generations import Generations
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey
from bot.registry.report import ImportReport
from bot.registry.snapshot import Snapshot
from bot.registry.suspicion import SAMPLE, Share, is_turned_over, sample

from .samples import AS_OF, IINS, KEY, import_people, line, write_csv

MILLIONS = 20_000_000
NEXT_DAY = AS_OF + timedelta(days=1)


def share(percent: float, assessed: int = SAMPLE, people: int = MILLIONS) -> Share:
    return Share(round(assessed * percent / 100), assessed, people)


@pytest.mark.parametrize(
    ("before", "after", "is_suspicious"),
    [
        pytest.param(share(10), share(20), True, id="doubled"),
        pytest.param(share(10), share(19.9), False, id="not quite doubled"),
        pytest.param(share(20), share(10), True, id="halved"),
        pytest.param(share(17.5), share(10), False, id="the reform of January 2026"),
        pytest.param(share(10), share(100), True, id="everybody"),
        pytest.param(share(10), share(0), True, id="nobody"),
        pytest.param(share(0), share(0.5), True, id="from nobody"),
        pytest.param(share(0.05), share(0.1), False, id="ten more of twenty thousand"),
        pytest.param(share(0), share(0), False, id="never anybody"),
        pytest.param(share(10, 100, 100), share(29, 100, 100), False, id="nineteen of a hundred"),
        pytest.param(share(10, 100, 100), share(30, 100, 100), True, id="twenty of a hundred"),
        pytest.param(share(10, 400, MILLIONS), share(20, 400, MILLIONS), True, id="few, far apart"),
        pytest.param(share(10, 210, MILLIONS), share(20, 210, MILLIONS), False, id="few, in doubt"),
    ],
)
def test_f19_share_is_turned_over_when_it_doubles_or_halves_beyond_doubt(
    before: Share, after: Share, is_suspicious: bool
) -> None:
    assert is_turned_over(before, after) is is_suspicious


def test_bounds_hold_the_true_share_and_leave_no_doubt_where_all_are_assessed() -> None:
    dice = Random(1)
    drawn = [Share(sum(dice.random() < 0.1 for _ in range(1000)), 1000, 10**7) for _ in range(500)]
    held = sum(low <= 0.1 <= high for low, high in (each.bounds for each in drawn))

    assert held >= 485
    assert Share(3, 10, 10).bounds == (0.3, 0.3)
    assert str(Share(3, 10, 10)) == "30.0% (all 10 assessed)"
    assert str(share(10)) == "10.0% (9.5%–10.6% by 20,000 of 20,000,000)"


def test_chance_alone_never_stops_an_import() -> None:
    dice = Random(2)
    drawn = [Share(sum(dice.random() < 0.1 for _ in range(1000)), 1000, 10**7) for _ in range(500)]

    assert not any(is_turned_over(before, after) for before, after in pairwise(drawn))


def test_sample_is_the_same_each_time_and_of_people_by_chance(tmp_path: Path) -> None:
    lines = [line(iin, level="A" if place % 2 else "B") for place, iin in enumerate(IINS)]
    import_register(tmp_path, lines, AS_OF)
    (current, *_) = Generations(tmp_path).listed()

    with closing(Snapshot(Generations(tmp_path).path_of(current))) as snapshot:
        first, second = sample(snapshot, 100), sample(snapshot, 100)
        everybody = sample(snapshot, 10_000)

    assert first == second
    assert (len(first), len(everybody)) == (100, len(IINS))
    assert 30 <= sum(person.level is Level.A for person in first) <= 70


def count_level_a(people: Sequence[Person], on: date) -> int:
    return sum(person.level is Level.A for person in people)


def import_register(
    home: Path,
    lines: list[str],
    as_of: date,
    *,
    key: RegistryKey = KEY,
    force: bool = False,
    kept: int = 3,
) -> ImportReport:
    return import_csv(
        write_csv(home / "register.csv", lines),
        as_of=as_of,
        home=home,
        key=key,
        force=force,
        kept=kept,
        count_uninsured=count_level_a,
    )


def with_level_a(number: int) -> list[str]:
    return [line(iin, level="A" if place < number else "B") for place, iin in enumerate(IINS)]


@pytest.mark.parametrize(
    ("before", "after"),
    [pytest.param(40, 80, id="doubled"), pytest.param(80, 40, id="halved")],
)
def test_f19_import_that_turns_over_the_uninsured_stops_and_changes_nothing(
    tmp_path: Path, before: int, after: int
) -> None:
    first = import_register(tmp_path, with_level_a(before), AS_OF)

    with pytest.raises(SuspiciousImportError) as stopped:
        import_register(tmp_path, with_level_a(after), NEXT_DAY)
    names = [path.name for path in (tmp_path / "registry").glob("*.sqlite")]
    forced = import_register(tmp_path, with_level_a(after), NEXT_DAY, force=True)

    assert f"{before / 4:.1f}% (all 400 assessed) in the current" in str(stopped.value)
    assert f"{after / 4:.1f}% (all 400 assessed) in the file" in str(stopped.value)
    assert names == [first.generation]
    assert Generations(tmp_path).listed()[0].file == forced.generation


def test_f19_each_register_is_assessed_on_the_day_of_its_data(tmp_path: Path) -> None:
    days = []

    def note_day(people: Sequence[Person], on: date) -> int:
        days.append((len(people), on))
        return 0

    for as_of in (AS_OF, NEXT_DAY):
        file = write_csv(tmp_path / "register.csv", with_level_a(0))
        import_csv(file, as_of=as_of, home=tmp_path, key=KEY, count_uninsured=note_day)

    assert days == [(400, AS_OF), (400, NEXT_DAY)]


def test_f49_ordinary_import_under_another_pepper_is_refused_also_by_force(tmp_path: Path) -> None:
    first = import_people(tmp_path)
    other = RegistryKey(b"another pepper, also only for tests")

    for force in (False, True):
        with pytest.raises(RegistryKeyError, match="saqbol registry rekey"):
            import_register(tmp_path, with_level_a(0), NEXT_DAY, key=other, force=force)

    assert Generations(tmp_path).listed()[0].file == first.generation


@pytest.mark.parametrize("kept", [2, 4])
def test_as_many_generations_are_kept_as_are_asked_for(tmp_path: Path, kept: int) -> None:
    days = [AS_OF + timedelta(days=number) for number in range(6)]

    made = [import_register(tmp_path, with_level_a(0), day, kept=kept) for day in days]

    listed = [generation.file for generation in Generations(tmp_path).listed()]
    assert listed == [report.generation for report in reversed(made[-kept:])]
    assert {path.name for path in (tmp_path / "registry").glob("*.sqlite")} == {*listed}
