"""Finds what is missing or wrong in data/ and locales/ before readers do."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message

from bot.content.catalogues import message_texts, read_catalogue
from bot.content.errors import ContentError
from bot.content.glossary import Glossary, load_glossary
from bot.content.guides import Guide, Guides, unknown_marks
from bot.content.inbox import canned_problems
from bot.content.library import Content, load_content
from bot.content.placeholders import placeholder_values
from bot.content.samples import load_samples
from bot.content.texts import all_texts
from bot.domain.locales import Locale
from bot.domain.parameters import Parameters

# Telegram's limit is 4096 UTF-16 units after the marks are taken out; values may grow a text.
MAX_GUIDE_CHARACTERS = 3600
REVIEW_AFTER = timedelta(days=183)
_HEADING = re.compile(r"^(#+) ", re.MULTILINE)
_LINK = re.compile(r"\]\((https?://[^)]+)\)")
_REFERENCE_KEYS = (
    "residents",
    "exempt",
    "categories",
    "unemployed",
    "run",
    "crisis_level",
    "grace",
    "long_grace",
    "who_pays",
    "employee_contributions",
    "own_contributions",
    "self_employed_regime",
)


def find_problems(share: Path) -> list[str]:
    """List every problem as a line that names the place; an empty list when there is none."""
    try:
        content = load_content(share)
        glossary = load_glossary(share / "data" / "glossary.yaml")
        load_samples(share / "data" / "sample")
    except ContentError as error:
        return [str(error)]
    return [
        *_reference_problems(content),
        *_guide_problems(content.guides, _known_placeholders(content)),
        *canned_problems(content.inbox, _known_placeholders(content)),
        *_catalogue_problems(share / "locales"),
        *_glossary_problems(share, content, glossary),
    ]


def find_due_reviews(guides: Guides, on: date) -> list[str]:
    """List the guides that nobody has checked for half a year, the longest first."""
    due = [
        (guide.reviewed_on, f"locales/{locale.value}/guides/{slug}.md")
        for slug, by_locale in guides.items()
        for locale, guide in by_locale.items()
        if on - guide.reviewed_on > REVIEW_AFTER
    ]
    return [f"{where}: checked on {day}, check it again" for day, where in sorted(due)]


def _glossary_problems(share: Path, content: Content, glossary: Glossary) -> Iterator[str]:
    for where, locale, text in all_texts(share, content):
        for problem in glossary.violations(locale, text):
            yield f"{where}: {problem}"
    for slug, by_locale in content.guides.items():
        for problem in glossary.swapped(by_locale):
            yield f"guide {slug}: {problem}"


def _known_placeholders(content: Content) -> set[str]:
    last_verified = _last_verified_day(content.parameters)
    return set(placeholder_values(content.parameters, content.requisites, last_verified))


def _last_verified_day(parameters: Parameters) -> date:
    value = parameters.minimum_wage.values[-1]
    return value.verified_until or value.since


def _reference_problems(content: Content) -> Iterator[str]:
    texts = content.references.texts
    for key in _REFERENCE_KEYS:
        for locale in Locale:
            if not texts.get(key, {}).get(locale):
                yield f"data/references.yaml: {key} has no text in {locale.value}"


def _guide_problems(guides: Guides, known: set[str]) -> Iterator[str]:
    for slug, by_locale in guides.items():
        first = by_locale[Locale.RU]
        for locale, guide in by_locale.items():
            where = f"locales/{locale.value}/guides/{slug}.md"
            for kind in unknown_marks(guide.body):
                yield f"{where}: Telegram cannot show Markdown of this kind: {kind}"
            if not _is_well_formed(guide.body):
                yield f"{where}: a placeholder is a name in braces; lone braces are not allowed"
                continue
            for name in sorted(_placeholders(guide.body) - known):
                yield f"{where}: unknown placeholder {{{name}}}"
            if len(guide.body) > MAX_GUIDE_CHARACTERS:
                yield f"{where}: {len(guide.body)} characters, over {MAX_GUIDE_CHARACTERS}"
            yield from _differences(where, guide, first)


def _differences(where: str, guide: Guide, other: Guide) -> Iterator[str]:
    if not _is_well_formed(other.body):
        return
    for what, of in (("headings", _HEADING), ("links", _LINK)):
        mine, theirs = of.findall(guide.body), of.findall(other.body)
        if mine != theirs:
            yield f"{where}: {what} differ from {other.locale.value}: {mine} and {theirs}"
    if _placeholders(guide.body) != _placeholders(other.body):
        yield f"{where}: placeholders differ from {other.locale.value}"


def _catalogue_problems(folder: Path) -> Iterator[str]:
    catalogues = {locale: read_catalogue(folder, locale) for locale in Locale}
    wanted = {_message_id(message) for message in catalogues[Locale.RU] if message.id}
    for locale, catalogue in catalogues.items():
        where = f"locales/{locale.value}/LC_MESSAGES/bot.po"
        found = {_message_id(message) for message in catalogue if message.id}
        for missing in sorted(wanted ^ found):
            yield f"{where}: not the same strings as in ru: {missing!r}"
        yield from _message_problems(where, catalogue)


def _message_problems(where: str, catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        if not message.id:
            continue
        name = _message_id(message)
        if message.fuzzy:
            yield f"{where}: fuzzy: {name!r}"
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        # The singular may do without the number, its translations into some languages not.
        needed = set.intersection(*map(_placeholders, ids))
        known = set.union(*map(_placeholders, ids))
        for text in message_texts(message):
            if not text:
                yield f"{where}: empty: {name!r}"
            elif not _is_well_formed(text):
                yield f"{where}: placeholders are names in braces, nothing else: {text!r}"
            elif not needed <= _placeholders(text) <= known:
                yield f"{where}: other placeholders than {sorted(known)}: {text!r}"


def _message_id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _is_well_formed(text: str) -> bool:
    """Tell whether every brace belongs to a placeholder that is a name and no more."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return False
    return all(
        name is None or (name.isidentifier() and not spec and not conversion)
        for _text, name, spec, conversion in parts
    )


def _placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}
