"""What the register says about one person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.months import Month


class Residence(StrEnum):
    CITIZEN = "citizen"
    PERMANENT_RESIDENT = "permanent_resident"
    KANDAS = "kandas"
    REFUGEE = "refugee"
    EAEU_WORKER = "eaeu_worker"
    TEMPORARY_FOREIGNER = "temporary_foreigner"
    ASYLUM_SEEKER = "asylum_seeker"


class Payer(StrEnum):
    """Who paid for a month: the letters of the register."""

    EMPLOYER = "E"
    PROPRIETOR = "I"
    INDEPENDENT = "S"
    CONTRACT = "G"
    PLATFORM = "P"
    FARM = "F"


NOT_PAID = "."
# An enum finds its member by value five times slower, and an answer asks for dozens of letters.
_PAYERS = {payer.value: payer for payer in Payer}
_NO_MONTH = Month(0)


class SpellCode(StrEnum):
    """A stretch of months in which something about the person holds."""

    CHILD = "child"
    PREGNANT = "pregnant"
    PARENT_UNDER_3 = "parent_under_3"
    MATERNITY_LEAVE = "maternity_leave"
    CARER_DISABLED_CHILD = "carer_disabled_child"
    CARER_GROUP_1 = "carer_group_1"
    PENSIONER = "pensioner"
    CONVICT = "convict"
    DETAINEE = "detainee"
    KANDAS = "kandas"
    MANY_CHILDREN_MOTHER = "many_children_mother"
    DISABILITY = "disability"
    STUDENT = "student"
    SOCIAL_ASSISTANCE = "social_assistance"
    UNEMPLOYED = "unemployed"
    SUBSIDISED_JOB = "subsidised_job"
    EMPLOYER_TRAINING = "employer_training"
    SERVICE = "service"
    JOB = "job"
    PROPRIETOR = "ip"
    CONTRACT = "contract"
    PLATFORM = "platform"
    FARM = "farm"


# Paid by the state: article 26 of the law (domain rules §3.2).
CATEGORIES = frozenset(
    {
        SpellCode.CHILD,
        SpellCode.PREGNANT,
        SpellCode.PARENT_UNDER_3,
        SpellCode.MATERNITY_LEAVE,
        SpellCode.CARER_DISABLED_CHILD,
        SpellCode.CARER_GROUP_1,
        SpellCode.PENSIONER,
        SpellCode.CONVICT,
        SpellCode.DETAINEE,
        SpellCode.KANDAS,
        SpellCode.MANY_CHILDREN_MOTHER,
        SpellCode.DISABILITY,
        SpellCode.STUDENT,
        SpellCode.SOCIAL_ASSISTANCE,
    }
)
# Somebody is due to pay each month: an employer, a customer, a platform, or the person as such.
PAYER_RELATIONS = frozenset(
    {
        SpellCode.JOB,
        SpellCode.PROPRIETOR,
        SpellCode.CONTRACT,
        SpellCode.PLATFORM,
        SpellCode.FARM,
    }
)


@dataclass(frozen=True, slots=True)
class Spell:
    """Months from *first* to *last*, both included; *last* is None while it goes on."""

    code: SpellCode
    first: Month
    last: Month | None = None

    def is_active(self, month: int) -> bool:
        return self.first <= month and (self.last is None or month <= self.last)


class ReturnProblem(StrEnum):
    """Why a payment was returned or did not count."""

    ONE_SUM = "one_sum"
    WRONG_YEAR = "wrong_year"
    WRONG_DETAILS = "wrong_details"


@dataclass(frozen=True, slots=True)
class Returned:
    month: Month
    problem: ReturnProblem


class Level(StrEnum):
    """Level of social welfare in the Digital Family Card; D and E are crisis levels."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"

    @property
    def is_crisis(self) -> bool:
        return self in (Level.D, Level.E)


@dataclass(frozen=True, slots=True)
class Contributions:
    """Who paid for each month: one letter of :class:`Payer` a month, ``.`` for nobody."""

    first: Month = _NO_MONTH
    letters: str = ""

    def payer(self, month: int) -> Payer | None:
        index = month - self.first
        return _PAYERS.get(self.letters[index]) if 0 <= index < len(self.letters) else None

    @property
    def is_empty(self) -> bool:
        return not self.letters.strip(NOT_PAID)

    def with_payments(self, payments: Mapping[Month, Payer]) -> "Contributions":
        """Give the same history with these months paid as well; months paid before stay."""
        if not payments:
            return self
        known = {Month(self.first + place): letter for place, letter in enumerate(self.letters)}
        paid = {month: letter for month, letter in known.items() if letter != NOT_PAID}
        merged = {month: payer.value for month, payer in payments.items()} | paid
        first, last = min(merged), max(merged)
        letters = [merged.get(Month(month), NOT_PAID) for month in range(first, last + 1)]
        return Contributions(first, "".join(letters))

    def since(self, first: Month) -> "Contributions":
        """Give the history from *first* on."""
        if first <= self.first:
            return self
        return Contributions(first, self.letters[first - self.first :])


@dataclass(frozen=True, slots=True)
class Person:
    """One entry of the register, as of the day of its snapshot."""

    residence: Residence = Residence.CITIZEN
    region: str | None = None
    clinic: str | None = None
    contributions: Contributions = field(default_factory=Contributions)
    spells: tuple[Spell, ...] = ()
    level: Level | None = None
    pension_paid: Month | None = None
    returned: tuple[Returned, ...] = ()

    def active(self, codes: frozenset[SpellCode], month: int) -> list[Spell]:
        """List the spells of these codes that hold in *month*."""
        return [s for s in self.spells if s.code in codes and s.is_active(month)]

    def has(self, codes: frozenset[SpellCode], month: int) -> bool:
        # A plain loop: an answer asks this a hundred times.
        for spell in self.spells:  # noqa: SIM110 - any() is half as fast
            if spell.code in codes and spell.is_active(month):
                return True
        return False
