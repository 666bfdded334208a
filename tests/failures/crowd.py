"""Many people who have agreed to the notice, and what the bot's calls did for each of them."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.config import Settings
from bot.domain.locales import Locale
from bot.services.subscribers import CONSENT_VERSION
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade
from bot.storage.subscribers import Subscriber, SubscriberId, SubscriberRepository
from tests.telegram.client import until

UNINSURED = "950101500019"
INSURED = "991231500707"
_STATUSES = ("⛔", "✅")


@dataclass(frozen=True)
class Crowd:
    api: aiohttp.ClientSession
    ids: Sequence[int]

    async def write(self, text: str = UNINSURED, people: Sequence[int] | None = None) -> None:
        """Let everybody write, in turn."""
        for person in self.ids if people is None else people:
            await self.post(f"/client/chats/{person}/messages", from_id=person, text=text)

    async def post(self, path: str, **body: Any) -> Any:
        async with self.api.post(path, json=body) as response:
            answer = await response.json()
            assert response.ok, answer
            return answer

    async def fail(self, method: str, times: int = 1, **fault: Any) -> None:
        """Spoil the next calls of this method; *chat_id* narrows them to one person."""
        chat = {"chat_id": fault.pop("chat_id")} if "chat_id" in fault else {}
        await self.post("/client/faults", method=method, times=times, fault=fault, **chat)

    async def heal(self) -> None:
        async with self.api.delete("/client/faults") as response:
            assert response.ok

    async def calls(self, method: str) -> list[dict[str, Any]]:
        async with self.api.get("/client/journal") as response:
            return [call for call in await response.json() if call["method"] == method]

    async def answers(self) -> Counter[int]:
        """Count the answers that arrived, by person."""
        return Counter(
            call["chat_id"]
            for call in await self.calls("sendMessage")
            if "result" in call and call["result"]["text"].startswith(_STATUSES)
        )

    async def wait_answered(self, seconds: float = 60.0, *, each: int = 1) -> Counter[int]:
        """Wait until everybody has so many answers; give the numbers."""

        async def answered() -> bool:
            answers = await self.answers()
            return all(answers[person] >= each for person in self.ids)

        await until(answered, seconds)
        return await self.answers()

    async def wait_nothing_waits(self, seconds: float = 30) -> None:
        """Wait until the bot has confirmed or taken every update."""

        async def empty() -> bool:
            token = "7000000000:somebody-who-looks-on"
            async with self.api.get(f"/bot{token}/getWebhookInfo") as response:
                return bool((await response.json())["result"]["pending_update_count"] == 0)

        await until(empty, seconds)


async def gather_crowd(api: aiohttp.ClientSession, home: Path, number: int) -> Crowd:
    """Bring people to the emulator, and their consent into the bot's database."""
    body = {"first_name": "Тест", "language_code": "ru"}

    async def bring() -> int:
        async with api.post("/client/people", json=body) as response:
            return int((await response.json())["id"])

    ids = [await bring() for _ in range(number)]
    engine = open_engine(Settings(home_dir=home, _env_file=None).database)
    await upgrade(engine)
    repository = SubscriberRepository(engine)
    await asyncio.gather(
        *(
            repository.add(Subscriber(SubscriberId(person), Locale.RU, CONSENT_VERSION))
            for person in ids
        )
    )
    await engine.dispose()
    return Crowd(api, ids)
