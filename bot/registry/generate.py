"""A made-up register with realistic shares, and with numbers that nobody living can have."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from multiprocessing import get_context
from random import Random

from bot.registry.errors import RegistryError
from bot.registry.rows import COLUMNS
from bot.registry.synthetic.iins import MAX_PEOPLE, Numbers, iin_blocks
from bot.registry.synthetic.people import BLOCK_ROWS, Block, Recipe, make_block, make_lines
from bot.registry.workers import end_with_parent

HEADER = ",".join(COLUMNS)
# Contributions began in July 2017, and some have paid for more than five years.
_FIRST_DAY = date(2023, 1, 1)
# A block takes some 50 ms, a process a second to start.
_WORTH_A_PROCESS = 10


class GenerateError(RegistryError):
    """Such a register cannot be made up."""


def generate(people: int, seed: int, as_of: date) -> Iterator[str]:
    """Give the lines of a made-up CSV v1, the header first, without line ends.

    The same seed and day give the same lines, and more people only add lines at the end.

    Args:
        people: how many, up to 36 million.
        seed: chooses the population.
        as_of: the day of the extract, from 2023 on.

    Raises:
        GenerateError: more people than there are numbers, or an earlier day.
    """
    yield HEADER
    recipe = Recipe(seed, as_of)
    for number, iins in enumerate(_numbers(people, recipe)):
        yield from make_lines(recipe, number, iins)


def generate_blocks(people: int, recipe: Recipe, processes: int) -> Iterator[Block]:
    """Give the rows of the same register in blocks, made by so many processes.

    Every byte is the same for any number of processes and on any machine, and the memory needed
    is the same for any number of people. With defects the promise of :func:`generate` holds as
    well: more people only add lines at the end.

    Raises:
        GenerateError: more people than there are numbers, a day before 2023, or a process that
            was killed.
    """
    tasks = enumerate(_numbers(people, recipe))
    if processes == 1 or people <= _WORTH_A_PROCESS * BLOCK_ROWS:
        for number, iins in tasks:
            yield make_block(recipe, number, iins)
        return
    # A fork would copy the thread that draws the progress, and its locks.
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=end_with_parent) as pool:
        ahead: deque[Future[Block]] = deque()
        try:
            for number, iins in tasks:
                ahead.append(pool.submit(make_block, recipe, number, iins))
                if len(ahead) > 2 * processes:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool:
            raise GenerateError(
                "a process that makes people was killed, perhaps for want of memory: start again"
            ) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _numbers(people: int, recipe: Recipe) -> Iterator[Numbers]:
    if people > MAX_PEOPLE:
        raise GenerateError(f"there are numbers for {MAX_PEOPLE:,} people only, not for {people:,}")
    if recipe.as_of < _FIRST_DAY:
        raise GenerateError(
            f"as of {recipe.as_of} nobody has the years of payments that made-up people have:"
            f" choose a day from {_FIRST_DAY} on"
        )
    left = people
    blocks = iin_blocks(Random(recipe.seed), BLOCK_ROWS)  # noqa: S311 - made-up people, not secrets
    for iins in blocks:
        if left <= 0:
            return
        yield iins[:left]
        left -= len(iins)
