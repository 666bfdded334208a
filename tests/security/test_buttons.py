"""Buttons with random data, over the wire (F26)."""

from random import Random

from tests.telegram.conftest import Newcomer
from tests.telegram.texts import has_status


def random_data(random: Random) -> str:
    """Give 1 to 64 bytes of what JSON can carry, often behind the prefix of a real button."""
    prefix = random.choice(["", "a:", "l|ru|", "l|kk|x:", "x:", "q:", "k:", "D:", "P:", "c:", "o:"])
    tail = random.randbytes(random.randint(1, 64)).decode("utf-8", "replace")
    return (prefix + tail).encode()[:64].decode("utf-8", "ignore")


async def test_f26_random_callback_data_over_http_gets_an_alert_or_a_view(
    newcomer: Newcomer,
) -> None:
    person = await newcomer("ru")
    menu = await person.send("/start")
    random = Random(20261122)

    for _ in range(60):
        data = random_data(random)
        event = await person.press_for_answer(menu, data)
        assert event["show_alert"] or data[:1] in {"l", "q", "k"}, ascii(data)

    answers = await person.calls("answerCallbackQuery")
    assert not [call for call in await person.calls() if call.get("error")], answers
    assert not any(has_status(message) for message in await person.messages())
    assert (await person.send("950101500019"))["text"]
