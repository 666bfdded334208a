"""Brings updates to the dispatcher: by long polling, or by a webhook where WEBHOOK_URL is set."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramUnauthorizedError
from aiohttp import web

from bot.config import Settings
from bot.log import get_logger
from bot.services.health import Health
from bot.telegram.contact import Contact, TokenRefusedError
from bot.telegram.intake import ALLOWED_UPDATES, MAX_IN_HAND, Intake
from bot.telegram.polling import Polling
from bot.web.probes import Probes
from bot.web.server import listening
from bot.web.webhook import Webhook

log = get_logger(__name__)

_WEB_PORT = 8080
_WEBHOOK_TRIES = 3
_STOP_S = 9.0


async def receive(
    settings: Settings,
    bot: Bot,
    dispatcher: Dispatcher,
    contact: Contact,
    check: Callable[[], Awaitable[Health]],
    stop: asyncio.Event,
) -> None:
    """Bring updates to the dispatcher until *stop* is set, and finish those in hand."""
    probes = Probes(check, partial(contact.is_kept, bot)).routes()
    # A call of a handler may be the first that is refused.
    refusal = asyncio.create_task(contact.refused.wait())
    refusal.add_done_callback(lambda _: stop.set())
    try:
        if settings.webhook_url is not None:
            await _receive_by_webhook(settings, bot, dispatcher, probes, stop)
        else:
            await _receive_by_polling(settings, bot, dispatcher, probes, stop)
    except TelegramUnauthorizedError:
        raise TokenRefusedError from None
    finally:
        refusal.cancel()
    if contact.refused.is_set():
        raise TokenRefusedError


async def _receive_by_polling(
    settings: Settings,
    bot: Bot,
    dispatcher: Dispatcher,
    probes: Sequence[web.RouteDef],
    stop: asyncio.Event,
) -> None:
    polling = Polling(bot, Intake(bot, dispatcher, tries=1))
    async with AsyncExitStack() as stack:
        if settings.web_port is not None:
            await stack.enter_async_context(listening(settings.web_host, settings.web_port, probes))
        await bot.delete_webhook()
        log.info("bot_started", receives_by="polling")
        await polling.run(stop)


async def _receive_by_webhook(
    settings: Settings,
    bot: Bot,
    dispatcher: Dispatcher,
    probes: Sequence[web.RouteDef],
    stop: asyncio.Event,
) -> None:
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    intake = Intake(bot, dispatcher, tries=_WEBHOOK_TRIES)
    webhook = Webhook(settings.webhook_url or "", secret, intake.take)
    port = _WEB_PORT if settings.web_port is None else settings.web_port
    async with listening(settings.web_host, port, [*webhook.routes(), *probes]) as port:
        await bot.set_webhook(
            settings.webhook_url or "",
            secret_token=secret,
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=MAX_IN_HAND,
        )
        log.info("bot_started", receives_by="webhook", port=port)
        await stop.wait()
        stopped_at = time.monotonic()
    await intake.drain(max(_STOP_S - (time.monotonic() - stopped_at), 0))
