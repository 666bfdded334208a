"""The Bot API methods that this server carries out, one module per feature."""

from collections.abc import Callable
from typing import Any

from bot.emulator.methods import (
    chats,
    commands,
    copies,
    deleting,
    editing,
    forum,
    identity,
    media,
    messages,
    queries,
)

Handler = Callable[..., Any]

HANDLERS: dict[str, Handler] = {
    model.__api_method__.lower(): handler
    for module in (
        chats,
        commands,
        copies,
        deleting,
        editing,
        forum,
        identity,
        media,
        messages,
        queries,
    )
    for model, handler in module.HANDLERS.items()
}
