"""Payloads of a bucket as one compressed text, by a dictionary made for the register."""

from collections.abc import Iterable, Sequence
from itertools import islice

from zstandard import (
    ZstdCompressionDict,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    train_dictionary,
)

from bot.registry.buckets import PEOPLE_IN_BUCKET
from bot.registry.errors import RegistryBrokenError

# By measurement: higher levels cost twice as much for one per cent.
_LEVEL = 3
_DICTIONARY_BYTES = 65_536
_SAMPLE = 20_000
# A register of fewer people is smaller than its dictionary would be.
_WORTH_IT = 5_000
_SEPARATOR = b"\n"


def make_dictionary(payloads: Sequence[bytes]) -> bytes:
    """Learn from the first of these payloads what is frequent; nothing where they are few."""
    if len(payloads) < _WORTH_IT:
        return b""
    payload = iter(payloads[:_SAMPLE])
    texts: list[bytes | bytearray | memoryview] = []
    while text := list(islice(payload, PEOPLE_IN_BUCKET)):
        texts.append(_SEPARATOR.join(text))
    return train_dictionary(_DICTIONARY_BYTES, texts).as_bytes()


class TextPacker:
    """Compresses the payloads of one bucket after another."""

    def __init__(self, dictionary: bytes) -> None:
        self._compressor = ZstdCompressor(
            level=_LEVEL,
            dict_data=_load(dictionary),
            # A bucket has its own checksum, and its snapshot the only dictionary.
            write_checksum=False,
            write_dict_id=False,
        )

    def pack(self, payloads: Sequence[bytes]) -> bytes:
        if not payloads:
            return b""
        return self._compressor.compress(_SEPARATOR.join(payloads))


class TextUnpacker:
    """Gives back what a :class:`TextPacker` with the same dictionary compressed."""

    def __init__(self, dictionary: bytes) -> None:
        self._decompressor = ZstdDecompressor(dict_data=_load(dictionary))

    def unpack(self, frame: bytes, count: int) -> list[bytes]:
        """Give so many payloads.

        Raises:
            RegistryBrokenError: there are others.
        """
        return self.unpack_all([(frame, count)])

    def unpack_all(self, frames: Iterable[tuple[bytes, int]]) -> list[bytes]:
        """Give the payloads of many frames, so many of each.

        Raises:
            RegistryBrokenError: there are others.
        """
        texts = [self._text(frame, count) for frame, count in frames if count or frame]
        return _SEPARATOR.join(texts).split(_SEPARATOR) if texts else []

    def unpack_one(self, frame: bytes, count: int, place: int) -> bytes:
        """Give the payload at one place of so many.

        Raises:
            RegistryBrokenError: there are others.
        """
        return self._text(frame, count).split(_SEPARATOR, place + 1)[place]

    def _text(self, frame: bytes, count: int) -> bytes:
        try:
            text = self._decompressor.decompress(frame)
        except ZstdError:
            raise RegistryBrokenError("a text in the register cannot be unpacked") from None
        if text.count(_SEPARATOR) != count - 1:
            raise RegistryBrokenError("a bucket of the register has texts of other people")
        return text


def _load(dictionary: bytes) -> ZstdCompressionDict | None:
    return ZstdCompressionDict(dictionary) if dictionary else None
