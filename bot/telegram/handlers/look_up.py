"""An IIN typed at any time in a private chat: the main job."""

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message

from bot.domain.iin import Iin
from bot.services.answers import Answers
from bot.services.counters import WRONG_NUMBER, Counters
from bot.services.limits import Limit, LimitReachedError
from bot.services.reminders import Reminders
from bot.services.subscribers import has_consented
from bot.storage.subscribers import Subscriber
from bot.telegram.filters import NumberElsewhere, TypedNumber
from bot.telegram.keyboards import contact_keyboard
from bot.telegram.reading import Attempt
from bot.telegram.rendering.notices import (
    consent_first_text,
    limit_text,
    not_deleted_text,
    number_elsewhere_text,
    phone_text,
    refusal_text,
    several_numbers_text,
)
from bot.telegram.repeats import Repeats
from bot.telegram.rights import everybody
from bot.telegram.sending import reply
from bot.telegram.views.answers import answer_screen
from bot.telegram.views.general import welcome


async def take_number(
    message: Message,
    attempt: Attempt,
    subscriber: Subscriber,
    answers: Answers,
    counters: Counters,
    reminders: Reminders,
    repeats: Repeats,
) -> None:
    """Answer for an IIN, or say what is wrong with it; then take the number out of the chat."""
    try:
        if not has_consented(subscriber):
            screen = welcome(subscriber)
            await reply(message, f"{consent_first_text()}\n\n{screen.text}", screen.keyboard)
        elif attempt.iin is not None:
            if not repeats.is_answered(message, answers.record_key(attempt.iin)):
                await _answer(message, attempt.iin, subscriber, answers, reminders, repeats)
        elif attempt.error is not None:
            counters.refused(WRONG_NUMBER)
            await reply(message, refusal_text(attempt.error))
        else:
            await reply(message, phone_text() if attempt.is_phone else several_numbers_text())
    finally:
        await _delete(message, attempt)


async def refuse_number(message: Message, attempt: Attempt) -> None:
    """Ask to type a number that came by a forward, a caption or another bot."""
    try:
        await reply(message, number_elsewhere_text())
    finally:
        await _delete(message, attempt)


async def _answer(
    message: Message,
    iin: Iin,
    subscriber: Subscriber,
    answers: Answers,
    reminders: Reminders,
    repeats: Repeats,
) -> None:
    try:
        answer = answers.ask(iin, subscriber)
    except LimitReachedError as error:
        way_out = contact_keyboard() if error.limit is Limit.GUESSING else None
        await reply(message, limit_text(error.limit), way_out)
        return
    screen = answer_screen(answer, await reminders.is_on(answer, subscriber))
    shown = await reply(message, screen.text, screen.keyboard)
    repeats.note(answers.record_key(iin), shown)
    answers.note_message(answer, shown.message_id)


async def _delete(message: Message, attempt: Attempt) -> None:
    if not attempt.is_personal:
        return
    try:
        await message.delete()
    except TelegramAPIError as error:
        if "message to delete not found" in error.message:
            # Already gone: an update that came twice, or the person was faster.
            return
        await reply(message, not_deleted_text())


def build_router() -> Router:
    router = Router(name="look_up")
    router.message.register(take_number, TypedNumber(), flags=everybody())
    router.message.register(refuse_number, NumberElsewhere(), flags=everybody())
    return router
