"""The answer: status, reasons, ways back and the trace that led there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bot.domain.months import Month
from bot.domain.person import Payer, SpellCode


class Status(StrEnum):
    INSURED = "insured"
    CONDITIONAL = "conditional"
    UNINSURED = "uninsured"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"

    @property
    def is_covered(self) -> bool:
        """Tell whether the person has the right to care now, also in the months of grace."""
        return self in (Status.INSURED, Status.CONDITIONAL)


class Basis(StrEnum):
    """What a status rests on."""

    SERVICE = "service"
    CATEGORY = "category"
    UNEMPLOYED = "unemployed"
    CONTRIBUTIONS = "contributions"
    CRISIS_LEVEL = "crisis_level"
    GRACE = "grace"


# The person is insured without a contribution.
PAID_BY_OTHERS = frozenset({Basis.CATEGORY, Basis.SERVICE, Basis.UNEMPLOYED, Basis.CRISIS_LEVEL})


class ReasonCode(StrEnum):
    """Why a person is not insured (domain rules §8)."""

    PREPAID_NEXT_MONTH = "PREPAID_NEXT_MONTH"
    ONE_SUM = "ONE_SUM"
    WRONG_YEAR = "WRONG_YEAR"
    WRONG_DETAILS = "WRONG_DETAILS"
    EMPLOYER_DELAY = "EMPLOYER_DELAY"
    EMPLOYER_DEBT = "EMPLOYER_DEBT"
    IP_ACTIVE_DEBT = "IP_ACTIVE_DEBT"
    GPH_NOT_PAID = "GPH_NOT_PAID"
    SELF_EMPLOYED_PLATFORM = "SELF_EMPLOYED_PLATFORM"
    JUST_HIRED_DEBT = "JUST_HIRED_DEBT"
    JOB_LOST = "JOB_LOST"
    IP_CLOSED_GAP = "IP_CLOSED_GAP"
    TURNED_18 = "TURNED_18"
    GRADUATED = "GRADUATED"
    CHILD_3 = "CHILD_3"
    LEAVE_ENDED = "LEAVE_ENDED"
    UNEMPLOYED_REMOVED = "UNEMPLOYED_REMOVED"
    CATEGORY_DATA_MISSING = "CATEGORY_DATA_MISSING"
    ARRIVED = "ARRIVED"
    GRACE_OVER = "GRACE_OVER"
    NO_PAY_12M = "NO_PAY_12M"
    GAP = "GAP"
    DE_NOT_CONFIRMED = "DE_NOT_CONFIRMED"
    FOREIGN_TEMP = "FOREIGN_TEMP"
    # Only the person can know these; they are offered as "is this you?", never stated.
    STUDENT_NOT_IN_DB = "STUDENT_NOT_IN_DB"
    PREGNANT_NOT_REGISTERED = "PREGNANT_NOT_REGISTERED"
    NAME_CHANGED = "NAME_CHANGED"


@dataclass(frozen=True, slots=True)
class Reason:
    """One failing condition with its facts.

    Attributes:
        months: the months it left uncovered, oldest first.
        since: the month in which the thing happened (last month of a job, of payments …).
        spell: the category, relation or register entry it speaks of.
    """

    code: ReasonCode
    months: tuple[Month, ...] = ()
    since: Month | None = None
    spell: SpellCode | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """One month to be paid by itself.

    Attributes:
        amount: in tenge; None where nobody verified it.
        by: the last day to pay in time, for months that are not due yet.
    """

    month: Month
    payer: Payer
    amount: Decimal | None
    by: date | None = None

    @property
    def is_owed(self) -> bool:
        """A sole proprietor or a farm head owes the month in any case."""
        return self.payer in (Payer.PROPRIETOR, Payer.FARM)


@dataclass(frozen=True, slots=True)
class PaidWay:
    """Months to pay and what comes of it.

    Attributes:
        until: the last insured month after paying; None where a payer relation goes on.
        is_mixed: rests on a run of past and prepaid months: check with 1414 before paying.
        has_next_year: prices a month of next year, whose amount may differ.
    """

    payments: tuple[Payment, ...]
    until: Month | None
    is_mixed: bool = False
    has_next_year: bool = False

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(payment.month for payment in self.payments)

    @property
    def total(self) -> Decimal | None:
        total = Decimal(0)
        for payment in self.payments:
            if payment.amount is None:
                return None
            total += payment.amount
        return total

    def without_amounts(self) -> "PaidWay":
        return replace(self, payments=tuple(replace(p, amount=None) for p in self.payments))


class WayCode(StrEnum):
    """Paid ways first, then the free ones."""

    GAPS = "gaps"
    AHEAD = "ahead"
    CHEAPEST = "cheapest"
    UNEMPLOYED = "unemployed"
    CATEGORY = "category"
    CRISIS_LEVEL = "crisis_level"
    DISABILITY = "disability"
    DATA_WRONG = "data_wrong"
    FOREIGNER = "foreigner"


@dataclass(frozen=True, slots=True)
class FreeWay:
    """A way without payment; *since* is the first month in which it can work, None for now."""

    code: WayCode
    since: Month | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways back; the paid ones are absent where they make no sense.

    Attributes:
        due: months counted as covered that the person has yet to pay, each by its due date.
    """

    paid: Mapping[WayCode, PaidWay] = field(default_factory=dict)
    free: tuple[FreeWay, ...] = ()
    due: tuple[Payment, ...] = ()

    @property
    def cheapest(self) -> PaidWay | None:
        return self.paid.get(WayCode.CHEAPEST)


class StepCode(StrEnum):
    """A condition that was looked at, in the order of the law."""

    RESIDENCE = "residence"
    CATEGORY = "category"
    UNEMPLOYED = "unemployed"
    RUN = "run"
    CRISIS_LEVEL = "crisis_level"
    GRACE = "grace"


Operand = Month | int | str | bool | None


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One condition: whether it held, on which facts, by which parameter and provision.

    Attributes:
        parameter: key of the parameter that decided, with the first day of its value.
        reference: key of the provision in data/references.yaml.
    """

    code: StepCode
    holds: bool
    reference: str
    operands: Mapping[str, Operand] = field(default_factory=dict)
    parameter: tuple[str, date] | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one person is told on one day.

    Attributes:
        until: the last month of the status; None where it has no known end, or for the uninsured.
        holes: uncovered months of the last twelve, for the conditional and the uninsured.
        debt: months to repay to keep the conditional cover.
        spell: the category or service behind the status, for the owner of the record alone.
        is_mixed: the status itself rests on a run of past and prepaid months.
        claims: reasons that only the person can know.
    """

    status: Status
    basis: Basis | None = None
    until: Month | None = None
    grace_months: int | None = None
    holes: tuple[Month, ...] = ()
    debt: tuple[Month, ...] = ()
    spell: SpellCode | None = None
    last_paid: Month | None = None
    is_mixed: bool = False
    reasons: tuple[Reason, ...] = ()
    claims: tuple[ReasonCode, ...] = ()
    ways: Ways = field(default_factory=Ways)
    trace: tuple[TraceStep, ...] = ()

    def without_amounts(self) -> "Assessment":
        """Give the same answer with no sums, for a day whose amounts nobody has verified."""
        paid = {code: way.without_amounts() for code, way in self.ways.paid.items()}
        due = tuple(replace(payment, amount=None) for payment in self.ways.due)
        return replace(self, ways=replace(self.ways, paid=paid, due=due))
