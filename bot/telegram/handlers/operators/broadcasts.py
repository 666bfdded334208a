"""``/broadcasts``: what goes out and went out; senders pause, stop and take back."""

from aiogram import Bot, Router
from aiogram.filters import Command
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.domain.broadcasts import BroadcastId
from bot.domain.locales import Locale
from bot.domain.roles import Role
from bot.services.control import Effect
from bot.services.operators import Operator
from bot.storage.boards import Board
from bot.storage.subscribers import SubscriberId
from bot.telegram.broadcast_cards import BroadcastDesk
from bot.telegram.broadcast_reports import draw_report, send_report
from bot.telegram.broadcasting import BroadcastMessenger
from bot.telegram.commands import BROADCASTS
from bot.telegram.handlers.views import refuse_button
from bot.telegram.i18n import current_locale
from bot.telegram.operator_callbacks import (
    AskWithdrawal,
    OpenBroadcast,
    OpenBroadcasts,
    PauseBroadcast,
    ResumeBroadcast,
    SendReport,
    SendTable,
    ShowWordings,
    StopBroadcast,
    WithdrawBroadcast,
)
from bot.telegram.rendering.broadcast_table import table_file
from bot.telegram.rendering.broadcasts import idle_press_text, table_caption, wordings_text
from bot.telegram.rights import only
from bot.telegram.sending import acknowledge, reply, send, show
from bot.telegram.views.broadcasts import history_screen, withdrawal_screen


async def open_broadcasts(message: Message, broadcast_desk: BroadcastDesk) -> None:
    """List the last broadcasts."""
    await send(message, history_screen(await broadcast_desk.control.page(None), before=0))


async def turn_page(
    query: CallbackQuery,
    callback_data: OpenBroadcasts,
    operator: Operator,
    broadcast_desk: BroadcastDesk,
) -> None:
    """List the broadcasts before one, or the last ones again."""
    if not isinstance(query.message, Message):
        await refuse_button(query)
        return
    before = callback_data.before
    await acknowledge(query)
    await broadcast_desk.boards.drop(operator.id, query.message.message_id)
    await show(
        query.message,
        history_screen(await broadcast_desk.control.page(before or None), before=before),
    )


async def open_broadcast(
    query: CallbackQuery,
    callback_data: OpenBroadcast,
    operator: Operator,
    broadcast_desk: BroadcastDesk,
) -> None:
    """Show the card of one broadcast, which goes on by itself."""
    await _show_card(query, BroadcastId(callback_data.broadcast_id), operator, broadcast_desk)


async def pause(
    query: CallbackQuery,
    callback_data: PauseBroadcast,
    operator: Operator,
    broadcast_desk: BroadcastDesk,
) -> None:
    """Send no more until somebody resumes."""
    broadcast_id = BroadcastId(callback_data.broadcast_id)
    effect = await broadcast_desk.control.pause(broadcast_id, operator.id)
    await _show_card(query, broadcast_id, operator, broadcast_desk, effect)


async def resume(
    query: CallbackQuery,
    callback_data: ResumeBroadcast,
    operator: Operator,
    broadcast_desk: BroadcastDesk,
) -> None:
    """Go on with a broadcast that is paused."""
    broadcast_id = BroadcastId(callback_data.broadcast_id)
    effect = await broadcast_desk.control.resume(broadcast_id, operator.id)
    await _show_card(query, broadcast_id, operator, broadcast_desk, effect)


async def stop(
    query: CallbackQuery,
    callback_data: StopBroadcast,
    operator: Operator,
    broadcast_desk: BroadcastDesk,
) -> None:
    """Send no more for good."""
    broadcast_id = BroadcastId(callback_data.broadcast_id)
    effect = await broadcast_desk.control.stop(broadcast_id, operator.id)
    await _show_card(query, broadcast_id, operator, broadcast_desk, effect)


async def ask_withdrawal(
    query: CallbackQuery,
    callback_data: AskWithdrawal,
    operator: Operator,
    broadcast_desk: BroadcastDesk,
) -> None:
    """Ask before what was sent is deleted for everyone."""
    overview = await broadcast_desk.control.look(BroadcastId(callback_data.broadcast_id))
    if overview is None or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    if overview.broadcast.withdrawn_at is not None or not overview.deletable:
        is_asked = overview.broadcast.withdrawn_at is not None
        effect = Effect.NOTHING if is_asked else Effect.TOO_LATE
        await _show_card(query, overview.broadcast.id, operator, broadcast_desk, effect)
        return
    await acknowledge(query)
    await broadcast_desk.boards.drop(operator.id, query.message.message_id)
    await show(query.message, withdrawal_screen(overview))


async def withdraw(
    query: CallbackQuery,
    callback_data: WithdrawBroadcast,
    operator: Operator,
    broadcast_desk: BroadcastDesk,
) -> None:
    """Delete for everyone what was sent in the last 48 hours."""
    broadcast_id = BroadcastId(callback_data.broadcast_id)
    effect = await broadcast_desk.control.withdraw(broadcast_id, operator.id)
    await _show_card(query, broadcast_id, operator, broadcast_desk, effect)


async def show_wordings(
    query: CallbackQuery, callback_data: ShowWordings, bot: Bot, broadcast_desk: BroadcastDesk
) -> None:
    """Send the messages as recipients get them, one a language."""
    overview = await broadcast_desk.control.look(BroadcastId(callback_data.broadcast_id))
    if overview is None or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await reply(query.message, wordings_text(overview.broadcast))
    wordings, messenger = overview.broadcast.wordings.by_locale, BroadcastMessenger(bot)
    for locale in Locale:
        if locale in wordings:
            await messenger.show(SubscriberId(query.from_user.id), wordings[locale])


async def send_picture(
    query: CallbackQuery, callback_data: SendReport, bot: Bot, broadcast_desk: BroadcastDesk
) -> None:
    """Send what became of a broadcast, with a picture."""
    report = await broadcast_desk.control.report(BroadcastId(callback_data.broadcast_id))
    if report is None:
        await refuse_button(query)
        return
    await acknowledge(query)
    await send_report(bot, query.from_user.id, await draw_report(report))


async def send_table(
    query: CallbackQuery, callback_data: SendTable, bot: Bot, broadcast_desk: BroadcastDesk
) -> None:
    """Send the numbers of a broadcast as a file, without anybody in it."""
    broadcast_id = BroadcastId(callback_data.broadcast_id)
    report = await broadcast_desk.control.report(broadcast_id)
    if report is None:
        await refuse_button(query)
        return
    await acknowledge(query)
    file = BufferedInputFile(table_file(report), f"saqbol-broadcast-{broadcast_id}.csv")
    await bot(
        SendDocument(
            chat_id=query.from_user.id, document=file, caption=table_caption(), parse_mode="HTML"
        )
    )


async def _show_card(
    query: CallbackQuery,
    broadcast_id: BroadcastId,
    operator: Operator,
    broadcast_desk: BroadcastDesk,
    effect: Effect = Effect.DONE,
) -> None:
    """Show how it is now, and say so where the press did nothing."""
    overview = await broadcast_desk.control.look(broadcast_id)
    if overview is None or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    if effect is Effect.DONE:
        await acknowledge(query)
    else:
        await query.answer(idle_press_text(overview, effect), show_alert=True)
    shown = await show(query.message, await broadcast_desk.cards.draw(overview, operator.roles))
    if overview.is_live:
        board = Board(operator.id, shown.message_id, broadcast_id, current_locale())
        await broadcast_desk.boards.keep(board)


def add_to(commands: Router, buttons: Router) -> None:
    sees, steers = only(Role.AUTHOR, Role.SENDER), only(Role.SENDER)
    commands.message.register(open_broadcasts, Command(BROADCASTS.name), flags=sees)
    press = buttons.callback_query
    press.register(turn_page, OpenBroadcasts.filter(), flags=sees)
    press.register(open_broadcast, OpenBroadcast.filter(), flags=sees)
    press.register(pause, PauseBroadcast.filter(), flags=steers)
    press.register(resume, ResumeBroadcast.filter(), flags=steers)
    press.register(stop, StopBroadcast.filter(), flags=steers)
    press.register(ask_withdrawal, AskWithdrawal.filter(), flags=steers)
    press.register(withdraw, WithdrawBroadcast.filter(), flags=steers)
    press.register(show_wordings, ShowWordings.filter(), flags=sees)
    press.register(send_picture, SendReport.filter(), flags=sees)
    press.register(send_table, SendTable.filter(), flags=sees)
