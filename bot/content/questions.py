"""How people ask: phrases of every language that lead to a guide or a service."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import RootModel

from bot.content.errors import ContentError
from bot.content.guides import Guides
from bot.content.search import Document, Search
from bot.content.services import Services
from bot.content.yaml_files import read_yaml
from bot.domain.locales import Locale

Questions = Mapping[Locale, Mapping[str, list[str]]]


class _Phrases(RootModel[list[str]]):
    pass


class _File(RootModel[dict[str, list[str]]]):
    pass


def load_questions(folder: Path, guides: Guides) -> Questions:
    """Read ``<folder>/<locale>/questions.yaml``: slugs of guides and ways to ask for each.

    Raises:
        ContentError: a guide has no question in a language, a question asks for no guide, or the
            same one for two.
    """
    questions = {}
    for locale in Locale:
        path = folder / locale / "questions.yaml"
        by_slug = read_yaml(path, _File).root
        if odd := set(guides).symmetric_difference(slug for slug in by_slug if by_slug[slug]):
            raise ContentError(f"{path}: guides and questions differ: {', '.join(sorted(odd))}")
        asked = Counter(question.strip().lower() for slug in by_slug.values() for question in slug)
        if twice := {question for question, times in asked.items() if times > 1}:
            raise ContentError(f"{path}: asked twice: {', '.join(sorted(twice))}")
        questions[locale] = by_slug
    return questions


def load_phrases(path: Path) -> list[str]:
    """Read data/small_talk.yaml, greetings and thanks, or data/alarms.yaml, words of danger.

    Raises:
        ContentError: the file is missing or not of its form.
    """
    return read_yaml(path, _Phrases).root


def build_search(
    guides: Guides,
    questions: Questions,
    services: Services,
    small_talk: Iterable[str] = (),
    alarms: Iterable[str] = (),
) -> Search:
    """Index guides and services in all languages at once: people mix them."""
    phrases: dict[Document, list[str]] = {}
    for slug, by_locale in guides.items():
        phrases[Document(slug, is_guide=True)] = [
            phrase
            for locale, guide in by_locale.items()
            for phrase in (guide.title, guide.heading, *questions[locale][slug])
        ]
    for service in services.by_key.values():
        phrases[Document(service.key, is_guide=False)] = [
            phrase
            for locale, name in service.name.items()
            for phrase in (name, *service.words[locale])
        ]
    return Search(phrases, small_talk, alarms)
