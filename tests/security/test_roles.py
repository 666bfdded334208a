"""Every handler says for whom it is, and the page for operators has what the code says."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiogram import Dispatcher, Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import Message

from bot.app import assemble
from bot.config import SHARE
from bot.domain.roles import Role, Roles
from bot.telegram.commands import ALL
from bot.telegram.operator_callbacks import ALL as BUTTONS
from bot.telegram.rights import FLAG
from tests.telegram.conftest import bot_settings, own_emulator

_PAGE = SHARE / "docs" / "operators.md"
# They are for the machine: nobody sends them.
_INTERNAL = {"update", "error"}


@pytest.fixture(scope="module")
async def dispatcher(sample_home: Path) -> AsyncIterator[Dispatcher]:
    async with assemble(bot_settings(sample_home, "http://127.0.0.1:9")) as app:
        yield app.dispatcher


def handlers(router: Router) -> Iterator[tuple[str, HandlerObject]]:
    for kind, observer in router.observers.items():
        if kind not in _INTERNAL:
            yield from ((kind, handler) for handler in observer.handlers)
    for child in router.sub_routers:
        yield from handlers(child)


def name(kind: str, handler: HandlerObject) -> str:
    """Name a step as people know it: by its command, its button, or the kind of its update."""
    for each in handler.filters or ():
        if isinstance(each.callback, Command):
            return ", ".join(f"/{command}" for command in each.callback.commands)
        if isinstance(each.callback, CallbackQueryFilter):
            return f"button {each.callback.callback_data.__name__}"
    return kind.replace("_", " ")


def table(dispatcher: Dispatcher) -> str:
    lines = [
        f"| step | what it does | everybody | {' | '.join(Role)} |",
        "|" + "---|" * (3 + len(Role)),
    ]
    for kind, handler in handlers(dispatcher):
        roles: Roles = handler.flags[FLAG]
        what = (handler.callback.__doc__ or "").strip().partition("\n")[0].rstrip(".")
        marks = ["" if roles else "yes", *("yes" if role in roles else "" for role in Role)]
        lines.append(f"| {' | '.join([name(kind, handler), what, *marks])} |".replace("  ", " "))
    return "\n".join(lines)


def test_every_handler_declares_for_whom_it_is(dispatcher: Dispatcher) -> None:
    found = list(handlers(dispatcher))

    assert len(found) > 25
    assert [handler.callback for _, handler in found if FLAG not in handler.flags] == []


def test_table_of_the_page_is_that_of_the_code(dispatcher: Dispatcher) -> None:
    expected = table(dispatcher)

    page = _PAGE.read_text(encoding="utf-8")
    assert expected in page, f"put this into docs/operators.md:\n{expected}"


def test_each_command_of_the_menu_is_for_those_who_may_use_it(dispatcher: Dispatcher) -> None:
    declared = {
        command: handler.flags[FLAG]
        for kind, handler in handlers(dispatcher)
        for command in name(kind, handler).replace("/", "").split(", ")
    }

    assert {command.name: command.roles for command in ALL}.items() <= declared.items()


def test_every_button_of_operators_is_for_operators_and_no_other_is(
    dispatcher: Dispatcher,
) -> None:
    of_operators = {f"button {each.__name__}" for each in BUTTONS}
    declared = {name(kind, each): each.flags[FLAG] for kind, each in handlers(dispatcher)}

    assert {step for step, roles in declared.items() if roles and step.startswith("button")} == (
        of_operators
    )


async def test_handler_that_declares_nothing_is_for_nobody(
    sample_home: Path,
) -> None:
    async with own_emulator() as (emulator, newcomer):
        person = await newcomer("ru", consent=False)
        async with assemble(bot_settings(sample_home, emulator.url)) as app:
            reached: list[Message] = []
            router = Router()
            router.message.register(reached.append)
            app.dispatcher.sub_routers.insert(0, router)
            router._parent_router = app.dispatcher
            await person.write("/start")
            [update] = await app.bot.get_updates(timeout=1)
            await app.dispatcher.feed_update(app.bot, update)
        welcome = await person.next_message()

    assert reached == []
    assert welcome["text"]
