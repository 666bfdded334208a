"""What operators answer with: replies that are ready, and the hours in which somebody answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.content.translated import Translated
from bot.content.yaml_files import read_yaml
from bot.domain.hours import OpeningHours

# What a reply may name besides the placeholders of guides.
OWN_PLACEHOLDERS = frozenset({"number", "as_of", "today", "hours"})
# Telegram's limit is 4096; values may grow a text.
_LONGEST = 3000
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class CannedReply(BaseModel):
    """A reply in every language; the title is for operators."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern=r"^[a-z0-9-]{1,24}$")
    title: Translated
    text: Translated


def _check_keys(replies: tuple[CannedReply, ...]) -> tuple[CannedReply, ...]:
    keys = [reply.key for reply in replies]
    if len(keys) != len(set(keys)):
        raise ValueError("two replies have the same key")
    return replies


class _Replies(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    replies: Annotated[tuple[CannedReply, ...], AfterValidator(_check_keys)]


class _HoursFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    week: Mapping[DayName, Annotated[str, Field(pattern=r"^[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d$")]]
    every_year: tuple[Annotated[str, Field(pattern=r"^[01]\d-[0-3]\d$")], ...] = ()
    once: tuple[date, ...] = ()

    @property
    def hours(self) -> OpeningHours:
        return OpeningHours(
            week={_DAYS.index(day): _span(text) for day, text in self.week.items()},
            every_year=frozenset((int(day[:2]), int(day[3:])) for day in self.every_year),
            once=frozenset(self.once),
        )


@dataclass(frozen=True, slots=True)
class InboxContent:
    """Replies by key, in the order of the file, and the hours."""

    replies: Mapping[str, CannedReply]
    hours: OpeningHours


def load_inbox(folder: Path) -> InboxContent:
    """Read data/inbox/.

    Raises:
        ContentError: a file is missing or not of its form.
    """
    replies = read_yaml(folder / "canned.yaml", _Replies).replies
    hours = read_yaml(folder / "hours.yaml", _HoursFile).hours
    return InboxContent({reply.key: reply for reply in replies}, hours)


def canned_problems(inbox: InboxContent, placeholders: set[str]) -> Iterator[str]:
    """Find placeholders that are unknown or not in every language, and texts that are too long."""
    known = placeholders | OWN_PLACEHOLDERS
    for reply in inbox.replies.values():
        where = f"data/inbox/canned.yaml: {reply.key}"
        try:
            named = {locale: _names(text) for locale, text in reply.text.items()}
        except ValueError:
            yield f"{where}: a placeholder is a name in braces; lone braces are not allowed"
            continue
        for name in sorted(set().union(*named.values()) - known):
            yield f"{where}: unknown placeholder {{{name}}}"
        if len({frozenset(names) for names in named.values()}) > 1:
            yield f"{where}: the languages have different placeholders"
        for locale, text in reply.text.items():
            if len(text) > _LONGEST:
                yield f"{where}: {len(text)} characters in {locale.value}, over {_LONGEST}"


def _names(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def _span(text: str) -> tuple[time, time]:
    opens, _, closes = text.partition("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)
