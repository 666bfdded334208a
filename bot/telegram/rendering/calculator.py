"""The calculator: the choice of a payer, the sum as it is typed, the contributions of a month."""

from collections.abc import Sequence
from decimal import Decimal

from babel.numbers import format_decimal

from bot.content.placeholders import format_tenge
from bot.content.references import References
from bot.domain.contributions import Calculation, Share, is_fixed
from bot.domain.person import Payer
from bot.telegram.i18n import current_locale, ngettext
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.values import bold, escaped, titled

# Keys of data/references.yaml.
_REFERENCES = {Payer.EMPLOYER: "employee_contributions", Payer.PLATFORM: "self_employed_regime"}
_OTHER_REFERENCE = "own_contributions"


def payer_names() -> dict[Payer, str]:
    """Name the payers, the most frequent first."""
    return {
        Payer.EMPLOYER: _("Employee"),
        Payer.CONTRACT: _("Civil-law contract"),
        Payer.PROPRIETOR: _("Sole proprietor, own practice"),
        Payer.PLATFORM: _("Self-employed, special regime"),
        Payer.FARM: _("Head of a farm"),
        Payer.INDEPENDENT: _("Independent payer"),
    }


def payers_text() -> str:
    return titled(
        _("How much goes to OSMS a month? Choose who you are"),
        _("Own practice: notaries, advocates, bailiffs, mediators."),
        _("Independent payer: for whom nobody else pays and who pays for himself."),
    )


def unconfirmed_text(year: int) -> str:
    return bold(_("The amounts of {year} are not confirmed yet: ask 1414.").format(year=year))


def sums_text(calculation: Calculation, jobs: Sequence[str]) -> str:
    """Show what comes out so far over the sums typed so far."""
    question = (
        _("Your monthly pay: choose a sum or type it with the buttons")
        if calculation.payer is Payer.EMPLOYER
        else _("Your monthly income: choose a sum or type it with the buttons")
    )
    hints = [_("Nothing is kept. Do not write the number as a message: the bot looks for an IIN.")]
    if calculation.payer is Payer.EMPLOYER:
        hints.insert(0, _("Take the pay before anything is withheld; ask the accountant or 1414."))
    title = _headline(calculation) if calculation.income else question
    return titled(title, "\n".join(_job_lines(jobs)), *hints)


def calculation_text(calculation: Calculation, references: References) -> str:
    """Write the answer, how it comes about, what should have been transferred, and the law."""
    blocks = [_subject(calculation)]
    if calculation.is_over_limit:
        blocks.append(_("Ask 1414 or the tax office what is paid from such an income."))
    elif is_fixed(calculation.payer):
        blocks += _fixed_blocks(calculation)
    else:
        blocks += [*_share_lines(calculation), *_cap_lines(calculation), _total_line(calculation)]
        if calculation.payer is Payer.PLATFORM:
            blocks.append(_("From what income a month counts as paid is not settled: ask 1414."))
    key = _REFERENCES.get(calculation.payer, _OTHER_REFERENCE)
    law = references.text(key, current_locale())
    return f"{titled(_headline(calculation), *blocks)}\n\n<i>{escaped(law)}</i>"


def _headline(calculation: Calculation) -> str:
    if calculation.limit is not None and calculation.is_over_limit:
        return _("The special regime is only for an income of up to {limit} a month").format(
            limit=format_tenge(calculation.limit)
        )
    own = format_tenge(calculation.own.amount)
    if not calculation.employers:
        return _("You pay {own} a month").format(own=own)
    text = (
        _("You pay {own} a month, your employer pays {employer}")
        if len(calculation.employers) == 1
        else _("You pay {own} a month, your employers pay {employer}")
    )
    return text.format(own=own, employer=format_tenge(calculation.total - calculation.own.amount))


def _subject(calculation: Calculation) -> str:
    year = calculation.day.year
    if is_fixed(calculation.payer):
        return _("{payer}, {year}").format(payer=payer_names()[calculation.payer], year=year)
    if len(calculation.incomes) == 1:
        income = format_tenge(Decimal(calculation.income))
        return _("{year}, {income} a month").format(year=year, income=income)
    jobs = _job_lines([str(income) for income in calculation.incomes])
    return "\n".join((_("Year {year}").format(year=year), *jobs))


def _job_lines(jobs: Sequence[str]) -> list[str]:
    sums = [format_tenge(Decimal(job or 0)) for job in jobs]
    if len(jobs) == 1:
        return [_("Sum: {income}").format(income=sums[0])]
    return [
        _("Job {number}: {income}").format(number=number, income=income)
        for number, income in enumerate(sums, 1)
    ]


def _share_lines(calculation: Calculation) -> list[str]:
    own = _("You: {formula}.").format(formula=_formula(calculation.own))
    lines = [f"{own} {_withheld(calculation)}"]
    for number, share in enumerate(calculation.employers, 1):
        employer = (
            _("Employer: {formula}.").format(formula=_formula(share))
            if len(calculation.employers) == 1
            else _("Employer {number}: {formula}.").format(number=number, formula=_formula(share))
        )
        how = _("It is paid on top of your pay, payment code (KNP) {code}.").format(
            code=calculation.employer_payment_code
        )
        lines.append(f"{employer} {how}")
    return lines


def _withheld(calculation: Calculation) -> str:
    text = {
        Payer.EMPLOYER: _("The employer withholds it from your pay, payment code (KNP) {code}."),
        Payer.CONTRACT: _("The customer withholds it from your income, payment code (KNP) {code}."),
        Payer.PLATFORM: _(
            "The operator of the internet platform withholds it; without a platform it is paid "
            "through e-Salyq Business."
        ),
    }[calculation.payer]
    return text.format(code=calculation.payment_code)


def _cap_lines(calculation: Calculation) -> list[str]:
    lines = []
    if calculation.own.is_capped:
        lines.append(_cap_line(_("your contribution"), calculation.own))
        if len(calculation.incomes) > 1:
            lines.append(
                _(
                    "The contribution of all jobs together does not go over the cap. How employers "
                    "share the cap is not certain: ask 1414."
                )
            )
    capped = [share for share in calculation.employers if share.is_capped]
    if capped:
        lines.append(_cap_line(_("the employer's deduction"), capped[0]))
    return lines


def _cap_line(what: str, share: Share) -> str:
    return _(
        "Cap: {what} is counted from {cap} a month at most, that is {number} minimum wages."
    ).format(
        what=what,
        cap=format_tenge(share.cap or Decimal(0)),
        number=_number(share.cap_wages or Decimal(0)),
    )


def _total_line(calculation: Calculation) -> str:
    total, months = calculation.total, calculation.run_months
    values = {
        "total": format_tenge(total),
        "day": calculation.due_day,
        "number": months,
        "all": format_tenge(total * months),
    }
    if calculation.payer is Payer.PLATFORM:
        return ngettext("In {number} month: {all}.", "In {number} months: {all}.", months).format(
            **values
        )
    return ngettext(
        "In all {total} should come in for each month, by day {day} of the next month. In "
        "{number} month: {all}.",
        "In all {total} should come in for each month, by day {day} of the next month. In "
        "{number} months: {all}.",
        months,
    ).format(**values)


def _fixed_blocks(calculation: Calculation) -> list[str]:
    own, months = calculation.own, calculation.run_months
    blocks = [
        _("{formula}, whatever the income.").format(formula=_formula(own)),
        ngettext(
            "For {number} month: {all}. Each month is a separate payment, payment code (KNP) "
            "{code}.",
            "For {number} months: {all}. Each month is a separate payment, payment code (KNP) "
            "{code}.",
            months,
        ).format(
            number=months, all=format_tenge(own.amount * months), code=calculation.payment_code
        ),
    ]
    if calculation.payer is Payer.INDEPENDENT:
        return [*blocks, _("It can be paid at any time, month by month.")]
    blocks.append(_("Pay by day {day} of the next month.").format(day=calculation.due_day))
    if calculation.payer is Payer.PROPRIETOR:
        blocks.append(
            _("It is owed without income too, as long as the business is not officially suspended.")
        )
        blocks.append(
            _(
                "Pensioners, persons with a disability, full-time students and mothers with "
                "“Altyn alqa” or “Kümis alqa” do not pay it for themselves."
            )
        )
    return blocks


def _formula(share: Share) -> str:
    # NOTE: how a contribution is computed, "2 % of 300 000 ₸ = 6 000 ₸".
    return _("{rate} of {base} = {amount}").format(
        rate=f"{_number(share.rate * 100)}\u00a0%",
        base=format_tenge(share.base),
        amount=format_tenge(share.amount),
    )


def _number(value: Decimal) -> str:
    return str(format_decimal(value.normalize(), locale=current_locale().value))
