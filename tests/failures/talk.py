"""A person who says and presses the same again until the right answer comes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from tests.failures import texts
from tests.telegram.client import Client, Message, data_of, labels
from tests.telegram.texts import OWN_NAMES, has_status, say

# A call that is never answered is given up after a minute.
_PATIENCE_S = 200.0
# Many talk at a time, and each looks again so often.
_PAUSE_S = 0.1
_MOST = 3
_WHY = say("ru", "Why this answer")
_UNINSURED_KK = say("kk", "⛔ Not insured")
_ERASE_KK = say("kk", "Yes, erase")
_ERASED_KK = say(
    "kk",
    "Erased. All that stays is a coded mark, so that no backup brings you back. Send /start to "
    "begin again.",
)
IsRight = Callable[[list[Message]], bool]


class Talk:
    """One resident from the first word to being forgotten, and the question after it.

    Attributes:
        repeats: how often something had to be said or pressed again.
    """

    def __init__(self, api: aiohttp.ClientSession, person: Client) -> None:
        self.person = person
        self.repeats = 0
        self._api = api
        self._seen = 0

    async def go_through(self) -> None:
        """Start, agree, ask, look why, open the calendar, change the language, be forgotten."""
        await self._say("/start", begins(texts.WELCOME))
        await self._press(texts.AGREE, begins(texts.MENU))
        await self._say(texts.IIN_UNINSURED, begins(texts.UNINSURED))
        await self._press(say("ru", "Why?"), begins(_WHY))
        await self._press(say("ru", "Back to the answer"), begins(texts.UNINSURED))
        await self._press(say("ru", "Calendar"), lambda shown: "photo" in shown[-1])
        await self._press(OWN_NAMES["kk"], begins(_UNINSURED_KK), of_text=True)
        await self._say("/forget", lambda shown: _ERASE_KK in labels(shown[-1]))
        # Somebody erased has no language of their own any more, if it has to be pressed again.
        await self._press(_ERASE_KK, begins(_ERASED_KK, texts.ERASED))
        await self._say(texts.IIN_UNINSURED, lambda shown: texts.AGREE in labels(shown[-1]))
        assert not has_status((await self.person.messages())[-1])

    async def _say(self, text: str, is_right: IsRight) -> None:
        async def write() -> None:
            await self.person.write(text)

        await self._insist(write, is_right)

    async def _press(self, label: str, is_right: IsRight, *, of_text: bool = False) -> None:
        async def press() -> None:
            shown = await self.person.messages()
            message = next(
                each
                for each in reversed(shown)
                if label in labels(each) and (not of_text or "text" in each)
            )
            await self.person.press_data(message, data_of(message, label))

        await self._insist(press, is_right)

    async def _insist(self, do: Callable[[], Awaitable[None]], is_right: IsRight) -> None:
        for _ in range(_MOST):
            await do()
            await self.wait_ended()
            if is_right([each for each in await self.person.messages() if each["from"]["is_bot"]]):
                return
            self.repeats += 1
        raise AssertionError("the right answer does not come")

    async def wait_ended(self) -> None:
        """Wait until nothing of this person waits for the bot."""
        async with asyncio.timeout(_PATIENCE_S):
            while not await self._has_ended():  # noqa: ASYNC110 - the server knows
                await asyncio.sleep(_PAUSE_S)

    async def _has_ended(self) -> bool:
        async with self._api.get("/client/updates", params={"after": self._seen}) as response:
            entries = await response.json()
        own = [entry for entry in entries if _sender(entry["update"]) == self.person.id]
        if not all(entry["end"] for entry in own):
            return False
        self._seen = max([self._seen, *(entry["update"]["update_id"] for entry in own)])
        return bool(own)


def begins(*starts: str) -> IsRight:
    """Tell whether a message that the chat shows begins so."""

    def is_shown(shown: list[Message]) -> bool:
        return any(each.get("text", "").startswith(starts) for each in shown)

    return is_shown


def _sender(update: dict[str, Any]) -> int:
    content = next(value for key, value in update.items() if key != "update_id")
    return int(content.get("from", {}).get("id", 0))
