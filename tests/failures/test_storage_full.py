"""F12: the disk is full or read-only, and later it is not."""

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import run_process
from tests.failures import texts
from tests.failures.disk import full_disk, is_whole, rows
from tests.failures.running import NOBODY, readiness
from tests.telegram.client import data_of
from tests.telegram.conftest import own_emulator
from tests.telegram.process import BotProcess, free_port
from tests.telegram.texts import say

# Root writes wherever it likes, unless it gives these rights away.
_RIGHTS = "-dac_override,-dac_read_search"
_AS_ANYBODY = (
    ("setpriv", f"--bounding-set={_RIGHTS}", f"--inh-caps={_RIGHTS}") if os.geteuid() == 0 else ()
)


@pytest.mark.timeout(300)
async def test_f12_full_disk_puts_writes_off_and_all_is_well_once_there_is_room(
    own_home: Path,
) -> None:
    database, port = own_home / "saqbol.sqlite", free_port()
    async with own_emulator() as (emulator, newcomer):
        async with BotProcess(own_home, emulator.url):
            operator = await newcomer("ru")
        variables = {"OPERATORS": str(operator.id), "WEB_PORT": str(port)}
        async with BotProcess(own_home, emulator.url, **variables) as bot:
            known, stranger = await newcomer("ru"), await newcomer("ru", consent=False)
            welcome = await stranger.send("/start")
            asked = await known.send("/forget")

            with full_disk(bot.pid):
                answers = [await known.send(iin) for iin in (texts.IIN_UNINSURED, texts.IIN_NOBODY)]
                alerts = [
                    await stranger.press_for_alert(welcome, data_of(welcome, texts.AGREE)),
                    await known.press_for_alert(asked, data_of(asked, say("ru", "Yes, erase"))),
                ]
                messages = [(await one.next_message())["text"] for one in (stranger, known)]
                guessed = await stranger.send(texts.IIN_UNINSURED)
                refused = say("ru", "The people database cannot be written")
                await texts.wait_heard(operator, refused)
                kept, readiness_then = rows(database), await readiness(port)
            menu = await stranger.press(welcome, texts.AGREE)
            await texts.wait_heard(operator, say("ru", "The people database works again"))
            told = await texts.heard(operator, refused)
            readiness_now = await readiness(port)

        async with BotProcess(own_home, emulator.url):
            why = await known.press(answers[0], say("ru", "Why?"))
            answer = await stranger.send(texts.IIN_INSURED)
            erased = await known.press(asked, say("ru", "Yes, erase"))

    assert answers[0]["text"].startswith(texts.UNINSURED)
    assert answers[1]["text"].startswith(texts.NO_RECORD)
    assert alerts == messages == [texts.LATER, texts.LATER]
    assert texts.AGREE in str(guessed)
    assert kept == 2
    assert (readiness_then, readiness_now) == (503, 200)
    assert menu["text"].startswith(texts.MENU)
    assert why["text"].startswith(say("ru", "Why this answer"))
    assert answer["text"].startswith(texts.INSURED)
    assert erased["text"] == texts.ERASED
    assert told == 1
    assert is_whole(database)


async def test_f12_start_on_a_full_disk_is_a_clear_refusal_that_a_restart_gets_over(
    own_home: Path, tmp_path: Path
) -> None:
    async with own_emulator() as (emulator, newcomer):
        async with BotProcess(own_home, emulator.url):
            known = await newcomer("ru")
        # A process inherits the limits of the one that starts it.
        with full_disk(os.getpid()):
            ended = run_process(tmp_path, own_home, ("run",), NOBODY)
        async with BotProcess(own_home, emulator.url):
            answer = await known.send(texts.IIN_UNINSURED)

    assert ended.returncode == 1
    assert "saqbol: the people database cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert answer["text"].startswith(texts.UNINSURED)


@pytest.mark.skipif(
    bool(_AS_ANYBODY) and shutil.which("setpriv") is None, reason="root needs the command setpriv"
)
def test_f12_read_only_folder_is_a_clear_refusal(own_home: Path, tmp_path: Path) -> None:
    own_home.chmod(0o500)
    try:
        ended = run_process(tmp_path, own_home, ("run",), NOBODY, prefix=_AS_ANYBODY)
    finally:
        own_home.chmod(0o700)

    assert ended.returncode == 1
    assert ended.stderr.startswith("saqbol: ")
    assert "Permission denied" in ended.stderr
    assert str(own_home) in ended.stderr
    assert "Traceback" not in ended.stderr
