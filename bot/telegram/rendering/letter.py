"""Ready letters: to copy with one tap, or as a document to edit and print."""

from io import BytesIO

from docx import Document

from bot.content.letters import LetterHead
from bot.domain.assessment import Assessment, ReasonCode
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.values import bold, escaped

_OWED_BY_OTHERS = frozenset(
    {ReasonCode.EMPLOYER_DEBT, ReasonCode.EMPLOYER_DELAY, ReasonCode.GPH_NOT_PAID}
)


def render_letter(head: LetterHead, body: str) -> str:
    """Write the letter so that a tap copies it."""
    locale = current_locale()
    return "\n\n".join(
        (
            bold(head.title[locale]),
            escaped(head.about[locale]),
            f"<pre>{escaped(body)}</pre>",
            escaped(_("Tap the text to copy it. Fill in the blanks yourself.")),
        )
    )


def letter_document(body: str) -> bytes:
    """Write the letter as a Word document (.docx)."""
    document = Document()
    for paragraph in body.split("\n\n"):
        document.add_paragraph(paragraph)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def owed_months(assessment: Assessment) -> str:
    """List the months that an employer or a customer owes, as offices write them: 06.2026, 07.2026.

    Other uncovered months are not theirs: a letter must not claim them.
    """
    months = {month for r in assessment.reasons if r.code in _OWED_BY_OTHERS for month in r.months}
    return ", ".join(f"{month.number:02d}.{month.year}" for month in sorted(months))
