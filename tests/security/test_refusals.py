"""A refused look-up is written down by its limit, without the number and without the person."""

import json
from pathlib import Path

from tests.telegram.conftest import own_emulator
from tests.telegram.process import BotProcess

NUMBERS = ("950101500019", "991231500707")


async def test_refused_look_up_is_logged_by_its_limit_alone(own_home: Path, tmp_path: Path) -> None:
    async with (
        own_emulator() as (emulator, newcomer),
        BotProcess(own_home, emulator.url, LOOKUPS_PER_DAY="1") as bot,
    ):
        person = await newcomer("ru")
        for number in NUMBERS:
            await person.send(number)

    events = [json.loads(line) for line in bot.log.splitlines()]
    [refused] = [event for event in events if event["event"] == "look_up_refused"]
    assert refused["limit"] == "day"
    assert refused.keys() == {"event", "limit", "level", "logger", "timestamp"}
    text = json.dumps(refused)
    assert not [number for number in NUMBERS if number in text]
    assert str(person.id) not in text
