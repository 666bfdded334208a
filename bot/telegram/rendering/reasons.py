"""Each reason in one sentence."""

from collections.abc import Callable, Mapping

from bot.domain.assessment import Reason, ReasonCode
from bot.domain.months import Month
from bot.domain.person import SpellCode
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.values import day, last_day, month_name, months_text


def reason_text(reason: Reason) -> str:
    """Say in a sentence what happened, with its months."""
    return _SENTENCES[reason.code](reason)


def claim_text(code: ReasonCode) -> str:
    """Ask in a sentence whether this is about the reader."""
    return _CLAIMS[code]()


def _months(reason: Reason) -> dict[str, object]:
    return {"number": len(reason.months), "months": months_text(reason.months)}


def _since(reason: Reason) -> Month:
    return reason.since if reason.since is not None else reason.months[0]


def _employer_debt(reason: Reason) -> str:
    return ngettext(
        "The employer has not paid the contribution for {number} month: {months}.",
        "The employer has not paid the contributions for {number} months: {months}.",
        len(reason.months),
    ).format(**_months(reason))


def _employer_delay(reason: Reason) -> str:
    return ngettext(
        "The employer is late with the contribution for {number} month: {months}.",
        "The employer is late with the contributions for {number} months: {months}.",
        len(reason.months),
    ).format(**_months(reason))


def _proprietor_debt(reason: Reason) -> str:
    if reason.spell is SpellCode.FARM:
        return ngettext(
            "The farm head's contribution is not paid for {number} month: {months}.",
            "The farm head's contributions are not paid for {number} months: {months}.",
            len(reason.months),
        ).format(**_months(reason))
    return ngettext(
        "The sole proprietor's contribution is not paid for {number} month: {months}.",
        "The sole proprietor's contributions are not paid for {number} months: {months}.",
        len(reason.months),
    ).format(**_months(reason))


def _contract_debt(reason: Reason) -> str:
    return ngettext(
        "The customer under the contract has not paid for {number} month: {months}.",
        "The customer under the contract has not paid for {number} months: {months}.",
        len(reason.months),
    ).format(**_months(reason))


def _platform_debt(reason: Reason) -> str:
    return ngettext(
        "The contribution has not come from the platform for {number} month: {months}.",
        "The contribution has not come from the platform for {number} months: {months}.",
        len(reason.months),
    ).format(**_months(reason))


def _just_hired(reason: Reason) -> str:
    return ngettext(
        "The employer pays now, but {number} month before this job is missing: {months}.",
        "The employer pays now, but {number} months before this job are missing: {months}.",
        len(reason.months),
    ).format(**_months(reason))


def _gap(reason: Reason) -> str:
    return ngettext(
        "{number} month of the last 12 is not paid: {months}.",
        "{number} months of the last 12 are not paid: {months}.",
        len(reason.months),
    ).format(**_months(reason))


_SENTENCES: Mapping[ReasonCode, Callable[[Reason], str]] = {
    ReasonCode.PREPAID_NEXT_MONTH: lambda r: _(
        "Twelve months are paid ahead, but only from the next one: cover starts on {day}."
    ).format(day=day(_since(r).first_day)),
    ReasonCode.ONE_SUM: lambda r: _(
        "Several months were paid as one sum ({month}). The system counted it as one month."
    ).format(month=month_name(_since(r))),
    ReasonCode.WRONG_YEAR: lambda r: (
        _("The months paid reach only to {day}; twelve in a row are needed.").format(
            day=day(last_day(_since(r)))
        )
        if not r.months
        else _("A payment was made for the wrong year ({month}) and does not count.").format(
            month=month_name(_since(r))
        )
    ),
    ReasonCode.WRONG_DETAILS: lambda r: _(
        "A payment for {month} came with wrong details and was returned."
    ).format(month=month_name(_since(r))),
    ReasonCode.EMPLOYER_DELAY: _employer_delay,
    ReasonCode.EMPLOYER_DEBT: _employer_debt,
    ReasonCode.IP_ACTIVE_DEBT: _proprietor_debt,
    ReasonCode.GPH_NOT_PAID: _contract_debt,
    ReasonCode.SELF_EMPLOYED_PLATFORM: _platform_debt,
    ReasonCode.JUST_HIRED_DEBT: _just_hired,
    ReasonCode.JOB_LOST: lambda r: _(
        "The job ended in {month}; there are unpaid months after it."
    ).format(month=month_name(_since(r))),
    ReasonCode.IP_CLOSED_GAP: lambda r: _(
        "The business was closed or suspended in {month}; there are unpaid months after it."
    ).format(month=month_name(_since(r))),
    ReasonCode.TURNED_18: lambda r: _(
        "The state paid until the month of the 18th birthday: {month}."
    ).format(month=month_name(_since(r))),
    ReasonCode.GRADUATED: lambda r: _(
        "Full-time study ended in {month}; the state pays only for students."
    ).format(month=month_name(_since(r))),
    ReasonCode.CHILD_3: lambda r: _(
        "The child turned three ({month}); the state pays for the parent until then."
    ).format(month=month_name(_since(r))),
    ReasonCode.LEAVE_ENDED: lambda r: _(
        "The leave ended in {month}; there are unpaid months after it."
    ).format(month=month_name(_since(r))),
    ReasonCode.UNEMPLOYED_REMOVED: lambda r: _(
        "The registration as unemployed ended in {month}."
    ).format(month=month_name(_since(r))),
    ReasonCode.CATEGORY_DATA_MISSING: lambda r: _(
        "By the data, the category paid by the state ended in {month}."
    ).format(month=month_name(_since(r))),
    ReasonCode.ARRIVED: lambda _r: _(
        "There is no payment on record since the arrival in Kazakhstan."
    ),
    ReasonCode.GRACE_OVER: lambda r: _(
        "The last payment was for {month}, and the time for which the right lasts is over."
    ).format(month=month_name(_since(r))),
    ReasonCode.NO_PAY_12M: lambda _r: _("Nobody has paid for the last 12 months."),
    ReasonCode.GAP: _gap,
    ReasonCode.DE_NOT_CONFIRMED: lambda _r: _(
        "You may belong to the crisis levels D or E, for which the akimat pays; the data do not "
        "show it."
    ),
    ReasonCode.FOREIGN_TEMP: lambda _r: _(
        "People who stay temporarily are usually outside the system. Workers from the EAEU are in "
        "it once contributions are paid."
    ),
}

_CLAIMS: Mapping[ReasonCode, Callable[[], str]] = {
    ReasonCode.STUDENT_NOT_IN_DB: lambda: _(
        "You study full-time, also abroad, and the data do not show it"
    ),
    ReasonCode.PREGNANT_NOT_REGISTERED: lambda: _(
        "You are pregnant, do not work, and are not registered at your clinic yet"
    ),
    ReasonCode.CATEGORY_DATA_MISSING: lambda: _(
        "You are a pensioner, have a disability or another category, and the data do not show it"
    ),
    ReasonCode.NAME_CHANGED: lambda: _("Your name or document changed lately"),
    ReasonCode.ARRIVED: lambda: _("You came to live in Kazakhstan lately"),
}
