"""The composition root: wires adapters to services; the only place that knows all of them."""

from bot.app.assembly import App, assemble
from bot.app.connection import TokenError
from bot.app.serving import serve
from bot.app.working import work

__all__ = ["App", "TokenError", "assemble", "serve", "work"]
