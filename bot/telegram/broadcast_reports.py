"""The report of a broadcast: a picture with its text, drawn in a thread and sent as one message."""

import asyncio
from dataclasses import dataclass

from aiogram import Bot
from aiogram.methods import SendPhoto
from aiogram.types import BufferedInputFile

from bot.services.control import Report
from bot.telegram.pictures.report_sheet import Sheet
from bot.telegram.rendering.report_sheet import report_sheet
from bot.telegram.screens import Screen
from bot.telegram.sending import send_to
from bot.telegram.views.broadcasts import report_screen

_FILE_NAME = "saqbol-broadcast.png"


@dataclass(frozen=True, slots=True)
class DrawnReport:
    """A report in somebody's language; *picture* is a PNG, None after ninety days."""

    screen: Screen
    picture: bytes | None


async def draw_report(report: Report) -> DrawnReport:
    """Write and draw a report in the current locale."""
    screen = report_screen(report)
    if not report.groups:
        return DrawnReport(screen, None)
    return DrawnReport(screen, await asyncio.to_thread(_draw, report_sheet(report)))


async def send_report(bot: Bot, chat_id: int, drawn: DrawnReport) -> None:
    """Send a report to an operator."""
    screen = drawn.screen
    if drawn.picture is None:
        await send_to(bot, chat_id, screen.text, screen.keyboard)
        return
    await bot(
        SendPhoto(
            chat_id=chat_id,
            photo=BufferedInputFile(drawn.picture, _FILE_NAME),
            caption=screen.text,
            parse_mode="HTML",
            reply_markup=screen.keyboard,
        )
    )


def _draw(sheet: Sheet) -> bytes:
    # Matplotlib takes half a second to import, and most processes never draw.
    from bot.telegram.pictures.report import draw_sheet  # noqa: PLC0415

    return draw_sheet(sheet)
