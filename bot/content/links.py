"""Links that open a guide or a service in the bot: for cards, posters and web pages."""

import re

from bot.content.search import Document

# Telegram allows 64 letters, digits, _ and - after `start=`.
_PAYLOAD = re.compile(r"([gs])_([a-z0-9-]{1,62})")


def deep_link(username: str, document: Document) -> str:
    """Give the address that opens *document* in the bot of this name."""
    return f"https://t.me/{username}?start={'g' if document.is_guide else 's'}_{document.key}"


def read_payload(payload: str) -> Document | None:
    """Read what came after ``/start``; None where it opens nothing of ours."""
    match = _PAYLOAD.fullmatch(payload)
    return Document(match[2], is_guide=match[1] == "g") if match else None
