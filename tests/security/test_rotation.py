"""A new pepper: the same people after an import, and nothing that the old one could open (F49)."""

import shutil
from pathlib import Path

import pytest

from bot.config import Settings
from bot.domain.iin import Iin
from bot.registry.errors import RegistryError
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey, registry_key
from bot.registry.registry import Registry
from tests.cli.conftest import run_process
from tests.conftest import SAMPLE_DAY, SAMPLE_REGISTER
from tests.failures.running import NOBODY
from tests.telegram.client import data_of, labels
from tests.telegram.conftest import bot_settings, own_emulator, running_bot
from tests.telegram.texts import say

IIN = Iin("960919501016")  # the register has +77000000001
DETAILS = "Show details to me as the owner"


def import_sample(home: Path) -> RegistryKey:
    key = registry_key(Settings(home_dir=home, _env_file=None))
    import_csv(SAMPLE_REGISTER, as_of=SAMPLE_DAY, home=home, key=key)
    return key


def rotate(home: Path) -> tuple[RegistryKey, RegistryKey]:
    """Do what docs/security.md says: put the pepper away, let a new one be made, import again."""
    old = registry_key(Settings(home_dir=home, _env_file=None))
    (home / "pepper").rename(home / "pepper.old")
    return old, import_sample(home)


def test_f49_rotation_by_a_new_import_finds_the_same_people(own_home: Path) -> None:
    with Registry(own_home, registry_key(Settings(home_dir=own_home, _env_file=None))) as before:
        entry_before = before.find(IIN)

    old, new = rotate(own_home)

    with Registry(own_home, new) as registry:
        entry = registry.find(IIN)
        assert entry is not None
        assert entry_before is not None
        assert entry.person == entry_before.person
        assert entry.key != entry_before.key
        assert registry.find_key(old.of_iin(IIN)) is None
    assert old.key_id != new.key_id


def test_f49_old_pepper_does_not_open_the_new_register(own_home: Path) -> None:
    old, _new = rotate(own_home)

    with pytest.raises(RegistryError, match="pepper"):
        Registry(own_home, old)


def test_f49_lost_pepper_stops_the_start_and_is_not_replaced_by_no_record(
    own_home: Path, tmp_path: Path
) -> None:
    (own_home / "pepper").unlink()

    ended = run_process(tmp_path, own_home, ("run",), NOBODY)

    assert ended.returncode == 1
    assert "pepper" in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr


async def test_f49_after_a_rotation_old_buttons_are_out_of_date_and_numbers_are_answered(
    own_home: Path,
) -> None:
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(own_home, emulator.url)
        async with running_bot(settings):
            person = await newcomer("ru", phone="+77000000001")
            before = await person.send(IIN.digits)
            await person.press_data(before, data_of(before, say("ru", DETAILS)))
            await person.next_message()
            await person.send(contact=True)
            await person.next_message()

        rotate(own_home)

        async with running_bot(settings):
            after = await person.send(IIN.digits)
            stale = await person.press_for_alert(before, data_of(before, say("ru", "Why?")))

    assert stale == say("ru", "This button is out of date. Send the IIN again.")
    assert after["text"].startswith(say("ru", "✅ Insured"))
    # The proved phone was a hash with the old pepper: it is to be proved again.
    assert say("ru", DETAILS) in labels(after)


def test_f49_copy_of_the_register_without_its_pepper_cannot_be_searched(
    own_home: Path, tmp_path: Path
) -> None:
    stolen = tmp_path / "stolen"
    shutil.copytree(own_home / "registry", stolen / "registry")
    key = registry_key(Settings(home_dir=stolen, _env_file=None))

    with pytest.raises(RegistryError, match="pepper"):
        Registry(stolen, key)
