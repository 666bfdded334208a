"""What is written to the log: never an IIN, a phone or a token, and never a forged line."""

import json
import subprocess
import sys
from collections.abc import Mapping

import pytest

from bot.config import SHARE

IIN = "951231500017"
PHONE = "+77001234567"
TOKEN = "7000000000:AAH-test_token_that_opens_nothing_at_all"
FORGED = "2026-01-01T00:00:00.000000Z [info     ] bot_started [bot.app] username=forged"
FORMS = ["json", "console"]
_MARK = "=== "

# What the process does, by the name of the case.
PRIVATE: Mapping[str, tuple[str, str]] = {
    "event": (IIN, f"log.info('found {IIN}')"),
    "field": (IIN, f"log.info('found', iin='{IIN}')"),
    "spaces": ("9512 3150 0017", "log.info('found', text='my IIN is 9512 3150 0017.')"),
    "dashes": ("951231-500017", "log.info('found', text='951231-500017')"),
    "no-break spaces": ("951231\u00a0500017", "log.info('found', text='951231\u00a0500017')"),
    "two spaces": ("951231  500017", "log.info('found', text='951231  500017')"),
    "en dash": ("951231\u2013500017", "log.info('found', text='951231\u2013500017')"),
    "invisible mark": ("951231\u200b500017", "log.info('found', text='951231\u200b500017')"),
    "number": (IIN, f"log.info('found', iin={IIN})"),
    "inside a mapping": (IIN, f"log.info('found', row={{'iin': '{IIN}', 'list': ['{IIN}']}})"),
    "bytes": (IIN, f"log.info('found', body=b'{IIN}')"),
    "exception": (IIN, f"try_to(ValueError('bad {IIN}'), log.exception)"),
    "group of exceptions": (
        IIN,
        f"try_to(ExceptionGroup('all', [ValueError('{IIN}')]), log.exception)",
    ),
    "exception as a field": (IIN, f"log.error('failed', error=ValueError('{IIN}'))"),
    "aiogram": (
        IIN,
        f"logging.getLogger('aiogram.dispatcher').warning('got %r', {{'t': '{IIN}'}})",
    ),
    "aiohttp": (IIN, f"try_to(ValueError('{IIN}'), logging.getLogger('aiohttp.server').exception)"),
    "asyncio": (IIN, f"asyncio.run(forget_a_task(ValueError('{IIN}')))"),
    "warning": (IIN, f"warnings.warn('odd number {IIN}')"),
    "wrong arguments of a log call": (IIN, f"logging.getLogger('aiogram').info('%s %d', '{IIN}')"),
    "error that nobody caught": (IIN, f"try_to(ValueError('{IIN}'), die)"),
    "phone": (PHONE, f"log.info('shared', phone='{PHONE}')"),
    "spelt phone": ("123-45-67", "log.info('shared', phone='+7 (700) 123-45-67')"),
    "phone as Telegram gives it": (PHONE[1:], f"log.info('shared', phone='{PHONE[1:]}')"),
    "phone of a contact": (
        PHONE[1:],
        f"logging.getLogger('aiogram').info('%r', {{'phone_number': '{PHONE[1:]}'}})",
    ),
    "token": (TOKEN, f"log.info('started', token='{TOKEN}')"),
    "token in an address": (
        TOKEN,
        f"log.info('failed', url='https://api.telegram.org/bot{TOKEN}/getMe')",
    ),
}
FORGING: Mapping[str, str] = {
    "event": f"log.info('a\\n{FORGED}')",
    "field": f"log.info('named', name='a\\n{FORGED}')",
    "field with a space": f"log.info('named', name='a b\\n{FORGED}')",
    "carriage return": f"log.info('named', name='a\\r{FORGED}')",
    "message of a library": f"logging.getLogger('aiohttp.server').error('bad path a\\n{FORGED}')",
    "warning": f"warnings.warn('a\\n{FORGED}')",
    "exception": f"try_to(ValueError('a\\n{FORGED}'), log.exception)",
    "terminal escape": f"log.info('named', name='\\x1b[2K{FORGED}')",
    "other controls": f"log.info('named', name='\\x08\\x08\\x9b2K\\x00{FORGED}')",
}
USEFUL = (
    "log.info('import_done', user_id=7000000001, chat_id=-1002000000001, day='2026-11-21',"
    " sum='51 000', file='2026-11-21-5eb8a5c5.sqlite', seconds=0.25)"
)
_SCRIPT = f"""
import asyncio, json, logging, sys, warnings
from bot.log import get_logger, set_up_logging

async def forget_a_task(error):
    async def fail():
        raise error
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task

def try_to(error, report):
    try:
        raise error
    except Exception:
        report('failed')

def die(_):
    sys.excepthook(*sys.exc_info())

set_up_logging(sys.argv[1])
log = get_logger("bot.test")
for name, action in json.load(sys.stdin).items():
    sys.stderr.write("{_MARK}" + name + "\\n")
    exec(action)
"""
_ACTIONS = (
    {f"private {name}": action for name, (_, action) in PRIVATE.items()}
    | {f"forging {name}": action for name, action in FORGING.items()}
    | {"useful": USEFUL}
)
Written = Mapping[str, Mapping[str, str]]


def run_actions(form: str) -> dict[str, str]:
    """Do everything in one process; give what each case has written."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", _SCRIPT, form],
        input=json.dumps(_ACTIONS).encode(),
        cwd=SHARE,
        env={"PYTHONUTF8": "1"},
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == b""
    parts = done.stderr.decode().split(_MARK)[1:]
    return {name: text for name, _, text in (part.partition("\n") for part in parts)}


@pytest.fixture(scope="module")
def written() -> Written:
    return {form: run_actions(form) for form in FORMS}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", PRIVATE)
def test_no_iin_phone_or_token_is_written(written: Written, form: str, name: str) -> None:
    secret, _ = PRIVATE[name]

    text = written[form][f"private {name}"]

    assert text.strip()
    assert secret not in text
    assert secret not in text.replace("\\u200b", "\u200b").replace("\\u2013", "\u2013")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", FORGING)
def test_no_value_forges_a_line(written: Written, form: str, name: str) -> None:
    text = written[form][f"forging {name}"]

    assert not [line for line in text.splitlines() if line.strip().startswith(FORGED)]
    assert not [mark for mark in "\r\x1b\x08\x9b\x00" if mark in text]


def test_every_line_of_the_json_form_is_one_event_with_level_time_and_logger(
    written: Written,
) -> None:
    skipped = {"private error that nobody caught", "private wrong arguments of a log call"}
    texts = [text for name, text in written["json"].items() if name not in skipped]

    for text in texts:
        (line,) = text.strip().split("\n")
        assert {"event", "level", "timestamp", "logger"} <= json.loads(line).keys()


@pytest.mark.parametrize("form", FORMS)
def test_ids_days_and_sums_stay_readable(written: Written, form: str) -> None:
    text = written[form]["useful"]

    kept = ("import_done", "7000000001", "-1002000000001", "2026-11-21", "51 000", "5eb8a5c5")
    assert [value for value in kept if value not in text] == []
