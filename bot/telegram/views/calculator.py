"""The calculator: who pays, what income, what comes out; the buttons keep it all."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from aiogram.filters.callback_data import CallbackData

from bot.content.library import Content
from bot.content.placeholders import format_tenge
from bot.domain.contributions import MAX_JOBS, Calculation, calculate, is_fixed, is_verified
from bot.domain.person import Payer
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import OpenCalculator
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import Row, button, guide_rows, in_rows, keyboard, menu_button
from bot.telegram.rendering.calculator import (
    calculation_text,
    payer_names,
    payers_text,
    sums_text,
    unconfirmed_text,
)
from bot.telegram.screens import Opener, Screen

_SUM = re.compile(r"[1-9][0-9]{0,7}")
_JOBS_JOINED = "-"
_PRESETS = ("150000", "200000", "300000", "500000", "1000000", "2000000")
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "000", "0")
_IN_ROW = 3
# Offered where they exist.
_GUIDES = {
    Payer.EMPLOYER: "employer-did-not-pay",
    Payer.CONTRACT: "contract-work",
    Payer.PROPRIETOR: "pay-sole-proprietor",
    Payer.FARM: "farm-head",
    Payer.INDEPENDENT: "pay-independent",
    Payer.PLATFORM: "platform-work",
}


class CalculatorViews:
    def __init__(self, content: Content, today: Callable[[], date]) -> None:
        self._content = content
        self._parameters = content.parameters
        self._today = today

    def openers(self) -> Mapping[type[CallbackData], Opener]:
        return {OpenCalculator: self._calculator}

    async def _calculator(self, view: OpenCalculator, _subscriber: Subscriber) -> Screen | None:
        if view.payer == "":
            return _payers(view)
        jobs = _read_jobs(view, view.payer)
        if jobs is None:
            return None
        year = view.year or self._today().year
        if not is_verified(view.payer, year, self._parameters):
            rows = [*self._year_rows(view, view.payer), _last_row()]
            return Screen(unconfirmed_text(year), keyboard(rows, view))
        calculation = calculate(
            view.payer, [int(job) for job in jobs if job], self._day_in(year), self._parameters
        )
        if view.is_counted or is_fixed(view.payer):
            return self._result(view, calculation)
        return self._sums(view, calculation, jobs)

    def _sums(self, view: OpenCalculator, calculation: Calculation, jobs: Sequence[str]) -> Screen:
        *earlier, last = jobs
        wage = f"{self._parameters.minimum_wage.at(calculation.day):.0f}"
        label = _("Minimum wage: {wage}").format(wage=format_tenge(Decimal(wage)))
        presets = [
            button(format_tenge(Decimal(preset)), _counted(view, [*earlier, preset]))
            for preset in _PRESETS
        ]
        keys = [button(key, _typing(view, [*earlier, _typed(last, key)])) for key in _KEYS]
        keys.append(button(_("⌫ Erase"), _typing(view, [*earlier, last[:-1]])))
        rows = [
            [button(label, _counted(view, [*earlier, wage]))],
            *in_rows(presets, _IN_ROW),
            *in_rows(keys, _IN_ROW),
            [button(_("Count"), _counted(view, jobs))] if calculation.income else [],
            [button(_("Without this job"), _typing(view, earlier))] if earlier else [],
            _last_row(),
        ]
        return Screen(sums_text(calculation, jobs), keyboard(rows, view))

    def _result(self, view: OpenCalculator, calculation: Calculation) -> Screen:
        jobs = [str(income) for income in calculation.incomes]
        changes = [button(_("Change the sum"), _typing(view, [*jobs[:-1], ""]))] if jobs else []
        if view.payer is Payer.EMPLOYER and len(jobs) < MAX_JOBS:
            changes.append(button(_("Add a job"), _typing(view, [*jobs, ""])))
        slug = _GUIDES[calculation.payer]
        guides = [self._content.guides[slug]] if slug in self._content.guides else []
        rows = [
            changes,
            *self._year_rows(view, calculation.payer, calculation.day.year),
            *guide_rows([guide[current_locale()] for guide in guides], ""),
            _last_row(),
        ]
        text = calculation_text(calculation, self._content.references)
        return Screen(text, keyboard(rows, view))

    def _year_rows(self, view: OpenCalculator, payer: Payer, shown: int | None = None) -> list[Row]:
        """Offer the other years whose amounts are known: ways back reach a year either way."""
        this_year = self._today().year
        others = [
            button(_("For {year}").format(year=year), view.model_copy(update={"year": year}))
            for year in (this_year - 1, this_year, this_year + 1)
            if year != shown and is_verified(payer, year, self._parameters)
        ]
        return [others]

    def _day_in(self, year: int) -> date:
        """Give the day of a year that is nearest to today."""
        return min(max(self._today(), date(year, 1, 1)), date(year, 12, 31))


def _payers(view: OpenCalculator) -> Screen:
    rows = [
        [button(name, OpenCalculator(payer=payer, year=0, incomes=""))]
        for payer, name in payer_names().items()
    ]
    return Screen(payers_text(), keyboard([*rows, [menu_button()]], view))


def _last_row() -> Row:
    payers = OpenCalculator(payer="", year=0, incomes="")
    return [button(_("Another payer"), payers), menu_button()]


def _read_jobs(view: OpenCalculator, payer: Payer) -> list[str] | None:
    """Give the sum of each job, the last one empty while nothing is typed.

    None for what no button of ours says.
    """
    if is_fixed(payer):
        return [] if not view.incomes else None
    *earlier, last = jobs = view.incomes.split(_JOBS_JOINED)
    if len(jobs) > (MAX_JOBS if payer is Payer.EMPLOYER else 1):
        return None
    if not last and view.is_counted:
        return None
    whole = earlier if not last else jobs
    return jobs if all(_SUM.fullmatch(job) for job in whole) else None


def _typed(so_far: str, key: str) -> str:
    """Add a key to a sum; what is no sum or too much changes nothing."""
    longer = so_far + key
    return longer if _SUM.fullmatch(longer) else so_far


def _typing(view: OpenCalculator, jobs: Sequence[str]) -> OpenCalculator:
    return view.model_copy(update={"incomes": _JOBS_JOINED.join(jobs), "is_counted": False})


def _counted(view: OpenCalculator, jobs: Sequence[str]) -> OpenCalculator:
    incomes = _JOBS_JOINED.join(job for job in jobs if job)
    return view.model_copy(update={"incomes": incomes, "is_counted": True})
