"""Whatever a button carries opens a view or nothing, and never somebody else's answer (F26)."""

import re

from aiogram import Dispatcher
from hypothesis import given
from hypothesis import strategies as st

from bot.config import SHARE
from bot.content.services import ServiceKind
from bot.domain.changes import Change
from bot.domain.iin import Iin
from bot.domain.locales import Locale
from bot.domain.person import Payer
from bot.emulator.html_entities import parse_html
from bot.services.answers import Answers
from bot.services.subscribers import CONSENT_VERSION
from bot.storage.subscribers import Subscriber, SubscriberId
from bot.telegram.screens import Screen
from bot.telegram.views.views import Views

from .texts import texts

ANNA = Subscriber(SubscriberId(810_000_001), Locale.RU, CONSENT_VERSION)
AIGUL = Subscriber(SubscriberId(810_000_002), Locale.RU, CONSENT_VERSION)
STRANGER = Subscriber(SubscriberId(810_000_001), Locale.RU)
NEVER_PAID = Iin("950101500019")
_LAST4 = "0019"
_MARK = "zqxj"
_LIMIT_BYTES = 64
_TOPICS = sorted(path.stem for path in (SHARE / "locales" / "ru" / "guides").glob("*.md"))
# Prefixes of all buttons, and fields as they look; the rest is up to chance.
_prefixes = st.sampled_from("smaywCoPxGtgLDSvVeqklcpjJfF")
_SEEN = (
    *("", "0", "1", "-1", "12", "2026", "9999", "202611", "ffff", "1e9", "٣", "inf", "nan", "True"),
    *("gaps", "ahead", "cheapest", "due", "kk", "ru", "*", "~", "S", "EE", _MARK, "100000-", "-"),
    *(*_TOPICS, *Change, *Payer, *ServiceKind),
)
_fields = st.one_of(
    st.sampled_from(_SEEN), st.integers().map(str), st.text("0123456789abcdefSEIK.-~*_"), texts
)


def cut(text: str) -> str:
    return text.encode("utf-8", "ignore")[:_LIMIT_BYTES].decode("utf-8", "ignore")


callback_data = st.one_of(
    texts.map(cut),
    st.tuples(_prefixes, st.lists(_fields, max_size=5)).map(
        lambda parts: cut(":".join((parts[0], *parts[1])))
    ),
)


def is_good(screen: Screen | None) -> bool:
    """Tell whether Telegram would take the screen: markup closed, every button short enough."""
    if screen is None:
        return True
    parse_html(screen.text)
    buttons = [] if screen.keyboard is None else screen.keyboard.inline_keyboard
    return all(
        1 <= len((button.callback_data or "x").encode()) <= _LIMIT_BYTES
        for row in buttons
        for button in row
    )


@given(data=callback_data)
async def test_any_callback_data_opens_a_good_view_or_nothing(
    dispatcher: Dispatcher, data: str
) -> None:
    views: Views = dispatcher["views"]
    with dispatcher["catalogues"].using(Locale.RU):
        screen = await views.open(data, ANNA)

    assert is_good(screen)
    assert screen is None or _MARK not in screen.text


@given(prefix=_prefixes, fields=st.lists(_fields, max_size=4), place=st.integers(0, 4))
async def test_id_of_somebody_elses_answer_opens_nothing_of_it(
    dispatcher: Dispatcher, prefix: str, fields: list[str], place: int
) -> None:
    answers: Answers = dispatcher["answers"]
    with dispatcher["catalogues"].using(Locale.RU):
        theirs = answers.ask(NEVER_PAID, ANNA)
        assert theirs.id is not None
        data = cut(":".join((prefix, *fields[:place], theirs.id, *fields[place:])))
        screen = await dispatcher["views"].open(data, AIGUL)

    assert is_good(screen)
    assert screen is None or not re.search(rf"\b{_LAST4}\b", screen.text)


@given(prefix=_prefixes, fields=st.lists(_fields, max_size=4), place=st.integers(0, 4))
async def test_without_consent_no_button_shows_an_answer(
    dispatcher: Dispatcher, prefix: str, fields: list[str], place: int
) -> None:
    answers: Answers = dispatcher["answers"]
    with dispatcher["catalogues"].using(Locale.RU):
        own = answers.ask(NEVER_PAID, ANNA)
        assert own.id is not None
        data = cut(":".join((prefix, *fields[:place], own.id, *fields[place:])))
        screen = await dispatcher["views"].open(data, STRANGER)

    assert is_good(screen)
    assert screen is None or not re.search(rf"\b{_LAST4}\b", screen.text)
