"""``python -m tests.bench.backlog [UPDATES]``: how fast a backlog is answered, in how much memory.

People wrote while the bot was down, five numbers each. The bot and the server are processes of
their own; memory is what the bot holds above what it held when it had started (Linux only).
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import aiohttp

from bot.config import SHARE
from tests.bench.processes import cpu_s
from tests.bench.server import emulator_process
from tests.failures.crowd import Crowd, gather_crowd
from tests.telegram.conftest import home_with
from tests.telegram.process import BotProcess

# Of the sample register: a number that comes again would be answered once.
_NUMBERS = ("950101500019", "991231500707", "991231501232", "961105601014", "991231500719")
_SAMPLE_S = 0.25


async def main(number: int) -> None:
    with emulator_process() as url, tempfile.TemporaryDirectory() as folder:
        home = home_with(SHARE / "data" / "sample" / "register.csv", Path(folder) / "home")
        async with aiohttp.ClientSession(url) as api:
            await _measure(url, home, await gather_crowd(api, home, number // len(_NUMBERS)))


async def _measure(url: str, home: Path, crowd: Crowd) -> None:
    async with BotProcess(home, url) as bot:
        await crowd.write(people=crowd.ids[:1])
        await asyncio.sleep(2)
        at_rest = _resident_mb(bot.pid)
        await bot.stop()
        for text in _NUMBERS:
            await crowd.write(text)
        waiting = await _pending(crowd)
        await bot.start()
        began, peak = time.monotonic(), 0.0
        while await _pending(crowd):
            peak = max(peak, _resident_mb(bot.pid))
            await asyncio.sleep(_SAMPLE_S)
        seconds = time.monotonic() - began
        spent_s = cpu_s(bot.pid)
        await bot.stop()
    replies = Counter(
        call["chat_id"] for call in await crowd.calls("sendMessage") if "result" in call
    )
    sys.stdout.write(
        f"{waiting} updates of {len(crowd.ids)} people: {seconds:.1f} s, {waiting / seconds:.0f}/s;"
        f" the bot's process took {spent_s:.1f} s of CPU with its start\n"
        f"memory: {at_rest:.0f} MB at rest, {peak:.0f} MB at most (+{peak - at_rest:.0f})\n"
        f"unanswered: {sum(replies[person] < len(_NUMBERS) for person in crowd.ids)} people\n"
    )


async def _pending(crowd: Crowd) -> int:
    async with crowd.api.get("/bot7000000000:somebody-who-looks-on/getWebhookInfo") as response:
        return int((await response.json())["result"]["pending_update_count"])


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no memory")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
