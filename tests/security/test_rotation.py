"""A new pepper: the same people after a rekeying, and nothing that the old one could open (F49)."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import Settings
from bot.domain.iin import Iin
from bot.registry.errors import RegistryError
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey, registry_key
from bot.registry.peppers import load_or_create_pepper
from bot.registry.registry import Registry
from tests.cli.conftest import own_logging, run_here
from tests.conftest import SAMPLE_DAY, SAMPLE_REGISTER
from tests.failures.running import NOBODY
from tests.failures.texts import heard
from tests.registry.samples import IINS, line, write_csv
from tests.telegram.client import data_of, labels
from tests.telegram.conftest import bot_settings, own_emulator, running_bot
from tests.telegram.texts import say

__all__ = ["own_logging"]

IIN = Iin("960919501016")  # the register has +77000000001
ENDING = "970822501010"  # insured conditionally, so it can be reminded of
DETAILS = "Show details to me as the owner"
WHY = "the old pepper burnt with its machine"


class Rotation:
    """A home with the sample register, the pepper in use, and the one to turn to.

    Attributes:
        old: the pepper file of before.
        new: the one that a rekeying makes.
    """

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.old, self.new = folder / "pepper", folder / "pepper.new"
        self.home.mkdir()
        done = self.run("registry", "import", SAMPLE_REGISTER, "--as-of", SAMPLE_DAY)
        assert done[0] == 0, done

    def run(self, *arguments: object, pepper: Path | None = None) -> tuple[int, str, str]:
        """Run a command with a pepper file, by default the old one."""
        variables = {**NOBODY, "REGISTRY_PEPPER_FILE": str(pepper or self.old)}
        done = run_here(self.home, *arguments, **variables)
        return done.exit_code, done.stdout, done.stderr

    def rekey(self, *more: object, file: Path = SAMPLE_REGISTER) -> tuple[int, str, str]:
        day = ("--as-of", SAMPLE_DAY)
        return self.run("registry", "rekey", file, *day, "--new-pepper-file", self.new, *more)

    def key(self, pepper: Path) -> RegistryKey:
        settings = Settings(home_dir=self.home, registry_pepper_file=pepper, _env_file=None)
        return registry_key(settings)

    def generations(self) -> set[str]:
        return {path.name for path in (self.home / "registry").glob("*.sqlite")}


@pytest.fixture
def rotation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rotation:
    # A developer's .env must not be read.
    monkeypatch.chdir(tmp_path)
    return Rotation(tmp_path)


def test_f49_rekeying_finds_the_same_people_under_keys_that_the_old_pepper_does_not_give(
    rotation: Rotation,
) -> None:
    with Registry(rotation.home, rotation.key(rotation.old)) as before:
        entry_before = before.find(IIN)

    code, printed, _ = rotation.rekey()

    old, new = rotation.key(rotation.old), rotation.key(rotation.new)
    assert (code, old.key_id == new.key_id) == (0, False)
    assert f"REGISTRY_PEPPER_FILE={rotation.new}" in printed
    with Registry(rotation.home, new) as registry:
        entry = registry.find(IIN)
        assert entry is not None
        assert entry_before is not None
        assert entry.person == entry_before.person
        assert entry.key != entry_before.key
        assert registry.find_key(old.of_iin(IIN)) is None
    with pytest.raises(RegistryError, match="pepper"):
        Registry(rotation.home, old)


def test_f49_rollback_keeps_to_the_pepper_in_use(rotation: Rotation) -> None:
    before = rotation.generations()
    rotation.rekey()

    forth = rotation.run("registry", "rollback", pepper=rotation.new)
    back = rotation.run("registry", "rollback")

    assert (forth[0], back[0]) == (1, 0)
    assert "none has the pepper in use" in forth[2]
    assert before.pop() in back[1]
    assert rotation.run("registry", "verify")[0] == 0


def test_f49_rekeying_with_another_register_stops_unless_forced(
    rotation: Rotation, tmp_path: Path
) -> None:
    before = rotation.generations()
    others = write_csv(tmp_path / "others.csv", [line(iin) for iin in IINS[:100]])
    rotation.run("db", "upgrade")

    stopped = rotation.rekey(file=others)
    unchanged = rotation.generations()
    forced = rotation.rekey("--force", WHY, file=others)

    assert (stopped[0], forced[0]) == (1, 0)
    assert "of the first 100 people of the file the current register has 0" in stopped[2]
    assert unchanged == before
    shown = rotation.run("audit", "show", pepper=rotation.new)[1]
    assert "command line: register_rekey_forced" in shown
    assert WHY in shown


@pytest.mark.usefixtures("own_logging")
def test_f49_lost_pepper_stops_everything_until_a_forced_rekeying(rotation: Rotation) -> None:
    rotation.run("db", "upgrade")
    rotation.old.unlink()
    day = ("--as-of", SAMPLE_DAY)

    for arguments in (
        ("run",),
        ("status", IIN.digits),
        ("registry", "import", SAMPLE_REGISTER, *day),
        ("registry", "import", SAMPLE_REGISTER, *day, "--force", WHY),
        ("registry", "rekey", SAMPLE_REGISTER, *day, "--new-pepper-file", rotation.new),
    ):
        code, _, complaint = rotation.run(*arguments)
        assert code == 1, arguments
        assert "no pepper" in complaint, arguments
        assert len(complaint.splitlines()) == 1, arguments
    assert not rotation.old.exists()

    assert rotation.rekey("--force", WHY)[0] == 0
    assert rotation.run("status", IIN.digits, pepper=rotation.new)[0] == 0


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda rotation: rotation.home / "pepper", id="inside the home folder"),
        pytest.param(lambda rotation: rotation.old, id="the pepper in use"),
    ],
)
def test_f49_rekeying_to_a_pepper_of_no_use_is_refused(
    rotation: Rotation, spoil: Callable[[Rotation], Path]
) -> None:
    before = rotation.generations()
    rotation.new = spoil(rotation)

    code, _, complaint = rotation.rekey()

    assert code == 1
    assert "HOME_DIR" in complaint or "this pepper already" in complaint
    assert rotation.generations() == before


def test_f49_copy_of_the_register_without_its_pepper_cannot_be_searched(
    rotation: Rotation, tmp_path: Path
) -> None:
    stolen = tmp_path / "stolen"
    shutil.copytree(rotation.home / "registry", stolen / "registry")
    (tmp_path / "guess").write_bytes(bytes(32))
    (tmp_path / "guess").chmod(0o600)
    guess = Settings(home_dir=stolen, registry_pepper_file=tmp_path / "guess", _env_file=None)

    with pytest.raises(RegistryError, match="pepper"):
        Registry(stolen, registry_key(guess))


async def test_f49_running_bot_goes_on_with_the_old_pepper_and_the_next_start_takes_the_new(
    rotation: Rotation,
) -> None:
    waits = say("ru", "The new register has another pepper")
    async with own_emulator() as (emulator, newcomer):
        person = await newcomer("ru", consent=False, phone="+77000000001")
        await person.write("/start")
        with_old, with_new = (
            bot_settings(
                rotation.home,
                emulator.url,
                registry_pepper_file=pepper,
                operators=(person.id,),
            )
            for pepper in (rotation.old, rotation.new)
        )
        async with running_bot(with_old):
            await person.press(await person.next_message(), say("ru", "I agree, start"))
            before = await person.send(IIN.digits)
            await person.press_data(before, data_of(before, say("ru", DETAILS)))
            await person.next_message()
            await person.send(contact=True)
            await person.next_message()
            ending = await person.send(ENDING)
            await person.press(ending, say("ru", "Remind me"))
            import_csv(
                SAMPLE_REGISTER,
                as_of=SAMPLE_DAY,
                home=rotation.home,
                key=RegistryKey(load_or_create_pepper(rotation.new, rotation.home)),
                is_rekey=True,
            )
            await person.next_message()
            meanwhile = await person.send(IIN.digits)
            assert await heard(person, waits) == 1
        async with running_bot(with_new):
            listed = await person.send("/reminders")
            after = await person.send(IIN.digits)
            stale = await person.press_for_alert(before, data_of(before, say("ru", "Why?")))

    assert meanwhile["text"].startswith(say("ru", "✅ Insured"))
    assert after["text"].startswith(say("ru", "✅ Insured"))
    # The key of each of these was made with the old pepper.
    assert stale == say("ru", "This button is out of date. Send the IIN again.")
    assert say("ru", DETAILS) in labels(after)
    assert listed["text"].startswith(say("ru", "Your reminders"))
    assert say("ru", "❔ Not found now: send the IIN again") in listed["text"]
