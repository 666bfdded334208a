"""Delivery to a webhook: one update at a time per queue, repeated until it is taken."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.emulator.decoding import Body, decode_response
from bot.emulator.errors import ApiError
from bot.emulator.shapes import JSON
from bot.emulator.updates import QueuedUpdate, UpdateQueue

ANSWER_TIMEOUT_S = 60
MAX_RETRY_S = 60
MAX_RETRY_AFTER_S = 3600

Execute = Callable[[Body], Awaitable[object]]
QueueKey = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Target:
    """What setWebhook asked for."""

    url: str
    secret_token: str | None = None
    max_connections: int = 40
    ip_address: str | None = None


class Webhook:
    """Sends the updates of a queue to one address, and carries out the calls in its answers."""

    def __init__(
        self,
        target: Target,
        updates: UpdateQueue,
        execute: Execute,
        clock: Callable[[], float],
        retry_s: float,
    ) -> None:
        self.target = target
        self.last_error: JSON = {}
        self._updates = updates
        self._execute = execute
        self._clock = clock
        self._retry_s = retry_s
        self._session = ClientSession(timeout=ClientTimeout(total=ANSWER_TIMEOUT_S))
        self._connections = asyncio.Semaphore(target.max_connections)
        self._queues: dict[QueueKey, deque[QueuedUpdate]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin with what waits already."""
        self._updates.listen(self._add)

    async def stop(self) -> None:
        """Stop; what was not taken stays in the queue of updates."""
        self._updates.listen(None)
        # A webhook may answer with deleteWebhook: that delivery must not cancel itself.
        running = self._tasks - {asyncio.current_task()}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._session.close()

    def _add(self, queued: QueuedUpdate) -> None:
        key = queue_key(queued)
        if key in self._queues:
            self._queues[key].append(queued)
            return
        self._queues[key] = deque([queued])
        task = asyncio.create_task(self._drain(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, key: QueueKey) -> None:
        queue = self._queues[key]
        while queue and not self._session.closed:
            await self._deliver(queue[0])
            queue.popleft()
        del self._queues[key]

    async def _deliver(self, queued: QueuedUpdate) -> None:
        """Repeat at once, then after growing delays, until the update is taken or too old."""
        delay_s = 0.0
        while self._updates.is_pending(queued.id):
            async with self._connections:
                wait_s = await self._attempt(queued)
            if wait_s is None:
                self._updates.remove(queued.id)
                return
            await asyncio.sleep(wait_s or delay_s)
            delay_s = min(MAX_RETRY_S, 2 * delay_s or self._retry_s)

    async def _attempt(self, queued: QueuedUpdate) -> float | None:
        """Return None when the update was taken, else the Retry-After that was asked for."""
        headers = {"Content-Type": "application/json"}
        if self.target.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.target.secret_token
        try:
            async with self._session.post(
                self.target.url, data=json.dumps(queued.update), headers=headers
            ) as response:
                if not 200 <= response.status < 300:
                    self._note(f"Wrong response from the webhook: {response.status}")
                    return _retry_after(response)
                answer = await self._read_answer(response)
        except (ClientError, TimeoutError, OSError) as error:
            self._note(str(error) or "Read timeout expired")
            return 0.0
        if answer and "method" in answer.fields:
            self._updates.remove(queued.id)
            await self._execute(answer)
        return None

    async def _read_answer(self, response: ClientResponse) -> Body | None:
        """Read the answer; like Telegram, take the update even if its body makes no sense."""
        try:
            return await decode_response(response)
        except ApiError as error:
            self._note(error.description)
            return None

    def _note(self, message: str) -> None:
        self.last_error = {
            "last_error_date": int(self._clock()),
            "last_error_message": message,
        }


def queue_key(queued: QueuedUpdate) -> QueueKey:
    """Return the queue of an update: messages by chat, presses and inline queries by user."""
    content: JSON = queued.update.get(queued.kind) or {}
    if queued.kind in {"callback_query", "inline_query", "chosen_inline_result"}:
        return queued.kind, int(content.get("from", {}).get("id", 0))
    return "chat", int(content.get("chat", {}).get("id", 0))


def _retry_after(response: ClientResponse) -> float:
    value = response.headers.get("Retry-After", "")
    return float(min(int(value), MAX_RETRY_AFTER_S)) if value.isdecimal() else 0.0
