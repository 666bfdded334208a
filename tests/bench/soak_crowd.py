"""The other side of the soak: a Bot API server and a stream of people, in one process.

Everybody is new, talks as fast as the bot answers, and goes. They come at a steady rate, for what
the bot remembers for minutes grows with it; where the machine is slow they wait outside. What the
server knows of them goes a little later, so that it neither grows nor slows down.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import cycle
from multiprocessing.connection import Connection
from typing import Any

from bot.emulator import Emulator, journal
from bot.emulator.asking import press_button
from bot.emulator.client_bodies import NewMessage, Press
from bot.emulator.incoming import write_message
from bot.emulator.world import World

_Message = dict[str, Any]
_PATIENCE_S = 30.0
_GONE_AFTER_S = 10.0
_FIRST_AT_ONCE = 200
_AT_ONCE = 10
_QUESTIONS = {
    "ru": "как оплатить самому",
    "kk": "жарнаны қалай төлеймін",
    "ky": "төгүмдү кантип төлөйм",
}
# How many of a hundred people do something more than ask and press two buttons.
_SOME = {"language": 20, "question": 20, "guide": 10, "forget": 5, "export": 2, "picture": 3}


def serve_people(connection: Connection, iins: Sequence[str], rate: float) -> None:
    """Serve, let *rate* new people come a second from the first word on, and count them."""
    # The soak reads no journal, and two hundred thousand calls would be a gigabyte.
    journal.MAX_KEPT = 1000
    asyncio.run(_serve(connection, iins, rate))


async def _serve(connection: Connection, iins: Sequence[str], rate: float) -> None:
    async with Emulator() as emulator:
        connection.send(emulator.url)
        await asyncio.to_thread(connection.recv)
        crowd = _Crowd(emulator._world, cycle(iins))
        coming = asyncio.create_task(crowd.come(rate))
        while await asyncio.to_thread(connection.recv) != "stop":
            connection.send(crowd.counts)
        coming.cancel()
        connection.send(crowd.counts)


class _Crowd:
    def __init__(self, world: World, iins: Iterator[str]) -> None:
        self._world = world
        self._iins = iins
        self._heard: dict[int, asyncio.Queue[_Message]] = defaultdict(asyncio.Queue)
        self._last: dict[int, str] = {}
        self.counts: Counter[str] = Counter(people=0, updates=0)

    async def come(self, rate: float) -> None:
        listening = asyncio.create_task(self._listen())
        # Many more than later: connections and buffers reach their highest mark at the start.
        talks = {asyncio.create_task(self._talk()) for _ in range(_FIRST_AT_ONCE)}
        loop = asyncio.get_running_loop()
        next_at = loop.time()
        try:
            while True:
                next_at = max(next_at + 1 / rate, loop.time())
                await asyncio.sleep(next_at - loop.time())
                while len(talks) >= _AT_ONCE:
                    _, talks = await asyncio.wait(talks, return_when=asyncio.FIRST_COMPLETED)
                talks.add(asyncio.create_task(self._talk()))
        finally:
            for task in (listening, *talks):
                task.cancel()

    async def _listen(self) -> None:
        events, seen = self._world.events, 0
        while not events.is_closed:
            for event in events.after(seen):
                seen = event["id"]
                is_shown = event["kind"] in {"message", "edited"}
                if is_shown and event["message"]["from"]["is_bot"]:
                    self._heard[event["chat_id"]].put_nowait(event["message"])
            await events.wait(seen, 1)

    async def _talk(self) -> None:
        language = random.choice(list(_QUESTIONS))
        user = {"first_name": "Тест", "language_code": language}
        person = self._world.add_person(user, phone=None, is_operator=False)
        try:
            await self._say_and_press(person.id, language)
            self.counts["people"] += 1
        except LookupError as error:
            self.counts[f"no button {error}"] += 1
        except TimeoutError:
            self.counts[f"unanswered: {self._last.pop(person.id)}"] += 1
        finally:
            asyncio.get_running_loop().call_later(_GONE_AFTER_S, self._let_go, person.id)

    async def _say_and_press(self, person: int, language: str) -> None:
        welcome = await self._send(person, "/start")
        await self._press(person, welcome, "c:")
        answer = await self._send(person, next(self._iins))
        # Each opens another view: a press that changes nothing is heard of by nobody.
        shown = await self._press(person, answer, "y:", "m")
        await self._press(person, shown, "w:", "a:", "m", "s")
        wish = random.uniform(0, 100)
        for what, share in _SOME.items():
            if 0 <= wish < share:
                await self._wish(what, person, answer, language)
            wish -= share

    async def _wish(self, what: str, person: int, answer: _Message, language: str) -> None:
        match what:
            case "language":
                await self._press(person, answer, "l|")
            case "question":
                await self._send(person, _QUESTIONS[language])
            case "guide":
                await self._press(
                    person, await self._press(person, answer, "G:", "m"), "g:", "t:", "G:"
                )
            case "forget":
                await self._press(person, await self._send(person, "/forget"), "F")
            case "export":
                await self._press(person, await self._send(person, "/export"), "J")
            case "picture":
                await self._press(person, answer, "C:", "m")

    async def _send(self, person: int, text: str) -> _Message:
        self._last[person] = "question" if text[0].isalpha() else text if text[0] == "/" else "IIN"
        write_message(self._world, person, NewMessage(from_id=person, text=text))
        return await self._hear(person)

    async def _press(self, person: int, message: _Message, *prefixes: str) -> _Message:
        """Press the first button of the first of these prefixes that is there."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        found = [button.get("callback_data", "") for row in rows for button in row]
        fitting = (each for prefix in prefixes for each in found if each.startswith(prefix))
        data = next(fitting, None)
        if data is None:
            raise LookupError(prefixes[0])
        self._last[person] = f"button {data.partition(':')[0].partition('|')[0]}"
        body = Press(from_id=person, chat_id=person, message_id=message["message_id"], data=data)
        press_button(self._world, body)
        return await self._hear(person)

    async def _hear(self, person: int) -> _Message:
        self.counts["updates"] += 1
        async with asyncio.timeout(_PATIENCE_S):
            return await self._heard[person].get()

    def _let_go(self, person: int) -> None:
        chat = self._world.chats.pop(person, None)
        self._world.people.pop(person, None)
        self._heard.pop(person, None)
        self._last.pop(person, None)
        for message in chat.messages.values() if chat else ():
            # A photo may be sent again by its id; a document is of this person alone.
            if "document" in message:
                self._world.files._files.pop(message["document"]["file_id"], None)
