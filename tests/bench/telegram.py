"""A Bot API server that does little, so that it is not what is measured.

The emulator checks every call as Telegram does, which costs more than sending does. This one takes
any call, waits as long as Telegram is away, answers, and keeps what it was asked: how many messages
each chat got and when. People may write to the bot through it; how long they wait is kept, too.
"""

import asyncio
import time
from collections import Counter
from itertools import count
from typing import Any

from aiohttp import web

_DATE = 1_795_219_200
_BOT = {"id": 7_000_000_000, "is_bot": True, "first_name": "Saqbol", "username": "bench_bot"}


def build_telegram(latency_s: float) -> web.Application:
    """Build a server whose every call but long polling takes so long."""
    telegram = _Telegram(latency_s)
    app = web.Application()
    app.router.add_post("/bot{token}/getUpdates", telegram.get_updates)
    app.router.add_post("/bot{token}/{method}", telegram.answer)
    app.router.add_post("/people/{person}", telegram.write)
    app.router.add_get("/journal", telegram.journal)
    app.router.add_delete("/journal", telegram.forget)
    return app


class _Telegram:
    def __init__(self, latency_s: float) -> None:
        self._latency_s = latency_s
        self._numbers = count(1)
        self._updates: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._asked_at: dict[int, float] = {}
        self._clear()

    def _clear(self) -> None:
        self._times: list[float] = []
        self._messages: Counter[int] = Counter()
        self._waits: list[float] = []

    async def answer(self, request: web.Request) -> web.Response:
        """Take a call; a message is noted when it comes in."""
        method = request.match_info["method"]
        result: Any = _BOT if method == "getMe" else True
        if method.startswith("send"):
            is_json = request.content_type == "application/json"
            asked = await (request.json() if is_json else request.post())
            result = self._note(int(str(asked["chat_id"])))
        await asyncio.sleep(self._latency_s)
        return web.json_response({"ok": True, "result": result})

    def _note(self, chat_id: int) -> dict[str, Any]:
        now = time.monotonic()
        if (asked_at := self._asked_at.pop(chat_id, None)) is not None:
            self._waits.append(now - asked_at)
        elif chat_id > 0:
            self._times.append(now)
            self._messages[chat_id] += 1
        chat = {"id": chat_id, "type": "private"}
        return {"message_id": next(self._numbers), "date": _DATE, "chat": chat, "text": "-"}

    async def write(self, request: web.Request) -> web.Response:
        """Let somebody write the text of the body; the wait for the answer begins."""
        person = int(request.match_info["person"])
        number = next(self._numbers)
        self._updates.append(
            {
                "update_id": number,
                "message": {
                    "message_id": number,
                    "date": int(time.time()),
                    "chat": {"id": person, "type": "private", "first_name": "A"},
                    "from": {"id": person, "is_bot": False, "first_name": "A"},
                    "text": await request.text(),
                },
            }
        )
        self._asked_at[person] = time.monotonic()
        self._news.set()
        return web.Response()

    async def get_updates(self, request: web.Request) -> web.Response:
        asked = await request.json()
        offset = asked.get("offset") or 0
        self._updates = [each for each in self._updates if each["update_id"] >= offset]
        if not self._updates:
            self._news.clear()
            try:
                async with asyncio.timeout(asked.get("timeout") or 0):
                    await self._news.wait()
            except TimeoutError:
                pass
        return web.json_response({"ok": True, "result": self._updates[:100]})

    async def journal(self, _request: web.Request) -> web.Response:
        """Tell what came since the last time it was forgotten."""
        span_s = self._times[-1] - self._times[0] if self._times else 0.0
        return web.json_response(
            {
                "messages": len(self._times),
                "people": len(self._messages),
                "twice": sum(number > 1 for number in self._messages.values()),
                "span_s": span_s,
                "waits_s": self._waits,
                "unanswered": len(self._asked_at),
            }
        )

    async def forget(self, _request: web.Request) -> web.Response:
        self._clear()
        return web.Response()
