"""Operators hear of what is wrong, residents get what is still true."""

from datetime import date
from pathlib import Path

from bot.registry.importing import import_csv
from bot.registry.keys import registry_key
from tests.conftest import SAMPLE_REGISTER
from tests.telegram.conftest import bot_settings, own_emulator, running_bot
from tests.telegram.texts import say

# No editor has verified an amount for this year.
_NEXT_YEAR = date(2027, 2, 1)


async def test_unverified_year_shows_ways_without_sums_and_tells_each_operator_once(
    tmp_path: Path,
) -> None:
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(tmp_path, emulator.url, today=_NEXT_YEAR)
        key = registry_key(settings)
        import_csv(SAMPLE_REGISTER, as_of=_NEXT_YEAR, home=tmp_path, key=key)
        async with running_bot(settings):
            operator = await newcomer("kk")
        changed = bot_settings(tmp_path, emulator.url, today=_NEXT_YEAR, operators=(operator.id,))
        async with running_bot(changed):
            resident = await newcomer("ru")
            answers = [await resident.send(iin) for iin in ("950101500019", "970614601016")]
            told = await operator.next_message()
            menu = await operator.send("/start")

    assert all(answer["text"].startswith(say("ru", "⛔ Not insured")) for answer in answers)
    assert not any("₸" in answer["text"] for answer in answers)
    assert all("1414" in answer["text"] for answer in answers)
    assert told["text"].startswith(say("kk", "Sums are missing from the answers"))
    assert "minimum_wage" in told["text"]
    assert menu["text"].startswith(say("kk", "Send an IIN: 12 digits"))
