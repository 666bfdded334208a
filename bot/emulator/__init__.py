"""A Bot API server for one machine, with people on its other side."""

from bot.emulator.server import Emulator

__all__ = ["Emulator"]
