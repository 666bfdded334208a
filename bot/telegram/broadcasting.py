"""Sends and deletes the messages of broadcasts, and says what became of each."""

from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import (
    DeleteMessage,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVideo,
    TelegramMethod,
)
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)
from cachetools import LRUCache

from bot.domain.broadcasts import DeliveryState
from bot.domain.wording import Button, MediaKind, Wording
from bot.services.sending import Departure, Order, Outcome
from bot.storage.deliveries import SentMessage
from bot.storage.subscribers import SubscriberId
from bot.telegram.callbacks import OpenGuide
from bot.telegram.delivery import Delivery, delivery_after
from bot.telegram.departures import departing
from bot.telegram.gate import BULK_WAITS_S, Traffic, sending
from bot.telegram.prepared import Prepared, PreparedMessage, deliver, prepare
from bot.telegram.sending import NO_PREVIEW

# The Bot API has no codes for these (https://github.com/tdlib/telegram-bot-api, Client.cpp).
_NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")
_GONE = ("message to delete not found",)
# Of a few broadcasts at a time, in three languages each.
_MAX_PREPARED = 32


# In whose stead each recipient is put.
_NOBODY = 0


class BroadcastMessenger:
    """The Telegram side of the worker; every call goes through the gate."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._prepared: LRUCache[tuple[Wording, bool], Prepared] = LRUCache(_MAX_PREPARED)

    async def send(self, order: Order, departure: Departure) -> Outcome:
        """Send one message and read what became of it."""
        try:
            with sending(Traffic.BROADCAST, is_paid=order.is_paid), departing(departure):
                receipt = await deliver(self._call(order), self._bot)
        except TelegramAPIError as error:
            return outcome_of(error)
        return Outcome(DeliveryState.SENT, message_id=receipt.message_id)

    def _call(self, order: Order) -> PreparedMessage:
        key = order.wording, order.is_paid
        if (prepared := self._prepared.get(key)) is None:
            method = call_for(order.wording, _NOBODY, is_paid=order.is_paid)
            prepared = self._prepared[key] = prepare(method, self._bot)
        return PreparedMessage(prepared, order.to, order.reply_to)

    async def show(self, to: SubscriberId, wording: Wording) -> None:
        """Send an operator who asked for it what recipients get."""
        await self._bot(call_for(wording, to))

    async def delete(self, message: SentMessage) -> bool | None:
        """Delete one message; what is gone already counts as deleted."""
        call = DeleteMessage(chat_id=message.subscriber_id, message_id=message.message_id)
        try:
            with sending(Traffic.BROADCAST):
                await self._bot(call)
        except (TelegramBadRequest, TelegramForbiddenError) as error:
            return any(text in error.message.lower() for text in _GONE)
        except TelegramAPIError:
            return None
        return True


def outcome_of(error: TelegramAPIError) -> Outcome:
    """Read from an error what is true of the recipient."""
    text = error.message.lower()
    if isinstance(error, TelegramRetryAfter):
        pause_s = error.retry_after if error.retry_after > BULK_WAITS_S else None
        return Outcome(DeliveryState.PENDING, pause_s=pause_s)
    if isinstance(error, TelegramNetworkError | TelegramServerError):
        if delivery_after(error) is Delivery.NOT_SENT:
            return Outcome(DeliveryState.PENDING, is_unreached=True)
        return Outcome(DeliveryState.UNCERTAIN, error=type(error).__name__)
    if isinstance(error, TelegramUnauthorizedError | TelegramNotFound):
        # The token, not the recipient: whoever watches it stops the process.
        return Outcome(DeliveryState.PENDING, is_unreached=True)
    is_nobody = isinstance(error, TelegramForbiddenError) or (
        isinstance(error, TelegramBadRequest) and any(each in text for each in _NOBODY_THERE)
    )
    state = DeliveryState.UNREACHABLE if is_nobody else DeliveryState.FAILED
    return Outcome(state, error=error.message)


def call_for(wording: Wording, to: int, *, is_paid: bool = False) -> TelegramMethod[Message]:
    """Give the call that sends one message, exactly as its recipient gets it."""
    common: dict[str, Any] = {
        "chat_id": to,
        "parse_mode": "HTML",
        "reply_markup": _keyboard(wording.buttons),
        "allow_paid_broadcast": True if is_paid else None,
    }
    if wording.media is None:
        return SendMessage(text=wording.html, link_preview_options=NO_PREVIEW, **common)
    caption = {"caption": wording.html or None, **common}
    match wording.media.kind:
        case MediaKind.PHOTO:
            return SendPhoto(photo=wording.media.file_id, **caption)
        case MediaKind.VIDEO:
            return SendVideo(video=wording.media.file_id, **caption)
        case MediaKind.DOCUMENT:
            return SendDocument(document=wording.media.file_id, **caption)


def _keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(inline_keyboard=[[_button(button)] for button in buttons])


def _button(button: Button) -> InlineKeyboardButton:
    if button.guide is None:
        return InlineKeyboardButton(text=button.label, url=button.url)
    return InlineKeyboardButton(
        text=button.label, callback_data=OpenGuide(slug=button.guide, origin="").pack()
    )
