"""Whom a broadcast is for."""

from dataclasses import dataclass
from datetime import date

from bot.domain.assessment import ReasonCode, Status
from bot.domain.locales import Locale


@dataclass(frozen=True, slots=True)
class Origin:
    """What an answer was made of; None does not narrow.

    Attributes:
        rules_version: which rules judged it.
        generation: file name of the register's generation.
    """

    rules_version: str | None = None
    generation: str | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """People who agreed to be written to and can be reached, narrowed by what is set.

    Who wants no messages from operators is in no audience but that of a correction: an answer that
    was wrong may cost somebody their cover, so it is put right with them in any case.

    An answer is known for the thirty days for which it is kept; who has none is in no audience
    that asks for something of it.

    Attributes:
        regions: two digits (KATO) of the person last asked about.
        statuses: of the last answer.
        reasons: the first one of the last answer.
        covered_until: the last answer's cover ends on a day from the first to the second.
        asked_since: has asked about somebody on or after this day of Kazakhstan.
        rest_days: got no broadcast in so many days; 0 does not ask.
        uncertain_of: nobody knows whether that broadcast reached them.
        answered_from: had an answer of this origin; the message is a reply to the last such one.
        reminded: has switched a reminder on.
        only: these Telegram ids, as for a test to oneself.
    """

    locales: frozenset[Locale] = frozenset()
    regions: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()
    reasons: frozenset[ReasonCode] = frozenset()
    covered_until: tuple[date, date] | None = None
    asked_since: date | None = None
    rest_days: int = 0
    uncertain_of: int | None = None
    answered_from: Origin | None = None
    reminded: bool = False
    only: frozenset[int] = frozenset()

    @property
    def asks_last_answer(self) -> bool:
        """Tell whether something of the last answer matters."""
        return bool(self.regions or self.statuses or self.reasons or self.covered_until)
