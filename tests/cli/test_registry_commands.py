"""``saqbol registry`` generate, verify, info and rollback."""

from pathlib import Path

import pytest

from bot.config import SHARE

from .conftest import Process, Saqbol

SAMPLE = SHARE / "data" / "sample" / "register.csv"
EARLIER, LATER = "2026-11-20", "2026-11-21"


def generate(saqbol: Saqbol, output: Path, people: int = 300, seed: int = 1) -> bytes:
    result = saqbol(
        *("registry", "generate", "--people", people, "--seed", seed),
        *("--as-of", LATER, "-o", output),
    )
    assert result.exit_code == 0, result.output
    return output.read_bytes()


def test_the_same_seed_generates_the_same_file_in_any_process(
    saqbol: Saqbol, process: Process, tmp_path: Path
) -> None:
    here = generate(saqbol, tmp_path / "here.csv")
    process(
        *("registry", "generate", "--people", 300, "--seed", 1),
        *("--as-of", LATER, "-o", "elsewhere.csv"),
    )

    assert (tmp_path / "elsewhere.csv").read_bytes() == here
    assert generate(saqbol, tmp_path / "other.csv", seed=2) != here
    assert generate(saqbol, tmp_path / "fewer.csv", people=100) == b"".join(
        here.splitlines(keepends=True)[:101]
    )


def test_a_generated_file_is_imported_without_a_reject(saqbol: Saqbol, tmp_path: Path) -> None:
    generate(saqbol, tmp_path / "people.csv")

    result = saqbol("registry", "import", "people.csv", "--as-of", LATER)

    assert "300 people of 300 rows" in result.stdout
    assert "0 rejected" in result.stdout


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "csv.zst"])
def test_defects_are_listed_and_the_import_rejects_these_lines(
    saqbol: Saqbol, tmp_path: Path, ending: str
) -> None:
    written = saqbol(
        *("registry", "generate", "--people", 1000, "--as-of", LATER),
        *("--defects", 0.02, "-o", f"people.{ending}"),
    )
    header, *listed = (tmp_path / f"people.{ending}.defects.csv").read_text().splitlines()

    assert written.exit_code == 0, written.output
    assert f"{len(listed)} lines have a defect or a twin" in written.stdout
    assert header == "line,reason"
    if ending == "csv":
        saqbol("registry", "import", "people.csv", "--as-of", LATER, "--rejects", "rejects.csv")
        rejected = set((tmp_path / "rejects.csv").read_text().splitlines()[1:])
        assert rejected == {item for item in listed if not item.endswith(",equal_row")}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("--people", "36000001", "-o", "people.csv"), 2, id="too many"),
        pytest.param(("--people", "5", "--defects", "2", "-o", "a.csv"), 2, id="more than all"),
        pytest.param(("--people", "0", "-o", "people.csv"), 2, id="nobody"),
        pytest.param(("--people", "5", "-o", "no/folder.csv"), 1, id="no such folder"),
        pytest.param(("--people", "5", "-o", "."), 1, id="a folder as the file"),
    ],
)
def test_what_cannot_be_generated_is_a_clear_error(
    saqbol: Saqbol, arguments: tuple[str, ...], code: int
) -> None:
    result = saqbol("registry", "generate", *arguments, "--as-of", LATER)

    assert result.exit_code == code
    assert result.stderr.strip()


def test_info_describes_the_snapshot_and_hides_a_number_in_the_name_of_the_file(
    saqbol: Saqbol, tmp_path: Path
) -> None:
    file = tmp_path / "extract-950101500019.csv"
    file.write_bytes(SAMPLE.read_bytes())
    saqbol("registry", "import", file, "--as-of", LATER)

    result = saqbol("registry", "info")

    assert result.exit_code == 0
    assert LATER in result.stdout
    assert "people" in result.stdout
    assert "78" in result.stdout
    assert "950101500019" not in result.output


def test_verify_finds_a_changed_byte(saqbol: Saqbol, home: Path) -> None:
    saqbol("registry", "import", SAMPLE, "--as-of", LATER)
    whole = saqbol("registry", "verify")
    (snapshot,) = (home / "registry").glob("*.sqlite")
    snapshot.chmod(0o600)
    content = bytearray(snapshot.read_bytes())
    content[len(content) // 2] ^= 1
    snapshot.write_bytes(content)

    damaged = saqbol("registry", "verify")

    assert (whole.exit_code, damaged.exit_code) == (0, 1)
    assert "wrong_digest" in damaged.stderr
    assert "import it again, or roll back" in damaged.stderr


def test_rollback_brings_the_earlier_day_back_once(saqbol: Saqbol) -> None:
    for day in (EARLIER, LATER):
        saqbol("registry", "import", SAMPLE, "--as-of", day)

    back, again = saqbol("registry", "rollback"), saqbol("registry", "rollback")

    assert (back.exit_code, again.exit_code) == (0, 1)
    assert EARLIER in back.stdout
    assert "no earlier generation" in again.stderr
    assert EARLIER in saqbol("registry", "info").stdout
    assert saqbol("registry", "verify").exit_code == 0


@pytest.mark.parametrize("command", ["info", "verify", "rollback"])
def test_without_a_register_the_command_fails_clearly(saqbol: Saqbol, command: str) -> None:
    result = saqbol("registry", command)

    assert result.exit_code == 1
    assert "saqbol: " in result.stderr
