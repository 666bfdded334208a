"""``saqbol status`` for a person at the terminal."""

import json
from pathlib import Path

import pytest

from bot.config import SHARE

from .conftest import Saqbol, run_here

REGISTER = SHARE / "data" / "sample" / "register.csv"
AS_OF = "2026-11-21"
UNINSURED = "950101500019"
CONDITIONAL = "970822501010"
INSURED = "991231500707"
STRANGER = "991231500719"


@pytest.fixture
def home(sample_home: Path) -> Path:
    """Give the home folder with the sample register instead of an empty one."""
    return sample_home


@pytest.mark.parametrize(
    ("lang", "headline", "total"),
    [
        pytest.param("kk", "Сақтандырылмаған", "Барлығы: 51 000 ₸", id="kk"),
        pytest.param("ru", "не застрахован", "Всего: 51 000 ₸", id="ru"),
        pytest.param("ky", "Камсыздандырылган эмес", "51 000 ₸", id="ky"),
    ],
)
def test_answer_is_told_in_the_language_asked_for(
    saqbol: Saqbol, lang: str, headline: str, total: str
) -> None:
    result = saqbol("status", UNINSURED, "--on", AS_OF, "--lang", lang)

    assert result.exit_code == 0
    assert headline in result.stdout.splitlines()[0]
    assert total in result.stdout.replace("\u00a0", " ")
    assert "0019" in result.stdout
    assert UNINSURED not in result.output
    assert "<" not in result.stdout


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"{UNINSURED}\n", id="a line"),
        pytest.param(UNINSURED, id="no line end"),
        pytest.param("950101 500019\r\n", id="space and CRLF"),
        pytest.param("950101-500019\nsecond line\n", id="dash, then more lines"),
    ],
)
def test_iin_is_read_from_standard_input(saqbol: Saqbol, line: str) -> None:
    result = saqbol("status", "-", "--on", AS_OF, "--json", stdin=line)

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["status"] == "uninsured"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        pytest.param("95010150001", "too short", id="too short"),
        pytest.param("", "too short", id="empty"),
        pytest.param("9501015000190", "too long", id="too long"),
        pytest.param("95010150001O", "letters", id="letter O for zero"),
        pytest.param("10101900019", "leading zero lost", id="leading zero lost"),
        pytest.param("991231501233", "wrong control digit", id="wrong control digit"),
        pytest.param("990140000007", "looks like bin", id="number of a business"),
    ],
)
@pytest.mark.parametrize("way", ["argument", "standard input"])
def test_wrong_iin_is_refused_by_its_reason_and_not_echoed(
    saqbol: Saqbol, number: str, reason: str, way: str
) -> None:
    by_stdin = way == "standard input"

    result = saqbol("status", "-" if by_stdin else number, stdin=number if by_stdin else "")

    assert result.exit_code == 2
    assert reason in result.stderr
    assert result.stdout == ""
    assert number == "" or number not in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((INSURED, UNINSURED), id="two numbers"),
        pytest.param((INSURED, "--on", UNINSURED), id="number in place of the day"),
    ],
)
def test_wrong_usage_does_not_echo_a_number(saqbol: Saqbol, arguments: tuple[str, ...]) -> None:
    result = saqbol("status", *arguments)

    assert result.exit_code == 2
    assert UNINSURED not in result.output


def test_spaces_inside_the_number_are_forgiven(saqbol: Saqbol) -> None:
    result = saqbol("status", "950101", "500019", "--on", AS_OF, "--json")

    assert json.loads(result.stdout)["status"] == "uninsured"


def test_unknown_iin_is_said_to_be_unknown(saqbol: Saqbol) -> None:
    facts = json.loads(saqbol("status", STRANGER, "--on", AS_OF, "--json").stdout)

    assert (facts["status"], facts["ways"], facts["trace"]) == ("unknown", {}, [])


@pytest.mark.parametrize(
    ("iin", "today", "status"),
    [
        pytest.param(UNINSURED, "2026-11-28", "uninsured", id="seven days old"),
        pytest.param(UNINSURED, "2026-11-29", "unknown", id="eight days old"),
        pytest.param(CONDITIONAL, "2026-11-28", "conditional", id="conditional"),
        pytest.param(CONDITIONAL, "2026-11-29", "unknown", id="conditional, eight days old"),
        pytest.param(INSURED, "2026-11-29", "insured", id="old but insured"),
    ],
)
def test_old_data_do_not_call_anybody_uninsured(
    saqbol: Saqbol, iin: str, today: str, status: str
) -> None:
    result = saqbol("status", iin, "--json", TODAY=today)

    facts = json.loads(result.stdout)
    assert (facts["status"], facts["as_of"]) == (status, AS_OF)
    assert facts["is_stale"] == (today > "2026-11-28")
    assert status != "unknown" or not facts["holes"]


def test_missing_register_names_the_command_to_run(saqbol: Saqbol, tmp_path: Path) -> None:
    result = saqbol("status", UNINSURED, HOME_DIR=str(tmp_path / "empty"))

    assert result.exit_code == 1
    assert "saqbol registry import" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("pepper", "advice"),
    [
        pytest.param("another pepper, long enough to be taken", "Restore that pepper", id="other"),
        pytest.param("short", "openssl rand -hex 32", id="short"),
    ],
)
def test_wrong_pepper_is_told_and_never_shown(saqbol: Saqbol, pepper: str, advice: str) -> None:
    result = saqbol("status", UNINSURED, REGISTRY_PEPPER=pepper)

    assert result.exit_code == 1
    assert advice in result.stderr
    assert pepper not in result.output


@pytest.mark.parametrize("day", ["1950-01-01", "2019-02-01", "9999-12-31"])
def test_day_beyond_the_known_law_is_a_clear_error(saqbol: Saqbol, day: str) -> None:
    result = saqbol("status", UNINSURED, "--on", day)

    assert result.exit_code in (1, 2)
    assert day[:4] in result.stderr


def test_damaged_register_is_not_taken_for_an_unknown_person(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run_here(home, "registry", "import", REGISTER, "--as-of", AS_OF)
    (snapshot,) = (home / "registry").glob("*.sqlite")
    snapshot.write_bytes(snapshot.read_bytes()[:4096])

    result = run_here(home, "status", UNINSURED)

    assert result.exit_code == 1
    assert result.stderr.startswith("saqbol: ")
