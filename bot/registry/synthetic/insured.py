"""Made-up people who are insured: by a category, a service, payments, unemployment or level."""

from bot.domain.months import Month
from bot.domain.person import Payer, Residence, SpellCode
from bot.registry.synthetic.draw import (
    FIRST_CONTRIBUTION,
    Draw,
    Life,
    during,
    life,
    month_text,
    paid,
    since,
)

_CHILDHOOD_MONTHS = 18 * 12
_SEPTEMBER = 9
PLATFORM_REGIME = Month.parse("2026-01")


def child(draw: Draw) -> Life:
    birth = draw.ago(0, _CHILDHOOD_MONTHS)
    return life(
        spells=during(SpellCode.CHILD, birth, birth + _CHILDHOOD_MONTHS), level=draw.level()
    )


def pensioner(draw: Draw) -> Life:
    spells = since(SpellCode.PENSIONER, draw.ago(1, 300))
    if not draw.chance(0.15):
        return life(spells=spells, level=draw.level())
    hired = draw.back(12, 120)
    return life(
        contributions=paid(Payer.EMPLOYER, hired, draw.paid_through()),
        spells=f"{spells} {since(SpellCode.JOB, hired)}",
        level=draw.level(),
    )


def student(draw: Draw) -> Life:
    """A full-time student: from a September, until the June four years later."""
    september = draw.now - (draw.now + 1 - _SEPTEMBER) % 12
    began = september - 12 * draw.number(0, 3)
    adult = began + draw.number(0, 9)
    childhood = during(SpellCode.CHILD, adult - _CHILDHOOD_MONTHS, adult)
    return life(
        spells=f"{childhood} {during(SpellCode.STUDENT, began, began + 45)}", level=draw.level()
    )


def parent_under_3(draw: Draw) -> Life:
    born = draw.ago(0, 35)
    spells = during(SpellCode.PARENT_UNDER_3, born, born + 36)
    if draw.chance(0.5):
        return life(spells=spells, level=draw.level())
    hired = max(FIRST_CONTRIBUTION, born - draw.number(6, 60))
    return life(
        contributions=paid(Payer.EMPLOYER, hired, born - 1),
        spells=f"{during(SpellCode.JOB, hired, born - 1)} {spells}",
        level=draw.level(),
        pension_paid=month_text(born - 1),
    )


def maternity_leave(draw: Draw) -> Life:
    hired, left = draw.back(12, 90), draw.ago(0, 4)
    leave = during(SpellCode.MATERNITY_LEAVE, left, draw.now + draw.number(0, 12))
    return life(
        contributions=paid(Payer.EMPLOYER, hired, left - 1),
        spells=f"{since(SpellCode.JOB, hired)} {leave}",
        level=draw.level(),
        pension_paid=month_text(left - 1),
    )


def other_category(draw: Draw) -> Life:
    """A category that goes on, or for the short ones ends within months."""
    code = draw.one_of(_OTHER_CATEGORIES)
    if code in _SHORT:
        spells = during(code, draw.ago(0, 7), draw.now + draw.number(0, 8))
    else:
        spells = since(code, draw.ago(0, 150))
    residence = Residence.KANDAS if code is SpellCode.KANDAS else Residence.CITIZEN
    return life(residence, spells=spells, level=draw.level())


def service(draw: Draw) -> Life:
    return life(spells=since(SpellCode.SERVICE, draw.ago(0, 200)))


def long_employee(draw: Draw) -> Life:
    """Paid for at least sixty months in a row."""
    return _paying(draw, Payer.EMPLOYER, draw.back(62, 112))


def recent_employee(draw: Draw) -> Life:
    """Two jobs one after the other, a year or more together."""
    first, second = draw.back(25, 60), draw.ago(3, 20)
    through = draw.paid_through()
    spells = f"{during(SpellCode.JOB, first, second - 1)} {since(SpellCode.JOB, second)}"
    if draw.chance(0.03):
        # Found by the career centre: still registered, but the employer is the one who pays.
        help_code = draw.one_of((SpellCode.SUBSIDISED_JOB, SpellCode.EMPLOYER_TRAINING))
        spells += f" {since(SpellCode.UNEMPLOYED, second)} {since(help_code, second)}"
    return life(
        contributions=paid(Payer.EMPLOYER, first, through),
        spells=spells,
        level=draw.level(),
        pension_paid=month_text(through),
    )


def employee_with_breaks(draw: Draw) -> Life:
    """Three jobs with months of nothing between them, long enough ago to have no say now."""
    first, second, third = draw.back(61, 112), draw.ago(41, 60), draw.ago(20, 35)
    breaks = range(second - draw.number(1, 5), second), range(third - draw.number(1, 5), third)
    jobs = (
        during(SpellCode.JOB, first, breaks[0].start - 1),
        during(SpellCode.JOB, second, breaks[1].start - 1),
        since(SpellCode.JOB, third),
    )
    through = draw.paid_through()
    return life(
        contributions=paid(Payer.EMPLOYER, first, through, [*breaks[0], *breaks[1]]),
        spells=" ".join(jobs),
        level=draw.level(),
        pension_paid=month_text(through),
    )


def employee_after_study(draw: Draw) -> Life:
    """State-paid months and an employer's together make the twelve."""
    hired = draw.ago(3, 10)
    through = draw.paid_through()
    study = during(SpellCode.STUDENT, hired - 46, hired - 1)
    return life(
        contributions=paid(Payer.EMPLOYER, hired, through),
        spells=f"{study} {since(SpellCode.JOB, hired)}",
        level=draw.level(),
        pension_paid=month_text(through),
    )


def proprietor(draw: Draw) -> Life:
    return _paying(draw, Payer.PROPRIETOR, draw.back(14, 100))


def contractor(draw: Draw) -> Life:
    return _paying(draw, draw.one_of((Payer.CONTRACT, Payer.FARM)), draw.back(14, 60))


def platform_worker(draw: Draw) -> Life:
    """The special regime began in January 2026; before it the person paid alone."""
    regime = max(PLATFORM_REGIME, draw.ago(2, 10))
    through, began = draw.paid_through(), regime - draw.number(12, 30)
    if through < regime:
        return _paying(draw, Payer.CONTRACT, began)
    alone = paid(Payer.INDEPENDENT, began, regime - 1)
    return life(
        contributions=alone + Payer.PLATFORM * (through - regime + 1),
        spells=since(SpellCode.PLATFORM, regime),
        level=draw.level(),
    )


def independent(draw: Draw) -> Life:
    return life(
        contributions=paid(Payer.INDEPENDENT, draw.back(14, 60), draw.paid_through()),
        level=draw.calm_level(),
    )


def prepaid(draw: Draw) -> Life:
    """Twelve months ahead, paid within the last year."""
    began = draw.back(0, 11)
    return life(contributions=paid(Payer.INDEPENDENT, began, began + 11), level=draw.calm_level())


def eaeu_employee(draw: Draw) -> Life:
    return _paying(draw, Payer.EMPLOYER, draw.back(14, 60), Residence.EAEU_WORKER)


def unemployed(draw: Draw) -> Life:
    registered = draw.ago(0, 6)
    spells = since(SpellCode.UNEMPLOYED, registered)
    if draw.chance(0.4):
        return life(spells=spells, level=draw.level())
    lost = registered - draw.number(1, 5)
    hired = max(FIRST_CONTRIBUTION, lost - draw.number(6, 50))
    return life(
        contributions=paid(Payer.EMPLOYER, hired, lost),
        spells=f"{during(SpellCode.JOB, hired, lost)} {spells}",
        level=draw.level(),
        pension_paid=month_text(lost),
    )


def crisis_level(draw: Draw) -> Life:
    """Not working, no pension contribution for three months, level D or E."""
    level = "D" if draw.chance(0.75) else "E"
    if draw.chance(0.6):
        return life(level=level)
    hired, lost = draw.back(20, 80), draw.ago(8, 19)
    return life(
        contributions=paid(Payer.EMPLOYER, hired, lost),
        spells=during(SpellCode.JOB, hired, lost),
        level=level,
        pension_paid=month_text(max(hired, lost)),
    )


def _paying(draw: Draw, payer: Payer, began: int, residence: Residence = Residence.CITIZEN) -> Life:
    through = draw.paid_through()
    if residence is Residence.CITIZEN and draw.chance(0.015):
        residence = draw.one_of(_SETTLED)
    return life(
        residence,
        contributions=paid(payer, began, through),
        spells=since(RELATIONS[payer], began),
        level=draw.level(),
        pension_paid=month_text(through),
    )


# The relation in which each kind of payer is due to pay.
RELATIONS = {
    Payer.EMPLOYER: SpellCode.JOB,
    Payer.PROPRIETOR: SpellCode.PROPRIETOR,
    Payer.CONTRACT: SpellCode.CONTRACT,
    Payer.PLATFORM: SpellCode.PLATFORM,
    Payer.FARM: SpellCode.FARM,
}
# As often as they stand here.
_OTHER_CATEGORIES = (
    *[SpellCode.DISABILITY] * 26,
    *[SpellCode.MANY_CHILDREN_MOTHER] * 14,
    *[SpellCode.SOCIAL_ASSISTANCE] * 12,
    *[SpellCode.PREGNANT] * 7,
    *[SpellCode.CARER_DISABLED_CHILD] * 5,
    *[SpellCode.CARER_GROUP_1] * 5,
    *[SpellCode.CONVICT] * 2,
    *[SpellCode.KANDAS] * 2,
    SpellCode.DETAINEE,
)
_SETTLED = (*[Residence.PERMANENT_RESIDENT] * 9, Residence.REFUGEE)
_SHORT = frozenset({SpellCode.PREGNANT, SpellCode.SOCIAL_ASSISTANCE, SpellCode.DETAINEE})
