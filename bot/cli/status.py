"""``saqbol status``: the answer of the bot, for one IIN, in the terminal."""

import json
import sys
from datetime import date
from typing import Annotated

import typer

from bot.cli.console import clear_errors, err, fail, out, read_settings
from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.assessment import PaidWay, TraceStep
from bot.domain.iin import Iin, IinError, parse_iin, without_separators
from bot.domain.locales import Locale
from bot.domain.months import Month
from bot.registry.keys import registry_key
from bot.registry.registry import Registry
from bot.services.clock import clock
from bot.services.judging import Judgement, judge

_YEARS = range(2020, 2101)


def status(
    iin: Annotated[
        list[str], typer.Argument(help="12 digits; “-” reads them from standard input.")
    ],
    on: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day asked about, or today.")
    ] = None,
    lang: Annotated[Locale, typer.Option(help="Language of the answer.")] = Locale.RU,
    as_json: Annotated[bool, typer.Option("--json", help="All facts as JSON.")] = False,
) -> None:
    """Say whether a person is insured, why not, and what to do.

    Example: saqbol status 950101500019 --on 2026-11-21 --json
    """
    number = _read_iin(sys.stdin.readline() if iin == ["-"] else "".join(iin))
    named_day = _read_day(on) if on else None
    settings = read_settings()
    with clear_errors():
        parameters = load_parameters(SHARE / "data" / "parameters")
        with Registry(settings.home_dir, registry_key(settings)) as registry:
            generation = registry.current
            entry, as_of = generation.find(number), generation.info.as_of
    with clear_errors():
        day = named_day or clock(settings)()
        judgement = judge(
            entry.person if entry else None,
            day,
            parameters,
            # A day named by hand is a question about the rules, not about how fresh the data are.
            data_age_days=0 if named_day else (day - as_of).days,
            max_age_days=settings.registry_max_age_days,
        )
    if judgement.unverified:
        err.print(
            f"saqbol: {judgement.unverified}. The last known values are used, for checking facts "
            "only.",
            markup=False,
        )
    if as_json:
        facts = as_facts(judgement, as_of)
        sys.stdout.write(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")
    else:
        from bot.cli.answer_text import answer_text

        out.print(answer_text(judgement, number.last4, day, as_of, lang), markup=False)


def _read_iin(text: str) -> Iin:
    try:
        return parse_iin(without_separators(text))
    except IinError as error:
        fail(f"not an IIN: {error.problem.replace('_', ' ')} ({error.length} of 12 digits)", code=2)


def _read_day(text: str) -> date:
    """Read the day asked about; what is no day is not repeated, for it may be a number."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        fail("--on is not a day of the form YYYY-MM-DD", code=2)
    if day.year not in _YEARS:
        fail(f"--on {day} is outside the years {_YEARS[0]} to {_YEARS[-1]}", code=2)
    return day


def as_facts(judgement: Judgement, as_of: date) -> dict[str, object]:
    """Give the answer as plain values; months are ``YYYY-MM``, sums whole tenge."""
    assessment = judgement.assessment
    return {
        "status": assessment.status,
        "basis": assessment.basis,
        "until": _month(assessment.until),
        "grace_months": assessment.grace_months,
        "holes": [str(month) for month in assessment.holes],
        "debt": [str(month) for month in assessment.debt],
        "is_mixed": assessment.is_mixed,
        "reasons": [reason.code for reason in assessment.reasons],
        "claims": list(assessment.claims),
        "ways": {code: _way(way) for code, way in assessment.ways.paid.items()},
        "free_ways": [way.code for way in assessment.ways.free],
        "amounts_verified": judgement.unverified is None,
        "as_of": as_of.isoformat(),
        "is_stale": judgement.is_stale,
        "trace": [_step(step) for step in assessment.trace],
    }


def _way(way: PaidWay) -> dict[str, object]:
    return {
        "months": [str(month) for month in way.months],
        "amounts": [int(p.amount) if p.amount is not None else None for p in way.payments],
        "total": int(way.total) if way.total is not None else None,
        "until": _month(way.until),
        "is_mixed": way.is_mixed,
        "has_next_year": way.has_next_year,
    }


def _step(step: TraceStep) -> dict[str, object]:
    operands = {
        name: str(value) if isinstance(value, Month) else value
        for name, value in step.operands.items()
    }
    parameter = f"{step.parameter[0]}@{step.parameter[1]}" if step.parameter else None
    return {
        "code": step.code,
        "holds": step.holds,
        "operands": operands,
        "parameter": parameter,
        "reference": step.reference,
    }


def _month(month: Month | None) -> str | None:
    return None if month is None else str(month)


def add_to(app: typer.Typer) -> None:
    app.command()(status)
