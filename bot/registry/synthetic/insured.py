"""Made-up people who are insured: by a category, a service, payments, unemployment or level."""

from bot.domain.months import Month
from bot.domain.person import (
    Contributions,
    Level,
    Payer,
    Person,
    Residence,
    Spell,
    SpellCode,
)
from bot.registry.synthetic.draw import Draw, during, paid, since

_CHILDHOOD_MONTHS = 18 * 12
_SEPTEMBER = 9


def child(draw: Draw) -> Person:
    birth = draw.now.shift(-draw.number(0, _CHILDHOOD_MONTHS))
    return Person(
        spells=during(SpellCode.CHILD, birth, birth + _CHILDHOOD_MONTHS), level=draw.level()
    )


def pensioner(draw: Draw) -> Person:
    retired = draw.now.shift(-draw.number(1, 300))
    spells = since(SpellCode.PENSIONER, retired)
    if not draw.chance(0.15):
        return Person(spells=spells, level=draw.level())
    hired = draw.back(12, 120)
    return Person(
        contributions=paid(Payer.EMPLOYER, hired, draw.paid_through()),
        spells=spells + since(SpellCode.JOB, hired),
        level=draw.level(),
    )


def student(draw: Draw) -> Person:
    """A full-time student: from a September, until the June four years later."""
    september = draw.now.shift(-((draw.now.number - _SEPTEMBER) % 12))
    began = september.shift(-12 * draw.number(0, 3))
    adult = began.shift(draw.number(0, 9))
    return Person(
        spells=(
            Spell(SpellCode.CHILD, adult.shift(-_CHILDHOOD_MONTHS), adult),
            Spell(SpellCode.STUDENT, began, began.shift(45)),
        ),
        level=draw.level(),
    )


def parent_under_3(draw: Draw) -> Person:
    born = draw.now.shift(-draw.number(0, 35))
    spells = during(SpellCode.PARENT_UNDER_3, born, born + 36)
    if draw.chance(0.5):
        return Person(spells=spells, level=draw.level())
    hired = max(Month.parse("2017-07"), born.shift(-draw.number(6, 60)))
    return Person(
        contributions=paid(Payer.EMPLOYER, hired, born - 1),
        spells=during(SpellCode.JOB, hired, born - 1) + spells,
        level=draw.level(),
        pension_paid=born.shift(-1),
    )


def maternity_leave(draw: Draw) -> Person:
    hired, left = draw.back(12, 90), draw.now.shift(-draw.number(0, 4))
    return Person(
        contributions=paid(Payer.EMPLOYER, hired, left - 1),
        spells=since(SpellCode.JOB, hired)
        + during(SpellCode.MATERNITY_LEAVE, left, draw.now + draw.number(0, 12)),
        level=draw.level(),
        pension_paid=left.shift(-1),
    )


def other_category(draw: Draw) -> Person:
    """A category that goes on, or for the short ones ends within months."""
    code = draw.one_of(_OTHER_CATEGORIES)
    began = draw.now.shift(-draw.number(0, 7 if code in _SHORT else 150))
    spells = (
        during(code, began, draw.now + draw.number(0, 8)) if code in _SHORT else since(code, began)
    )
    residence = Residence.KANDAS if code is SpellCode.KANDAS else Residence.CITIZEN
    return Person(residence=residence, spells=spells, level=draw.level())


def service(draw: Draw) -> Person:
    return Person(spells=since(SpellCode.SERVICE, draw.now.shift(-draw.number(0, 200))))


def long_employee(draw: Draw) -> Person:
    """Paid for at least sixty months in a row."""
    return _paying(draw, Payer.EMPLOYER, draw.back(62, 112))


def recent_employee(draw: Draw) -> Person:
    """Two jobs one after the other, a year or more together."""
    first, second = draw.back(25, 60), draw.now.shift(-draw.number(3, 20))
    through = draw.paid_through()
    helped: tuple[Spell, ...] = ()
    if draw.chance(0.03):
        # Found by the career centre: still registered, but the employer is the one who pays.
        help_code = draw.one_of((SpellCode.SUBSIDISED_JOB, SpellCode.EMPLOYER_TRAINING))
        helped = since(SpellCode.UNEMPLOYED, second) + since(help_code, second)
    return Person(
        contributions=paid(Payer.EMPLOYER, first, through),
        spells=during(SpellCode.JOB, first, second - 1) + since(SpellCode.JOB, second) + helped,
        level=draw.level(),
        pension_paid=through,
    )


def employee_after_study(draw: Draw) -> Person:
    """State-paid months and an employer's together make the twelve."""
    hired = draw.now.shift(-draw.number(3, 10))
    through = draw.paid_through()
    return Person(
        contributions=paid(Payer.EMPLOYER, hired, through),
        spells=during(SpellCode.STUDENT, hired.shift(-46), hired - 1) + since(SpellCode.JOB, hired),
        level=draw.level(),
        pension_paid=through,
    )


def proprietor(draw: Draw) -> Person:
    return _paying(draw, Payer.PROPRIETOR, draw.back(14, 100))


def contractor(draw: Draw) -> Person:
    return _paying(draw, draw.one_of((Payer.CONTRACT, Payer.FARM)), draw.back(14, 60))


def platform_worker(draw: Draw) -> Person:
    """The special regime began in January 2026; before it the person paid alone."""
    regime = max(Month.parse("2026-01"), draw.now.shift(-draw.number(2, 10)))
    through, began = draw.paid_through(), regime.shift(-draw.number(12, 30))
    if through < regime:
        return _paying(draw, Payer.CONTRACT, began)
    alone = paid(Payer.INDEPENDENT, began, regime - 1).letters
    platform = paid(Payer.PLATFORM, regime, through).letters
    return Person(
        contributions=Contributions(began, alone + platform),
        spells=since(SpellCode.PLATFORM, regime),
        level=draw.level(),
    )


def independent(draw: Draw) -> Person:
    began = draw.back(14, 60)
    return Person(
        contributions=paid(Payer.INDEPENDENT, began, draw.paid_through()),
        level=draw.calm_level(),
    )


def prepaid(draw: Draw) -> Person:
    """Twelve months ahead, paid within the last year."""
    began = draw.back(0, 11)
    return Person(contributions=paid(Payer.INDEPENDENT, began, began + 11), level=draw.calm_level())


def eaeu_employee(draw: Draw) -> Person:
    return _paying(draw, Payer.EMPLOYER, draw.back(14, 60), Residence.EAEU_WORKER)


def unemployed(draw: Draw) -> Person:
    registered = draw.now.shift(-draw.number(0, 6))
    spells = since(SpellCode.UNEMPLOYED, registered)
    if draw.chance(0.4):
        return Person(spells=spells, level=draw.level())
    lost = registered.shift(-draw.number(1, 5))
    hired = max(Month.parse("2017-07"), lost.shift(-draw.number(6, 50)))
    return Person(
        contributions=paid(Payer.EMPLOYER, hired, lost),
        spells=during(SpellCode.JOB, hired, lost) + spells,
        level=draw.level(),
        pension_paid=lost,
    )


def crisis_level(draw: Draw) -> Person:
    """Not working, no pension contribution for three months, level D or E."""
    level = Level.D if draw.chance(0.75) else Level.E
    if draw.chance(0.6):
        return Person(level=level)
    hired, lost = draw.back(20, 80), draw.now.shift(-draw.number(8, 19))
    return Person(
        contributions=paid(Payer.EMPLOYER, hired, lost),
        spells=during(SpellCode.JOB, hired, lost),
        level=level,
        pension_paid=max(hired, lost),
    )


def _paying(
    draw: Draw, payer: Payer, began: Month, residence: Residence = Residence.CITIZEN
) -> Person:
    through = draw.paid_through()
    if residence is Residence.CITIZEN and draw.chance(0.015):
        residence = draw.one_of(_SETTLED)
    return Person(
        residence=residence,
        contributions=paid(payer, began, through),
        spells=since(RELATIONS[payer], began),
        level=draw.level(),
        pension_paid=through,
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
