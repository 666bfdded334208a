"""From reasons and ways to guides and topics, as a drawing."""

from collections.abc import Iterator

from bot.content.library import Content
from bot.domain.locales import Locale


def draw_routes(content: Content) -> str:
    """Write the routes as a Mermaid flowchart, with the titles in Russian."""
    return "\n".join(("flowchart LR", *_lines(content))) + "\n"


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
