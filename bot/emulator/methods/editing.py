"""Editing messages of the bot."""

from aiogram.methods import (
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
)

from bot.emulator.call import Call, for_bot, given
from bot.emulator.chats import Chat
from bot.emulator.errors import bad_request
from bot.emulator.keyboards import keyboard_json
from bot.emulator.methods.media import MEDIA_KINDS, media_content
from bot.emulator.shapes import JSON
from bot.emulator.texts import format_caption, format_message

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
_TEXT_KEYS = ("text", "entities", "link_preview_options")
_CAPTION_KEYS = ("caption", "caption_entities", "show_caption_above_media")

Edit = EditMessageText | EditMessageCaption | EditMessageReplyMarkup | EditMessageMedia


def edit_message_text(call: Call, method: EditMessageText) -> JSON:
    """Replace the text and the keyboard."""
    content = format_message(method.text or "", method.parse_mode, method.entities)
    if given(method.link_preview_options):
        content["link_preview_options"] = call.params["link_preview_options"]
    chat, message = _editable(call, method)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _replace(call, method, chat, _without(message, _TEXT_KEYS) | content)


def edit_message_caption(call: Call, method: EditMessageCaption) -> JSON:
    """Replace the caption and the keyboard."""
    content = format_caption(method.caption, method.parse_mode, method.caption_entities)
    if given(method.show_caption_above_media):
        content["show_caption_above_media"] = True
    chat, message = _editable(call, method)
    if not any(kind in message for kind in MEDIA_KINDS):
        raise bad_request("there is no caption in the message to edit")
    return _replace(call, method, chat, _without(message, _CAPTION_KEYS) | content)


def edit_message_reply_markup(call: Call, method: EditMessageReplyMarkup) -> JSON:
    """Replace the keyboard alone."""
    chat, message = _editable(call, method)
    return _replace(call, method, chat, dict(message))


def edit_message_media(call: Call, method: EditMessageMedia) -> JSON:
    """Replace picture or file, caption and keyboard."""
    chat, message = _editable(call, method)
    if "media_group_id" in message and method.media.type not in message:
        raise bad_request("message can't be edited: it is part of an album of another type")
    content = media_content(call, method.media)
    kept = _without(message, (*MEDIA_KINDS, *_CAPTION_KEYS, *_TEXT_KEYS))
    return _replace(call, method, chat, kept | content)


def _editable(call: Call, method: Edit) -> tuple[Chat, JSON]:
    if method.inline_message_id is not None:
        raise bad_request("MESSAGE_ID_INVALID")
    chat = call.open_chat(method.chat_id)
    if method.message_id is None:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(method.message_id)
    if message is None:
        raise bad_request("message to edit not found")
    is_own = message.get("from") == call.bot or chat.type == "channel"
    markup = message.get("reply_markup")
    has_other_keyboard = markup is not None and "inline_keyboard" not in markup
    if not is_own or has_other_keyboard or "forward_origin" in message:
        raise bad_request("message can't be edited")
    return chat, message


def _replace(call: Call, method: Edit, chat: Chat, message: JSON) -> JSON:
    """Store the new version; an edit without a keyboard takes the keyboard away."""
    old = chat.messages[message["message_id"]]
    message.pop("reply_markup", None)
    raw = call.params.get("reply_markup")
    if keyboard := keyboard_json(method.reply_markup, raw, is_private=chat.is_private):
        message["reply_markup"] = keyboard
    if message == old:
        raise bad_request(_NOT_MODIFIED)
    message["edit_date"] = call.world.now()
    return for_bot(call.world.change_message(chat, message))


def _without(message: JSON, keys: tuple[str, ...]) -> JSON:
    return {key: value for key, value in message.items() if key not in keys}


HANDLERS = {
    EditMessageText: edit_message_text,
    EditMessageCaption: edit_message_caption,
    EditMessageReplyMarkup: edit_message_reply_markup,
    EditMessageMedia: edit_message_media,
}
