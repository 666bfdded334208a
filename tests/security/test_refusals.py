"""A refused look-up is written down by its limit, without the number and without the person."""

import json
from pathlib import Path

from tests.telegram.conftest import bot_process, own_emulator

NUMBERS = ("950101500019", "991231500707")


async def test_refused_look_up_is_logged_by_its_limit_alone(own_home: Path, tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    async with (
        own_emulator() as (emulator, newcomer),
        bot_process(own_home, emulator.url, log, LOOKUPS_PER_DAY="1"),
    ):
        person = await newcomer("ru")
        for number in NUMBERS:
            await person.send(number)

    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    [refused] = [event for event in events if event["event"] == "look_up_refused"]
    assert refused["limit"] == "day"
    assert refused.keys() == {"event", "limit", "level", "logger", "timestamp"}
    text = json.dumps(refused)
    assert not [number for number in NUMBERS if number in text]
    assert str(person.id) not in text
