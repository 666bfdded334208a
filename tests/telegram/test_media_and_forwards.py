"""Numbers in pictures, files, forwards and messages of other bots are not looked up."""

import base64
import struct
import zlib
from typing import Any

import pytest

from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, has_status, say

TYPE_IT = (
    "Numbers in links, forwarded messages, pictures and files are not looked up. "
    "Type the 12 digits yourself."
)
IIN = "950101500019"


def _png() -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


DOCUMENT = {"name": "iin.txt", "base64": base64.b64encode(IIN.encode()).decode()}
MESSAGES: dict[str, dict[str, Any]] = {
    "photo": {"photo": _png(), "caption": IIN},
    "document": {"document": DOCUMENT, "caption": f"мой ИИН {IIN}"},
    "forward-of-a-person": {"text": IIN, "forward_from": {"name": "Кто-то"}},
    "via-bot": {"text": IIN, "via_bot": True},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MESSAGES)
async def test_number_that_was_not_typed_is_not_looked_up(
    newcomer: Newcomer, language: str, kind: str
) -> None:
    person = await newcomer(language)

    answer = await person.send(**MESSAGES[kind])

    assert answer["text"] == say(language, TYPE_IT)


@pytest.mark.parametrize("kind", MESSAGES)
async def test_message_with_a_number_that_was_not_typed_is_deleted_too(
    newcomer: Newcomer, kind: str
) -> None:
    person = await newcomer("ru")

    sent = await person.write(**MESSAGES[kind])
    await person.next_message()

    await person.wait_gone(sent["message_id"])


@pytest.mark.parametrize("kind", MESSAGES)
async def test_number_that_was_not_typed_is_not_looked_up_without_consent_either(
    newcomer: Newcomer, kind: str
) -> None:
    person = await newcomer("ru", consent=False)

    answer = await person.send(**MESSAGES[kind])

    assert answer["text"] == say("ru", TYPE_IT)


FILE = {"file_id": "a", "file_unique_id": "b"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            {
                "sticker": {
                    **FILE,
                    "type": "regular",
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                    "emoji": "😀",
                }
            },
            id="sticker",
        ),
        pytest.param({"voice": {**FILE, "duration": 1}}, id="voice"),
        pytest.param({"location": {"latitude": 1.0, "longitude": 1.0}}, id="location"),
        pytest.param({"dice": {"emoji": "🎲", "value": 1}}, id="dice"),
        pytest.param({"document": FILE}, id="file-without-a-caption"),
        pytest.param({"video": {**FILE, "width": 1, "height": 1, "duration": 1}}, id="video"),
    ],
)
async def test_message_without_text_is_answered_kindly(
    newcomer: Newcomer, content: dict[str, Any]
) -> None:
    person = await newcomer("ru")

    await person.put_update(**content)
    answer = await person.next_message()

    assert answer["text"].startswith(
        say(
            "ru",
            "I understand an IIN (12 digits) and questions in words. For anything else call 1414.",
        )
    )
    assert not has_status(answer)


@pytest.mark.parametrize("kind", ["video", "voice", "animation"])
async def test_number_in_a_caption_of_any_medium_is_not_looked_up(
    newcomer: Newcomer, kind: str
) -> None:
    person = await newcomer("ru")

    await person.put_update(**{kind: {**FILE, "width": 1, "height": 1, "duration": 1}}, caption=IIN)

    assert (await person.next_message())["text"] == say("ru", TYPE_IT)
