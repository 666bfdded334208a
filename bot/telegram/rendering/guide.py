"""Guides for Telegram: placeholders filled, Markdown turned into its HTML."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from bot.content.guides import Guide
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.values import day, escaped

_BLANK_LINES = re.compile(r"\n{3,}")


class _TelegramRenderer(RendererHTML):
    """Writes the few tags that Telegram knows; lists become numbered and dotted lines."""

    _MARKS: Mapping[str, str] = {
        "heading_open": "\n\n<b>",
        "heading_close": "</b>\n",
        "paragraph_open": "",
        "paragraph_close": "\n",
        "bullet_list_open": "",
        "bullet_list_close": "",
        "ordered_list_open": "",
        "ordered_list_close": "",
        "list_item_close": "",
        "strong_open": "<b>",
        "strong_close": "</b>",
        "em_open": "<i>",
        "em_close": "</i>",
        "link_close": "</a>",
        "blockquote_open": "<blockquote>",
        "blockquote_close": "</blockquote>\n",
        "softbreak": " ",
        "hardbreak": "\n",
    }

    def render(self, tokens: Any, _options: Any, _env: Any) -> str:
        """Write all tokens; unknown ones raise, so that no editor's mark is lost silently."""
        return "".join(self._write(token) for token in tokens)

    def _write(self, token: Token) -> str:
        match token.type:
            case "inline":
                return "".join(self._write(child) for child in token.children or ())
            case "text":
                return escaped(token.content)
            case "code_inline":
                return f"<code>{escaped(token.content)}</code>"
            case "link_open":
                return f'<a href="{escaped(str(token.attrs["href"]))}">'
            case "list_item_open":
                return f"{token.info}. " if token.info else "• "
            case _:
                return self._MARKS[token.type]


_MARKDOWN = MarkdownIt("commonmark", renderer_cls=_TelegramRenderer)


def render_guide(guide: Guide, values: Mapping[str, str | None]) -> str:
    """Write the guide with the day's values.

    Args:
        values: every placeholder; None where nobody verified the value for the day.
    """
    return f"{_html(guide.body, values)}\n\n<i>{escaped(_checked_on(guide.reviewed_on))}</i>"


def render_lead(guide: Guide, values: Mapping[str, str | None]) -> str:
    """Write only the heading and what follows it, up to the first section."""
    return _html(guide.body.partition("\n## ")[0], values)


def _html(markdown: str, values: Mapping[str, str | None]) -> str:
    unknown = _("(ask 1414)")
    filled = markdown.format_map(
        {name: unknown if value is None else value for name, value in values.items()}
    )
    text = _BLANK_LINES.sub("\n\n", str(_MARKDOWN.render(filled))).strip()
    return text.replace("\n</blockquote>", "</blockquote>")


def _checked_on(reviewed_on: date) -> str:
    return _("Text checked on {day}").format(day=day(reviewed_on))
