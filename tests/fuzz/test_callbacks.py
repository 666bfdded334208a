"""Whatever a button carries opens a view or nothing, and never somebody else's answer (F26)."""

import re
from collections.abc import Sequence

from aiogram import Dispatcher
from hypothesis import example, given
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


async def opened_with_an_answer(
    dispatcher: Dispatcher, who: Subscriber, prefix: str, fields: Sequence[str], place: int
) -> Screen | None:
    """Let somebody press a button with the id of an answer that Anna got."""
    answers: Answers = dispatcher["answers"]
    views: Views = dispatcher["views"]
    with dispatcher["catalogues"].using(Locale.RU):
        given_to_anna = answers.ask(NEVER_PAID, ANNA)
        assert given_to_anna.id is not None
        data = cut(":".join((prefix, *fields[:place], given_to_anna.id, *fields[place:])))
        return await views.open(data, who)


def shows_an_answer(screen: Screen | None) -> bool:
    return screen is not None and re.search(rf"\b{_LAST4}\b", screen.text) is not None


async def test_own_answer_is_opened(dispatcher: Dispatcher) -> None:
    assert shows_an_answer(await opened_with_an_answer(dispatcher, ANNA, "a", (), 0))


@given(prefix=_prefixes, fields=st.lists(_fields, max_size=4), place=st.integers(0, 4))
@example(prefix="a", fields=[], place=0)
async def test_id_of_somebody_elses_answer_opens_nothing_of_it(
    dispatcher: Dispatcher, prefix: str, fields: list[str], place: int
) -> None:
    screen = await opened_with_an_answer(dispatcher, AIGUL, prefix, fields, place)

    assert is_good(screen)
    assert not shows_an_answer(screen)


@given(prefix=_prefixes, fields=st.lists(_fields, max_size=4), place=st.integers(0, 4))
@example(prefix="a", fields=[], place=0)
async def test_without_consent_no_button_shows_an_answer(
    dispatcher: Dispatcher, prefix: str, fields: list[str], place: int
) -> None:
    screen = await opened_with_an_answer(dispatcher, STRANGER, prefix, fields, place)

    assert is_good(screen)
    assert not shows_an_answer(screen)
