"""What an import changed, kept beside its snapshot for those who only read it.

``HOME/registry/GENERATION.json``, removed with the snapshot. The first generation has none, nor
has one whose import was killed at the comparison: the register itself does not need it.
"""

import json
import os
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.assessment import ReasonCode, Status
from bot.domain.diff import Diff, Move, Side
from bot.registry.comparing import Judge
from bot.registry.diff import compare
from bot.registry.generations import Generations, summary_name
from bot.registry.report import OnProgress


def summarise(
    generations: Generations, generation: str, judge: Judge, on_progress: OnProgress
) -> Diff | None:
    """Compare a generation with the one before it and store the result; None for the first one.

    Raises:
        RegistryError: as of :func:`bot.registry.diff.compare`.
        OSError: the result cannot be written.
    """
    listed = generations.listed()
    places = [place for place, each in enumerate(listed) if each.file == generation]
    if not places or places[0] + 1 == len(listed):
        return None
    after, before = listed[places[0] : places[0] + 2]
    diff = compare(generations, before, after, judge, on_progress)
    path = generations.folder / summary_name(generation)
    work_file = path.with_suffix(".tmp")
    work_file.write_text(json.dumps(as_facts(diff)), encoding="ascii")
    os.replace(work_file, path)  # noqa: PTH105 - the tests kill the import here
    return diff


def read_summary(generations: Generations, generation: str) -> Diff | None:
    """Read what the import of a generation changed; None where that is not known.

    Raises:
        ValueError: the file is damaged.
        OSError: it cannot be read.
    """
    try:
        text = (generations.folder / summary_name(generation)).read_bytes()
    except FileNotFoundError:
        return None
    try:
        return _from_facts(json.loads(text))
    except (KeyError, TypeError, AttributeError):
        raise ValueError(f"{summary_name(generation)} is not a summary") from None


def as_facts(diff: Diff) -> dict[str, object]:
    """Give a comparison as plain values; the keys are in docs/register.md."""
    return {
        "before": _side_facts(diff.before),
        "after": _side_facts(diff.after),
        "same": diff.same,
        "changed": diff.changed,
        "appeared": diff.appeared,
        "gone": diff.gone,
        "other_status": diff.other_status,
        "lost_cover": diff.lost_cover,
        "got_cover": diff.got_cover,
        "moves": [{**move._asdict(), "people": people} for move, people in diff.moves.items()],
    }


def _side_facts(side: Side) -> dict[str, object]:
    return {"generation": side.generation, "as_of": side.as_of.isoformat(), "people": side.people}


def _from_facts(facts: Mapping[str, Any]) -> Diff:
    moves = {
        Move(
            Status(move["before"]) if move["before"] else None,
            Status(move["after"]) if move["after"] else None,
            move["region"],
            ReasonCode(move["reason"]) if move["reason"] else None,
        ): int(move["people"])
        for move in facts["moves"]
    }
    return Diff(
        _side_from(facts["before"]), _side_from(facts["after"]), int(facts["changed"]), moves
    )


def _side_from(facts: Mapping[str, Any]) -> Side:
    return Side(facts["generation"], date.fromisoformat(facts["as_of"]), int(facts["people"]))
