"""The HTML parse mode, after the parser in tdlib: the same subset and the same errors."""

import re
from dataclasses import dataclass, field

from bot.emulator.errors import bad_request
from bot.emulator.shapes import JSON, utf16_length

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_ATTRIBUTE = re.compile(
    r"""\s*([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)(?:"|\Z)|'([^']*)(?:'|\Z)|([A-Za-z0-9.-]+)(?=[\s>])))?"""
)
_START = re.compile(r"<([^\s>]*)")
_END = re.compile(r"</([^\s>]*)\s*")
_PLAIN = re.compile(r"[^<&]+")


@dataclass(slots=True)
class _OpenTag:
    name: str
    argument: str
    offset: int
    text_index: int


@dataclass(slots=True)
class _Parser:
    source: str
    position: int = 0
    offset: int = 0
    pieces: list[str] = field(default_factory=list)
    open_tags: list[_OpenTag] = field(default_factory=list)
    entities: list[JSON] = field(default_factory=list)

    def parse(self) -> tuple[str, list[JSON]]:
        while self.position < len(self.source):
            if plain := _PLAIN.match(self.source, self.position):
                self._add(plain.group(), plain.end())
            elif self.source[self.position] == "&":
                self._add(*_decode_reference(self.source, self.position))
            elif self.source.startswith("</", self.position):
                self._close_tag()
            else:
                self._open_tag()
        if self.open_tags:
            name = self.open_tags[-1].name
            raise _error(f'Can\'t find end tag corresponding to start tag "{name}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.pieces), self.entities

    def _add(self, text: str, end: int) -> None:
        self.pieces.append(text)
        self.offset += utf16_length(text)
        self.position = end

    def _open_tag(self) -> None:
        begin = self.position
        match = _START.match(self.source, begin)
        name = match.group(1).lower() if match else ""
        position = begin + 1 + len(name)
        if position >= len(self.source):
            raise self._error_at("Unclosed start tag", begin)
        if name not in _TYPES:
            raise self._error_at(f'Unsupported start tag "{name}"', begin)
        attributes, self.position = self._read_attributes(name, position, begin)
        argument = _argument(name, attributes)
        if name == "span" and argument != "spoiler":
            raise self._error_at('Tag "span" must have class "tg-spoiler"', begin)
        self.open_tags.append(_OpenTag(name, argument, self.offset, len(self.pieces)))

    def _read_attributes(self, name: str, position: int, begin: int) -> tuple[dict[str, str], int]:
        attributes: dict[str, str] = {}
        while True:
            while position < len(self.source) and self.source[position].isspace():
                position += 1
            if position >= len(self.source):
                raise self._error_at("Unclosed start tag", begin)
            if self.source[position] == ">":
                return attributes, position + 1
            match = _ATTRIBUTE.match(self.source, position)
            if match is None:
                raise self._error_at(f'Empty attribute name in the tag "{name}"', begin)
            position = match.end()
            if self.source[position : position + 1] == "=":
                raise self._error_at("Unexpected end of name token", position)
            quoted = match.group(2) if match.group(2) is not None else match.group(3)
            value = (match.group(4) or "").lower() if quoted is None else _decode(quoted)
            attributes[match.group(1).lower()] = value

    def _close_tag(self) -> None:
        begin = self.position
        if not self.open_tags:
            raise self._error_at("Unexpected end tag", begin)
        match = _END.match(self.source, begin)
        if match is None or self.source[match.end() : match.end() + 1] != ">":
            raise self._error_at("Unclosed end tag", begin)
        tag = self.open_tags.pop()
        found = match.group(1).lower()
        if found and found != tag.name:
            raise self._error_at(
                "Unmatched end tag", begin, f', expected "</{tag.name}>", found "</{found}>"'
            )
        self.position = match.end() + 1
        if self.offset > tag.offset:
            self._add_entity(tag)

    def _add_entity(self, tag: _OpenTag) -> None:
        entity: JSON = {
            "offset": tag.offset,
            "length": self.offset - tag.offset,
            "type": _TYPES[tag.name],
        }
        if tag.name == "a":
            url = tag.argument or "".join(self.pieces[tag.text_index :])
            if not _is_url(url):
                return
            entity["url"] = url
        elif tag.name == "tg-emoji":
            if not tag.argument.isdigit():
                raise _error("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = tag.argument
        elif tag.name == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        elif tag.name == "code" and tag.argument:
            entity["language"] = tag.argument
        elif tag.name == "pre":
            self._absorb_code(entity)
        self.entities.append(entity)

    def _absorb_code(self, pre: JSON) -> None:
        """``<pre><code class="language-x">`` is one entity that carries the language."""
        last = self.entities[-1] if self.entities else {}
        if last.get("type") == "code" and all(
            last[side] == pre[side] for side in ("offset", "length")
        ):
            self.entities.pop()
            if "language" in last:
                pre["language"] = last["language"]

    def _error_at(self, what: str, position: int, details: str = "") -> Exception:
        return _error(f"{what} at byte offset {len(self.source[:position].encode())}{details}")


def parse_html(source: str) -> tuple[str, list[JSON]]:
    """Split *source* into its text and entities with UTF-16 offsets.

    Raises:
        ApiError: 400 "can't parse entities", worded as Telegram words it.
    """
    text, entities = _Parser(source).parse()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, entities


def _argument(name: str, attributes: dict[str, str]) -> str:
    if name == "a":
        return attributes.get("href", "")
    if name == "tg-emoji":
        return attributes.get("emoji-id", "")
    if name == "blockquote":
        return "1" if "expandable" in attributes else ""
    prefix = {"code": "language-", "span": "tg-"}.get(name)
    value = attributes.get("class", "")
    return value.removeprefix(prefix) if prefix and value.startswith(prefix) else ""


def _decode_reference(source: str, position: int) -> tuple[str, int]:
    match = _REFERENCE.match(source, position)
    if match is None:
        return "&", position + 1
    code = int(match.group(1), 16) if match.group(1) else int(match.group(2) or 0)
    if match.group(3):
        return _NAMED[match.group(3)], match.end()
    if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "&", position + 1
    return chr(code), match.end()


def _decode(value: str) -> str:
    return _REFERENCE.sub(lambda match: _decode_reference(match.group(), 0)[0], value)


def _is_url(url: str) -> bool:
    return (
        re.match(r"(?:(?:https?|tg|ton|mailto|tel):\S+|[^\s/:]+\.[^\s/:.]{2,}\S*)$", url)
        is not None
    )


def _error(what: str) -> Exception:
    return bad_request(f"can't parse entities: {what}")
