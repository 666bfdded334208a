"""Everything editors write, loaded once at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import GNUTranslations
from pathlib import Path

from bot.content.catalogues import compile_catalogue, read_catalogue
from bot.content.guides import Guides, load_guides
from bot.content.inbox import InboxContent, load_inbox
from bot.content.letters import Letters, load_letters
from bot.content.parameters import load_parameters
from bot.content.placeholders import Requisites, load_requisites
from bot.content.questions import Questions, load_phrases, load_questions
from bot.content.references import References, load_references
from bot.content.routes import Routes, load_routes
from bot.content.services import Services, load_services
from bot.domain.locales import Locale
from bot.domain.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Content:
    """The law's figures and all texts."""

    parameters: Parameters
    requisites: Requisites
    references: References
    guides: Guides
    routes: Routes
    letters: Letters
    services: Services
    questions: Questions
    small_talk: list[str]
    alarms: list[str]
    inbox: InboxContent
    translations: Mapping[Locale, GNUTranslations]


def load_content(share: Path) -> Content:
    """Read data/ and locales/ below *share*.

    Raises:
        ContentError: something is missing or not of its form.
    """
    data, locales = share / "data", share / "locales"
    guides = load_guides(locales)
    services = load_services(data / "services.yaml")
    return Content(
        parameters=load_parameters(data / "parameters"),
        requisites=load_requisites(data / "requisites.yaml"),
        references=load_references(data / "references.yaml"),
        guides=guides,
        routes=load_routes(data / "routes" / "guides.yaml", guides),
        letters=load_letters(data / "letters.yaml", locales, guides),
        services=services,
        questions=load_questions(locales, guides),
        small_talk=load_phrases(data / "small_talk.yaml"),
        alarms=load_phrases(data / "alarms.yaml"),
        inbox=load_inbox(data / "inbox"),
        translations={
            locale: compile_catalogue(read_catalogue(locales, locale)) for locale in Locale
        },
    )
