"""What is written to the log: never an IIN, a phone or a token, and never a forged line."""

import io
import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
import structlog

from bot.config import SHARE
from bot.log import get_logger, redact, set_up_logging

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


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        pytest.param("95123150001", "95123150001", id="eleven-digits-are-no-iin"),
        pytest.param("9512315000177", "9512315000177", id="thirteen-digits-are-no-iin"),
        pytest.param("a951231500017b", "a<iin>b", id="letters-around-an-iin"),
        pytest.param("951231500017.", "<iin>.", id="iin-at-the-end-of-a-sentence"),
        pytest.param("951231500017, 960919501016", "<iin>, <iin>", id="two-iins"),
        pytest.param("9 5 1 2 3 1 5 0 0 0 1 7", "<iin>", id="space-after-every-digit"),
        pytest.param("951231   500017", "<iin>", id="three-spaces"),
        pytest.param("951231\n500017", "<iin>", id="two-lines"),
        pytest.param("951231\u00ad500017", "<iin>", id="soft-hyphen"),
        pytest.param("951231\u2010500017", "<iin>", id="first-of-the-dashes"),
        pytest.param("951231\u2015500017", "<iin>", id="last-of-the-dashes"),
        pytest.param("951231\u2212500017", "<iin>", id="minus-sign"),
        pytest.param("951231\u200f500017", "<iin>", id="mark-of-direction"),
        pytest.param("951231\u202a500017", "<iin>", id="embedding"),
        pytest.param("951231\u202e500017", "<iin>", id="override-of-direction"),
        pytest.param("951231\u2060500017", "<iin>", id="word-joiner"),
        pytest.param("951231\u2069500017", "<iin>", id="isolate"),
        pytest.param("951231\ufeff500017", "<iin>", id="byte-order-mark"),
        pytest.param("951231    500017", "951231    500017", id="columns-of-a-table"),
        pytest.param("+77001234567", "<phone>", id="phone"),
        pytest.param("+7-700-123-45-67.", "<phone>.", id="phone-with-dashes"),
        pytest.param("+7 (700) 123-45-67", "<phone>", id="phone-with-brackets"),
        pytest.param("+4915112345678", "<phone>", id="phone-of-another-country"),
        pytest.param("+123456789", "+123456789", id="too-short-for-a-phone"),
        pytest.param("+1234567890", "<phone>", id="shortest-phone"),
        pytest.param("87001234567", "<phone>", id="phone-as-dialled-at-home"),
        pytest.param("77001234567", "<phone>", id="phone-without-plus"),
        pytest.param("id=67001234567", "id=67001234567", id="id-that-is-no-phone"),
        pytest.param("177001234567890", "177001234567890", id="phone-inside-a-longer-number"),
        pytest.param("8700123456", "8700123456", id="ten-digits-are-no-phone"),
        pytest.param(f"bot{TOKEN}/getMe", "bot<token>/getMe", id="token-in-an-address"),
        pytest.param("123456:" + "a" * 30, "<token>", id="shortest-token"),
        pytest.param("12345:" + "a" * 30, "12345:" + "a" * 30, id="too-few-digits-for-a-token"),
        pytest.param("123456:" + "a" * 29, "123456:" + "a" * 29, id="too-short-for-a-token"),
    ],
)
def test_numbers_are_cut_out_whole_and_others_are_kept(text: str, clean: str) -> None:
    assert redact(text) == clean


class Journal(io.StringIO):
    """What would be written on stderr; it may be a full disk, and is never a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self.fails = 0

    def write(self, text: str) -> int:
        if self.fails:
            self.fails -= 1
            raise OSError(28, "No space left on device")
        return super().write(text)

    def take(self) -> str:
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.take().splitlines()]


SetUp = Callable[..., Journal]


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[SetUp]:
    """Give a function that sets logging up in this process; all is put back afterwards."""
    root = logging.getLogger()
    handlers, level, configured = root.handlers, root.level, structlog.get_config()
    noisy = {name: logging.getLogger(name).level for name in ("alembic", "aiogram.event")}

    def begin(form: Literal["console", "json"], *arguments: int) -> Journal:
        journal = Journal()
        monkeypatch.setattr(sys, "stderr", journal)
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)
        set_up_logging(form, *arguments)
        return journal

    yield begin
    root.handlers = handlers
    root.setLevel(level)
    for name, before in noisy.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(capture=False)
    structlog.configure(**configured)


@pytest.mark.usefixtures("almaty")
def test_json_line_has_the_event_its_fields_level_logger_and_time(set_up: SetUp) -> None:
    journal = set_up("json")

    get_logger("bot.test").warning("import_done", rows=3, share=0.5, is_new=True, name="Әсел")
    written = journal.getvalue()
    (event,) = journal.events()

    assert "Әсел" in written
    assert abs(datetime.fromisoformat(event["timestamp"]) - datetime.now(UTC)).seconds < 60
    assert event["timestamp"].endswith("Z")
    del event["timestamp"]
    assert event == {
        "event": "import_done",
        "rows": 3,
        "share": 0.5,
        "is_new": True,
        "name": "Әсел",
        "level": "warning",
        "logger": "bot.test",
    }


def test_number_that_is_an_iin_is_cut_out_and_other_values_keep_their_type(set_up: SetUp) -> None:
    journal = set_up("json")

    get_logger("bot.test").info("read", iin=int(IIN), count=12, nothing=None, path=SHARE / "data")
    (event,) = journal.events()

    assert event["iin"] == "<iin>"
    assert event["count"] == 12
    assert event["nothing"] is None
    assert event["path"] == str(SHARE / "data")


def test_lines_of_libraries_have_the_same_form(set_up: SetUp) -> None:
    journal = set_up("json")

    logging.getLogger("aiohttp.server").error("bad path %s", f"/{IIN}")
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.warn(f"odd number {IIN}", stacklevel=1)
    error, warning = journal.events()

    assert (error["event"], error["level"]) == ("bad path /<iin>", "error")
    assert error["logger"] == "aiohttp.server"
    assert error["timestamp"]
    assert (warning["level"], warning["logger"]) == ("warning", "py.warnings")
    assert "odd number <iin>" in warning["event"]


def test_console_line_is_readable_and_has_no_colours_in_a_file(set_up: SetUp) -> None:
    journal = set_up("console")

    get_logger("bot.test").info("import_done", rows=3)
    line = journal.take()

    assert "\x1b" not in line
    assert line.count("\n") == 1
    for part in ("[info", "import_done", "rows=3", "bot.test", "Z"):
        assert part in line


def test_console_line_on_a_terminal_has_colours(
    set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Journal, "isatty", lambda _: True)
    journal = set_up("console")

    get_logger("bot.test").info("import_done", rows=3)

    assert "\x1b[" in journal.take()


@pytest.mark.parametrize(
    ("levels", "written"),
    [
        pytest.param([], ["info", "error"], id="information-by-default"),
        pytest.param([logging.DEBUG], ["debug", "info", "error"], id="all"),
        pytest.param([logging.WARNING], ["error"], id="trouble-alone"),
    ],
)
def test_lines_below_the_level_are_not_written(
    set_up: SetUp, levels: list[int], written: list[str]
) -> None:
    journal = set_up("json", *levels)

    log = get_logger("bot.test")
    log.debug("seen")
    log.info("seen")
    log.error("seen")

    assert [event["level"] for event in journal.events()] == written


@pytest.mark.parametrize("name", ["alembic", "alembic.runtime.migration", "aiogram.event"])
def test_each_step_of_noisy_libraries_is_left_out_and_their_trouble_is_not(
    set_up: SetUp, name: str
) -> None:
    journal = set_up("json")

    logging.getLogger(name).info("one of very many")
    logging.getLogger(name).warning("trouble")

    assert [event["event"] for event in journal.events()] == ["trouble"]


def test_every_line_of_a_traceback_is_marked_and_clean(set_up: SetUp) -> None:
    journal = set_up("json")

    try:
        raise ValueError(f"bad {IIN}\n{FORGED}\x1b")
    except ValueError:
        get_logger("bot.test").exception("failed")
    (event,) = journal.events()

    lines = event["exception"].split("\n")
    assert (event["event"], event["level"]) == ("failed", "error")
    assert lines[0] == "  | Traceback (most recent call last):"
    assert lines[-2:] == ["  | ValueError: bad <iin>", f"  | {FORGED}\\x1b"]
    assert all(line.startswith("  | ") for line in lines)


def test_console_traceback_shows_no_values_of_variables(set_up: SetUp) -> None:
    journal = set_up("console")

    try:
        secret = "Aigerim's diary"
        raise ValueError(len(secret))
    except ValueError:
        get_logger("bot.test").exception("failed")
    text = journal.take()

    assert "  | ValueError: 15" in text
    assert "diary" not in text.replace('secret = "Aigerim\'s diary"', "")
    assert "locals" not in text


def test_controls_are_written_as_their_codes(set_up: SetUp) -> None:
    journal = set_up("json")

    get_logger("bot.test").info("named", name="a\nb\x07c\u2028d\x9b")

    assert journal.events()[0]["name"] == "a\\x0ab\\x07c\\x2028d\\x9b"


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:  # noqa: BLE001 - whatever it is, it is handed on
        return caught


def test_error_that_nobody_caught_is_one_critical_event(set_up: SetUp) -> None:
    journal = set_up("json")
    error = raised(RuntimeError(f"no such {IIN}"))

    sys.excepthook(type(error), error, error.__traceback__)
    (event,) = journal.events()

    assert (event["event"], event["level"]) == ("uncaught_error", "critical")
    assert event["logger"] == "bot.log"
    assert event["exception"].startswith("  | Traceback")
    assert event["exception"].endswith("  | RuntimeError: no such <iin>")


def test_stop_from_the_keyboard_is_no_event(set_up: SetUp) -> None:
    journal = set_up("json")
    error = raised(KeyboardInterrupt())

    sys.excepthook(type(error), error, error.__traceback__)

    text = journal.take()
    assert text.startswith("Traceback (most recent call last):")
    assert text.endswith("KeyboardInterrupt\n")


def test_line_that_cannot_be_written_is_named_without_its_arguments(set_up: SetUp) -> None:
    journal = set_up("json")

    journal.fails = 1
    logging.getLogger("bot.test").warning("number %s", IIN)
    text = journal.take()

    assert text.startswith("log_line_lost logger=bot.test line=")
    assert text.endswith("\n")
    assert IIN not in text


def test_full_disk_under_the_log_fails_nobody(set_up: SetUp) -> None:
    journal = set_up("json")

    journal.fails = 2
    logging.getLogger("bot.test").warning("lost")
    logging.getLogger("bot.test").warning("kept")

    assert [event["event"] for event in journal.events()] == ["kept"]
