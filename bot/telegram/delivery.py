"""What a failed call says about the message: whether it may have been sent.

The Bot API has no key that would make a second try safe. Where the answer to a call is lost nobody
can tell whether it was carried out (https://github.com/tdlib/telegram-bot-api/issues/126).
"""

from enum import StrEnum

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramNetworkError,
    TelegramServerError,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError


class Delivery(StrEnum):
    """Whether a call that raised an error was carried out."""

    NOT_SENT = "not_sent"
    MAYBE_SENT = "maybe_sent"


def delivery_after(error: TelegramAPIError) -> Delivery:
    """Read from an error and its cause whether Telegram may have carried out the call.

    A connection that never came about carried nothing, and what Telegram refuses it does not do.
    A broken connection, a missing answer, a failing server and a proxy's page leave it open.
    """
    if isinstance(error, TelegramNetworkError):
        # aiogram has one error for all of them.
        is_unconnected = isinstance(error.__cause__, ClientConnectorError | ConnectionTimeoutError)
        return Delivery.NOT_SENT if is_unconnected else Delivery.MAYBE_SENT
    if isinstance(error, TelegramServerError):
        return Delivery.MAYBE_SENT
    return Delivery.NOT_SENT
