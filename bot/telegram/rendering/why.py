"""Why: every condition that was looked at, in words, with the provision it rests on."""

from collections.abc import Callable, Mapping

from bot.content.references import References
from bot.domain.assessment import PAID_BY_OTHERS, Status, StepCode, TraceStep
from bot.domain.months import Month
from bot.services.answers import Answer
from bot.telegram.i18n import current_locale, ngettext
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.answer import about_text, basis_text
from bot.telegram.rendering.reasons import reason_text
from bot.telegram.rendering.values import bold, day, escaped, last_day, month_name

# Which of these held would tell strangers a category.
_SENSITIVE = frozenset({StepCode.CATEGORY, StepCode.UNEMPLOYED, StepCode.CRISIS_LEVEL})


def render_why(answer: Answer, references: References) -> str:
    """Write the reasons, then the steps of the law up to the one that decided."""
    assessment = answer.assessment
    blocks = [bold(_("Why this answer"))]
    if assessment.reasons:
        blocks.append("\n".join(f"• {escaped(reason_text(r))}" for r in assessment.reasons))
    blocks.append(bold(_("What was checked, in the order of the law")))
    if assessment.basis in PAID_BY_OTHERS and not answer.is_owner:
        blocks.append(_block("✔", basis_text(assessment, is_owner=False), "who_pays", references))
    else:
        for step in assessment.trace:
            if step.code in _SENSITIVE and not step.holds and not answer.is_owner:
                continue
            mark = "✔" if step.holds else "✘"
            text = _TEXTS[step.code](step)
            if step.code is StepCode.CATEGORY and step.holds:
                text = basis_text(assessment, is_owner=answer.is_owner)
            blocks.append(_block(mark, text, step.reference, references))
        if not answer.is_owner and assessment.status in (Status.CONDITIONAL, Status.UNINSURED):
            text = _("No category paid by the state or the akimat is active")
            blocks.append(_block("✘", text, "who_pays", references))
    blocks.append(escaped(about_text(answer)))
    return "\n\n".join(blocks)


def _block(mark: str, text: str, reference: str, references: References) -> str:
    source = references.text(reference, current_locale())
    return f"{mark} {escaped(text)}\n<i>{escaped(source)}</i>"


def _month(step: TraceStep, name: str) -> Month | None:
    value = step.operands.get(name)
    return value if isinstance(value, Month) else None


def _residence(step: TraceStep) -> str:
    if step.holds:
        return _("Belongs to those who can be insured")
    return _("Stays in Kazakhstan temporarily and has no contributions")


def _run(step: TraceStep) -> str:
    covered, needed = step.operands["covered"], step.operands["needed"]
    if step.holds and covered == needed:
        return _("All of the last {needed} months are covered").format(needed=needed)
    if step.holds:
        return _("{needed} months in a row are covered, counting those paid ahead").format(
            needed=needed
        )
    return _("{covered} of the last {needed} months are covered; all are needed").format(
        covered=covered, needed=needed
    )


def _grace(step: TraceStep) -> str:
    last_paid, until = _month(step, "last_paid"), _month(step, "until")
    if last_paid is None or until is None:
        return _("No unbroken year of payments ended lately, so there is no grace period")
    number = int(str(step.operands["allowed"]))
    text = (
        ngettext(
            "Paid up to {month}; cover lasts {number} month more, until {day}",
            "Paid up to {month}; cover lasts {number} months more, until {day}",
            number,
        )
        if step.holds
        else ngettext(
            "Paid up to {month}; cover lasted {number} month more, until {day}",
            "Paid up to {month}; cover lasted {number} months more, until {day}",
            number,
        )
    )
    return text.format(month=month_name(last_paid), number=number, day=day(last_day(until)))


_TEXTS: Mapping[StepCode, Callable[[TraceStep], str]] = {
    StepCode.RESIDENCE: _residence,
    StepCode.CATEGORY: lambda _step: _("No category paid by the state is active this month"),
    StepCode.UNEMPLOYED: lambda s: (
        _("Registered as unemployed this month")
        if s.holds
        else _("Not registered as unemployed this month")
    ),
    StepCode.RUN: _run,
    StepCode.CRISIS_LEVEL: lambda s: (
        _("Level D or E, no payer, no pension contributions for three months")
        if s.holds
        else _("The conditions for level D or E are not met by the data")
    ),
    StepCode.GRACE: _grace,
}
