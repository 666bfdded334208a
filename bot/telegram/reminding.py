"""Sends reminders, and says what became of each."""

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import SendMessage

from bot.domain.broadcasts import DeliveryState
from bot.services.reminding import Letter
from bot.services.sending import Departure, Outcome
from bot.telegram.broadcasting import outcome_of
from bot.telegram.departures import departing
from bot.telegram.gate import Traffic, sending
from bot.telegram.i18n import Catalogues
from bot.telegram.sending import NO_PREVIEW
from bot.telegram.views.reminders import reminder_screen


class TelegramReminders:
    """The Telegram side of the reminders; every call goes through the gate."""

    def __init__(self, bot: Bot, catalogues: Catalogues) -> None:
        self._bot = bot
        self._catalogues = catalogues

    async def send(self, letter: Letter, departure: Departure) -> Outcome:
        """Send one message in the person's language and read what became of it."""
        with self._catalogues.using(letter.to.locale):
            screen = reminder_screen(letter)
        call = SendMessage(
            chat_id=letter.to.id,
            text=screen.text,
            parse_mode="HTML",
            link_preview_options=NO_PREVIEW,
            reply_markup=screen.keyboard,
        )
        try:
            with sending(Traffic.REMINDER), departing(departure):
                message = await self._bot(call)
        except TelegramAPIError as error:
            return outcome_of(error)
        return Outcome(DeliveryState.SENT, message_id=message.message_id)
