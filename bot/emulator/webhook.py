"""Delivery to a webhook: one update at a time per queue, repeated until it is taken.

Queues, delays and connections are those of Telegram's own server:
https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/WebhookActor.cpp
"""

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot.emulator.decoding import Body, decode_response
from bot.emulator.errors import ApiError
from bot.emulator.shapes import JSON
from bot.emulator.updates import QueuedUpdate, UpdateQueue

ANSWER_TIMEOUT_S = 60
MAX_RETRY_AFTER_S = 3600
# In units of the first delay, which is 2 s for Telegram: 60 s, drawn anew up to twice that.
_LONGEST_RETRY = 30
# And 10 s without a success, after which one connection a time is tried, every 2 s.
_TRUSTED = 5

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
        self._probing = asyncio.Lock()
        self._is_failing = self._is_cut = False
        self._succeeded_at = time.monotonic()
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
            async with self._turn():
                wait_s = await self._attempt(queued)
            if wait_s is None:
                self._updates.end(queued.id, "taken")
                return
            if self._clock() + (wait_s or delay_s) > queued.expires_at:
                self._updates.end(queued.id, "expired")
                return
            await asyncio.sleep(wait_s or delay_s)
            if not wait_s:
                delay_s = min(self._longest_delay(), 2 * delay_s or self._retry_s)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait for a connection; where nothing was taken for a while, there is only one."""
        if not self._is_trusted:
            async with self._probing:
                if not self._is_trusted:
                    yield
                    if self._is_cut:
                        await asyncio.sleep(self._retry_s)
                    return
        async with self._connections:
            yield

    def _longest_delay(self) -> float:
        return _LONGEST_RETRY * self._retry_s * random.uniform(1, 2)  # noqa: S311 - no secret

    @property
    def _is_trusted(self) -> bool:
        lately_s = _TRUSTED * self._retry_s
        return not self._is_failing or time.monotonic() - self._succeeded_at < lately_s

    async def _attempt(self, queued: QueuedUpdate) -> float | None:
        """Return None when the update was taken, else the Retry-After that was asked for."""
        headers = {"Content-Type": "application/json"}
        if self.target.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.target.secret_token
        try:
            async with self._session.post(
                self.target.url, data=json.dumps(queued.update), headers=headers
            ) as response:
                self._is_cut = False
                if not 200 <= response.status < 300:
                    self._note_failure(f"Wrong response from the webhook: {response.status}")
                    return _retry_after(response)
                answer = await self._read_answer(response)
        except (ClientError, TimeoutError, OSError) as error:
            self._is_cut = True
            self._note_failure(str(error) or "Read timeout expired")
            return 0.0
        self._is_failing, self._succeeded_at = False, time.monotonic()
        if answer and "method" in answer.fields:
            self._updates.end(queued.id, "taken")
            await self._execute(answer)
        return None

    async def _read_answer(self, response: ClientResponse) -> Body | None:
        """Read the answer; like Telegram, take the update even if its body makes no sense."""
        try:
            return await decode_response(response)
        except ApiError as error:
            self._note(error.description)
            return None

    def _note_failure(self, message: str) -> None:
        self._is_failing = True
        self._note(message)

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
    own = queued.kind if queued.kind == "my_chat_member" else "messages"
    return own, int(content.get("chat", {}).get("id", 0))


def _retry_after(response: ClientResponse) -> float:
    value = response.headers.get("Retry-After", "")
    return float(min(int(value), MAX_RETRY_AFTER_S)) if value.isdecimal() else 0.0
