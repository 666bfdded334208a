"""The one thing to do now, with its sum and date."""

from datetime import date

from bot.content.placeholders import format_tenge
from bot.domain.assessment import Assessment, PaidWay, Payment, ReasonCode, Status, WayCode
from bot.domain.months import Month
from bot.domain.person import Payer
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.values import day, last_day, month_name, months_text

_RETURNED = frozenset({ReasonCode.WRONG_DETAILS, ReasonCode.WRONG_YEAR})
_EMPLOYER = frozenset({ReasonCode.EMPLOYER_DELAY, ReasonCode.EMPLOYER_DEBT})
_OTHER_PAYERS = frozenset({ReasonCode.GPH_NOT_PAID, ReasonCode.SELF_EMPLOYED_PLATFORM})
_SOON_MONTHS = 2
_FAR_MONTHS = 12


def next_step(assessment: Assessment, on: date, status_day: date) -> str:
    """Say what to do now.

    Args:
        on: the day of the answer.
        status_day: about when a payment made on that day shows in the status.
    """
    match assessment.status:
        case Status.INSURED:
            return _when_insured(assessment, on)
        case Status.CONDITIONAL:
            return _when_conditional(assessment)
        case Status.OUTSIDE:
            return _(
                "Take out a voluntary or imputed medical insurance contract; the guide for "
                "foreigners shows how. In danger to life call 103: citizens of CIS countries are "
                "treated free until it is over."
            )
        case _:
            return _when_uninsured(assessment, status_day)


def payment_text(way: PaidWay) -> str:
    """Say how many months to pay and for how much; no sum where nobody verified the amount."""
    number, months = len(way.months), months_text(way.months)
    if way.total is None:
        text = ngettext(
            "Pay for {number} month: {months}. Ask 1414 for this year's amount.",
            "Pay for {number} months, each as a separate payment: {months}. "
            "Ask 1414 for this year's amount.",
            number,
        )
        return text.format(number=number, months=months)
    text = ngettext(
        "Pay for {number} month: {months} — {total}.",
        "Pay for {number} months, each as a separate payment: {months} — {total} in all.",
        number,
    )
    return text.format(number=number, months=months, total=format_tenge(way.total))


def due_texts(assessment: Assessment) -> list[str]:
    """Say which months the person has yet to pay, each by its day."""
    return [_due_text(payment) for payment in assessment.ways.due]


def _due_text(payment: Payment) -> str:
    values = {"month": month_name(payment.month), "day": day(payment.by) if payment.by else ""}
    if payment.amount is None:
        return _("Pay for {month} by {day}.").format(**values)
    amount = format_tenge(payment.amount)
    if payment.payer is Payer.INDEPENDENT:
        return _("It is best to pay for {month} by {day}: {amount}.").format(
            **values, amount=amount
        )
    return _("Pay for {month} by {day}: {amount}.").format(**values, amount=amount)


def _when_insured(assessment: Assessment, on: date) -> str:
    until = assessment.until
    if assessment.ways.due:
        return "\n".join(due_texts(assessment))
    if until is None or until - Month.of(on) > _FAR_MONTHS:
        return _("Nothing. Check again if your work or family changes.")
    text = _("Nothing now. Make sure you are covered after {day} too.")
    if until - Month.of(on) <= _SOON_MONTHS:
        text = _("The cover ends soon. Make sure you are covered after {day} too.")
    return text.format(day=day(last_day(until)))


def _when_conditional(assessment: Assessment) -> str:
    way, until = assessment.ways.cheapest, assessment.until
    if way is None or until is None:
        return ""
    sentences = [
        payment_text(way),
        _("This keeps your cover. Without it or another way it ends on {day}.").format(
            day=day(last_day(until))
        ),
    ]
    if any(free.code is WayCode.UNEMPLOYED for free in assessment.ways.free):
        sentences.insert(0, _("Look at the free ways first: they may be enough."))
    return "\n".join(sentences)


def _when_uninsured(assessment: Assessment, status_day: date) -> str:
    way = assessment.ways.cheapest
    if way is None:
        return ""
    codes = {reason.code for reason in assessment.reasons}
    sentences = []
    free = {free.code for free in assessment.ways.free}
    if WayCode.UNEMPLOYED in free and ReasonCode.PREPAID_NEXT_MONTH not in codes:
        sentences.append(_("Look at the free ways first: they may be enough."))
    sentences += [_before_paying(assessment), payment_text(way), _after_paying(way, status_day)]
    if any(payment.is_owed for payment in way.payments):
        sentences.append(_("The months of the business are owed in any case."))
    sentences += due_texts(assessment)
    if way.is_mixed:
        sentences.append(_("Before paying, check this way with 1414."))
    return "\n".join(sentence for sentence in sentences if sentence)


def _before_paying(assessment: Assessment) -> str:
    codes = {reason.code for reason in assessment.reasons}
    if ReasonCode.ONE_SUM in codes:
        return _(
            "Ask the State Corporation to refund the sum that was too large. If all of it comes "
            "back, pay its own month again too."
        )
    if codes & _RETURNED:
        return _("Check that the money has come back. Then pay again with the right data.")
    if codes & _EMPLOYER:
        return _(
            "Ask the accountant when the missing months will be paid. If you need care sooner, "
            "you can pay them yourself as an independent payer and ask for a refund later:"
        )
    if codes & _OTHER_PAYERS:
        return _(
            "Ask the customer or the platform to pay the missing months. If you need care sooner, "
            "you can pay them yourself as an independent payer and ask for a refund later:"
        )
    if ReasonCode.PREPAID_NEXT_MONTH in codes:
        return _("You can simply wait. If you need cover already this month:")
    return ""


def _after_paying(way: PaidWay, status_day: date) -> str:
    sooner = _("If you pay today, the status should appear about {day}.").format(
        day=day(status_day)
    )
    if way.until is None:
        return sooner
    return " ".join(
        (
            sooner,
            _("It lasts until {day}; after that pay every month.").format(
                day=day(last_day(way.until))
            ),
        )
    )
