"""Ready letters: to copy with one tap, or as a document to edit and print."""

from io import BytesIO

from docx import Document

from bot.content.letters import LetterHead
from bot.domain.assessment import Assessment
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.values import bold, escaped


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


def missing_months(assessment: Assessment) -> str:
    """List the uncovered months as offices write them: 06.2026, 07.2026."""
    return ", ".join(f"{month.number:02d}.{month.year}" for month in assessment.holes)
