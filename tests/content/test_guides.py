"""Every guide can be read in every language, with the day's values."""

import re
from datetime import date

import pytest

from bot.config import SHARE
from bot.content.guides import load_guides
from bot.content.library import Content
from bot.content.placeholders import placeholder_values
from bot.domain.locales import Locale
from bot.telegram.i18n import Catalogues
from bot.telegram.rendering.guide import render_guide

GUIDES = load_guides(SHARE / "locales")
EACH = [pytest.param(slug, locale, id=f"{slug}-{locale}") for slug in GUIDES for locale in Locale]
VERIFIED, UNVERIFIED = date(2026, 11, 21), date(2027, 2, 1)
_TELEGRAM_LIMIT = 4096
_TAGS = {"b", "i", "a", "code", "blockquote"}


def render(content: Content, slug: str, locale: Locale, day: date) -> str:
    values = placeholder_values(content.parameters, content.requisites, day)
    with Catalogues(content.translations).using(locale):
        return render_guide(content.guides[slug][locale], values)


def utf16_units(html: str) -> int:
    return len(re.sub(r"<[^>]+>", "", html).encode("utf-16-le")) // 2


@pytest.mark.parametrize("day", [VERIFIED, UNVERIFIED], ids=["verified day", "unverified day"])
@pytest.mark.parametrize(("slug", "locale"), EACH)
def test_guide_fits_into_a_message(content: Content, slug: str, locale: Locale, day: date) -> None:
    html = render(content, slug, locale, day)

    assert utf16_units(html) <= _TELEGRAM_LIMIT
    assert not re.search(r"[{}]|None", html)
    assert set(re.findall(r"</?([a-z0-9]+)", html)) <= _TAGS
    for tag in _TAGS:
        assert len(re.findall(f"<{tag}[ >]", html)) == html.count(f"</{tag}>")


@pytest.mark.parametrize("locale", Locale)
def test_amounts_of_2026_come_from_the_parameters(content: Content, locale: Locale) -> None:
    html = render(content, "pay-independent", locale, VERIFIED).replace("\u00a0", " ")

    assert "4 250 ₸" in html
    assert "51 000 ₸" in html


@pytest.mark.parametrize("locale", Locale)
def test_unverified_amounts_are_left_to_1414(content: Content, locale: Locale) -> None:
    html = render(content, "pay-independent", locale, UNVERIFIED)

    assert "₸" not in html
    assert "1414" in html


def test_no_amount_is_typed_into_a_guide() -> None:
    for by_locale in GUIDES.values():
        for guide in by_locale.values():
            typed = re.findall(r"[0-9][0-9  .]*\s?(?:₸|тенге|теңге)", guide.body)
            assert typed == [], f"{guide.slug} in {guide.locale}"


# They answer questions that everybody has, whatever the status.
GENERAL = {"attach-clinic", "what-is-covered", "is-this-real"}


def test_every_guide_is_reached_by_some_reason_or_way_and_from_the_menu(content: Content) -> None:
    routes = (*content.routes.reasons.values(), *content.routes.ways.values())

    assert {slug for slugs in routes for slug in slugs} == set(GUIDES) - GENERAL
    listed = [slug for topic in content.routes.topics.values() for slug in topic.guides]
    assert sorted(listed) == sorted(GUIDES)
