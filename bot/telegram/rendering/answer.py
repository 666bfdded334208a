"""The answer: one message whose first line is the status."""

from bot.domain.assessment import PAID_BY_OTHERS, Assessment, Basis, Status
from bot.services.answers import Answer
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.reasons import reason_text
from bot.telegram.rendering.steps import next_step
from bot.telegram.rendering.values import bold, day, escaped, last_day


def render_answer(answer: Answer) -> str:
    """Write status, until, reason, the one thing to do, the last four digits and the data's day."""
    parts = [render_heading(answer), *map(escaped, _reasons(answer))]
    if answer.assessment.is_mixed:
        parts.append(mixed_run_text())
    parts.append("\n".join((bold(_("What to do now")), escaped(answer_step(answer)))))
    return "\n\n".join(parts)


def render_heading(answer: Answer) -> str:
    """Write the status, and whose data of which day it rests on."""
    return f"{bold(headline(answer))}\n{escaped(about_text(answer))}"


def about_text(answer: Answer) -> str:
    """Say whom an answer is about, and of which day its data are."""
    return _("IIN ends in {last4}. Data as of {day}.").format(
        last4=answer.last4, day=day(answer.as_of)
    )


def mixed_run_text() -> str:
    """Say that the status rests on an uncertain reading of the law."""
    return escaped(_("This counts past and prepaid months together: check it with 1414."))


def headline(answer: Answer) -> str:
    """Say the status and until when, after a mark."""
    assessment = answer.assessment
    if assessment.status is Status.UNKNOWN and not answer.is_stale:
        return _("❔ No record for this IIN")
    if assessment.until is None:
        return {
            Status.INSURED: _("✅ Insured"),
            Status.UNINSURED: _("⛔ Not insured"),
            Status.OUTSIDE: _("ℹ️ Outside the insurance system"),
            Status.UNKNOWN: _("❔ The status is not known today"),
        }[assessment.status]
    text = (
        _("✅ Insured until {day}")
        if assessment.status is Status.INSURED
        else _("⚠️ Insured conditionally, until {day}")
    )
    return text.format(day=day(last_day(assessment.until)))


def _reasons(answer: Answer) -> list[str]:
    if not answer.is_stale:
        return [_reason(answer)]
    days = (answer.on - answer.as_of).days
    if answer.assessment.status is Status.UNKNOWN:
        text = ngettext(
            "The data are {number} day old, too old to say.",
            "The data are {number} days old, too old to say.",
            days,
        )
        return [text.format(number=days)]
    text = ngettext(
        "The data are {number} day old: what has changed since then is not in them.",
        "The data are {number} days old: what has changed since then is not in them.",
        days,
    )
    return [_reason(answer), text.format(number=days)]


def _reason(answer: Answer) -> str:
    assessment = answer.assessment
    if assessment.status is Status.UNKNOWN:
        return _("The register has nobody with this number. It does not mean “not insured”.")
    if assessment.basis is Basis.CONTRIBUTIONS:
        return _("Twelve months in a row are covered.")
    if assessment.basis in PAID_BY_OTHERS:
        return basis_text(assessment, is_owner=answer.is_owner)
    if assessment.reasons:
        return reason_text(assessment.reasons[0])
    return ""


def basis_text(assessment: Assessment, *, is_owner: bool) -> str:
    """Say who pays; which category it is only to the owner of the record."""
    if not is_owner:
        return _("No own contribution is needed: by law this person is insured without it.")
    match assessment.basis:
        case Basis.SERVICE:
            return _(
                "Service in the army, special or law-enforcement bodies: no contribution is needed."
            )
        case Basis.UNEMPLOYED:
            return _("Registered as unemployed: the akimat pays.")
        case Basis.CRISIS_LEVEL:
            return _(
                "Level D or E of the Digital Family Card: the akimat pays until the end of the "
                "year. If a clinic shows you uninsured, ask it to check your level."
            )
        case _:
            return _("The state pays for this category: {category}.").format(
                category=category_text(assessment)
            )


def category_text(assessment: Assessment) -> str:
    """Name the category behind the status."""
    names = {
        "child": _("child under 18"),
        "pregnant": _("pregnancy without work"),
        "parent_under_3": _("parent of a child under 3"),
        "maternity_leave": _("maternity or child-care leave"),
        "carer_disabled_child": _("care for a child with a disability"),
        "carer_group_1": _("care for a person with a group 1 disability"),
        "pensioner": _("pensioner"),
        "convict": _("serving a sentence"),
        "detainee": _("detention or house arrest"),
        "kandas": _("kandas without work"),
        "many_children_mother": _("mother of many children with an award"),
        "disability": _("disability"),
        "student": _("full-time student"),
        "social_assistance": _("targeted social assistance"),
    }
    return names[assessment.spell] if assessment.spell else ""


def answer_step(answer: Answer) -> str:
    """Say the one thing to do now."""
    if answer.is_stale:
        return _("Call 1414: the operator sees today's data. Or ask here again later.")
    if answer.assessment.status is Status.UNKNOWN:
        return _(
            "Compare the number with the one on your document. If it is right, call 1414 or ask "
            "a branch of the Fund."
        )
    return next_step(answer.assessment, answer.on, answer.status_day)
