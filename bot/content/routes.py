"""Which guides help with a reason or a way."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.content.errors import ContentError
from bot.content.yaml_files import read_yaml
from bot.domain.assessment import Assessment, ReasonCode, WayCode


class Routes(BaseModel):
    """Slugs of guides by reason and by way, the most helpful first, and in the menu's order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    menu: list[str]
    ways: Mapping[WayCode, list[str]]
    reasons: Mapping[ReasonCode, list[str]]

    def guides_for(self, assessment: Assessment) -> list[str]:
        """List the guides for an answer, each once, for the first reasons first."""
        slugs: dict[str, None] = {}
        for reason in assessment.reasons:
            slugs.update(dict.fromkeys(self.reasons[reason.code]))
        for way in (*assessment.ways.paid, *(free.code for free in assessment.ways.free)):
            slugs.update(dict.fromkeys(self.ways[way]))
        return list(slugs)


def load_routes(path: Path, guides: Iterable[str]) -> Routes:
    """Read data/routes/guides.yaml.

    Raises:
        ContentError: a reason or a way has no route, or a route leads to no guide.
    """
    routes = read_yaml(path, Routes)
    missing = [code for code in ReasonCode if not routes.reasons.get(code)]
    missing_ways = [code for code in WayCode if not routes.ways.get(code)]
    if missing or missing_ways:
        raise ContentError(f"{path}: no guide for {', '.join([*missing, *missing_ways])}")
    known = set(guides)
    if sorted(routes.menu) != sorted(known):
        odd = sorted(known.symmetric_difference(routes.menu))
        raise ContentError(f"{path}: `menu` must list every guide once, look at {', '.join(odd)}")
    for slugs in (*routes.ways.values(), *routes.reasons.values()):
        if unknown := set(slugs) - known:
            raise ContentError(f"{path}: there is no guide {', '.join(sorted(unknown))}")
    return routes
