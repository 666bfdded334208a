"""What an author writes becomes the broadcast, to the mark; what must not be spread is refused."""

from typing import Any

import aiohttp
import pytest

from bot.domain.locales import Locale
from tests.telegram.client import Message, data_of, labels
from tests.telegram.drafts.author import Author, begin, heard, photo
from tests.telegram.office import Office
from tests.telegram.texts import LANGUAGES, has_status

REFUSED = "Not taken"
PERSONAL = (
    "There was an IIN or a phone in it, and what belongs to one person must not go to many. I "
    "deleted your message: send it again without the number."
)
PERSONAL_STAYS = (
    "There is an IIN or a phone in it, and what belongs to one person must not go to many. Please "
    "delete your message and send it again without the number."
)


async def show(author: Author, locale: Locale = Locale.RU) -> Message:
    """Press "Show me" and give the message that comes."""
    await author.client.press_data(author.card, f"bd_show:{author.number}:{locale}")
    return await author.client.next_message()


async def edit(author: Author, message: Message, text: str) -> None:
    path = f"/client/chats/{author.client.id}/messages/{message['message_id']}"
    async with (
        aiohttp.ClientSession(author.office.emulator.url) as api,
        api.patch(path, json={"from_id": author.client.id, "text": text}) as response,
    ):
        assert response.ok
    # The person's own message is shown as edited first.
    await author.client.next_event("edited")


async def test_formatting_arrives_to_the_entity(office: Office) -> None:
    author = await begin(office)
    text = "Жирный 👍 курсив, ссылка и <угол> & знак\nцитата"
    entities: list[dict[str, Any]] = [
        {"type": "bold", "offset": 0, "length": 6},
        {"type": "italic", "offset": 10, "length": 6},
        {"type": "underline", "offset": 12, "length": 2},
        {"type": "text_link", "offset": 18, "length": 6, "url": "https://msqory.kz/a?b=1&c=2"},
        {"type": "blockquote", "offset": len(text) - 5, "length": 6},
    ]
    await author.press_label(Locale.RU.own_name)

    await author.client.put_update(text=text, entities=entities)
    await author.edited()
    shown = await show(author)
    await author.choose_only_me()
    await author.check()
    await author.send()
    arrived = await heard(author.client, "Жирный")

    assert shown["text"] == arrived["text"] == text
    assert [e for e in arrived["entities"] if e["type"] != "url"] == entities
    assert shown["entities"] == arrived["entities"]


async def test_photo_goes_out_with_its_caption_and_buttons(office: Office) -> None:
    author = await begin(office)
    sent = await author.write(Locale.RU, photo=photo(), caption="Фото с подписью")
    await author.press("Add a link")
    await author.client.write("Сайт | https://msqory.kz")
    await author.edited()
    await author.press("Add a guide")
    guide = labels(author.card)[0]
    await author.press_label(guide)
    shown = await show(author)
    await author.choose_only_me()
    await author.check()
    await author.send()
    arrived = await heard(author.client, "Фото с подписью")

    assert arrived["photo"][-1]["file_id"] == sent["photo"][-1]["file_id"]
    assert labels(arrived) == labels(shown) == ["Сайт", guide]
    link, opens = (row[0] for row in arrived["reply_markup"]["inline_keyboard"])
    assert link["url"] == "https://msqory.kz"
    assert opens["callback_data"].startswith("g:")
    await author.client.press_data(arrived, opens["callback_data"])
    assert (await author.client.next_message())["text"]


async def test_document_goes_out_as_it_is(office: Office) -> None:
    author = await begin(office)

    sent = await author.write(
        Locale.RU, document={"name": "a.pdf", "base64": "QUJD"}, caption="Вот"
    )
    shown = await show(author)

    assert shown["document"]["file_id"] == sent["document"]["file_id"]
    assert shown["caption"] == "Вот"


async def test_video_becomes_a_text_with_a_video(office: Office) -> None:
    author = await begin(office)
    await author.press_label(Locale.RU.own_name)
    video = {"file_id": "v", "file_unique_id": "u", "width": 1, "height": 1, "duration": 1}

    await author.client.put_update(video=video, caption="Видео")
    shown = await author.edited()

    assert author.say("a video") in shown["text"]
    assert "«Видео»" in shown["text"]


async def test_line_that_makes_no_button_is_explained(office: Office) -> None:
    author = await begin(office)
    await author.write(Locale.RU, "Текст")
    await author.press("Add a link")

    for line in ("Сайт", "Сайт | msqory.kz", "| https://msqory.kz", "а|javascript:x"):
        answer = await author.client.send(line)
        assert "https://msqory.kz" in answer["text"]
        assert answer["text"].startswith(author.say(REFUSED))


async def test_fourth_button_is_not_offered(office: Office) -> None:
    author = await begin(office)
    await author.write(Locale.RU, "Текст")

    for number in range(3):
        await author.press("Add a link")
        await author.client.write(f"Ссылка {number} | https://msqory.kz/{number}")
        await author.edited()

    assert author.say("Add a link") not in labels(author.card)
    await author.press("Remove the buttons")
    assert author.say("Add a link") in labels(author.card)


async def test_text_with_a_number_of_a_person_is_refused_and_taken_out_of_the_chat(
    office: Office,
) -> None:
    author = await begin(office)
    await author.press_label(Locale.RU.own_name)

    for text in ("Ваш ИИН 950101 500 019 принят", "Звоните 8 (701) 123-45-67"):
        answer = await author.client.send(text)
        assert answer["text"] == f"{author.say(REFUSED)}\n\n{author.say(PERSONAL)}"
        assert text not in str(await author.client.messages())

    assert author.row("wordings") == '{"by_locale":{},"fallback":null}'
    assert not any(has_status(message) for message in await author.client.messages())
    assert not office.fetch("SELECT * FROM answers WHERE subscriber_id = ?", author.client.id)


async def test_text_with_a_number_that_cannot_be_deleted_is_left_to_the_author(
    office: Office,
) -> None:
    author = await begin(office)
    await author.press_label(Locale.RU.own_name)
    await author.client.fail("deleteMessage", {"kind": "error", "status": 400})

    answer = await author.client.send("Ваш ИИН 950101500019 принят")

    assert author.say(PERSONAL_STAYS) in answer["text"]


@pytest.mark.parametrize("awaited", ["Русский", "When"])
async def test_iin_alone_is_looked_up_whatever_the_draft_waits_for(
    office: Office, awaited: str
) -> None:
    author = await begin(office)
    await author.press_label(author.say(awaited) if awaited == "When" else awaited)

    answer = await author.client.send("950101500019")

    assert has_status(answer)
    assert "950101500019" not in str(await author.client.messages())
    assert author.row("wordings") == '{"by_locale":{},"fallback":null}'


async def test_iin_hidden_by_formatting_or_in_a_button_is_refused(office: Office) -> None:
    author = await begin(office)
    await author.write(Locale.RU, "Текст")

    await author.client.put_update(
        text="Ваш ИИН принят: 950101500019",
        entities=[{"type": "bold", "offset": 16, "length": 6}],
    )
    by_marks = await author.client.next_message()
    await author.press("Add a link")
    in_link = await author.client.send("Чат | https://wa.me/77011234567")

    # The chat page does not know this message, so it cannot be deleted.
    assert author.say(PERSONAL_STAYS) in by_marks["text"]
    assert author.say(PERSONAL) in in_link["text"]


async def test_numbers_that_are_public_may_be_named(office: Office) -> None:
    author = await begin(office)

    await author.write(Locale.RU, "Звоните 1414, БИН 160440007161, 4 250 ₸, 25.11.2026 10:30")

    assert "1414" in (await show(author))["text"]


async def test_edited_message_changes_the_text_and_one_with_an_iin_does_not(
    office: Office,
) -> None:
    author = await begin(office)
    sent = await author.write(Locale.RU, "Ашибка")

    await edit(author, sent, "Исправлено")
    shown = await author.edited()
    await edit(author, sent, "ИИН 950101500019")
    refused = await author.client.next_message()

    assert "«Исправлено»" in shown["text"]
    assert author.say(PERSONAL) in refused["text"]
    assert "950101500019" not in str(await author.client.messages())
    assert "950101500019" not in author.row("wordings")


async def test_edits_after_the_confirmation_change_nothing(office: Office) -> None:
    author = await begin(office)
    sent = await author.write(Locale.RU, "Как было")
    await author.choose_only_me()
    await author.check()
    await author.send()
    await heard(author.client, "Как было")

    await edit(author, sent, "Как стало")
    await author.client.send("/broadcast")

    assert "Как было" in author.row("wordings")
    assert "Как стало" not in author.row("wordings")


async def test_album_is_refused_once(office: Office) -> None:
    author = await begin(office)
    await author.press_label(Locale.RU.own_name)
    size = {"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}

    for number in range(3):
        await author.client.put_update(
            photo=[size], media_group_id="album", message_id=900_001 + number
        )
    answer = await author.client.next_message()
    after = await author.client.send("/cancel")

    assert (
        author.say(
            "Several files at once cannot be sent as one. Send one photo, document or video."
        )
        in answer["text"]
    )
    assert after["text"] == author.say("I do not wait for a text any more. Your drafts: /broadcast")


async def test_forwarded_and_other_kinds_are_refused(office: Office) -> None:
    author = await begin(office)
    await author.press_label(Locale.RU.own_name)

    forwarded = await author.client.send("чужое", forward_from={"name": "Кто-то"})
    await author.client.put_update(dice={"emoji": "🎲", "value": 1})
    other = await author.client.next_message()

    assert (
        author.say("Forwarded messages are not taken. Write or paste the text yourself.")
        in (forwarded["text"])
    )
    assert (
        author.say("Send a text, a photo, a document or a video. To stop: /cancel")
        in (other["text"])
    )


async def test_operator_is_a_resident_unless_a_text_is_awaited(office: Office) -> None:
    author = await begin(office)

    before = await author.client.send("950101500019")
    await author.press_label(Locale.RU.own_name)
    privacy = await author.client.send("/privacy")
    await author.client.send("/cancel")
    question = await author.client.send("справка")
    after = await author.client.send("991231500707")

    assert has_status(before)
    assert "/privacy" not in author.row("wordings")
    assert privacy["text"]
    assert "справка" not in author.row("wordings")
    assert question["text"]
    assert has_status(after)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_texts_of_the_card_are_in_the_language_of_the_author(
    office: Office, language: str
) -> None:
    author = await begin(office, language=language)

    for page in ("For whom", "When", "How it is sent", "Check and send", "Throw away"):
        shown = await author.press(page)
        assert author.say("Back to the draft") in labels(shown)
        await author.back()

    assert author.say("Texts") in author.card["text"]


async def test_what_telegram_refuses_is_told_to_the_author(office: Office) -> None:
    author = await begin(office)
    await author.write(Locale.RU, "Текст")
    fault = {"kind": "error", "status": 400, "description": "Bad Request: BUTTON_URL_INVALID"}
    await author.client.fail("sendMessage", fault)

    answer = await show(author)

    assert answer["text"].startswith(author.say(REFUSED))
    assert "BUTTON_URL_INVALID" in answer["text"]


async def test_deleted_card_is_written_anew(office: Office) -> None:
    author = await begin(office)
    await author.press_label(Locale.RU.own_name)
    fault = {
        "kind": "error",
        "status": 400,
        "description": "Bad Request: message to edit not found",
    }
    await author.client.fail("editMessageText", fault)

    card = await author.client.send("Текст на новой карточке")
    author.card = card
    await author.back()

    assert "Текст на новой карточке" in card["text"]
    assert data_of(author.card, "Русский") == f"bd_text:{author.number}:ru"


async def test_resident_waits_for_no_draft(office: Office) -> None:
    author, resident = await begin(office), await office.newcomer("ru")
    await author.press_label(Locale.RU.own_name)

    answer = await resident.send("950101500019")

    assert has_status(answer)
    assert author.row("wordings") == '{"by_locale":{},"fallback":null}'
