"""Opening an extract that may be packed by gzip or zstd, whatever its name says."""

import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO, Protocol

from zstandard import ZstdDecompressor, ZstdError

# Ten times the largest register there can be; what unpacks to more is not one.
MAX_UNPACKED_BYTES = 32 << 30
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
# Four bytes of zstd may stand for 128 KB: so this unpacks to 128 MB at the most.
_ZSTD_INPUT_BYTES = 4_096


class DamagedArchiveError(Exception):
    """What is packed cannot be unpacked to its end."""


class TooLargeError(Exception):
    """It unpacks to more than any register has."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Extract:
    """A file read from its beginning, unpacked where it is packed.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.size_bytes = path.stat().st_size
        self._file: BinaryIO = path.open("rb")
        start = self._file.read(len(_ZSTD))
        self._file.seek(0)
        self._is_packed = start.startswith((_GZIP, _ZSTD))
        self._source: _Readable = self._file
        if start.startswith(_GZIP):
            self._source = gzip.GzipFile(fileobj=self._file)
        elif start == _ZSTD:
            self._source = io.BufferedReader(_ZstdStream(self._file))
        self._unpacked_bytes = 0

    def close(self) -> None:
        self._file.close()

    @property
    def position_bytes(self) -> int:
        """How much of the file as it is on the disk was read."""
        return self._file.tell()

    def read(self, size_bytes: int) -> bytes:
        """Give so many bytes; fewer only at the end.

        Raises:
            DamagedArchiveError: what is packed is damaged or cut short.
            TooLargeError: it unpacks to more than 32 GiB.
        """
        try:
            data = self._source.read(size_bytes)
        except (gzip.BadGzipFile, EOFError, zlib.error, ZstdError) as error:
            raise DamagedArchiveError(str(error)) from None
        self._unpacked_bytes += len(data)
        if self._is_packed and self._unpacked_bytes > MAX_UNPACKED_BYTES:
            raise TooLargeError
        return data


class _ZstdStream(io.RawIOBase):
    """Frames of zstd one after the other; unlike the reader of zstandard it notices a lost end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decompressor = ZstdDecompressor().decompressobj()
        self._is_between_frames = True
        self._unpacked = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # any buffer
        while not self._unpacked:
            packed = self._file.read(_ZSTD_INPUT_BYTES)
            if not packed:
                if not self._is_between_frames:
                    raise EOFError("the last frame is cut short")
                return 0
            self._unpacked = memoryview(self._unpack(packed))
        size = min(len(buffer), len(self._unpacked))
        buffer[:size] = self._unpacked[:size]
        self._unpacked = self._unpacked[size:]
        return size

    def _unpack(self, packed: bytes) -> bytes:
        unpacked = []
        while packed:
            unpacked.append(self._decompressor.decompress(packed))
            self._is_between_frames = self._decompressor.eof
            packed = self._decompressor.unused_data
            if self._is_between_frames:
                self._decompressor = ZstdDecompressor().decompressobj()
        return b"".join(unpacked)
