"""The entities Telegram finds by itself: commands, mentions, links, addresses, phone numbers."""

import re

from bot.emulator.shapes import JSON, utf16_length

_KINDS = re.compile(
    r"""
    (?P<bot_command>(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))
    |(?P<email>(?<![\w.])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,8}(?!\w))
    |(?P<mention>(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w))
    |(?P<hashtag>(?<!\w)\#\w{1,256})
    |(?P<url>(?<![\w@.])(?:(?:https?|tg|ton)://[^\s<>"]*[^\s<>".,;:!?)\]]
        |(?:[A-Za-z0-9-]+\.)+(?:com|org|net|kz|kg|ru|me|io|gov|info|dev)(?:/[^\s<>"]*[^\s<>".,;:!?)\]])?(?![\w])))
    |(?P<phone_number>(?<![\w+])\+\d[\d\s()-]{7,16}\d(?!\w))
    """,
    re.VERBOSE,
)
_MAY_HOLD_ENTITIES = re.compile(r"[/@#+.]")


def find_entities(text: str) -> list[JSON]:
    """List what a client would make tappable in a plain *text*."""
    if not _MAY_HOLD_ENTITIES.search(text):
        return []
    return [
        {
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
            "type": match.lastgroup,
        }
        for match in _KINDS.finditer(text)
    ]


def merge_entities(given: list[JSON], found: list[JSON]) -> list[JSON]:
    """Add the *found* entities that no given link, code or mention covers."""
    if not found:
        return given
    closed = [
        entity
        for entity in given
        if entity["type"] in {"text_link", "code", "pre", "text_mention", "custom_emoji"}
        or any(_overlap(entity, other) and entity["type"] == other["type"] for other in found)
    ]
    kept = [entity for entity in found if not any(_overlap(entity, other) for other in closed)]
    return sorted(given + kept, key=lambda entity: (entity["offset"], -entity["length"]))


def _overlap(one: JSON, other: JSON) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )
