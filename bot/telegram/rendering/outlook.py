"""What if: a change, what comes of it month by month, and what to do about it."""

from collections.abc import Sequence
from functools import reduce
from itertools import groupby

from bot.domain.assessment import PAID_BY_OTHERS, Basis, Status
from bot.domain.changes import Change
from bot.domain.months import Month
from bot.domain.outlook import MonthAhead
from bot.domain.person import SpellCode
from bot.services.answers import Answer
from bot.services.outlook import Outlook
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.answer import about_text
from bot.telegram.rendering.values import (
    bold,
    day,
    escaped,
    last_day,
    month_name,
    months_text,
)

# One sign a month; the words beside them say the same.
_SIGNS = {Status.INSURED: "■", Status.CONDITIONAL: "▨", Status.UNINSURED: "□"}
Stretch = Sequence[MonthAhead]


def render_outlook(answer: Answer, outlook: Outlook) -> str:
    """Write the change with its outcome, the strip, the advice, and what was supposed."""
    stretches = _stretches(outlook)
    headline = _("{condition}: {outcome}").format(
        condition=_condition(answer, outlook), outcome=_outcome(stretches)
    )
    blocks = [
        f"{bold(headline)}\n{escaped(about_text(answer))}",
        "\n".join(escaped(_strip_line(stretch)) for stretch in stretches),
        "\n".join((bold(_("What to do")), *map(escaped, _advice(answer, outlook)))),
        "\n".join(map(escaped, _suppositions(answer, outlook))),
    ]
    return "\n\n".join(blocks)


def _stretches(outlook: Outlook) -> list[Stretch]:
    """Join neighbouring months of the same status."""
    return [list(months) for _status, months in groupby(outlook.months, key=lambda m: m.status)]


def _condition(answer: Answer, outlook: Outlook) -> str:
    number = outlook.supposition.number
    match outlook.supposition.change:
        case Change.STOP:
            return _("If the last paid month is {month}").format(month=month_name(Month(number)))
        case Change.JOB:
            return _("If the first month of a job is {month}").format(
                month=month_name(Month(number))
            )
        case Change.UNEMPLOYED:
            return _unemployed_condition(answer)
        case Change.PAY_GAPS:
            return _("If the missing months are paid now")
        case Change.PAY:
            return _pay_condition(answer, number)
        case _:
            return _unchanged_condition(answer, outlook)


def _unemployed_condition(answer: Answer) -> str:
    until = _insured_until(answer)
    if until is None:
        return _("If the person registers as unemployed now")
    return _("If the person registers as unemployed after {day}").format(day=day(last_day(until)))


def _insured_until(answer: Answer) -> Month | None:
    return answer.assessment.until if answer.assessment.status is Status.INSURED else None


def _pay_condition(answer: Answer, number: int) -> str:
    until = _insured_until(answer)
    if until is not None:
        return ngettext(
            "If {number} month after {day} is paid now",
            "If {number} months after {day} are paid now",
            number,
        ).format(number=number, day=day(last_day(until)))
    return ngettext(
        "If {number} month is paid now, beginning with this one",
        "If {number} months are paid now, beginning with this one",
        number,
    ).format(number=number)


def _unchanged_condition(answer: Answer, outlook: Outlook) -> str:
    if outlook.lost is None or answer.assessment.basis not in PAID_BY_OTHERS:
        return _("If nothing changes")
    if answer.is_owner and answer.assessment.spell is SpellCode.CHILD:
        return _("After the month of the 18th birthday")
    if answer.is_owner and answer.assessment.spell is SpellCode.STUDENT:
        return _("When full-time study ends")
    return _("When the present cover ends")


def _outcome(stretches: Sequence[Stretch]) -> str:
    *earlier, final = stretches
    texts = [*(_ended_text(stretch) for stretch in earlier), _final_text(final)]
    return reduce(_then, texts)


def _then(first: str, second: str) -> str:
    # NOTE: what comes one after the other: "insured until 31 March 2027, then not insured".
    return _("{first}, then {second}").format(first=first, second=second)


def _ended_text(stretch: Stretch) -> str:
    last = stretch[-1]
    text = {
        Status.INSURED: _("insured until {day}"),
        Status.CONDITIONAL: _("insured conditionally until {day}"),
        Status.UNINSURED: _("not insured until {day}"),
    }[last.status]
    return text.format(day=day(last_day(last.month)))


def _final_text(stretch: Stretch) -> str:
    last = stretch[-1]
    if last.status is Status.UNINSURED:
        return _("not insured")
    if last.until is None:
        return _("insured at least until {day}").format(day=day(last_day(last.month)))
    text = (
        _("insured until {day}")
        if last.status is Status.INSURED
        else _("insured conditionally until {day}")
    )
    return text.format(day=day(last_day(last.until)))


def _strip_line(stretch: Stretch) -> str:
    status = stretch[0].status
    name = {
        Status.INSURED: _("insured"),
        Status.CONDITIONAL: _("insured conditionally"),
        Status.UNINSURED: _("not insured"),
    }[status]
    signs = _SIGNS[status] * len(stretch)
    return f"{signs} {months_text([month.month for month in stretch])} — {name}"


def _advice(answer: Answer, outlook: Outlook) -> list[str]:
    first, last = outlook.months[0], outlook.months[-1]
    if outlook.lost is not None and outlook.pay_by is not None:
        lines = [_keep_text(answer, outlook)]
    elif first.status is Status.INSURED:
        lines = [_("Nothing is lost in these 12 months.")]
        if last.until is not None and last.basis is Basis.CONTRIBUTIONS:
            lines.append(
                _("Somebody has to go on paying after {day}.").format(day=day(last_day(last.until)))
            )
    else:
        lines = [_back_text(outlook)]
    if any(stretch[0].is_mixed for stretch in _stretches(outlook)):
        lines.append(_("This counts past and prepaid months together: check it with 1414."))
    return lines


def _keep_text(answer: Answer, outlook: Outlook) -> str:
    values = {
        "month": month_name(outlook.lost) if outlook.lost else "",
        "day": day(outlook.pay_by) if outlook.pay_by else "",
    }
    if answer.assessment.basis in PAID_BY_OTHERS:
        return _(
            "Decide before that who pays next: an employer, the state by another category, the "
            "akimat after registration as unemployed, or you yourself. From {day} cover is missing "
            "until somebody pays for {month}. Ask 1414 which way suits you."
        ).format(**values)
    return _(
        "To keep the cover, pay for {month} by {day} and then every month, or begin a new job or "
        "register as unemployed in that month."
    ).format(**values)


def _back_text(outlook: Outlook) -> str:
    first = outlook.months[0]
    back = next((m.month for m in outlook.months if m.status is Status.INSURED), None)
    if back is not None:
        return _("Full cover begins on {day}. The ways back show how to have it sooner.").format(
            day=day(back.first_day)
        )
    if first.status is Status.CONDITIONAL and first.until is not None:
        return _(
            "Pay the debt while the conditional cover lasts, until {day}, and go on paying every "
            "month. The ways back show the months and the sum."
        ).format(day=day(last_day(first.until)))
    if outlook.supposition.change is Change.AS_NOW:
        return _("Waiting does not bring the cover back. The ways back show what does.")
    return _(
        "This alone does not bring the cover back: twelve months in a row have to be covered. The "
        "ways back show what is enough."
    )


def _suppositions(answer: Answer, outlook: Outlook) -> list[str]:
    lines = [
        _(
            "By the rules known today, and supposing that whoever pays now goes on paying every "
            "month in time."
        )
    ]
    if outlook.supposition.change is Change.UNEMPLOYED:
        lines.append(
            _(
                "The akimat pays only while the registration lasts; it may take some days to show. "
                "Not everybody can register: ask 1414."
            )
        )
    if outlook.long_grace is not None:
        lines.append(
            _(
                "After {paid_months} months paid without a gap the conditional cover may last up "
                "to {months} months: ask 1414."
            ).format(paid_months=outlook.long_grace.paid_months, months=outlook.long_grace.months)
        )
    if not answer.is_owner:
        lines.append(
            _("Only what the answer shows is counted: no other payer, no other right to insurance.")
        )
    return lines
