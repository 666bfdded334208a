"""Files that were sent: their bytes, their ids and what kind of file each one is."""

import hashlib
import re
import struct
from dataclasses import dataclass
from pathlib import Path

from bot.emulator.errors import ApiError, bad_request
from bot.emulator.shapes import JSON, Upload

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_PHOTO_SIDES = 10_000
MAX_PHOTO_RATIO = 20

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file as the server keeps it; ``kind`` is photo, document, video, audio or voice."""

    id: str
    unique_id: str
    kind: str
    name: str
    content_type: str
    data: bytes
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """The path for downloads."""
        suffix = Path(self.name).suffix
        return f"{self.kind}s/{self.id}{suffix if _SUFFIX.fullmatch(suffix) else ''}"

    def as_json(self) -> JSON:
        """Return Telegram's object for this file: PhotoSize, Document, Video, Audio or Voice."""
        common: JSON = {
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }
        if self.kind == "photo":
            return common | {"width": self.width, "height": self.height}
        if self.kind == "voice":
            return common | {"mime_type": self.content_type, "duration": 1}
        named = common | {"file_name": self.name, "mime_type": self.content_type}
        if self.kind == "video":
            return named | {"width": 640, "height": 360, "duration": 1}
        return named | {"duration": 1} if self.kind == "audio" else named


class FileStore:
    """All files of one server."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}

    def add(self, kind: str, upload: Upload) -> StoredFile:
        """Keep an uploaded file, or refuse what Telegram would refuse."""
        if not upload.data:
            raise bad_request("file must be non-empty")
        if len(upload.data) > (MAX_PHOTO_BYTES if kind == "photo" else MAX_FILE_BYTES):
            raise ApiError(413, "Request Entity Too Large")
        width, height = _photo_size(upload.data) if kind == "photo" else (0, 0)
        number = len(self._files) + 1
        digest = hashlib.sha256(upload.data).hexdigest()
        name = upload.name
        if kind == "photo":
            name = f"file_{number}.{'png' if upload.data.startswith(_PNG) else 'jpg'}"
        stored = StoredFile(
            id=f"{kind[:2].upper()}{digest[:24]}{number:06d}",
            unique_id=digest[:16],
            kind=kind,
            name=name,
            content_type=content_type(upload),
            data=upload.data,
            width=width,
            height=height,
        )
        self._files[stored.id] = stored
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """Return the file of this id, if the server has it."""
        return self._files.get(file_id)

    def use(self, kind: str, file_id: str) -> StoredFile:
        """Return a file that is sent again by its id."""
        stored = self.find(file_id)
        if stored is None:
            if "://" in file_id:
                raise bad_request("failed to get HTTP URL content")
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
        return stored

    def at_path(self, path: str) -> StoredFile | None:
        """Return the file at a download path."""
        stored = self.find(Path(path).stem)
        return stored if stored and stored.path == path else None


def content_type(upload: Upload) -> str:
    """Return the media type of a file, told by its first bytes for pictures."""
    if upload.data.startswith(_PNG):
        return "image/png"
    return "image/jpeg" if upload.data.startswith(_JPEG) else upload.content_type


def _photo_size(data: bytes) -> tuple[int, int]:
    """Read width and height from the header of a PNG or JPEG picture."""
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
    elif data.startswith(_JPEG):
        width, height = _jpeg_size(data)
    else:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    ratio = max(width, height) / min(width, height)
    if width + height > MAX_PHOTO_SIDES or ratio > MAX_PHOTO_RATIO:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return 0, 0
