"""Any value shows as it is, whatever marks it has: read back by the parser of the other side."""

import re
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.content.library import Content
from bot.content.placeholders import format_tenge
from bot.domain.locales import Locale
from bot.emulator.html_entities import parse_html
from bot.telegram.i18n import Catalogues
from bot.telegram.rendering.guide import render_guide, render_lead
from bot.telegram.rendering.values import bold, day, escaped, plain_text

from .texts import texts

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PLACEHOLDER = re.compile(r"{(\w+)}")


@given(texts)
def test_escaped_value_shows_as_it_is_and_makes_no_entity(value: str) -> None:
    text, entities = parse_html(f"<i>before</i> {escaped(value)} <i>after</i>")

    assert text == f"before {_BIDI.sub('', value)} after"
    assert [entity["type"] for entity in entities] == ["italic", "italic"]


@given(texts)
def test_bold_value_is_bold_and_nothing_else(value: str) -> None:
    text, entities = parse_html(bold(value))

    assert text == _BIDI.sub("", value)
    assert [entity["type"] for entity in entities] == (["bold"] if text else [])


@given(texts)
def test_no_value_turns_the_reading_direction(value: str) -> None:
    assert not _BIDI.search(escaped(value))


@given(texts)
def test_marks_are_taken_out_again(value: str) -> None:
    assert plain_text(bold(value)) == _BIDI.sub("", value)


@given(
    data=st.data(),
    locale=st.sampled_from(Locale),
    amount=st.decimals(0, 10**12, allow_nan=False),
    when=st.dates(date(1900, 1, 1)),
)
def test_any_amount_and_day_fit_into_every_guide(
    content: Content, data: st.DataObject, locale: Locale, amount: Decimal, when: date
) -> None:
    slug = data.draw(st.sampled_from(sorted(content.guides)))
    guide = content.guides[slug][locale]
    with Catalogues(content.translations).using(locale):
        value = f"{format_tenge(amount)} {day(when)}"
        values = dict.fromkeys(_PLACEHOLDER.findall(guide.body), value)
        text, _entities = parse_html(render_guide(guide, values))
        parse_html(render_lead(guide, values))

    assert value in text or not values
    assert not _PLACEHOLDER.search(text)
