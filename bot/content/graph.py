"""From reasons over ways to guides, as a drawing: dead ends are seen."""

from collections.abc import Iterator

from bot.content.library import Content
from bot.domain.assessment import ReasonCode, WayCode
from bot.domain.locales import Locale


def draw_routes(content: Content) -> str:
    """Write the routes as a Mermaid flowchart, with the titles in Russian."""
    return "\n".join(("flowchart LR", *_lines(content))) + "\n"


def dead_ends(content: Content) -> list[str]:
    """List reasons and ways without a guide, and guides that nothing leads to."""
    routes = content.routes
    reached = {
        slug for slugs in (*routes.reasons.values(), *routes.ways.values()) for slug in slugs
    }
    listed = {slug for topic in routes.topics.values() for slug in topic.guides}
    return [
        *(f"reason {code}: no guide" for code in ReasonCode if not routes.reasons.get(code)),
        *(f"way {code}: no guide" for code in WayCode if not routes.ways.get(code)),
        *(
            f"guide {slug}: nothing leads to it"
            for slug in content.guides
            if slug not in reached | listed
        ),
    ]


def _lines(content: Content) -> Iterator[str]:
    routes, guides = content.routes, content.guides
    for code, slugs in routes.reasons.items():
        yield from (f"  {code}[{code}] --> {_id(slug)}" for slug in slugs)
    for way, slugs in routes.ways.items():
        yield from (f"  way_{way}([{way}]) --> {_id(slug)}" for slug in slugs)
    for key, topic in routes.topics.items():
        yield f"  topic_{key}{{{{{topic.title[Locale.RU]}}}}}"
        yield from (f"  {_id(slug)} -.- topic_{key}" for slug in topic.guides)
    for slug, by_locale in guides.items():
        yield f'  {_id(slug)}["{by_locale[Locale.RU].title}"]'


def _id(slug: str) -> str:
    return f"guide_{slug.replace('-', '_')}"
