"""A realistic season of counts, for pictures and for tests that look at whole screens."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from bot.domain.stats import Kind
from bot.registry.synthetic.places import POPULATION
from bot.telegram.last_views import View

_SHARES: Mapping[Kind, Mapping[str, float]] = {
    Kind.ANSWERS: {
        "insured": 0.52,
        "uninsured": 0.33,
        "conditional": 0.11,
        "outside": 0.03,
        "unknown": 0.01,
    },
    Kind.REASONS: {
        "NO_PAY_12M": 0.24,
        "GAP": 0.21,
        "JOB_LOST": 0.14,
        "EMPLOYER_DEBT": 0.11,
        "JUST_HIRED_DEBT": 0.08,
        "IP_ACTIVE_DEBT": 0.06,
        "ONE_SUM": 0.04,
        "TURNED_18": 0.04,
        "SELF_EMPLOYED_PLATFORM": 0.03,
        "GRADUATED": 0.02,
        "WRONG_YEAR": 0.02,
        "UNEMPLOYED_REMOVED": 0.01,
    },
    Kind.REGIONS: {code: people / sum(POPULATION.values()) for code, people in POPULATION.items()},
    Kind.LANGUAGES: {"kk": 0.56, "ru": 0.41, "ky": 0.03},
    Kind.LAST_VIEWS: {
        View.ANSWER: 0.31,
        View.WAYS: 0.17,
        View.WHY: 0.12,
        View.PAYMENTS: 0.1,
        View.GUIDE: 0.1,
        View.PRIVACY: 0.07,
        View.MENU: 0.05,
        View.CALENDAR: 0.04,
        View.WRONG_NUMBER: 0.03,
        View.LETTER: 0.01,
    },
    Kind.SEARCHES: {
        "kk.found": 0.45,
        "kk.missed": 0.08,
        "ru.found": 0.36,
        "ru.missed": 0.05,
        "ky.found": 0.05,
        "ky.missed": 0.01,
    },
    Kind.REPLIES: {"sent": 0.985, "failed": 0.004, "unreachable": 0.008, "uncertain": 0.003},
    Kind.BROADCASTS: {"sent": 0.91, "failed": 0.01, "unreachable": 0.07, "uncertain": 0.01},
    Kind.NEWCOMERS: {"kk": 0.58, "ru": 0.39, "ky": 0.03},
    Kind.LEAVERS: {"kk": 0.5, "ru": 0.5},
    Kind.REFUSED: {"wrong_number": 0.8, "day": 0.05, "misses": 0.15},
    Kind.NOT_FOUND: {"all": 1.0},
}
_A_DAY = {
    Kind.ANSWERS: 620,
    Kind.LAST_VIEWS: 540,
    Kind.SEARCHES: 260,
    Kind.REPLIES: 3900,
    Kind.NEWCOMERS: 190,
    Kind.LEAVERS: 28,
    Kind.REFUSED: 90,
    Kind.NOT_FOUND: 34,
}
_WEEKEND = 0.45


def season(last: date, days: int = 90, seed: int = 20) -> dict[date, dict[Kind, dict[str, int]]]:
    """Make up so many days up to *last*: weeks with weekends, growth, a broadcast every Monday."""
    random = Random(seed)
    found = {}
    for back in range(days):
        day = last - timedelta(days=back)
        growth = 1 - 0.5 * back / days
        busy = growth * (_WEEKEND if day.weekday() > 4 else 1) * random.uniform(0.85, 1.15)
        counts = {
            kind: _divided(random, kind, round(number * busy)) for kind, number in _A_DAY.items()
        }
        answers = counts[Kind.ANSWERS]
        counts[Kind.REASONS] = _divided(random, Kind.REASONS, answers.get("uninsured", 0))
        for kind in (Kind.REGIONS, Kind.LANGUAGES):
            counts[kind] = _divided(random, kind, sum(answers.values()))
        if day.weekday() == 0:
            counts[Kind.BROADCASTS] = _divided(random, Kind.BROADCASTS, round(5200 * growth))
        # Nothing comes at weekends, and once nothing came for a week.
        age = max(1, day.weekday() - 3) if not 30 < back < 37 else 37 - back
        counts[Kind.REGISTER] = {str(age): 24}
        found[day] = counts
    return found


def _divided(random: Random, kind: Kind, number: int) -> dict[str, int]:
    shares = _SHARES[kind]
    labels = random.choices(list(shares), list(shares.values()), k=number)
    return {
        label.value if isinstance(label, View) else label: labels.count(label)
        for label in shares
        if label in labels
    }
