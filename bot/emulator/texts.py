"""A text as Telegram stores it: entities parsed, trimmed, and within the limits."""

import re
from collections.abc import Sequence

from aiogram.client.default import Default
from aiogram.types import MessageEntity

from bot.emulator.errors import bad_request
from bot.emulator.html_entities import parse_html
from bot.emulator.incoming_entities import find_entities, merge_entities
from bot.emulator.shapes import JSON, utf16_length

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ENTITIES = 100

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")


def format_text(
    text: str,
    parse_mode: str | Default | None,
    entities: Sequence[MessageEntity] | None,
    *,
    limit: int = MAX_TEXT,
    too_long: str = "message is too long",
) -> tuple[str, list[JSON]]:
    """Parse, clean and measure *text*; an empty result is the caller's to refuse."""
    text, found = _parse(_clean(text), parse_mode, entities)
    text, found = _trim(text, found)
    if utf16_length(text) > limit:
        raise bad_request(too_long)
    return text, merge_entities(found[:MAX_ENTITIES], find_entities(text))


def format_message(
    text: str, parse_mode: str | Default | None, entities: Sequence[MessageEntity] | None
) -> JSON:
    """Return the ``text`` and ``entities`` of a message."""
    if not text:
        raise bad_request("message text is empty")
    text, found = format_text(text, parse_mode, entities)
    if not text:
        raise bad_request("text must be non-empty")
    return {"text": text, "entities": found} if found else {"text": text}


def format_caption(
    caption: str | None, parse_mode: str | Default | None, entities: Sequence[MessageEntity] | None
) -> JSON:
    """Return the ``caption`` and ``caption_entities`` of a message, if it has any."""
    text, found = format_text(
        caption or "",
        parse_mode,
        entities,
        limit=MAX_CAPTION,
        too_long="message caption is too long",
    )
    if not text:
        return {}
    return {"caption": text, "caption_entities": found} if found else {"caption": text}


def _parse(
    text: str, parse_mode: str | Default | None, entities: Sequence[MessageEntity] | None
) -> tuple[str, list[JSON]]:
    mode = parse_mode.lower() if isinstance(parse_mode, str) else ""
    if mode == "html":
        return parse_html(text)
    if mode in {"markdown", "markdownv2"}:
        raise bad_request(f"can't parse entities: {parse_mode} is not built in; use HTML")
    if mode and mode != "none":
        raise bad_request("unsupported parse_mode")
    checked = [_checked_entity(entity, text) for entity in entities or ()]
    return text, sorted(checked, key=lambda entity: (entity["offset"], -entity["length"]))


def _checked_entity(entity: MessageEntity, text: str) -> JSON:
    end = entity.offset + entity.length
    if entity.offset < 0 or entity.length <= 0 or end > utf16_length(text):
        raise bad_request(
            f"entity at {entity.offset} of length {entity.length} is outside the text"
        )
    units = text.encode("utf-16-le")
    for position in (entity.offset, end):
        unit = units[2 * position : 2 * position + 2]
        if len(unit) == 2 and 0xDC <= unit[1] <= 0xDF:
            raise bad_request(f"entity begins or ends in the middle of a symbol at {position}")
    if entity.type == "text_link" and not entity.url:
        raise bad_request("can't parse MessageEntity: text_link has no url")
    return entity.model_dump(mode="json", exclude_none=True, exclude_unset=True)


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", _REMOVED.sub("", text))


def _trim(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """Cut the white space at both ends; like tdlib, never cut before the first entity."""
    text = text.rstrip()
    end = utf16_length(text)
    kept = [
        {**entity, "length": min(entity["length"], end - entity["offset"])}
        for entity in entities
        if entity["offset"] < end
    ]
    leading = len(text) - len(text.lstrip())
    if kept:
        leading = min(leading, kept[0]["offset"])
    if leading:
        kept = [{**entity, "offset": entity["offset"] - leading} for entity in kept]
    return text[leading:], kept
