"""The payment card: every month by itself, to copy, pay and tick off."""

from collections.abc import Mapping, Sequence

from aiogram.filters.callback_data import CallbackData

from bot.content.library import Content
from bot.content.placeholders import Requisites
from bot.domain.assessment import Assessment, Payment, WayCode
from bot.domain.months import Month
from bot.services.answers import Answers
from bot.storage.answers import AnswerId
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import OpenAnswer, OpenPayments, PayableWay
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import Row, button, copy_button, in_rows, keyboard, menu_button
from bot.telegram.rendering.answer import about_text
from bot.telegram.rendering.payments import Card, period, render_payments
from bot.telegram.rendering.values import escaped
from bot.telegram.screens import Opener, Screen
from bot.telegram.views.answers import answer_screen

_MONTHS_IN_ROW = 3
_COPIES_IN_ROW = 2
# Twelve months back and twelve ahead at most: ticks of more are no card of ours.
_MAX_MONTHS = 36


class PaymentViews:
    def __init__(self, answers: Answers, content: Content) -> None:
        self._answers = answers
        self._content = content

    def openers(self) -> Mapping[type[CallbackData], Opener]:
        return {OpenPayments: self._payments}

    async def _payments(self, view: OpenPayments, subscriber: Subscriber) -> Screen | None:
        answer = await self._answers.reopen(AnswerId(view.answer_id), subscriber)
        if answer is None:
            return None
        payments, is_mixed = _payments_of(answer.assessment, view.way)
        if not payments:
            return answer_screen(answer) if answer.is_stale else None
        ticked = _read_ticks(view) & {payment.month for payment in payments}
        code = str(self._content.parameters.payment_code.at(answer.on))
        card = Card(
            payments=payments,
            ticked=frozenset(ticked),
            on=answer.on,
            payment_code=code,
            requisites=self._content.requisites,
            is_mixed=is_mixed,
        )
        rows = [
            *in_rows(
                [
                    button(_tick_label(payment, ticked), _toggled(view, payment.month, ticked))
                    for payment in payments
                ],
                _MONTHS_IN_ROW,
            ),
            *_copy_rows(payments, code, self._content.requisites),
            _check_row(view, is_done=all(payment.month in ticked for payment in payments)),
        ]
        text = f"{render_payments(card)}\n\n{escaped(about_text(answer))}"
        return Screen(text, keyboard(rows, view))


def _check_row(view: OpenPayments, *, is_done: bool) -> Row:
    """Lead to the status once everything is ticked; before that the card stays as it is."""
    if not is_done:
        return []
    return [button(_("Check the status"), OpenAnswer(answer_id=view.answer_id)), menu_button()]


def _payments_of(assessment: Assessment, way: PayableWay) -> tuple[Sequence[Payment], bool]:
    """Give the payments of a way, and whether it mixes past and prepaid months."""
    if way == "due":
        return assessment.ways.due, False
    paid = assessment.ways.paid.get(WayCode(way))
    return (paid.payments, paid.is_mixed) if paid is not None else ((), False)


def _read_ticks(view: OpenPayments) -> set[Month]:
    """Read which months are ticked; what is no such number ticks nothing."""
    try:
        bits = int(view.ticks, 16)
    except ValueError:
        return set()
    return {Month(view.first + place) for place in range(_MAX_MONTHS) if bits >> place & 1}


def _toggled(view: OpenPayments, month: Month, ticked: set[Month]) -> OpenPayments:
    changed = ticked ^ {month}
    first = min(changed, default=month)
    bits = sum(1 << (other - first) for other in changed)
    return view.model_copy(update={"first": int(first), "ticks": f"{bits:x}"})


def _tick_label(payment: Payment, ticked: set[Month]) -> str:
    mark = "✓" if payment.month in ticked else "☐"
    return f"{mark} {period(payment.month)}"


def _copy_rows(payments: Sequence[Payment], code: str, requisites: Requisites) -> list[Row]:
    """Offer what a bank asks for; the periods are on the lines of the card."""
    copies = [
        copy_button(_("Payment code {code}").format(code=code), code),
        copy_button(_("BIN of the beneficiary"), requisites.beneficiary_bin),
        copy_button(_("Account (IBAN)"), requisites.beneficiary_account),
        copy_button(_("BIC of the bank"), requisites.beneficiary_bic),
    ]
    amounts = sorted({payment.amount for payment in payments if payment.amount is not None})
    copies += [copy_button(f"{amount:.0f} ₸", f"{amount:.0f}") for amount in amounts]
    return in_rows(copies, _COPIES_IN_ROW)
