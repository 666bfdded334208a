"""The way to Telegram: the token, and the session with all that every call passes."""

from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.utils.token import TokenValidationError, validate_token
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.config import Settings
from bot.services.counters import Counters
from bot.storage.engine import sqlite_path
from bot.storage.turns import TurnRepository
from bot.telegram.contact import Contact
from bot.telegram.departures import Departures
from bot.telegram.gate import Gate
from bot.telegram.outcomes import Outcomes
from bot.telegram.session import JsonSession
from bot.telegram.shared_turns import SharedTurns

# A paid broadcast has 750 messages on their way, and people must find a connection beside them; a
# process may have 1024 files open where nobody allowed it more.
_MAX_CONNECTIONS = 850


class TokenError(Exception):
    """The bot has no token to speak to Telegram with, or a malformed one."""


def token_in(settings: Settings) -> str:
    """Give the token.

    Raises:
        TokenError: there is none, or it is malformed.
    """
    if settings.bot_token is None:
        raise TokenError(
            "BOT_TOKEN is not set: get one from @BotFather, or try `saqbol demo` without it"
        )
    token = settings.bot_token.get_secret_value()
    try:
        validate_token(token)
    except TokenValidationError:
        raise TokenError("BOT_TOKEN is not of the form 123:ABC that @BotFather gives") from None
    return token


def connect(
    settings: Settings, token: str, engine: AsyncEngine, contact: Contact, counters: Counters
) -> Bot:
    """Build the bot; nothing is sent yet."""
    session = JsonSession(limit=_MAX_CONNECTIONS)
    if settings.bot_api_url is not None:
        session.api = TelegramAPIServer.from_base(settings.bot_api_url)
    # A SQLite file has one process that sends.
    is_alone = sqlite_path(settings.database) is not None
    turns = None if is_alone else SharedTurns(TurnRepository(engine))
    session.middleware(Outcomes(counters))
    session.middleware(Gate(settings.broadcast_rate, turns=turns))
    session.middleware(contact)
    session.middleware(Departures())
    return Bot(token, session=session)
