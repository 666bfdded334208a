"""What people do on their side, and what the bot sees of it."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import KeyboardButton, KeyboardButtonRequestUsers, ReplyKeyboardMarkup

from bot.emulator import Emulator
from tests.emulator.conftest import People


async def test_state_describes_the_server(people: People) -> None:
    person = await people.add(phone="+77010000000", is_operator=True)

    state = await people.get("state")

    assert state["bot"]["username"] == "saqbol_demo_bot"
    assert state["people"] == [
        {
            "id": person,
            "is_bot": False,
            "first_name": "Aigul",
            "language_code": "kk",
            "phone": "+77010000000",
            "is_operator": True,
            "has_blocked": False,
        }
    ]
    assert state["last_event"] == 1


async def test_samples_and_notice_are_handed_on(people: People) -> None:
    samples = [{"iin": "950101500019", "who": {"kk": "а", "ru": "б", "ky": "в"}}]
    async with Emulator(samples=samples, notice="1 October") as emulator:
        state = await People(emulator.url, people.session).get("state")

    assert state["samples"] == samples
    assert state["notice"] == "1 October"
    assert state["bot"] is None


async def test_start_is_a_text_with_a_command(bot: Bot, people: People) -> None:
    person = await people.add()

    await people.write(person, "/start abc")

    message = (await bot.get_updates())[-1].message
    assert message
    assert message.text == "/start abc"
    assert message.entities
    assert [(entity.type, entity.length) for entity in message.entities] == [("bot_command", 6)]
    assert message.from_user
    assert message.from_user.language_code == "kk"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("😀 /help@saqbol_demo_bot", [("bot_command", 3, 21)]),
        ("ask @saqbol_demo_bot", [("mention", 4, 16)]),
        ("see https://e.kz/a?b=1.", [("url", 4, 18)]),
        ("see fms.kz", [("url", 4, 6)]),
        ("me@mail.kz", [("email", 0, 10)]),
        ("+7 701 000 00 00", [("phone_number", 0, 16)]),
        ("#осмс", [("hashtag", 0, 5)]),
        ("950101500019", []),
        ("1/2 a/b 3.5", []),
    ],
)
async def test_entities_are_found_in_texts(
    people: People, person: int, text: str, found: list[tuple[str, int, int]]
) -> None:
    message = await people.write(person, text)

    assert [
        (entity["type"], entity["offset"], entity["length"])
        for entity in message.get("entities", [])
    ] == found


async def test_own_contact_is_shared(bot: Bot, people: People) -> None:
    person = await people.add(phone="+77010000000")

    await people.post(f"chats/{person}/messages", from_id=person, contact=True)

    message = (await bot.get_updates())[-1].message
    assert message
    assert message.contact
    assert (message.contact.user_id, message.contact.phone_number) == (person, "+77010000000")


async def test_contact_needs_a_phone(people: People, person: int) -> None:
    status, error = await people.refusal(f"chats/{person}/messages", from_id=person, contact=True)

    assert status == 400
    assert "has no phone" in error


async def test_forwarded_messages_name_their_origin(bot: Bot, people: People, person: int) -> None:
    other = await people.add("Bolat")
    for source in ({"id": other}, {"name": "Hidden"}):
        await people.post(f"chats/{person}/messages", from_id=person, text="x", forward_from=source)

    origins = [
        update.message.forward_origin for update in await bot.get_updates() if update.message
    ]

    assert [origin.type for origin in origins if origin] == ["user", "hidden_user"]


async def test_via_bot_and_reply_are_marked(bot: Bot, people: People, person: int) -> None:
    await people.post(
        f"chats/{person}/messages",
        from_id=person,
        text="x",
        via_bot=True,
        reply_to_message_id=1,
    )

    message = (await bot.get_updates())[-1].message
    assert message
    assert message.via_bot
    assert message.via_bot.id == 42
    assert message.reply_to_message
    assert message.reply_to_message.text == "/start"


async def test_refused_message_does_not_open_the_chat(people: People) -> None:
    person = await people.add()

    await people.refusal(f"chats/{person}/messages", from_id=person, text=" ")
    await people.refusal("press", from_id=person, chat_id=person, message_id=1, data="x")

    status, _ = await people.call("sendMessage", chat_id=person, text="a")
    assert status == 403


async def test_edited_message_reaches_the_bot(bot: Bot, people: People, person: int) -> None:
    await people.patch(f"chats/{person}/messages/1", from_id=person, text="other")

    (update,) = await bot.get_updates()
    assert update.edited_message
    assert update.edited_message.text == "other"
    assert [event["message"]["text"] for event in await people.events("edited")] == ["other"]


async def test_update_is_queued_as_it_is(bot: Bot, people: People, person: int) -> None:
    query = {
        "id": "77",
        "from": {"id": person, "is_bot": False, "first_name": "A"},
        "chat_instance": "1",
        "data": "forged",
    }
    answer = await people.post("updates", callback_query=query)

    (update,) = await bot.get_updates()

    assert update.update_id == answer["update_id"]
    assert update.callback_query
    assert await bot.answer_callback_query("77")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("people", {}, 400),
        ("people", {"first_name": "A", "language_code": "kk", "age": 5}, 400),
        ("chats/5/messages", {"from_id": 5, "text": "a"}, 404),
        ("chats/{person}/messages", {"from_id": "{person}"}, 400),
        ("chats/{person}/messages", {"from_id": "{person}", "text": " "}, 400),
        ("chats/{person}/messages", {"from_id": "{person}", "text": "a", "caption": "b"}, 400),
        ("chats/{person}/messages", {"from_id": "{person}", "photo": "!"}, 400),
        ("chats/{person}/messages", {"from_id": "{person}", "photo": "aGk="}, 400),
        ("chats", {"type": "group", "title": "G", "members": [5]}, 404),
        ("chats", {"type": "group", "title": "G", "members": [], "is_forum": True}, 400),
        ("block", {"user_id": 5, "blocked": True}, 404),
        ("updates", {"update_id": 1, "message": {}}, 400),
        ("faults", {"fault": {"kind": "fire"}}, 400),
    ],
)
async def test_wrong_bodies_are_refused_with_a_reason(
    people: People, person: int, path: str, body: dict[str, Any], status: int
) -> None:
    body = {key: person if value == "{person}" else value for key, value in body.items()}

    found, error = await people.refusal(path.format(person=person), **body)

    assert found == status
    assert error.endswith(".")


async def test_events_are_numbered_and_resumed(people: People, person: int) -> None:
    before = (await people.get("state"))["last_event"]
    await people.write(person, "one")
    await people.write(person, "two")

    events = await people.all_events(after=before)

    assert [event["id"] for event in events] == [before + 1, before + 2]
    assert [event["message"]["text"] for event in events] == ["one", "two"]
    assert {event["chat_id"] for event in events} == {person}


async def test_page_is_served_without_paths_out_of_it(people: People) -> None:
    async with people.session.get(f"{people.url}/") as response:
        assert response.status == 200
        assert response.content_type == "text/html"
    async with people.session.get(f"{people.url}/nothing.js") as response:
        assert response.status == 404


def test_server_refuses_addresses_of_other_machines() -> None:
    with pytest.raises(ValueError, match="not of this machine"):
        Emulator(host="0.0.0.0")  # noqa: S104 - the address that must be refused


CHOOSE = ReplyKeyboardMarkup(
    keyboard=[
        [
            KeyboardButton(
                text="Choose",
                request_users=KeyboardButtonRequestUsers(
                    request_id=7, max_quantity=2, request_name=True
                ),
            )
        ]
    ]
)


async def test_people_are_chosen_with_the_button_that_asks_for_them(
    bot: Bot, people: People, person: int
) -> None:
    other = await people.add("Bakyt", username="bakyt")
    await bot.send_message(person, "Whom?", reply_markup=CHOOSE)

    await people.post(
        f"chats/{person}/messages",
        from_id=person,
        users_shared={"request_id": 7, "user_ids": [other, person]},
    )

    message = (await bot.get_updates())[-1].message
    assert message
    assert message.users_shared
    assert message.users_shared.request_id == 7
    # The button asks for names, and not for user names.
    assert [
        (each.user_id, each.first_name, each.username) for each in message.users_shared.users
    ] == [(other, "Bakyt", None), (person, "Aigul", None)]


@pytest.mark.parametrize(
    ("shared", "reason"),
    [
        ({"request_id": 8, "user_ids": [1]}, "No button"),
        ({"request_id": 7, "user_ids": [1, 2, 3]}, "fewer people"),
        ({"request_id": 7, "user_ids": [1]}, "no person 1"),
        ({"request_id": 7, "user_ids": []}, "user_ids"),
    ],
)
async def test_choice_that_no_button_asked_for_is_refused(
    bot: Bot, people: People, person: int, shared: dict[str, Any], reason: str
) -> None:
    await bot.send_message(person, "Whom?", reply_markup=CHOOSE)

    status, error = await people.refusal(
        f"chats/{person}/messages", from_id=person, users_shared=shared
    )

    assert status in {400, 404}
    assert reason in error


async def test_people_are_asked_for_in_private_chats_only(bot: Bot, people: People) -> None:
    owner = await people.add()
    await people.write(owner)
    group = await people.post("chats", type="group", title="G", members=[owner])

    with pytest.raises(TelegramBadRequest, match="users can be requested in private chats only"):
        await bot.send_message(group["id"], "Whom?", reply_markup=CHOOSE)
