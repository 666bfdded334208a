"""Copies of messages for the other side of a conversation: which call makes one, or changes it."""

from typing import Any

from aiogram.methods import (
    CopyMessage,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageText,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import (
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    MessageEntity,
    ReplyParameters,
)

from bot.telegram.masking import hide_numbers, kept_entities
from bot.telegram.sending import NO_PREVIEW

_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024
Words = tuple[str, list[MessageEntity]]


def can_be_copied(message: Message) -> bool:
    """Tell whether it is a text, a photo, a document or a voice message."""
    return any((message.text, message.photo, message.document, message.voice))


def is_name_personal(message: Message) -> bool:
    """Tell whether a document would carry a number across in its name."""
    name = message.document.file_name if message.document else None
    return name is not None and hide_numbers(name) != name


def masked_words(message: Message) -> Words:
    """Give text or caption without numbers of people."""
    entities = message.entities if message.text is not None else message.caption_entities
    return hide_numbers(message.text or message.caption or ""), kept_entities(entities)


def signed_words(message: Message, signature: str) -> Words:
    """Give text or caption under a line that says who writes, where there is room for it."""
    text = message.text if message.text is not None else message.caption or ""
    entities = message.entities if message.text is not None else message.caption_entities
    kept = kept_entities(entities)
    head = f"{signature}\n" if text else signature
    longest = _LONGEST_TEXT if message.text is not None else _LONGEST_CAPTION
    if _units(head + text) > longest:
        return text, kept
    shift = _units(head)
    bold = MessageEntity(type="bold", offset=0, length=_units(signature))
    moved = [entity.model_copy(update={"offset": entity.offset + shift}) for entity in kept]
    return head + text, [bold, *moved]


def copying(
    message: Message,
    words: Words,
    chat_id: int,
    topic_id: int | None = None,
    reply: ReplyParameters | None = None,
) -> TelegramMethod[Any]:
    """Give the call that sends a copy with these words."""
    text, entities = words
    if message.text is not None:
        return SendMessage(
            chat_id=chat_id,
            message_thread_id=topic_id,
            text=text,
            entities=entities,
            link_preview_options=NO_PREVIEW,
            reply_parameters=reply,
        )
    return CopyMessage(
        chat_id=chat_id,
        message_thread_id=topic_id,
        from_chat_id=message.chat.id,
        message_id=message.message_id,
        caption=text,
        caption_entities=entities,
        reply_parameters=reply,
    )


def changing(message: Message, words: Words, chat_id: int, copy_id: int) -> TelegramMethod[Any]:
    """Give the call that makes an earlier copy what the message is now."""
    text, entities = words
    if message.text is not None:
        return EditMessageText(
            chat_id=chat_id,
            message_id=copy_id,
            text=text,
            entities=entities,
            link_preview_options=NO_PREVIEW,
        )
    if message.photo:
        photo = message.photo[-1].file_id
        media = InputMediaPhoto(media=photo, caption=text, caption_entities=entities)
        return EditMessageMedia(chat_id=chat_id, message_id=copy_id, media=media)
    if message.document:
        file = message.document.file_id
        document = InputMediaDocument(media=file, caption=text, caption_entities=entities)
        return EditMessageMedia(chat_id=chat_id, message_id=copy_id, media=document)
    return EditMessageCaption(
        chat_id=chat_id, message_id=copy_id, caption=text, caption_entities=entities
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
