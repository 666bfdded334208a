"""What a process holds of the memory of its machine."""

import subprocess
import sys

import pytest

# Pieces of the C library's own pool, of which every fiftieth stays in use: none is at its end.
_GAPS = """
import asyncio, ctypes, resource, sys
from contextlib import suppress
from bot.app import memory

def resident_mb():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20

async def main():
    with suppress(TimeoutError):
        await asyncio.wait_for(memory.give_back(), 1)

memory._GIVE_BACK_EVERY_S = 0.1
if not hasattr(ctypes.CDLL(None), "malloc_trim"):
    sys.exit(77)
pieces = [b"x" * 20_000 + number.to_bytes(4, "big") for number in range(5_000)]
in_use = pieces[::50]
del pieces
before = resident_mb()
asyncio.run(main())
print(before - resident_mb())
"""


def test_f45_free_pages_between_pieces_in_use_are_given_back() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", _GAPS], capture_output=True, text=True, check=False
    )

    if done.returncode == 77:
        pytest.skip("the C library of this machine gives nothing back")
    assert done.returncode == 0, done.stderr
    # Of 100 MB.
    assert float(done.stdout) > 60
