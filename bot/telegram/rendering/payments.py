"""The payment card: one line a month, and the mistakes to avoid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.content.placeholders import Requisites, format_tenge
from bot.domain.assessment import Payment
from bot.domain.months import Month
from bot.domain.person import Payer
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.values import bold, day, escaped

_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Card:
    """What a payment card shows.

    Attributes:
        ticked: months the person says are paid.
        is_mixed: rests on past and prepaid months together: check with 1414 first.
    """

    payments: Sequence[Payment]
    ticked: frozenset[Month]
    on: date
    payment_code: str
    requisites: Requisites
    is_mixed: bool = False


def render_payments(card: Card) -> str:
    """Write the card; the first line says how many payments are left and for how much."""
    left = [payment for payment in card.payments if payment.month not in card.ticked]
    blocks = [bold(_headline(left)), *_warnings(card)]
    blocks.append("\n".join(_line(payment, card.ticked) for payment in card.payments))
    blocks.append(_requisites(card))
    blocks.append(escaped(_how(card)))
    return "\n\n".join(blocks)


def period(month: Month) -> str:
    """Write a month as payment forms ask for it: 05.2026."""
    return f"{month.number:02d}.{month.year}"


def _headline(left: Sequence[Payment]) -> str:
    if not left:
        return _(
            "All months are ticked. Check the status in a few working days and see that the next "
            "months are paid, too."
        )
    total = _total(left)
    if total is None:
        return ngettext(
            "{number} payment left; ask 1414 for the amount",
            "{number} separate payments left; ask 1414 for the amount",
            len(left),
        ).format(number=len(left))
    return ngettext(
        "{number} payment left: {total}",
        "{number} separate payments left: {total} in all",
        len(left),
    ).format(number=len(left), total=format_tenge(total))


def _total(payments: Sequence[Payment]) -> Decimal | None:
    total = Decimal(0)
    for payment in payments:
        if payment.amount is None:
            return None
        total += payment.amount
    return total


def _warnings(card: Card) -> list[str]:
    """Say what goes wrong most: one sum for many months, the wrong year, next year's rate."""
    lines = []
    if card.is_mixed:
        lines.append(_("Before paying, check this way with 1414."))
    if len(card.payments) > 1:
        lines.append(
            ngettext(
                "{number} separate payment, not one sum: one payment counts for one month.",
                "{number} separate payments, not one sum: one payment counts for one month.",
                len(card.payments),
            ).format(number=len(card.payments))
        )
    years = sorted({payment.month.year for payment in card.payments})
    if len(years) > 1:
        lines.append(
            _("Watch the year: the months belong to {years}.").format(
                years=", ".join(map(str, years))
            )
        )
    if years[-1] > card.on.year:
        last = day(date(card.on.year, _DECEMBER, 31))
        lines.append(
            _(
                "Until {day} banks take next year's months at this year's amount; after that the "
                "amount may differ."
            ).format(day=last)
        )
    return ["\n".join(f"• {escaped(line)}" for line in lines)] if lines else []


def _line(payment: Payment, ticked: frozenset[Month]) -> str:
    amount = format_tenge(payment.amount) if payment.amount is not None else _("ask 1414")
    mark = "✓" if payment.month in ticked else "☐"
    line = f"{mark} <code>{period(payment.month)}</code> — {escaped(amount)}"
    if payment.is_owed:
        line += f", {escaped(_payer_name(payment))}"
    if payment.by is not None:
        line += f" ({escaped(_('by {day}').format(day=day(payment.by)))})"
    return f"<s>{line}</s>" if payment.month in ticked else line


def _requisites(card: Card) -> str:
    fields = (
        (_("Payment code (KNP)"), card.payment_code),
        (_("Beneficiary"), _("State Corporation “Government for Citizens”")),
        (_("BIN"), card.requisites.beneficiary_bin),
        (_("Account"), card.requisites.beneficiary_account),
        (_("BIC"), card.requisites.beneficiary_bic),
        (_("Kbe"), card.requisites.beneficiary_kbe),
    )
    return "\n".join(f"{escaped(name)}: <code>{escaped(value)}</code>" for name, value in fields)


def _how(card: Card) -> str:
    payers = dict.fromkeys(_payer_name(payment) for payment in card.payments)
    text = _(
        "In your bank's payments find OSMS or medical insurance, choose “{payer}”, enter IIN and "
        "full name, choose the month and the year, pay, and do it again for each month. Compare "
        "the details with your bank's form. Tick the months you have paid below; only you see it."
    ).format(payer=_("”, “").join(payers))
    if len(payers) == 1:
        return text
    return f"{text} {_('The line of each month says as whom to pay it.')}"


def _payer_name(payment: Payment) -> str:
    match payment.payer:
        case Payer.PROPRIETOR:
            return _("sole proprietor")
        case Payer.FARM:
            return _("farm head")
        case _:
            return _("independent payer")
