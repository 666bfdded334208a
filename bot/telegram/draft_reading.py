"""Reads what an author sends as a text or a button of a broadcast."""

from urllib.parse import urlsplit

from aiogram.types import Message

from bot.domain.wording import Button, Media, MediaKind, Wording, WordingError
from bot.services.drafts import PersonalNumberError
from bot.services.personal_numbers import has_personal_number
from bot.telegram.filters import is_second_hand
from bot.telegram.rendering.drafts import (
    album_text,
    long_caption_text,
    other_kind_text,
    second_hand_text,
)

# What a bot may send under a file, in UTF-16 units; people with Premium may send more.
_MAX_CAPTION = 1024


class RefusedError(Exception):
    """What an author sent cannot be taken; the text is for them."""


def read_wording(message: Message) -> Wording:
    """Make a wording of a message, with its formatting and its file.

    Raises:
        RefusedError: it is not of a kind that can be sent to many.
        PersonalNumberError: the name of its file holds an IIN or a phone.
    """
    if message.media_group_id is not None:
        raise RefusedError(album_text())
    if is_second_hand(message):
        raise RefusedError(second_hand_text())
    media = _media(message)
    if media is None and message.text is None:
        raise RefusedError(other_kind_text())
    if media is not None and len((message.caption or "").encode("utf-16-le")) > 2 * _MAX_CAPTION:
        raise RefusedError(long_caption_text())
    try:
        return Wording(message.html_text, media)
    except WordingError:
        raise RefusedError(other_kind_text()) from None


def read_button(line: str) -> Button:
    """Read ``label | https://…``.

    Raises:
        WordingError: it is of another form.
    """
    label, _, url = line.strip().rpartition("|")
    url = url.strip()
    parts = urlsplit(url)
    if not parts.hostname or len(url.split()) != 1 or "\n" in label:
        raise WordingError("a button is a line: label | https://…")
    return Button(label.strip(), url=url)


def _media(message: Message) -> Media | None:
    if message.photo:
        return Media(MediaKind.PHOTO, message.photo[-1].file_id)
    # Telegram describes an animation as a document as well, and refuses it as one.
    if message.animation is not None:
        return None
    file = message.document or message.video
    if file is None:
        return None
    if has_personal_number(file.file_name or ""):
        raise PersonalNumberError
    kind = MediaKind.DOCUMENT if message.document else MediaKind.VIDEO
    return Media(kind, file.file_id)
