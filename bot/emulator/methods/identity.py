"""What the bot says about itself."""

from aiogram.methods import (
    GetMe,
    GetMyDescription,
    GetMyName,
    GetMyShortDescription,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
)

from bot.emulator.call import Call
from bot.emulator.errors import bad_request
from bot.emulator.shapes import JSON

MAX_NAME = 64
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120


def get_me(call: Call, _method: GetMe) -> JSON:
    """Introduce the bot."""
    return call.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": call.world.settings.can_read_all_group_messages,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_name(call: Call, method: SetMyName) -> bool:
    """Name the bot in one language."""
    _store(call.world.profile.names, method.language_code, method.name, MAX_NAME)
    return True


def get_my_name(call: Call, method: GetMyName) -> JSON:
    """Return the name in one language, or the usual one."""
    return {"name": _look_up(call.world.profile.names, method.language_code) or "Saqbol"}


def set_my_description(call: Call, method: SetMyDescription) -> bool:
    """Set the text of an empty chat in one language."""
    texts = call.world.profile.descriptions
    _store(texts, method.language_code, method.description, MAX_DESCRIPTION)
    return True


def get_my_description(call: Call, method: GetMyDescription) -> JSON:
    """Return the text of an empty chat."""
    return {"description": _look_up(call.world.profile.descriptions, method.language_code)}


def set_my_short_description(call: Call, method: SetMyShortDescription) -> bool:
    """Set the text of the profile in one language."""
    texts = call.world.profile.short_descriptions
    _store(texts, method.language_code, method.short_description, MAX_SHORT_DESCRIPTION)
    return True


def get_my_short_description(call: Call, method: GetMyShortDescription) -> JSON:
    """Return the text of the profile."""
    texts = call.world.profile.short_descriptions
    return {"short_description": _look_up(texts, method.language_code)}


def _store(texts: dict[str, str], language_code: str | None, text: str | None, limit: int) -> None:
    if len(text or "") > limit:
        raise bad_request(f"text is too long: the limit is {limit} characters")
    texts[language_code or ""] = text or ""


def _look_up(texts: dict[str, str], language_code: str | None) -> str:
    return texts.get(language_code or "") or texts.get("", "")


HANDLERS = {
    GetMe: get_me,
    SetMyName: set_my_name,
    GetMyName: get_my_name,
    SetMyDescription: set_my_description,
    GetMyDescription: get_my_description,
    SetMyShortDescription: set_my_short_description,
    GetMyShortDescription: get_my_short_description,
}
