"""Commands, descriptions and the bot's identity."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
    MenuButtonWebApp,
    WebAppInfo,
)

from bot.emulator import Emulator
from tests.emulator.conftest import TOKEN, People

COMMANDS = [BotCommand(command="start", description="Begin")]


async def listed(bot: Bot, scope: BotCommandScopeUnion, language: str | None = None) -> list[str]:
    commands = await bot.get_my_commands(scope, language)
    return [f"{command.command}: {command.description}" for command in commands]


async def test_bot_is_named_after_its_token(bot: Bot) -> None:
    me = await bot.get_me()

    assert (me.id, me.username, me.can_read_all_group_messages) == (
        42,
        "saqbol_demo_bot",
        False,
    )


async def test_commands_are_kept_per_scope_and_language(
    bot: Bot, people: People, person: int
) -> None:
    await bot.set_my_commands(COMMANDS, BotCommandScopeAllPrivateChats(), "kk")
    await bot.set_my_commands(COMMANDS, BotCommandScopeChat(chat_id=person))

    assert await bot.get_my_commands() == []
    assert await listed(bot, BotCommandScopeAllPrivateChats(), "kk") == ["start: Begin"]
    assert await listed(bot, BotCommandScopeChat(chat_id=person)) == ["start: Begin"]
    first = (await people.events("commands"))[0]
    assert (first["scope"], first["language_code"]) == ({"type": "all_private_chats"}, "kk")
    assert len((await people.get("state"))["commands"]) == 2

    await bot.delete_my_commands(BotCommandScopeAllPrivateChats(), "kk")
    assert await listed(bot, BotCommandScopeAllPrivateChats(), "kk") == []


@pytest.mark.parametrize(
    ("command", "description", "reason"),
    [
        ("Start", "x", "BOT_COMMAND_INVALID"),
        ("x" * 33, "x", "BOT_COMMAND_INVALID"),
        ("start", "x" * 257, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_bad_command_is_refused(
    bot: Bot, command: str, description: str, reason: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=reason):
        await bot.set_my_commands([BotCommand(command=command, description=description)])


async def test_texts_fall_back_to_the_common_language(bot: Bot) -> None:
    await bot.set_my_name("Сақбол", language_code="kk")
    await bot.set_my_description("about")
    await bot.set_my_short_description("short")

    assert (await bot.get_my_name(language_code="kk")).name == "Сақбол"
    assert (await bot.get_my_name()).name == "Saqbol"
    assert (await bot.get_my_description(language_code="ru")).description == "about"
    assert (await bot.get_my_short_description()).short_description == "short"
    with pytest.raises(TelegramBadRequest, match="too long"):
        await bot.set_my_short_description("x" * 121)


async def test_menu_button_is_per_chat_or_common(bot: Bot, person: int) -> None:
    app = MenuButtonWebApp(text="Open", web_app=WebAppInfo(url="https://e.kz"))

    await bot.set_chat_menu_button(person, app)

    assert (await bot.get_chat_menu_button(person)).type == "web_app"
    assert (await bot.get_chat_menu_button()).type == "commands"


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        (f"bot{TOKEN}/GETME", 200, None),
        (f"bot{TOKEN}/getNothing", 404, "Not Found: method not found"),
        ("botx/getMe", 401, "Unauthorized: invalid token specified"),
        (
            f"bot{TOKEN}/getStarTransactions",
            400,
            "Bad Request: method getStarTransactions is known but not built in this server",
        ),
    ],
)
async def test_address_of_a_call_is_checked(
    people: People, path: str, status: int, description: str | None
) -> None:
    async with people.session.get(f"{people.url}/{path}") as response:
        answer = await response.json()

    assert response.status == status
    assert answer.get("description") == description
    assert answer["ok"] == (status == 200)


async def test_forms_addresses_and_json_say_the_same(
    emulator: Emulator, people: People, person: int
) -> None:
    address = f"{emulator.url}/bot{TOKEN}/sendMessage"
    markup = '{"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}'
    form = {"chat_id": str(person), "text": "12", "reply_markup": markup}
    answers = []
    for request in (
        people.session.post(address, data=form),
        people.session.get(address, params=form),
        people.session.post(address, json=form),
    ):
        async with request as response:
            answers.append(await response.json())

    assert all(answer["ok"] for answer in answers)
    assert {answer["result"]["text"] for answer in answers} == {"12"}
    chat_ids = [entry["chat_id"] for entry in (await people.get("journal"))[-3:]]
    assert chat_ids == [person] * 3


@pytest.mark.parametrize("body", ["{", "[]", '{"chat_id": "\ud83d"'])
async def test_broken_json_is_a_bad_request(people: People, body: str) -> None:
    async with people.session.post(
        f"{people.url}/bot{TOKEN}/sendMessage",
        data=body.encode(errors="replace"),
        headers={"Content-Type": "application/json"},
    ) as response:
        assert response.status == 400
        assert "can't parse the request body" in (await response.json())["description"]
