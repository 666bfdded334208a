"""Whatever people do in whatever order: without consent there is no status (F08)."""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.services.subscribers import CONSENT_VERSION
from bot.telegram.callbacks import Forget, GiveConsent
from tests.telegram.client import Client, Message
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import has_status

_AGREE, _FORGET = GiveConsent(version=CONSENT_VERSION).pack(), Forget().pack()
_FORGED = (
    "a:AAAAAAAAAAAAAAAAAAAAAA",
    "c:1",
    "c:99",
    "c:-2",
    "l|kk|m",
    "p",
    "m",
    "s",
    "f",
    "garbage",
)
_steps = st.one_of(
    st.sampled_from(["iin", "start", "agree", "forget", "contact", "press"]),
    st.sampled_from(_FORGED),
)


def statuses(messages: list[Message]) -> set[str]:
    return {
        f"{message['message_id']} {message['text']}" for message in messages if has_status(message)
    }


def buttons(messages: list[Message]) -> list[tuple[Message, str]]:
    """List every button that was ever left in the chat."""
    return [
        (message, button["callback_data"])
        for message in messages
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
        if "callback_data" in button
    ]


async def take(person: Client, step: str, number: int) -> bool | None:
    """Do one thing; tell whether it gave consent (True), took it back (False), or neither."""
    shown = await person.messages()
    if step == "iin":
        await person.send("950101500019")
    elif step == "start":
        await person.send("/start")
    elif step == "contact":
        await person.send(contact=True)
    elif not (pressed := buttons(shown)):
        return None
    else:
        message, data = pressed[number % len(pressed)]
        data = {"agree": _AGREE, "forget": _FORGET, "press": data}.get(step, step)
        await person.press_for_answer(message, data)
        return {_AGREE: True, _FORGET: False}.get(data)
    return None


# A walk that fails is short already; each step of shrinking it would be a whole talk.
@settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(walk=st.lists(st.tuples(_steps, st.integers(0, 100)), min_size=3, max_size=9))
async def test_no_order_of_steps_shows_a_status_without_consent(
    newcomer: Newcomer, walk: list[tuple[str, int]]
) -> None:
    person = await newcomer("ru", consent=False, phone="+77000000001")
    await person.send("/start")
    has_agreed = False

    for step, number in walk:
        before = statuses(await person.messages())
        changed = await take(person, step, number)
        has_agreed = has_agreed if changed is None else changed
        if not has_agreed:
            assert statuses(await person.messages()) <= before, walk
