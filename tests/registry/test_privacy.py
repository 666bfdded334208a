"""No IIN and no phone in any file, message or repr."""

import traceback
from pathlib import Path

import pytest

from bot.registry.errors import RegistryError
from bot.registry.importing import import_csv
from bot.registry.registry import Registry
from bot.registry.report import Progress

from .samples import AS_OF, IINS, KEY, PHONE, changed_line, import_people, line, write_csv
from .test_rows import WRONG


def secrets() -> list[bytes]:
    return [PHONE[1:].encode(), *(iin.digits.encode() for iin in IINS)]


def test_no_file_of_an_import_has_a_number_or_a_phone_at_any_moment(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "register.csv",
        [
            *(line(iin) for iin in IINS),
            *(changed_line(columns) for columns, _ in WRONG.values()),
        ],
    )
    seen = set()

    def look(_: Progress) -> None:
        for file in (tmp_path / "home").rglob("*"):
            if file.is_file():
                seen.add(file.suffix)
                content = file.read_bytes()
                assert not any(secret in content for secret in secrets())

    import_csv(
        path,
        as_of=AS_OF,
        home=tmp_path / "home",
        key=KEY,
        on_progress=look,
        max_error_share=0.99,
        rejects_path=tmp_path / "home.csv",
    )
    look(Progress("check", 0, 1.0))

    assert ".sqlite" in seen
    assert not any(secret in (tmp_path / "home.csv").read_bytes() for secret in secrets())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(line(), id="no header"),
        pytest.param(f"{IINS[0].digits},iin,{PHONE}\n", id="numbers in the header"),
        pytest.param(line().replace(",", ";"), id="semicolons"),
        pytest.param(line() * 2000, id="one endless line"),
    ],
)
def test_error_of_a_foreign_file_shows_nothing_of_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "register.csv"
    path.write_text(content)

    with pytest.raises(RegistryError) as caught:
        import_csv(path, as_of=AS_OF, home=tmp_path, key=KEY)

    shown = "".join(traceback.format_exception(caught.value))
    assert not any(secret.decode() in shown for secret in secrets())


def test_report_and_entry_show_no_number(tmp_path: Path) -> None:
    report = import_people(tmp_path)

    with Registry(tmp_path, KEY) as registry:
        shown = repr((report, registry.find(IINS[0]), registry, registry.info))

    assert not any(secret.decode() in shown for secret in secrets())
