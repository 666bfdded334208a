"""Sending pictures, documents, videos and voice, and fetching files."""

from typing import Any

from aiogram.methods import GetFile, SendDocument, SendMediaGroup, SendPhoto, SendVideo, SendVoice

from bot.emulator.call import Call, given
from bot.emulator.errors import bad_request
from bot.emulator.files import MAX_DOWNLOAD_BYTES
from bot.emulator.posting import post
from bot.emulator.shapes import JSON
from bot.emulator.texts import format_caption

MEDIA_KINDS = ("photo", "document", "video", "audio", "voice")
_ALONE_IN_ALBUM = {"document", "audio"}


def send_photo(call: Call, method: SendPhoto) -> JSON:
    """Send a picture."""
    call.open_chat(method.chat_id)
    return post(call, method, _content(call, "photo", method.photo, method))


def send_document(call: Call, method: SendDocument) -> JSON:
    """Send a file as it is."""
    call.open_chat(method.chat_id)
    return post(call, method, _content(call, "document", method.document, method))


def send_video(call: Call, method: SendVideo) -> JSON:
    """Send a video; its bytes are not looked into."""
    call.open_chat(method.chat_id)
    return post(call, method, _content(call, "video", method.video, method))


def send_voice(call: Call, method: SendVoice) -> JSON:
    """Send a voice message; it is not listened to."""
    call.open_chat(method.chat_id)
    return post(call, method, _content(call, "voice", method.voice, method))


def send_media_group(call: Call, method: SendMediaGroup) -> list[JSON]:
    """Send an album."""
    call.open_chat(method.chat_id)
    if not 2 <= len(method.media) <= 10:
        raise bad_request("group must include 2-10 items")
    kinds = {item.type for item in method.media}
    if len(kinds) > 1 and kinds & _ALONE_IN_ALBUM:
        raise bad_request(f"{min(kinds & _ALONE_IN_ALBUM)} can't be mixed with other media types")
    contents = [media_content(call, item) for item in method.media]
    album = {"media_group_id": call.world.next_album_id()}
    return [post(call, method, content | album) for content in contents]


def media_content(call: Call, item: Any) -> JSON:
    """Return the content of one InputMedia."""
    if item.type not in MEDIA_KINDS:
        raise bad_request(f"media of type {item.type} is known but not built in this server")
    return _content(call, item.type, item.media, item)


def get_file(call: Call, method: GetFile) -> JSON:
    """Say where a file can be fetched."""
    stored = call.world.files.find(method.file_id)
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.data) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.data),
        "file_path": stored.path,
    }


def _content(call: Call, kind: str, source: object, options: Any) -> JSON:
    """Check the caption first, so that a refused call leaves no file behind."""
    content = format_caption(options.caption, options.parse_mode, options.caption_entities)
    if given(getattr(options, "show_caption_above_media", None)):
        content["show_caption_above_media"] = True
    if getattr(options, "has_spoiler", None):
        content["has_media_spoiler"] = True
    stored = _take_file(call, kind, str(source))
    described = stored.as_json()
    return {kind: [described] if kind == "photo" else described} | content


def _take_file(call: Call, kind: str, source: str) -> Any:
    if not source.startswith("attach://"):
        return call.world.files.use(kind, source)
    upload = call.uploads.get(source.removeprefix("attach://"))
    if upload is None:
        raise bad_request(f"there is no file for {source} in the request")
    return call.world.files.add(kind, upload)


HANDLERS = {
    SendPhoto: send_photo,
    SendDocument: send_document,
    SendVideo: send_video,
    SendVoice: send_voice,
    SendMediaGroup: send_media_group,
    GetFile: get_file,
}
