"""Pictures, documents, albums and files, over multipart bodies."""

import base64
import struct
from io import BytesIO

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
)

from tests.emulator.conftest import TOKEN, People


def png(width: int = 720, height: int = 420) -> bytes:
    """Return the head of a PNG, which is all the server looks at."""
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\0" * 9


def jpeg(width: int, height: int) -> bytes:
    start = b"\xff\xd8" + b"\xff\xe0\0\x04ab"
    return start + b"\xff\xc0\0\x11\x08" + struct.pack(">HH", height, width) + b"\0" * 9


async def test_photo_is_stored_and_can_be_fetched_both_ways(
    bot: Bot, people: People, person: int
) -> None:
    picture = png()

    sent = await bot.send_photo(person, BufferedInputFile(picture, "a.png"), caption="<b>x</b>")

    assert sent.photo
    photo = sent.photo[-1]
    assert (photo.width, photo.height, photo.file_size) == (720, 420, len(picture))
    file = await bot.get_file(photo.file_id)
    assert file.file_path
    downloaded = await bot.download_file(file.file_path, BytesIO())
    assert downloaded
    assert downloaded.read() == picture
    async with people.session.get(f"{people.url}/client/files/{photo.file_id}") as response:
        assert response.content_type == "image/png"
        assert await response.read() == picture


async def test_jpeg_is_measured(bot: Bot, person: int) -> None:
    sent = await bot.send_photo(person, BufferedInputFile(jpeg(64, 32), "a.jpg"))

    assert sent.photo
    assert (sent.photo[0].width, sent.photo[0].height) == (64, 32)


async def test_file_is_sent_again_by_its_id(bot: Bot, person: int) -> None:
    sent = await bot.send_photo(person, BufferedInputFile(png(), "a.png"))
    assert sent.photo
    file_id = sent.photo[0].file_id

    again = await bot.send_photo(person, file_id)

    assert again.photo
    assert again.photo[0].file_id == file_id
    with pytest.raises(TelegramBadRequest, match="can't use file of type Photo as Document"):
        await bot.send_document(person, file_id)
    with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
        await bot.send_photo(person, "nothing")
    with pytest.raises(TelegramBadRequest, match="failed to get HTTP URL content"):
        await bot.send_photo(person, "https://e.kz/a.png")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (b"\xff\xd8\xff", "IMAGE_PROCESS_FAILED"),
        (png(10_000, 1_000), "PHOTO_INVALID_DIMENSIONS"),
        (png(21, 1), "PHOTO_INVALID_DIMENSIONS"),
        (b"", "file must be non-empty"),
    ],
)
async def test_bad_picture_is_refused(bot: Bot, person: int, data: bytes, reason: str) -> None:
    with pytest.raises(TelegramBadRequest, match=reason):
        await bot.send_photo(person, BufferedInputFile(data, "a.png"))


async def test_document_keeps_its_name(bot: Bot, person: int) -> None:
    sent = await bot.send_document(person, BufferedInputFile("ә".encode(), "есеп.csv"))

    assert sent.document
    assert (sent.document.file_name, sent.document.file_size) == ("есеп.csv", 2)


async def test_video_is_sent(bot: Bot, person: int) -> None:
    sent = await bot.send_video(person, BufferedInputFile(b"x", "a.mp4"))

    assert sent.video


async def test_album_has_one_id(bot: Bot, person: int) -> None:
    album = [
        InputMediaPhoto(media=BufferedInputFile(png(), "a.png"), caption="first"),
        InputMediaPhoto(media=BufferedInputFile(png(), "b.png")),
    ]

    sent = await bot.send_media_group(person, list(album))

    assert [message.caption for message in sent] == ["first", None]
    assert len({message.media_group_id for message in sent}) == 1
    with pytest.raises(TelegramBadRequest, match="2-10 items"):
        await bot.send_media_group(person, [album[0]])
    document = InputMediaDocument(media=BufferedInputFile(b"x", "c.txt"))
    with pytest.raises(TelegramBadRequest, match="can't be mixed"):
        await bot.send_media_group(person, [album[0], document])


async def test_media_and_caption_are_edited(bot: Bot, person: int) -> None:
    sent = await bot.send_photo(person, BufferedInputFile(png(), "a.png"), caption="old")

    captioned = await bot.edit_message_caption(
        chat_id=person, message_id=sent.message_id, caption="new"
    )
    replaced = await bot.edit_message_media(
        InputMediaDocument(media=BufferedInputFile(b"x", "a.txt")),
        chat_id=person,
        message_id=sent.message_id,
    )

    assert isinstance(captioned, Message)
    assert captioned.caption == "new"
    assert isinstance(replaced, Message)
    assert replaced.document
    assert replaced.photo is None
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("x", chat_id=person, message_id=sent.message_id)


async def test_absent_upload_is_refused(people: People, person: int) -> None:
    _, answer = await people.call("sendPhoto", chat_id=person, photo="attach://nothing")

    assert answer["description"] == (
        "Bad Request: there is no file for attach://nothing in the request"
    )


async def test_people_send_pictures_and_documents(bot: Bot, people: People, person: int) -> None:
    await people.post(
        f"chats/{person}/messages",
        from_id=person,
        photo=base64.b64encode(png(30, 20)).decode(),
        caption="see",
    )
    await people.post(
        f"chats/{person}/messages",
        from_id=person,
        document={"name": "a.csv", "base64": base64.b64encode(b"1;2").decode()},
    )

    picture, document = [update.message for update in await bot.get_updates()]

    assert picture
    assert picture.photo
    assert picture.caption == "see"
    assert document
    assert document.document
    downloaded = await bot.download(document.document)
    assert downloaded
    assert downloaded.read() == b"1;2"


async def test_unknown_file_is_not_found(bot: Bot, people: People) -> None:
    with pytest.raises(TelegramBadRequest, match="invalid file_id"):
        await bot.get_file("nothing")
    for path in ("client/files/nothing", f"file/bot{TOKEN}/photos/nothing.png"):
        async with people.session.get(f"{people.url}/{path}") as response:
            assert response.status == 404
