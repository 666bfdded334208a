"""F11: another process holds the write lock of the people database."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.failures import texts
from tests.failures.disk import held_by_another_process, is_whole
from tests.telegram.client import Client, data_of, until
from tests.telegram.conftest import Newcomer, bot_with_operator
from tests.telegram.texts import say

_BUSY_S = 5


@dataclass
class World:
    database: Path
    operator: Client
    newcomer: Newcomer


@pytest.fixture
async def world(own_home: Path) -> AsyncIterator[World]:
    async with bot_with_operator(own_home, "ru") as (operator, newcomer):
        yield World(own_home / "saqbol.sqlite", operator, newcomer)


async def test_f11_lock_of_one_second_delays_a_consent_and_loses_nothing(world: World) -> None:
    person = await world.newcomer("ru", consent=False)
    welcome = await person.send("/start")

    async with held_by_another_process(world.database):
        await person.press_data(welcome, data_of(welcome, texts.AGREE))
        await _sleep_until(time.monotonic() + 1)
    menu = (await person.next_event("edited"))["message"]

    assert menu["text"].startswith(texts.MENU)
    assert (await person.send(texts.IIN_UNINSURED))["text"].startswith(texts.UNINSURED)


async def test_f11_lock_of_ten_seconds_puts_consents_off_while_answers_go_on(world: World) -> None:
    known = await world.newcomer("ru")
    people = [await world.newcomer("ru", consent=False) for _ in range(25)]
    welcomes = [await person.send("/start") for person in people]

    began = time.monotonic()
    async with held_by_another_process(world.database):
        for person, welcome in zip(people, welcomes, strict=True):
            await person.press_data(welcome, data_of(welcome, texts.AGREE))
        answers = [await known.send(iin) for iin in (texts.IIN_UNINSURED, texts.IIN_NOBODY)]
        answered_s = time.monotonic() - began
        alerts = [await person.next_event("callback_answer") for person in people]
        put_off_s = time.monotonic() - began
        await _sleep_until(began + 10)
    menus = [
        await person.press(welcome, texts.AGREE)
        for person, welcome in zip(people, welcomes, strict=True)
    ]

    assert answers[0]["text"].startswith(texts.UNINSURED)
    assert answers[1]["text"].startswith(texts.NO_RECORD)
    assert answered_s < _BUSY_S
    assert [alert["text"] for alert in alerts] == [texts.LATER] * len(people)
    assert put_off_s < 2 * _BUSY_S
    assert all(menu["text"].startswith(texts.MENU) for menu in menus)
    why = await known.press(answers[0], say("ru", "Why?"))
    assert why["text"].startswith(say("ru", "Why this answer"))
    await texts.wait_heard(world.operator, say("ru", "The people database works again"))
    refused = say("ru", "The people database cannot be written")
    assert await texts.heard(world.operator, refused) == 1
    assert is_whole(world.database)


async def _sleep_until(moment: float) -> None:
    async def is_over() -> bool:
        return time.monotonic() >= moment

    await until(is_over, 20)
