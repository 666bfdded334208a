"""The menu of commands and the menu button."""

import json
import re

from aiogram.methods import (
    DeleteMyCommands,
    GetChatMenuButton,
    GetMyCommands,
    SetChatMenuButton,
    SetMyCommands,
)

from bot.emulator.call import Call
from bot.emulator.errors import bad_request
from bot.emulator.shapes import JSON

MAX_COMMANDS = 100
MAX_DESCRIPTION = 256

_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}|")
_DEFAULT_SCOPE: JSON = {"type": "default"}


def set_my_commands(call: Call, method: SetMyCommands) -> bool:
    """Set the commands of one scope and language."""
    if len(method.commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in method.commands:
        if not _COMMAND.fullmatch(command.command):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.description.strip()) <= MAX_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    commands = [
        {"command": command.command.removeprefix("/"), "description": command.description.strip()}
        for command in method.commands
    ]
    _store(call, method.language_code, commands)
    return True


def delete_my_commands(call: Call, method: DeleteMyCommands) -> bool:
    """Forget the commands of one scope and language."""
    _store(call, method.language_code, [])
    return True


def get_my_commands(call: Call, method: GetMyCommands) -> list[JSON]:
    """List the commands of exactly one scope and language."""
    stored = call.world.profile.commands.get(_key(call, method.language_code))
    commands: list[JSON] = stored["commands"] if stored else []
    return commands


def set_chat_menu_button(call: Call, method: SetChatMenuButton) -> bool:
    """Set the menu button of one private chat, or of all."""
    button = call.params.get("menu_button", {"type": "default"})
    if button["type"] == "web_app" and not button["web_app"]["url"].startswith("https://"):
        raise bad_request("menu button Web App URL is invalid: Only HTTPS links are allowed")
    if method.chat_id is None:
        call.world.profile.menu_button = button
    else:
        call.find_chat(method.chat_id).menu_button = button
    return True


def get_chat_menu_button(call: Call, method: GetChatMenuButton) -> JSON:
    """Return the menu button of one private chat, or the one of all."""
    own = call.find_chat(method.chat_id).menu_button if method.chat_id is not None else None
    return own or call.world.profile.menu_button


def _store(call: Call, language_code: str | None, commands: list[JSON]) -> None:
    key = _key(call, language_code)
    entry: JSON = {
        "scope": call.params.get("scope") or _DEFAULT_SCOPE,
        "language_code": language_code or "",
        "commands": commands,
    }
    if commands:
        call.world.profile.commands[key] = entry
    else:
        call.world.profile.commands.pop(key, None)
    call.world.events.publish("commands", **entry)


def _key(call: Call, language_code: str | None) -> tuple[str, str]:
    if not _LANGUAGE.fullmatch(language_code or ""):
        raise bad_request("invalid language code specified")
    scope = call.params.get("scope") or _DEFAULT_SCOPE
    if "chat_id" in scope:
        call.find_chat(scope["chat_id"])
    return json.dumps(scope, sort_keys=True), language_code or ""


HANDLERS = {
    SetMyCommands: set_my_commands,
    DeleteMyCommands: delete_my_commands,
    GetMyCommands: get_my_commands,
    SetChatMenuButton: set_chat_menu_button,
    GetChatMenuButton: get_chat_menu_button,
}
