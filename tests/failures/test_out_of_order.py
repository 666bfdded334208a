"""Whatever people send and press in whatever order: consent holds, and everything is answered.

The state machine of broadcasts and their ledger comes together with them.
"""

import asyncio
import threading
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import ClassVar, TypeVar

import aiohttp
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.emulator import Emulator
from bot.services.subscribers import CONSENT_VERSION
from bot.telegram.callbacks import Forget, GiveConsent
from tests.failures.oracles import gather, judge, spoken_of
from tests.failures.running import bot_by, written_log
from tests.failures.talk import Talk
from tests.security.test_consent import buttons
from tests.telegram.client import Events, Message
from tests.telegram.conftest import Newcomer, bringer

T = TypeVar("T")
_AGREE, _FORGET = GiveConsent(version=CONSENT_VERSION).pack(), Forget().pack()
_TEXTS = (
    "/start",
    "/menu",
    "/privacy",
    "/language",
    "/forget",
    "950101500019",
    "991231500707",
    "950101500018",
    "как оплатить",
)
# The languages of the welcome and of an answer that nobody got; an older consent; a proof.
_OLD = ("l|kk|s", "l|ky|m", "l|ru|a:AAAAAAAAAAAAAAAAAAAAAA", "c:1", "p", "m", "f", "nonsense")
_people = st.integers(0, 1)
_texts = st.sampled_from(_TEXTS)
_numbers = st.integers(0, 200)


class Side:
    """A bot and its server in a loop of their own: steps of a state machine are not async."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.loop = asyncio.new_event_loop()
        self.newcomer: Newcomer
        self.api: aiohttp.ClientSession
        self._ready, self._end = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self.loop.run_until_complete, args=(self._run(),))

    def __enter__(self) -> "Side":
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self._end.set)
        self._thread.join(30)
        self.loop.close()

    def do(self, what: Awaitable[T]) -> T:
        async def wait() -> T:
            return await what

        return asyncio.run_coroutine_threadsafe(wait(), self.loop).result(60)

    async def _run(self) -> None:
        async with (
            Emulator(webhook_retry_s=0.2) as emulator,
            aiohttp.ClientSession(emulator.url) as self.api,
            Events(self.api) as events,
            bot_by("webhook", self.home, emulator.url),
        ):
            self.newcomer = bringer(self.api, events)
            self._ready.set()
            await self._end.wait()


class People(RuleBasedStateMachine):
    """Two people with chats of their own."""

    side: ClassVar[Side]

    def __init__(self) -> None:
        super().__init__()
        bring = self.side.newcomer
        self.people = [self.side.do(bring("ru", consent=False)) for _ in range(2)]
        self.talks = [Talk(self.side.api, person) for person in self.people]
        self.has_agreed = [False, False]
        self.asked: list[set[str]] = [set(), set()]
        self.pressable: list[list[tuple[Message, str]]] = [[], []]
        for who in range(2):
            self._take(who, "/start")

    @rule(who=_people, text=_texts)
    def write(self, who: int, text: str) -> None:
        self._take(who, text)

    @rule(who=_people)
    def agree(self, who: int) -> None:
        self._take(who, self._button(who, _AGREE))

    @rule(who=_people)
    def ask(self, who: int) -> None:
        self._take(who, "950101500019")

    @rule(who=_people, number=_numbers)
    def press_what_was_ever_shown(self, who: int, number: int) -> None:
        known = self.pressable[who]
        self._take(who, known[number % len(known)])

    @rule(who=_people, number=_numbers)
    def press_what_was_shown_to_the_other(self, who: int, number: int) -> None:
        theirs = self.pressable[1 - who]
        self._take(who, self._button(who, theirs[number % len(theirs)][1]))

    @rule(who=_people, data=st.sampled_from(_OLD))
    def press_what_is_old(self, who: int, data: str) -> None:
        self._take(who, self._button(who, data))

    @rule(who=_people)
    def be_forgotten(self, who: int) -> None:
        self._take(who, self._button(who, _FORGET))

    @rule(who=_people, text=_texts, number=_numbers, is_text_first=st.booleans())
    def write_and_press_at_once(
        self, who: int, text: str, number: int, is_text_first: bool
    ) -> None:
        known = self.pressable[who]
        pressed = known[number % len(known)]
        self._take(who, *((text, pressed) if is_text_first else (pressed, text)))

    @invariant()
    def nobody_reads_of_what_they_did_not_ask(self) -> None:
        for person, asked in zip(self.people, self.asked, strict=True):
            for message in self.side.do(person.messages()):
                if message["from"]["is_bot"]:
                    assert set(spoken_of(text_of(message))) <= asked

    def _button(self, who: int, data: str) -> tuple[Message, str]:
        """Give a message of the bot with data that may never have been under it."""
        return self.pressable[who][-1][0], data

    def _take(self, who: int, *inputs: str | tuple[Message, str]) -> None:
        self.side.do(self._let(who, inputs))

    async def _let(self, who: int, inputs: tuple[str | tuple[Message, str], ...]) -> None:
        person, other = self.people[who], self.people[1 - who]
        before, theirs = await person.messages(), await other.messages()
        could_know, queries = self.has_agreed[who], []
        for each in inputs:
            if isinstance(each, str):
                self.asked[who].add(each[-4:])
                await person.write(each)
            else:
                queries.append(await person.press_data(*each))
                changed = {_AGREE: True, _FORGET: False}.get(each[1])
                self.has_agreed[who] = self.has_agreed[who] if changed is None else changed
                could_know |= self.has_agreed[who]
        await self.talks[who].wait_ended()
        after = await person.messages()
        self.pressable[who] += buttons(after)

        assert await other.messages() == theirs
        assert could_know or told(after) <= told(before)
        texts = [each for each in inputs if isinstance(each, str)]
        assert len(from_bot(after) - from_bot(before)) >= len(texts)
        await self._assert_answered(queries)

    async def _assert_answered(self, queries: list[str]) -> None:
        async with self.side.api.get("/client/journal") as response:
            calls = await response.json()
        answered = {call["params"].get("callback_query_id") for call in calls if "result" in call}
        assert set(queries) <= answered


def text_of(message: Message) -> str:
    return str(message.get("text") or message.get("caption") or "")


def told(messages: list[Message]) -> set[str]:
    """Give what the chat says of numbers, by message."""
    return {
        f"{each['message_id']} {text_of(each)}" for each in messages if spoken_of(text_of(each))
    }


def from_bot(messages: list[Message]) -> set[int]:
    return {each["message_id"] for each in messages if each["from"]["is_bot"]}


@pytest.fixture
def side(own_home: Path) -> Iterator[Side]:
    with written_log() as log, Side(own_home) as side:
        yield side
        judge(side.do(gather(side.api, own_home, log.getvalue())))


def run(side: Side, examples: int, steps: int) -> None:
    People.side = side
    # A walk that fails is short already; each step of shrinking it would be a whole talk.
    phases = [Phase.explicit, Phase.reuse, Phase.generate]
    run_state_machine_as_test(
        People,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, phases=phases, deadline=None
        ),
    )


def test_f08_f36_any_order_of_inputs_keeps_consent_and_is_answered(side: Side) -> None:
    run(side, 5, 8)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_f08_f36_long_talks_in_any_order_keep_consent_and_are_answered(side: Side) -> None:
    run(side, 60, 25)
