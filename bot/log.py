"""Structured logs: constant event names with fields; IINs, phones and tokens are cut out."""

import logging
import re
import sys
from contextlib import suppress
from types import TracebackType
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Everything that may stand between the digits of a number: spaces, dashes, invisible marks.
_BETWEEN = r"[\s\u00ad\u2010-\u2015\u2212\-\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]{0,3}"
_PERSONAL = (
    (re.compile(rf"(?<![0-9])(?:[0-9]{_BETWEEN}){{11}}[0-9](?![0-9])"), "<iin>"),
    (re.compile(r"\+[0-9][0-9\s\-()]{8,}[0-9]|(?<![0-9])[78]7[0-9]{9}(?![0-9])"), "<phone>"),
    (re.compile(r"[0-9]{6,}:[A-Za-z0-9_-]{30,}"), "<token>"),
)
# They could end a line, overwrite it, or change what a terminal shows.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_EXCEPTION = "exception"


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def redact(text: str) -> str:
    """Replace everything that looks like an IIN, a phone or a token."""
    for pattern, replacement in _PERSONAL:
        text = pattern.sub(replacement, text)
    return text


def set_up_logging(form: Literal["console", "json"], level: int = logging.INFO) -> None:
    """Send every log line, warning and traceback through one redacting writer on stderr."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The pretty one prints the values of variables.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = _Handler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _redact_fields,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    # Each migration step and each poll is of no use to an administrator.
    for noisy in ("alembic", "aiogram.event"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    sys.excepthook = _log_uncaught


class _Handler(logging.StreamHandler[Any]):
    """Says that a line could not be written, without the arguments that Python would print."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        # On a full disk this fails too, and an answer must not fail with it.
        with suppress(OSError):
            self.stream.write(f"log_line_lost logger={record.name} line={record.lineno}\n")


def _log_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
        return
    get_logger(__name__).critical("uncaught_error", exc_info=(kind, error, traceback))


def _redact_fields(_logger: WrappedLogger, _name: str, fields: EventDict) -> EventDict:
    return {
        name: _redact_traceback(value) if name == _EXCEPTION else _redact_value(value)
        for name, value in fields.items()
    }


def _redact_value(value: Any) -> Any:
    text = value if isinstance(value, str) else str(value)
    clean = _visible(redact(text))
    # Numbers and the like keep their type, unless one of them was an IIN.
    return value if clean == text and isinstance(value, int | float | bool | None) else clean


def _redact_traceback(text: str) -> str:
    """Mark every line, so that the text of an error cannot pass for a line of the log."""
    return "\n".join(f"  | {_visible(line)}" for line in redact(text).splitlines())


def _visible(text: str) -> str:
    return _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
