"""People in the tests: they write and press on the emulator, as on the chat page."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, Self

import aiohttp

Message = dict[str, Any]
_PATIENCE_S = 10.0
_DELETION_S = 2.0
_PAUSE_S = 0.02


async def until(happened: Callable[[], Awaitable[bool]], seconds: float = _PATIENCE_S) -> None:
    """Wait until it has happened, or fail after so many seconds."""
    async with asyncio.timeout(seconds):
        while True:
            if await happened():
                return
            await asyncio.sleep(_PAUSE_S)


class Events:
    """The emulator's event stream, sorted by chat."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._queues: dict[int, asyncio.Queue[dict[str, Any]]] = defaultdict(asyncio.Queue)
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        ready = asyncio.Event()
        self._reader = asyncio.create_task(self._read(ready))
        await ready.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)

    async def next(self, chat_id: int, *kinds: str) -> dict[str, Any]:
        """Wait for the chat's next event of these kinds; earlier ones of other kinds are passed."""
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                event = await self._queues[chat_id].get()
                if event["kind"] in kinds:
                    return event

    async def _read(self, ready: asyncio.Event) -> None:
        timeout = aiohttp.ClientTimeout(total=None)
        async with self._session.get("/client/events", timeout=timeout) as response:
            ready.set()
            async for line in response.content:
                if line.startswith(b"data: "):
                    event = json.loads(line[6:])
                    chat_id = event.get("chat_id") or event.get("from_id") or 0
                    self._queues[chat_id].put_nowait(event)


class Client:
    """One person with a private chat."""

    def __init__(
        self, session: aiohttp.ClientSession, events: Events, person: dict[str, Any]
    ) -> None:
        self._session = session
        self._events = events
        self.person = person
        self.id: int = person["id"]

    async def write(self, text: str | None = None, **extra: Any) -> Message:
        """Send without waiting for an answer."""
        body = {"from_id": self.id, **({"text": text} if text is not None else {}), **extra}
        path = f"/client/chats/{extra.pop('chat_id', self.id)}/messages"
        body.pop("chat_id", None)
        stored: Message = await self._post(path, body)
        return stored

    async def send(self, text: str | None = None, **extra: Any) -> Message:
        """Send and give the bot's next message."""
        await self.write(text, **extra)
        return await self.next_message()

    async def next_message(self) -> Message:
        while True:
            event = await self._events.next(self.id, "message")
            message: Message = event["message"]
            if message["from"]["is_bot"]:
                return message

    async def next_deleted(self) -> int:
        return int((await self._events.next(self.id, "deleted"))["message_id"])

    async def press(self, message: Message, label: str) -> Message:
        """Press a button that changes the message; give it as it is then."""
        await self.press_data(message, data_of(message, label))
        event = await self._events.next(self.id, "edited")
        edited: Message = event["message"]
        return edited

    async def press_for_alert(self, message: Message, data: str) -> str:
        """Press and give the text of the alert."""
        event = await self.press_for_answer(message, data)
        assert event["show_alert"], event
        return str(event["text"])

    async def press_for_answer(self, message: Message, data: str) -> dict[str, Any]:
        """Press and give the answer to this very press."""
        query_id = await self.press_data(message, data)
        while True:
            event: dict[str, Any] = await self.next_event("callback_answer")
            if event["callback_query_id"] == query_id:
                return event

    async def press_data(self, message: Message, data: str) -> str:
        pressed = await self._post(
            "/client/press",
            {
                "from_id": self.id,
                "chat_id": message["chat"]["id"],
                "message_id": message["message_id"],
                "data": data,
            },
        )
        return str(pressed["callback_query_id"])

    async def next_event(self, *kinds: str) -> dict[str, Any]:
        return await self._events.next(self.id, *kinds)

    async def wait_gone(self, message_id: int) -> None:
        """Wait until the chat no longer shows the message."""

        async def gone() -> bool:
            return all(shown["message_id"] != message_id for shown in await self.messages())

        await until(gone, _DELETION_S)

    async def put_update(self, **update: Any) -> None:
        """Put an update of this private chat into the bot's queue as it is."""
        known = {"id", "is_bot", "first_name", "language_code"}
        sender = {key: value for key, value in self.person.items() if key in known}
        message = {
            "message_id": 900_000,
            "date": 1_795_219_200,
            "chat": {"id": self.id, "type": "private", "first_name": "X"},
            "from": sender,
            **update,
        }
        await self._post("/client/updates", {"message": message})

    async def fail(self, method: str, fault: dict[str, Any], times: int = 1) -> None:
        """Spoil the bot's next calls of this method to this chat."""
        body = {"method": method, "chat_id": self.id, "times": times, "fault": fault}
        await self._post("/client/faults", body)

    async def block(self) -> None:
        """Block the bot; the next message to it unblocks."""
        await self._post("/client/block", {"user_id": self.id, "blocked": True})

    async def calls(self, method: str | None = None) -> list[dict[str, Any]]:
        """List the bot's calls to this chat."""
        async with self._session.get("/client/journal") as response:
            return [
                call
                for call in await response.json()
                if call["params"].get("chat_id") == self.id and method in {None, call["method"]}
            ]

    async def messages(self) -> list[Message]:
        async with self._session.get(f"/client/chats/{self.id}/messages") as response:
            shown: list[Message] = await response.json()
            return shown

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        async with self._session.post(path, json=body) as response:
            answer = await response.json()
            assert response.ok, answer
            return answer


def labels(message: Message) -> list[str]:
    """List the texts of a message's inline buttons."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def data_of(message: Message, label: str) -> str:
    for row in message["reply_markup"]["inline_keyboard"]:
        for button in row:
            if label in button["text"]:
                return str(button["callback_data"])
    raise AssertionError(f"no button {label!r} among {labels(message)}")
