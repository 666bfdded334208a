"""Which guides help with a reason or a way, and under which topic each stands."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.content.errors import ContentError
from bot.content.slugs import Slug
from bot.content.translated import Translated
from bot.content.yaml_files import read_yaml
from bot.domain.assessment import Assessment, ReasonCode, WayCode


class Topic(BaseModel):
    """A part of the list of guides: its title is a button."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Translated
    guides: list[str]


class Routes(BaseModel):
    """Slugs of guides by reason and by way, the most helpful first, and by topic."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topics: Mapping[Slug, Topic]
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

    def topic_of(self, slug: str) -> str:
        return next(key for key, topic in self.topics.items() if slug in topic.guides)


def load_routes(path: Path, guides: Iterable[str]) -> Routes:
    """Read data/routes/guides.yaml.

    Raises:
        ContentError: a reason or a way has no route, a route leads to no guide, or a guide stands
            under no topic or under two.
    """
    routes = read_yaml(path, Routes)
    missing = [code for code in ReasonCode if not routes.reasons.get(code)]
    missing_ways = [code for code in WayCode if not routes.ways.get(code)]
    if missing or missing_ways:
        raise ContentError(f"{path}: no guide for {', '.join([*missing, *missing_ways])}")
    known = set(guides)
    listed = [slug for topic in routes.topics.values() for slug in topic.guides]
    if sorted(listed) != sorted(known):
        odd = known.symmetric_difference(listed) or {s for s in listed if listed.count(s) > 1}
        raise ContentError(
            f"{path}: each guide stands under one topic, look at {', '.join(sorted(odd))}"
        )
    for slugs in (*routes.ways.values(), *routes.reasons.values()):
        if unknown := set(slugs) - known:
            raise ContentError(f"{path}: there is no guide {', '.join(sorted(unknown))}")
    return routes
