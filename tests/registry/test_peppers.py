"""The file of the pepper: where it may be, who may read it, and that it is never made by chance."""

import stat
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from bot.registry.errors import PepperError
from bot.registry.keys import registry_key
from bot.registry.peppers import load_or_create_pepper, load_pepper

from .samples import KEY, import_people


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "secrets" / "pepper"


def test_pepper_file_is_made_once_for_its_owner_alone(home: Path, path: Path) -> None:
    pepper = load_pepper(path, home)

    assert len(pepper) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert load_pepper(path, home) == pepper
    assert [item.name for item in path.parent.iterdir()] == ["pepper"]


def test_short_pepper_file_is_never_replaced(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "pepper"
    path.write_bytes(b"short")
    path.chmod(0o600)

    with pytest.raises(PepperError, match="5 bytes"):
        load_or_create_pepper(path, home)

    assert path.read_bytes() == b"short"


def test_unreadable_pepper_is_a_named_error(home: Path, path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(PepperError, match=r"Is a directory.*REGISTRY_PEPPER_FILE"):
        load_pepper(path, home)


@pytest.mark.parametrize("name", ["pepper", "registry/pepper", "../link/pepper"])
def test_f49_pepper_beside_the_register_is_refused_and_not_made(home: Path, name: str) -> None:
    (home.parent / "link").symlink_to(home)

    with pytest.raises(PepperError, match=r"inside HOME_DIR.*REGISTRY_PEPPER_FILE"):
        load_pepper(home / name, home)

    assert [*home.iterdir()] == []


def test_f49_pepper_inside_a_home_that_is_a_link_is_refused(home: Path) -> None:
    link = home.parent / "link"
    link.symlink_to(home)

    with pytest.raises(PepperError, match="inside HOME_DIR"):
        load_pepper(home / "pepper", link)


@pytest.mark.parametrize(
    ("mode", "is_taken"), [(0o600, True), (0o400, True), (0o640, True), (0o644, False)]
)
def test_f49_pepper_that_everybody_reads_is_refused(
    home: Path, path: Path, mode: int, is_taken: bool
) -> None:
    pepper = load_pepper(path, home)
    path.chmod(mode)

    if is_taken:
        assert load_pepper(path, home) == pepper
        return
    with pytest.raises(PepperError, match="chmod 600"):
        load_pepper(path, home)


def test_f49_lost_pepper_is_not_made_anew_where_there_is_a_register(home: Path, path: Path) -> None:
    import_people(home)

    with pytest.raises(PepperError, match=r"Restore the file.*saqbol registry rekey"):
        load_pepper(path, home)

    assert not path.exists()


def test_f49_pepper_of_an_older_version_is_named_with_the_way_out_of_the_home(
    home: Path, path: Path
) -> None:
    import_people(home)
    (home / "pepper").write_bytes(bytes(32))

    with pytest.raises(PepperError, match=f"install -D -m 600 {home}/pepper {path}"):
        load_pepper(path, home)


def test_pepper_in_a_variable_needs_no_file(home: Path) -> None:
    import_people(home)
    values: dict[str, Any] = {"registry_pepper": "a pepper for the tests, not for you"}

    key = registry_key(Settings(home_dir=home, _env_file=None, **values))

    assert key.key_id == KEY.key_id
