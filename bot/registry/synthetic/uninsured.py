"""Made-up people who are in grace, uninsured or outside of the insurance."""

from collections.abc import Collection

from bot.domain.person import Payer, Residence, ReturnProblem, SpellCode
from bot.registry.synthetic.draw import Draw, Life, during, life, month_text, paid, since
from bot.registry.synthetic.insured import PLATFORM_REGIME, RELATIONS


def lost_job(draw: Draw) -> Life:
    """In grace: dismissed one to three months ago after more than a year."""
    return _stopped(draw, draw.back(20, 55), draw.ago(1, 3))


def lost_job_after_60_months(draw: Draw) -> Life:
    """In the longer grace: dismissed four to six months ago after five years and more."""
    return _stopped(draw, draw.back(72, 112), draw.ago(4, 6))


def never_paid(draw: Draw) -> Life:
    residence = Residence.PERMANENT_RESIDENT if draw.chance(0.04) else Residence.CITIZEN
    return life(residence, level=draw.calm_level())


def stopped_long_ago(draw: Draw) -> Life:
    return _stopped(draw, draw.back(30, 80), draw.ago(13, 28))


def grew_out_of_category(draw: Draw) -> Life:
    """Came of age, finished a study, or left a leave, and nobody has paid since."""
    code = draw.one_of(_ENDING)
    ended = draw.ago(1, 30)
    months = 215 if code is SpellCode.CHILD else draw.number(6, 45)
    return life(spells=during(code, ended - months, ended), level=draw.calm_level())


def employer_skipped_months(draw: Draw) -> Life:
    """Still employed; the employer left out some months that are past due."""
    hired = draw.back(13, 58)
    holes = _holes(draw, draw.number(1, 5))
    return _owed(draw, Payer.EMPLOYER, hired, draw.paid_through(), holes)


def employer_stopped(draw: Draw) -> Life:
    """Still employed; the employer has not paid for four months and more."""
    return _owed(draw, Payer.EMPLOYER, draw.back(18, 58), draw.ago(4, 12))


def just_hired(draw: Draw) -> Life:
    """Employed for less than a year, with nothing before."""
    return _owed(draw, Payer.EMPLOYER, draw.ago(2, 10), draw.paid_through())


def owing_on_their_own(draw: Draw) -> Life:
    """A sole proprietor, contractor, platform or farm with months unpaid."""
    payer = draw.one_of(_OWING)
    began = draw.back(13, 48)
    if payer is Payer.PLATFORM:
        began = max(began, PLATFORM_REGIME)
    return _owed(draw, payer, began, draw.ago(4, 20))


def independent_with_gaps(draw: Draw) -> Life:
    began = draw.back(10, 30)
    holes = _holes(draw, draw.number(1, 4))
    return life(
        contributions=paid(Payer.INDEPENDENT, began, draw.due, holes), level=draw.calm_level()
    )


def paid_wrongly(draw: Draw) -> Life:
    """A year paid as one sum, for another year, or with wrong details, and returned."""
    problem = draw.one_of(_RETURN_PROBLEMS)
    month = draw.back(0, 5)
    last = month + 2 if problem is ReturnProblem.WRONG_YEAR else month
    kept = problem is not ReturnProblem.WRONG_DETAILS
    return life(
        contributions=paid(Payer.INDEPENDENT, month, last) if kept else "",
        level=draw.calm_level(),
        returned=f"{month_text(month)}:{problem}",
    )


def foreigner_outside(draw: Draw) -> Life:
    return life(draw.one_of(_OUTSIDE))


def _stopped(draw: Draw, hired: int, last: int) -> Life:
    return life(
        contributions=paid(Payer.EMPLOYER, hired, last),
        spells=during(SpellCode.JOB, hired, last),
        level=draw.calm_level(),
        pension_paid=month_text(last),
    )


def _owed(draw: Draw, payer: Payer, began: int, through: int, holes: Collection[int] = ()) -> Life:
    return life(
        contributions=paid(payer, began, through, holes),
        spells=since(RELATIONS[payer], began),
        level=draw.level(),
        pension_paid=month_text(through) if through >= began else "",
    )


def _holes(draw: Draw, count: int) -> list[int]:
    """Draw months of the last year, the latest of which is too early for any grace."""
    return [draw.ago(5, 11), *(draw.due - draw.number(1, 9) for _ in range(count))]


_RETURN_PROBLEMS = tuple(ReturnProblem)
_ENDING = (
    SpellCode.CHILD,
    SpellCode.STUDENT,
    SpellCode.PARENT_UNDER_3,
    SpellCode.UNEMPLOYED,
    SpellCode.SOCIAL_ASSISTANCE,
)
_OWING = (
    *[Payer.PROPRIETOR] * 6,
    *[Payer.CONTRACT] * 2,
    Payer.PLATFORM,
    Payer.FARM,
)
_OUTSIDE = (
    *[Residence.TEMPORARY_FOREIGNER] * 6,
    *[Residence.EAEU_WORKER] * 3,
    Residence.ASYLUM_SEEKER,
)
