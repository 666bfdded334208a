"""Residents ask a person, and operators answer in the topics of their group."""

from base64 import b64encode
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.telegram.client import Message, data_of, labels, until
from tests.telegram.desk import Desk, Talk, open_conversation, open_desk
from tests.telegram.texts import LANGUAGES, has_status, say

IIN, PHONE = "950101500019", "+7 (701) 123-45-67"
PASSED = "Your message is with the operators. You can add more."
HIDDEN = "Your message is passed on, the number in it hidden. I deleted it from this chat."
NOT_PASSED = "This message did not reach the operators. Send it again a little later, or call 1414."
MAYBE = "I cannot tell whether this message reached the operators. If it matters, send it again."
MAYBE_DELIVERED = "Nobody can tell whether this was delivered. It was not sent a second time."
OUTSIDER = (
    "Only operators with the role “support” answer here. Messages of others do not reach the "
    "resident."
)
BANNED = "Your messages are not passed on to operators"
GONE = {"kind": "error", "status": 400, "description": "Bad Request: message thread not found"}


def picture() -> str:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return b64encode(file.getvalue()).decode()


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def signed(text: str, language: str = "ru") -> str:
    return f"{say(language, 'Operator:')}\n{text}"


async def edit(desk: Desk, chat_id: int, message: Message, by: int, text: str) -> None:
    path = f"/client/chats/{chat_id}/messages/{message['message_id']}"
    async with desk.api.patch(path, json={"from_id": by, "text": text}) as response:
        assert response.ok, await response.text()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_first_message_opens_a_topic_with_a_card_and_is_confirmed(
    desk: Desk, language: str
) -> None:
    resident = await desk.resident(language)
    answer = await resident.send(IIN)
    await resident.press_data(answer, data_of(answer, say(language, "Ask a person")))
    asked = await resident.next_message()
    shown = await resident.press(asked, say(language, "I understand, begin"))
    before = set(await desk.topics())
    await resident.write("Вопрос про оплату")
    passed = await resident.next_message()
    ((topic, about),) = [
        (key, each) for key, each in (await desk.topics()).items() if key not in before
    ]
    talk = Talk(desk, resident, topic, answer, passed)
    card, question = (await talk.shown())[1:]

    assert say(language, "Write your question here") in shown["text"]
    assert passed["text"].startswith(say(language, PASSED))
    number = about["name"].split()[1]
    own_name = {"kk": "Қазақша", "ru": "Русский", "ky": "Кыргызча"}[language]
    assert about["name"] == f"№ {number} · {own_name}"
    assert card["text"].startswith(say("ru", "Conversation № {number}", int(number)))
    assert say("ru", "Last answer: {status}", status=say("ru", "not insured")) in card["text"]
    assert say("ru", "Region: {region}", region="") in card["text"]
    assert "21 ноября 2026" in card["text"]
    assert IIN not in str(await talk.shown())
    assert resident.person["first_name"] not in card["text"] + about["name"]
    assert question["text"] == "Вопрос про оплату"


async def test_menu_and_not_understood_offer_a_person(desk: Desk) -> None:
    resident = await desk.resident("ky")

    menu = await resident.send("/menu")
    unknown = await resident.send("/nothing")
    nothing = await resident.send("қққ ыыы ъъъ ццц")

    for message in (menu, unknown, nothing):
        assert say("ky", "Ask a person") in labels(message)
    assert (
        say(
            "ky",
            "I understand an IIN (12 digits) and questions in words. For anything else ask a "
            "person with the button below, or call 1414.",
        )
        in unknown["text"]
    )


async def test_stranger_agrees_to_the_notice_before_asking_a_person(desk: Desk) -> None:
    stranger = await desk.resident("ru", consent=False)
    welcome = await stranger.send("/start")

    await stranger.press_data(welcome, "i")
    shown = await stranger.next_message()
    await stranger.press_for_answer(welcome, "b")
    found = await stranger.send("как оплатить за себя")

    assert say("ru", "I agree, start") in labels(shown)
    assert any(data.startswith("g:") for data in _callbacks(found))


async def test_question_gets_its_guides_while_it_waits(desk: Desk) -> None:
    talk = await desk.conversation(text="как оплатить за себя ОСМС самостоятельно")

    assert say("ru", "While you wait: this may answer it at once.") in talk.passed["text"]
    assert any(data.startswith(("g:", "e:")) for data in _callbacks(talk.passed))
    shown = await talk.resident.press(talk.passed, labels(talk.passed)[0])
    assert shown["message_id"] == talk.passed["message_id"]


def _callbacks(message: Message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


async def test_answers_reach_the_resident_with_their_form_and_replies_kept(desk: Desk) -> None:
    talk = await desk.conversation()
    question = (await talk.shown())[-1]

    await talk.say("Ответ", reply_to_message_id=question["message_id"])
    answer = await talk.resident.next_message()
    await talk.resident.write("Ещё вопрос", reply_to_message_id=answer["message_id"])
    back = await talk.wait_text("Ещё вопрос")

    assert answer["text"] == signed("Ответ")
    assert answer["reply_to_message"]["message_id"] == talk.first["message_id"]
    assert back["reply_to_message"]["text"] == "Ответ"


@pytest.mark.parametrize("kind", ["photo", "document", "voice"])
async def test_photos_files_and_voice_go_both_ways(desk: Desk, kind: str) -> None:
    talk = await desk.conversation()
    contents: dict[str, dict[str, Any]] = {
        "photo": {"photo": picture()},
        "document": {"document": {"name": "справка.pdf", "base64": b64encode(b"%PDF").decode()}},
        "voice": {"voice": b64encode(b"OggS").decode()},
    }
    content = contents[kind]

    await talk.resident.write(caption=f"мой ИИН {IIN}", **content)
    there = await talk.wait_text("мой ИИН")
    hidden = await talk.resident.next_message()
    await talk.say(caption="вот", **content)
    here = await talk.resident.next_message()

    assert kind in there
    assert there["caption"] == f"мой ИИН {'•' * 12}"
    assert hidden["text"] == say("ru", HIDDEN)
    assert kind in here
    assert here["caption"] == signed("вот")


async def test_file_whose_name_has_a_number_is_not_passed_on(desk: Desk) -> None:
    talk = await desk.conversation()
    before = len(await talk.shown())

    document = {"name": f"{IIN}.pdf", "base64": b64encode(b"%PDF").decode()}
    refused = await talk.resident.send(document=document)

    text = "The name of this file has a number in it. Rename the file, or send it as a photo."
    assert refused["text"] == say("ru", text)
    assert len(await talk.shown()) == before


async def test_what_cannot_be_passed_on_is_said(desk: Desk) -> None:
    talk = await desk.conversation()

    await talk.resident.put_update(sticker={
        "file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1,
        "is_animated": False, "is_video": False,
    })  # fmt: skip
    refused = await talk.resident.next_message()

    text = "Only texts, photos, files and voice messages are passed on."
    assert refused["text"] == say("ru", text)


@pytest.mark.parametrize(
    "number",
    [IIN, "950101 500019", "950101-500-019", "950101\u2011500019", "950101  500019", PHONE,
     "8 701 123 45 67", "+996 700 123 456", "95010150001"],
)  # fmt: skip
async def test_number_in_a_message_is_hidden_before_it_reaches_the_group(
    desk: Desk, number: str
) -> None:
    talk = await desk.conversation()

    await talk.resident.write(f"Помогите, мой номер {number} и сумма 85 000 тенге")
    there = await talk.wait_text("Помогите")

    assert not [c for c in there["text"].replace("85 000", "") if c.isdigit()]
    assert "85 000 тенге" in there["text"]
    assert len(there["text"]) == len(f"Помогите, мой номер {number} и сумма 85 000 тенге")


async def test_message_with_an_iin_is_taken_out_of_the_private_chat(desk: Desk) -> None:
    talk = await desk.conversation()

    sent = await talk.resident.write(f"Посмотрите, ИИН {IIN}, почему не застрахован?")
    told = await talk.resident.next_message()
    await talk.resident.wait_gone(sent["message_id"])

    assert told["text"] == say("ru", HIDDEN)
    assert IIN not in str(await talk.resident.messages())


async def test_iin_alone_gets_its_answer_in_a_conversation_and_is_not_mirrored(
    desk: Desk,
) -> None:
    talk = await desk.conversation()
    before = len(await talk.shown())

    answer = await talk.resident.send("950101 500019")

    assert has_status(answer)
    await desk.settled()
    assert len(await talk.shown()) == before


async def test_commands_work_in_a_conversation_and_are_not_mirrored(desk: Desk) -> None:
    talk = await desk.conversation()
    before = len(await talk.shown())

    menu = await talk.resident.send("/menu")

    assert say("ru", "Guides") in labels(menu)
    assert len(await talk.shown()) == before


async def test_changes_go_both_ways(desk: Desk) -> None:
    talk = await desk.conversation(text="Сколько платить?")
    answer = await talk.say("500")
    await talk.resident.next_message()
    photo = await talk.resident.write(photo=picture(), caption="чек")
    await talk.wait_text("чек")

    await edit(desk, talk.resident.id, talk.first, talk.resident.id, f"Сколько за {IIN}?")
    changed = await talk.wait_text("Сколько за")
    await edit(desk, desk.group, answer, desk.operator.id, "5000")
    await talk.resident.next_event("edited")  # the resident's own
    corrected = (await talk.resident.next_event("edited"))["message"]
    await edit(desk, talk.resident.id, photo, talk.resident.id, "квитанция")
    receipt = await talk.wait_text("квитанция")

    assert changed["text"] == f"Сколько за {'•' * 12}?"
    assert "edit_date" in changed
    assert corrected["text"] == signed("5000")
    assert "photo" in receipt


async def test_change_that_cannot_be_passed_on_is_told_on_both_sides(desk: Desk) -> None:
    talk = await desk.conversation()
    answer = await talk.say("Ответ")
    await talk.resident.next_message()
    refusal = {
        "kind": "error",
        "status": 400,
        "description": "Bad Request: message can't be edited",
    }

    await desk.fail("editMessageText", desk.group, refusal)
    await edit(desk, talk.resident.id, talk.first, talk.resident.id, "Другой вопрос")
    told = await talk.resident.next_message()
    await talk.resident.fail("editMessageText", refusal)
    await edit(desk, desk.group, answer, desk.operator.id, "Другой ответ")
    await talk.wait_text(say("ru", "The change did not reach the resident."))

    assert told["text"] == say("ru", "The change was not passed on. Write it as a new message.")


async def test_answer_that_becomes_a_note_stays_as_it_was(desk: Desk) -> None:
    talk = await desk.conversation()
    answer = await talk.say("Ответ")
    delivered = await talk.resident.next_message()

    await edit(desk, desk.group, answer, desk.operator.id, "// мошенник?")
    await talk.wait_text(say("ru", "The change did not reach the resident."))
    shown = await talk.resident.messages()

    assert [m["text"] for m in shown if m["message_id"] == delivered["message_id"]] == [
        delivered["text"]
    ]


async def test_notes_and_unknown_commands_stay_in_the_group(desk: Desk) -> None:
    talk = await desk.conversation()

    await talk.say("// проверю в реестре")
    await talk.say("/foo")
    await talk.wait_text(
        say(
            "ru",
            "Not delivered: there is no such command. /canned, /close, /ban and /unban are known.",
        )
    )
    await talk.say("Ответ")

    assert (await talk.resident.next_message())["text"] == signed("Ответ")


async def test_others_in_the_group_do_not_reach_the_resident_and_are_told_once(
    desk: Desk,
) -> None:
    talk = await desk.conversation()

    await talk.say("Я не оператор", by=desk.outsider)
    await talk.say("/close", by=desk.outsider)
    await talk.wait_text(say("ru", OUTSIDER))
    await talk.say("Настоящий ответ")
    heard = await talk.resident.next_message()
    await desk.settled()

    assert heard["text"] == signed("Настоящий ответ")
    assert (await talk.texts()).count(say("ru", OUTSIDER)) == 1
    assert not await talk.is_closed()


async def test_forwarded_message_of_an_operator_is_not_delivered(desk: Desk) -> None:
    talk = await desk.conversation()

    await talk.say("чужое", forward_from={"name": "Кто-то"})

    await talk.wait_text(
        say(
            "ru",
            "Not delivered: only own texts, photos, files and voice messages go to the resident.",
        )
    )


async def test_undelivered_answer_is_told_in_the_topic(desk: Desk) -> None:
    talk = await desk.conversation()
    await talk.resident.block()

    written = await talk.say("Ответ")

    told = await talk.wait_text(say("ru", "Not delivered: the resident has blocked the bot."))
    assert told["reply_to_message"]["message_id"] == written["message_id"]


async def test_answer_of_which_nobody_knows_is_told_and_not_sent_again(desk: Desk) -> None:
    talk = await desk.conversation()
    await talk.resident.fail("sendMessage", {"kind": "reset_after"})

    await talk.say("Ответ")
    await talk.wait_text(say("ru", MAYBE_DELIVERED))
    await desk.settled()

    heard = [m["text"] for m in await talk.resident.messages()]
    assert heard.count(signed("Ответ")) == 1


async def test_question_that_did_not_arrive_is_told(desk: Desk) -> None:
    talk = await desk.conversation()
    refusal = {"kind": "error", "status": 403, "description": "Forbidden: bot was kicked"}
    await desk.fail("sendMessage", desk.group, refusal)

    refused = await talk.resident.send("Второй вопрос")
    await desk.fail("sendMessage", desk.group, {"kind": "reset_after"})
    unsure = await talk.resident.send("Третий вопрос")

    assert refused["text"] == say("ru", NOT_PASSED)
    assert unsure["text"] == say("ru", MAYBE)


async def test_topic_that_was_deleted_is_made_anew(desk: Desk) -> None:
    talk = await desk.conversation()
    await desk.fail("sendMessage", desk.group, GONE)

    await talk.resident.write("После удаления")

    async def is_there() -> bool:
        return any(m.get("text") == "После удаления" for m in await desk.messages())

    await until(is_there)
    assert await desk.topic_of("После удаления") != talk.topic


async def test_operator_closes_resident_votes_and_a_new_message_reopens(desk: Desk) -> None:
    talk = await desk.conversation("kk")

    await talk.say("/close")
    asked = await talk.resident.next_message()
    await until(talk.is_closed)
    first = await talk.resident.press(asked, say("kk", "😐 It helped in part"))
    second = await talk.resident.press(first, say("kk", "🙂 It helped"))
    thanks = await talk.resident.send("рахмет")
    closed_still = await talk.is_closed()
    again = await talk.resident.send("Тағы бір сұрақ")
    await talk.wait_text("Тағы бір сұрақ")

    assert say("kk", "Did it help?") in asked["text"]
    for shown, words in ((first, "it helped in part"), (second, "it helped")):
        expected = say("kk", "Thank you. Your answer: {answer}", answer=say("kk", words))
        assert shown["text"].startswith(expected)
    assert say("kk", "Guides") in labels(thanks)
    assert closed_still
    assert say("kk", "Your message is with the operators. You can add more.") in again["text"]
    assert not await talk.is_closed()


async def test_resident_ends_the_conversation_and_has_the_bot_again(desk: Desk) -> None:
    talk = await desk.conversation()

    ended = await talk.resident.press(talk.passed, say("ru", "End the conversation"))
    await talk.wait_text(say("ru", "The resident has ended the conversation."))
    await until(talk.is_closed)
    found = await talk.resident.send("как оплатить за себя ОСМС")
    stale = await talk.resident.press_for_alert(ended, f"E:{2**20}")

    assert say("ru", "Did it help?") in ended["text"]
    assert any(data.startswith("g:") for data in _callbacks(found))
    assert stale == say("ru", "This button is out of date. Send the IIN again.")
    assert await talk.is_closed()


async def test_topic_is_one_for_all_conversations_of_a_resident(desk: Desk) -> None:
    talk = await desk.conversation()
    await talk.resident.press(talk.passed, say("ru", "End the conversation"))
    await until(talk.is_closed)

    await open_conversation(talk.resident)
    await talk.resident.write("Новый разговор")
    await talk.wait_text("Новый разговор")

    cards = [m for m in await talk.shown() if "reply_markup" in m]
    assert len(cards) == 2
    assert not await talk.is_closed()


async def test_answer_into_a_closed_conversation_opens_it_again(desk: Desk) -> None:
    talk = await desk.conversation()
    await talk.press(await talk.card(), say("ru", "End the conversation"))
    await talk.resident.next_message()
    await until(talk.is_closed)
    message = {
        "message_id": 880_001, "date": 1_795_219_200, "text": "Забыл сказать",
        "chat": {"id": desk.group, "type": "supergroup", "title": "О", "is_forum": True},
        "from": _user(desk), "message_thread_id": talk.topic, "is_topic_message": True,
    }  # fmt: skip

    await desk.api.post("/client/updates", json={"message": message})
    answer = await talk.resident.next_message()

    assert answer["text"] == signed("Забыл сказать")

    async def is_open() -> bool:
        return not await talk.is_closed()

    await until(is_open)


def _user(desk: Desk) -> dict[str, Any]:
    known = {"id", "is_bot", "first_name", "language_code"}
    return {key: value for key, value in desk.operator.person.items() if key in known}


async def test_topic_closed_by_hand_ends_the_conversation(desk: Desk) -> None:
    talk = await desk.conversation()
    message = {
        "message_id": 880_002, "date": 1_795_219_200, "forum_topic_closed": {},
        "chat": {"id": desk.group, "type": "supergroup", "title": "О", "is_forum": True},
        "from": _user(desk), "message_thread_id": talk.topic, "is_topic_message": True,
    }  # fmt: skip

    await desk.api.post("/client/updates", json={"message": message})
    asked = await talk.resident.next_message()

    assert say("ru", "Did it help?") in asked["text"]


async def test_banned_resident_knows_and_still_gets_look_ups(desk: Desk) -> None:
    talk = await desk.conversation()

    await talk.say("/ban")
    told = await talk.resident.next_message()
    answer = await talk.resident.send(IIN)
    await talk.resident.press_data(answer, data_of(answer, say("ru", "Ask a person")))
    refused = await talk.resident.next_message()
    await talk.resident.send("Ещё вопрос, хоть и нельзя")
    shown = await talk.texts()
    await talk.say_unban()
    free = await talk.resident.next_message()

    assert told["text"].startswith(say("ru", BANNED))
    assert has_status(answer)
    assert refused["text"].startswith(say("ru", BANNED))
    assert "Ещё вопрос, хоть и нельзя" not in shown
    assert free["text"].startswith(say("ru", "You can write to operators again"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_ready_reply_is_previewed_and_sent_once_in_the_language_of_the_resident(
    desk: Desk, language: str
) -> None:
    talk = await desk.conversation(language)
    await talk.say("/canned")
    listed = await talk.wait_text(say("ru", "Ready replies"))
    await talk.press(listed, "Оплата за себя")
    preview = await talk.wait_text("На языке жителя")
    for _ in range(2):
        await talk.press(preview, say("ru", "Send"))

    answer = await talk.resident.next_message()
    await talk.wait_text(say("ru", "Sent"))
    await desk.settled()

    words = {"kk": "Дербес төлеуші", "ru": "Самостоятельный плательщик", "ky": "Өз алдынча төлөөчү"}
    assert answer["text"].startswith(signed(words[language], language))
    assert "{" not in answer["text"]
    heard = [m["text"] for m in await talk.resident.messages()]
    assert heard.count(answer["text"]) == 1


async def test_ready_replies_open_from_the_card_too_and_back(desk: Desk) -> None:
    talk = await desk.conversation()

    await talk.press(await talk.card(), say("ru", "Ready replies"))
    listed = await talk.wait_text(say("ru", "Choose one; you will see it before it is sent."))
    await talk.press(listed, "Приветствие")
    preview = await talk.wait_text("Номер разговора")
    await talk.press(preview, say("ru", "Back to the replies"))

    await talk.wait_text(say("ru", "Choose one; you will see it before it is sent."))


async def test_buttons_in_the_group_are_for_operators_alone(desk: Desk) -> None:
    talk = await desk.conversation()
    card = await talk.card()
    resident_answer = await talk.resident.send(IIN)

    stranger = await desk.outsider.press_for_alert(card, "in_close")
    private = await desk.operator.press_for_alert(card, _callbacks(resident_answer)[0])

    stale = say("ru", "This button is out of date. Send the IIN again.")
    assert stranger == private == stale
    assert not await talk.is_closed()


async def test_bot_stays_in_the_group_and_answers_no_number_there(desk: Desk) -> None:
    talk = await desk.conversation()
    before = len(await desk.messages())

    await desk.operator.write(IIN, chat_id=desk.group)
    await desk.operator.write("/start", chat_id=desk.group)
    await talk.say("Ответ")
    await talk.resident.next_message()

    assert len(await desk.messages()) == before + 3
    assert await desk.calls("leaveChat") == []


async def test_update_that_comes_twice_has_one_effect(desk: Desk) -> None:
    talk = await desk.conversation()
    copy = {key: value for key, value in talk.first.items() if key != "chat"}

    await talk.resident.put_update(**copy)
    await desk.settled()

    assert (await talk.texts()).count(talk.first["text"]) == 1


async def test_answers_of_a_topic_keep_their_order(desk: Desk) -> None:
    talk = await desk.conversation()
    texts = [f"часть {number}" for number in range(20)]

    for text in texts:
        await talk.say(text)
    heard = [(await talk.resident.next_message())["text"] for _ in texts]

    assert heard == [signed(text) for text in texts]


async def test_forget_deletes_the_conversation_from_the_group_too(desk: Desk) -> None:
    talk = await desk.conversation()

    asked = await talk.resident.send("/forget")
    shown = await talk.resident.press(asked, say("ru", "Yes, erase"))

    text = "Your conversation with operators is deleted from their group, too."
    assert say("ru", text) in shown["text"]
    assert talk.topic not in await desk.topics()
    assert await talk.shown() == []


async def test_forget_says_when_the_topic_could_not_be_deleted(desk: Desk) -> None:
    talk = await desk.conversation()
    refusal = {"kind": "error", "status": 400, "description": "Bad Request: not enough rights"}
    await desk.fail("deleteForumTopic", desk.group, refusal)

    asked = await talk.resident.send("/forget")
    shown = await talk.resident.press(asked, say("ru", "Yes, erase"))

    text = (
        "Your conversation could not be deleted from the operators' group right now. Call 1414 "
        "if that matters to you."
    )
    assert say("ru", text) in shown["text"]


async def test_figures_count_what_is_open_and_how_it_was(desk: Desk) -> None:
    talk = await desk.conversation()
    await talk.say("Ответ")
    await talk.resident.next_message()

    shown = await desk.operator.send("/inbox")
    again = await desk.operator.press_for_answer(shown, "in_fig")
    stranger = await talk.resident.send("/inbox")

    assert say("ru", "Conversations with residents") in shown["text"]
    assert say("ru", "Open: {number}", 1)[:-1] in shown["text"]
    assert say("ru", "it helped in part") in shown["text"]
    assert again["text"] in {None, ""}
    assert not stranger["text"].startswith(say("ru", "Conversations with residents"))
