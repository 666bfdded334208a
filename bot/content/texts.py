"""Every text that people read, with its place and language."""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from bot.content.catalogues import message_texts, read_catalogue
from bot.content.library import Content
from bot.domain.locales import Locale

Placed = tuple[str, Locale, str]


def all_texts(share: Path, content: Content) -> Iterator[Placed]:
    """Give guides, short strings, letters, services, titles of topics and operators' replies."""
    return chain(
        _guides(content),
        _short_strings(share),
        _letters(content),
        _services(content),
        _topics(content),
        _canned_replies(content),
    )


def _guides(content: Content) -> Iterator[Placed]:
    for slug, by_locale in content.guides.items():
        for locale, guide in by_locale.items():
            text = f"{guide.title}\n{guide.body}"
            yield f"locales/{locale.value}/guides/{slug}.md", locale, text


def _short_strings(share: Path) -> Iterator[Placed]:
    for locale in Locale:
        for message in read_catalogue(share / "locales", locale):
            for text in message_texts(message) if message.id else ():
                yield f"locales/{locale.value}/LC_MESSAGES/bot.po", locale, text


def _letters(content: Content) -> Iterator[Placed]:
    for letter in content.letters:
        for language, body in letter.bodies.items():
            yield f"locales/{language}/letters/{letter.slug}.md", Locale(language), body
        yield from _placed(f"data/letters.yaml: {letter.slug}", letter.head.title)
        yield from _placed(f"data/letters.yaml: {letter.slug}", letter.head.about)


def _services(content: Content) -> Iterator[Placed]:
    for kind, group in content.services.groups.items():
        yield from _placed(f"data/services.yaml: {kind}", group.title)
        yield from _placed(f"data/services.yaml: {kind}", group.about)
    for key, service in content.services.by_key.items():
        yield from _placed(f"data/services.yaml: {key}", service.name)
        yield from _placed(f"data/services.yaml: {key}", service.note or {})


def _topics(content: Content) -> Iterator[Placed]:
    for key, topic in content.routes.topics.items():
        yield from _placed(f"data/routes/guides.yaml: {key}", topic.title)


def _canned_replies(content: Content) -> Iterator[Placed]:
    for key, reply in content.inbox.replies.items():
        yield from _placed(f"data/inbox/canned.yaml: {key}", reply.title)
        yield from _placed(f"data/inbox/canned.yaml: {key}", reply.text)


def _placed(where: str, texts: Mapping[Locale, str]) -> Iterator[Placed]:
    for locale, text in texts.items():
        yield where, locale, text
