"""The rules for keyboards under a message."""

import re

from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestUsers,
    ReplyKeyboardMarkup,
)

from bot.emulator.errors import bad_request
from bot.emulator.shapes import JSON

MAX_BUTTONS = 100
MAX_BUTTONS_IN_ROW = 8
MAX_CALLBACK_DATA_BYTES = 64
MAX_COPY_TEXT = 256
MAX_SHARED_USERS = 10

_LOOKS = {"text", "style", "icon_custom_emoji_id"}
_HTTP_URL = re.compile(r"(?:https?://)?[^\s/:.]+(?:\.[^\s/:.]+)+(?::\d+)?(?:[/?#]\S*)?$")
_LOCAL_URL = re.compile(r"(?:https?://(?:localhost|[\w.-]+:\d+)|tg://|ton://)\S*$")


def keyboard_json(markup: object, raw: JSON | None, *, is_private: bool) -> JSON | None:
    """Check a reply markup and return it as the message keeps it.

    Args:
        markup: the validated model, or None.
        raw: the same markup as it came.
        is_private: whether the chat is a private one, where contacts may be asked for.
    """
    if markup is None or raw is None:
        return None
    if isinstance(markup, InlineKeyboardMarkup):
        _check_rows(markup.inline_keyboard)
        for row in markup.inline_keyboard:
            for button in row:
                _check_inline_button(button)
        rows = [[_without_nulls(button) for button in row] for row in raw["inline_keyboard"] if row]
        return {"inline_keyboard": rows} if rows else None
    if isinstance(markup, ReplyKeyboardMarkup):
        _check_reply_keyboard(markup, is_private=is_private)
    return raw


def _without_nulls(button: JSON) -> JSON:
    return {key: value for key, value in button.items() if value is not None}


def _check_reply_keyboard(markup: ReplyKeyboardMarkup, *, is_private: bool) -> None:
    _check_rows(markup.keyboard)
    if not any(markup.keyboard):
        raise bad_request("reply keyboard is empty")
    if len(markup.input_field_placeholder or "") > 64:
        raise bad_request("input field placeholder is too long")
    for row in markup.keyboard:
        for button in row:
            if not button.text.strip():
                raise bad_request("keyboard button text must be non-empty")
            if button.request_contact and not is_private:
                raise bad_request("phone number can be requested in private chats only")
            if button.request_users is not None:
                _check_request_users(button.request_users, is_private=is_private)


def _check_request_users(request: KeyboardButtonRequestUsers, *, is_private: bool) -> None:
    if not is_private:
        raise bad_request("users can be requested in private chats only")
    if not 1 <= (request.max_quantity or 1) <= MAX_SHARED_USERS:
        raise bad_request("wrong maximum quantity of users to be shared specified")


def _check_rows(
    rows: list[list[InlineKeyboardButton]] | list[list[KeyboardButton]],
) -> None:
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    if any(len(row) > MAX_BUTTONS_IN_ROW for row in rows):
        raise bad_request("reply markup has too many buttons in a row")


def _check_inline_button(button: InlineKeyboardButton) -> None:
    if not button.text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = sorted(
        name
        for name in button.model_fields_set - _LOOKS
        if getattr(button, name) is not None and getattr(button, name) is not False
    )
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request(f"inline keyboard button has several actions: {', '.join(actions)}")
    _check_action(button)


def _check_action(button: InlineKeyboardButton) -> None:
    data = button.callback_data
    if data is not None and not 1 <= len(data.encode()) <= MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if button.url is not None and not is_button_url(button.url):
        raise bad_request(f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL")
    if button.web_app is not None and not button.web_app.url.startswith("https://"):
        raise bad_request(
            f"inline keyboard button Web App URL '{button.web_app.url}' is invalid: "
            "Only HTTPS links are allowed"
        )
    if button.copy_text is not None and not 1 <= len(button.copy_text.text) <= MAX_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def is_button_url(url: str) -> bool:
    """Tell whether Telegram accepts *url* on a button: http, https, tg and ton links."""
    return bool(_LOCAL_URL.match(url) or _HTTP_URL.match(url))
