"""The bot's own answer as plain text."""

import re
from datetime import date
from html import unescape

from bot.config import SHARE
from bot.content.library import load_content
from bot.domain.locales import Locale
from bot.services.answers import Answer, working_days_after
from bot.services.judging import Judgement
from bot.telegram.i18n import Catalogues
from bot.telegram.rendering.answer import render_answer
from bot.telegram.rendering.ways import render_ways

_TAG = re.compile(r"<[^>]+>")


def answer_text(judgement: Judgement, last4: str, on: date, as_of: date, locale: Locale) -> str:
    """Write the answer and the ways back; the administrator sees what the owner would."""
    content = load_content(SHARE)
    assessment = judgement.for_residents()
    answer = Answer(
        id=None,
        last4=last4,
        on=on,
        as_of=as_of,
        status_day=working_days_after(on, int(content.parameters.status_days.at(on))),
        assessment=assessment,
        is_stale=judgement.is_stale,
        is_owner=True,
    )
    with Catalogues(content.translations).using(locale):
        parts = [render_answer(answer)]
        if assessment.ways.paid or assessment.ways.free:
            parts.append(render_ways(assessment))
    return unescape(_TAG.sub("", "\n\n".join(parts)))
