"""Several processes for the work of one import."""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from bot.registry.errors import ImportStoppedError

# The process that hands out the work and writes keeps up with so many.
_MAX_WORKERS = 4
# Starting processes takes about as long as reading this much.
_WORTH_IT_BYTES = 8 << 20
Task = TypeVar("Task")
Result = TypeVar("Result")


class Workers:
    """A worker for each processor, or none where a file is small; a context manager.

    Args:
        file_bytes: size of the file to import.
    """

    def __init__(self, file_bytes: int) -> None:
        self._count = min(_processors(), _MAX_WORKERS)
        self._pool: ProcessPoolExecutor | None = None
        if self._count > 1 and file_bytes > _WORTH_IT_BYTES:
            # A fork would copy the locks of threads that the caller may have.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._count, context, _prepare_worker)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Give the result of each task, in their order; few tasks are taken ahead.

        Raises:
            ImportStoppedError: a worker was killed.
        """
        if self._pool is None:
            yield from map(function, tasks)
            return
        waiting: deque[Future[Result]] = deque()
        try:
            for task in tasks:
                waiting.append(self._pool.submit(function, task))
                if len(waiting) > self._count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise ImportStoppedError(
                "a process of the import was killed, perhaps because memory is short. Nothing was"
                " changed: import again"
            ) from None


def _processors() -> int:
    """Give how many this process may use; macOS only tells how many there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def end_with_parent() -> None:
    """End this process with the one that started it, even a killed one, and leave Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_and_end, daemon=True).start()


def _prepare_worker() -> None:
    # Read when polars is loaded, which is with the first task: each worker has one processor.
    os.environ["POLARS_MAX_THREADS"] = "1"
    # Millions of short texts and no cycles: looking for them takes a tenth of the time.
    gc.disable()
    end_with_parent()


def _wait_and_end() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
