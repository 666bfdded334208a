"""What the answers without an IIN come to: the likely status, what it depends on, what to do."""

from datetime import date

from bot.content.placeholders import format_tenge
from bot.domain.assessment import PAID_BY_OTHERS, PaidWay, Reason, ReasonCode, Status, WayCode
from bot.domain.parameters import Parameters
from bot.domain.screener import Choice, has_situation, is_in_business
from bot.domain.screening import Screening, Step
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.answer import basis_text
from bot.telegram.rendering.reasons import reason_text
from bot.telegram.rendering.values import bold, day, escaped, last_day

_PAYERS = frozenset({Choice.EMPLOYEE, Choice.CONTRACT, Choice.PLATFORM})


def render_screening(screening: Screening, on: date, parameters: Parameters) -> str:
    """Write the likely status first, then why, what it depends on, and the ways in order."""
    parts = [bold(_headline(screening)), escaped(_why(screening, on, parameters))]
    if steps := [step for step in screening.steps if step is not Step.PAY]:
        lines = [f"{n}. {escaped(_step_text(step, screening))}" for n, step in enumerate(steps, 1)]
        parts.append("\n".join((bold(_("What to do now")), *lines)))
    if Step.PAY in screening.steps and screening.paid_way is not None:
        parts.append(_paid_block(screening, screening.paid_way))
    parts.append(
        escaped(
            _(
                "This is an estimate from your answers. The exact answer comes by IIN: send its 12 "
                "digits here, or call 1414."
            )
        )
    )
    return "\n\n".join(parts)


def _headline(screening: Screening) -> str:
    if screening.likely is not None:
        return {
            Status.INSURED: _("✅ Likely insured"),
            Status.CONDITIONAL: _("⚠️ Likely insured conditionally"),
            Status.UNINSURED: _("⛔ Likely not insured"),
            Status.OUTSIDE: _("ℹ️ Likely outside the insurance system"),
        }[screening.likely]
    if screening.worst.status is Status.CONDITIONAL:
        return _("❔ It depends: insured fully or conditionally")
    if screening.best.status is Status.CONDITIONAL:
        return _("❔ It depends: insured conditionally or not")
    return _("❔ It depends: insured or not")


def _why(screening: Screening, on: date, parameters: Parameters) -> str:
    match screening.likely:
        case None:
            run = int(parameters.run_months.at(on))
            open_points = [_dependence(choice, run) for choice in screening.depends_on]
            return "\n".join((_("It depends on this:"), *(f"• {point}" for point in open_points)))
        case Status.INSURED:
            return _why_insured(screening)
        case Status.CONDITIONAL:
            months = screening.worst.grace_months or 0
            return ngettext(
                "The payments stopped lately. The right lasts for {number} month after the last "
                "paid one; the debt for that time remains.",
                "The payments stopped lately. The right lasts for {number} months after the last "
                "paid one; the debt for that time remains.",
                months,
            ).format(number=months)
        case Status.OUTSIDE:
            return reason_text(Reason(ReasonCode.FOREIGN_TEMP))
        case _:
            return _why_uninsured(screening)


def _why_insured(screening: Screening) -> str:
    worst = screening.worst
    if worst.basis in PAID_BY_OTHERS:
        return basis_text(worst, is_owner=True)
    if Choice.ENDED_THIS_MONTH in screening.answers and worst.until is not None:
        return _("This month still counts as paid: the cover lasts until {day}.").format(
            day=day(last_day(worst.until))
        )
    return _("By your answers a year without a break is paid.")


def _why_uninsured(screening: Screening) -> str:
    if is_in_business(screening.answers):
        text = _("An active business has to pay every month, even without income.")
        if has_situation(screening.answers):
            return "\n".join(
                (text, _("A child, care, pregnancy or kandas status does not change that."))
            )
        return text
    if screening.answers & _PAYERS:
        return _("Somebody is due to pay for you, but by your answers has not paid.")
    return _("By your answers nobody pays for you, and no category applies.")


def _dependence(choice: Choice, run: int) -> str:
    return {
        Choice.PREGNANT: _("whether your pregnancy is registered at a clinic"),
        Choice.PAID_SOME: _("which months are missing"),
        Choice.PAID_UNKNOWN: _("whether each of the last {number} months is paid").format(
            number=run
        ),
        Choice.STARTED_LATELY: _("whether the months before that were paid too"),
        Choice.BUSINESS_UNKNOWN: _("whether a business in your name is active"),
        Choice.ENDED_UNKNOWN: _("when the job or business ended and what was paid before"),
        Choice.RUN_UNKNOWN: _("how many months were paid in a row"),
        Choice.LEVEL_UNKNOWN: _("whether your level is D or E"),
    }[choice]


def _step_text(step: Step, screening: Screening) -> str:
    if step is Step.GO_ON_PAYING:
        return _go_on_paying(screening)
    return {
        Step.PROVE_CATEGORY: _(
            "Nothing to pay. If a clinic shows you uninsured, send your proof through Qoldau 24/7 "
            "or a branch of the Fund: you get a temporary status while the data are corrected."
        ),
        Step.REGISTER_PREGNANCY: _(
            "Register the pregnancy at your clinic: the state pays for those who do not work. If "
            "a job ended lately, ask 1414 from when."
        ),
        Step.CHECK_BUSINESS: _(
            "Find out whether a business in your name is still active: ask 1414."
        ),
        Step.CONFIRM_LEVEL: _(
            "Ask your clinic to check your level in the Digital Family Card: at D or E the akimat "
            "pays. If the clinic cannot tell, ask 1414."
        ),
        Step.ASK_EMPLOYER: _(
            "Ask the accountant for proof that each month is paid. What you pay yourself meanwhile "
            "may be refunded later: ask 1414 first."
        ),
        Step.ASK_CUSTOMER: _("Ask the customer for proof that each month is paid."),
        Step.CHECK_PLATFORM: _(
            "Check with the platform or in e-Salyq Business that each month is paid. If something "
            "is unclear, ask 1414."
        ),
        Step.CHECK_PAYMENTS: _("Find out which months are paid: here by IIN, or from 1414."),
        Step.CLOSE_BUSINESS: _(
            "If the business does not run, suspend or close it officially: that opens the free "
            "ways. What is owed until then remains."
        ),
        Step.REGISTER_UNEMPLOYED: _("Register as unemployed: the akimat pays"),
        Step.ASSESS_DISABILITY: _(
            "Disability assessment, if your health limits you: the state pays"
        ),
        Step.CONTRACT_FOR_FOREIGNERS: _(
            "Take out a voluntary or imputed medical insurance contract; the guide for foreigners "
            "shows how. About emergency care ask 1414."
        ),
    }[step]


def _go_on_paying(screening: Screening) -> str:
    amount = screening.worst.ways.due[0].amount
    if amount is None:
        return _("Go on paying every month; ask 1414 for the amount.")
    return _("Go on paying every month: {amount} a month, if it is not paid ahead.").format(
        amount=format_tenge(amount)
    )


def _paid_block(screening: Screening, way: PaidWay) -> str:
    title = _("The paid way")
    if screening.likely is None:
        title = _("The paid way, if you turn out to be uninsured")
    lines = [_payment(screening, way)]
    if any(payment.is_owed for payment in way.payments):
        lines.append(_("The months of the business are owed in any case."))
    if way.total is not None and way.has_next_year:
        lines.append(
            _(
                "Next year's months are counted at this year's amount, which banks accept until "
                "31 December. Next year's amount may differ."
            )
        )
    return "\n".join((bold(title), *map(escaped, lines)))


def _payment(screening: Screening, way: PaidWay) -> str:
    number, amount, total = len(way.payments), way.payments[0].amount, way.total
    if amount is None or total is None:
        return _(
            "Pay each month separately. The amount for this year is not confirmed yet: ask 1414."
        )
    if screening.worst.status is Status.CONDITIONAL:
        return _("Pay each month of the debt separately: {amount} a month.").format(
            amount=format_tenge(amount)
        )
    if WayCode.AHEAD in screening.worst.ways.paid:
        text = ngettext(
            "Pay {number} month ahead as an independent payer: {amount}.",
            "Pay {number} months ahead as an independent payer, each separately: {amount} a month, "
            "{total} in all. Older months need not be paid for that.",
            number,
        )
    else:
        text = ngettext(
            "Pay the missing month: {amount}.",
            "Pay the missing months, each separately: {amount} a month, for {number} months "
            "{total} at most.",
            number,
        )
    return text.format(number=number, amount=format_tenge(amount), total=format_tenge(total))
