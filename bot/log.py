"""Structured logs: constant event names with fields; IINs, phones and tokens are cut out."""

import logging
import re
import sys
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Twelve digits, also with separators between them; a phone; a bot token.
_PERSONAL = (
    (re.compile(r"(?<![0-9])(?:[0-9][\s\-\u00a0]?){11}[0-9](?![0-9])"), "<iin>"),
    (re.compile(r"\+[0-9][0-9\s\-()]{8,}[0-9]"), "<phone>"),
    (re.compile(r"[0-9]{6,}:[A-Za-z0-9_-]{30,}"), "<token>"),
)


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
    handler = logging.StreamHandler(sys.stderr)
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


def _redact_fields(_logger: WrappedLogger, _name: str, fields: EventDict) -> EventDict:
    return {key: _redact_value(value) for key, value in fields.items()}


def _redact_value(value: Any) -> Any:
    if isinstance(value, str):
        # Control characters could forge a line of the log.
        return redact(value).replace("\r", "\\r").replace("\x1b", "\\x1b")
    if isinstance(value, int | float | bool) or value is None:
        return value
    return redact(str(value))
