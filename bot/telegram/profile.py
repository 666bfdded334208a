"""What Telegram shows of the bot itself: description and commands, in three languages."""

from aiogram import Bot
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats

from bot.domain.locales import Locale
from bot.telegram.i18n import Catalogues
from bot.telegram.i18n import gettext as _


def resident_commands() -> list[BotCommand]:
    """Give the commands that everybody sees."""
    return [
        BotCommand(command="start", description=_("Menu")),
        BotCommand(command="reminders", description=_("My reminders")),
        BotCommand(command="language", description=_("Language and privacy")),
        BotCommand(command="export", description=_("Get my data")),
        BotCommand(command="forget", description=_("Erase my data")),
    ]


async def introduce(bot: Bot, catalogues: Catalogues) -> None:
    """Set description and commands; people with another Telegram language see Russian."""
    for locale in Locale:
        with catalogues.using(locale):
            codes = [locale.value, None] if locale is Locale.RU else [locale.value]
            for code in codes:
                await _introduce(bot, code)


async def _introduce(bot: Bot, language_code: str | None) -> None:
    await bot.set_my_commands(
        resident_commands(),
        scope=BotCommandScopeAllPrivateChats(),
        language_code=language_code,
    )
    await bot.set_my_short_description(
        _("Am I insured, why not, and what do I do now? By IIN, in three languages."),
        language_code=language_code,
    )
    await bot.set_my_description(
        _(
            "Send an IIN and learn whether the person has compulsory health insurance (OSMS), why "
            "not, and the cheapest way back. The IIN is not kept."
        ),
        language_code=language_code,
    )
