"""A file that is there as a whole or not at all, compressed if its name says so."""

import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

import zstandard

# Of the speeds of gzip and zstd, the ones whose time pays in size.
_GZIP_LEVEL = 6
_ZSTD_LEVEL = 3


@contextmanager
def new_file(path: Path) -> Iterator[Callable[[bytes], object]]:
    """Give what writes to a new file, which takes the place of *path* once all is written.

    Until then it is ``NAME.part`` beside it. An error removes it; what a killed process leaves of
    it is overwritten the next time. A name in ``.gz`` or ``.zst`` is compressed, by the same
    version of the library to the same bytes.

    Raises:
        OSError: it cannot be written; *path* is as it was.
    """
    if path.exists() and not path.is_file():
        raise FileExistsError(0, "it is there and is no file", str(path))
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        try:
            with _compressed(file, path.suffix) as target:
                yield target.write
            file.flush()
            os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _compressed(
    file: BinaryIO, suffix: str
) -> gzip.GzipFile | zstandard.ZstdCompressionWriter | nullcontext[BinaryIO]:
    if suffix == ".gz":
        # No name and no time inside, which would make every file another one.
        return gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0)
    if suffix == ".zst":
        compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True)
        return compressor.stream_writer(file, closefd=False)
    return nullcontext(file)
