"""Work spread over processes: in order, a few parts ahead, and never waiting for the dead."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from typing import Final, TypeVar

from stelsel.errors import Fault, StelselError

Part = TypeVar("Part")
Result = TypeVar("Result")

AHEAD: Final = 3
"""How many parts per process are given out before their results are asked for."""
PATIENCE: Final = 20
"""Milliseconds that a thread is given to end."""
_THREADS: Final = "/proc/self/task"


def checked_workers(workers: int) -> int:
    """Give a number of processes back if work can be done by so many.

    Raises
    ------
    StelselError
        If it is less than 1.

    Examples
    --------
    >>> checked_workers(2)
    2
    """
    if workers < 1:
        raise StelselError(
            Fault(
                "There must be at least 1 process.",
                "workers",
                what_nl="Er moet ten minste 1 proces zijn.",
            )
        )
    return workers


def spread(parts: Iterable[Part], work: Callable[[Part], Result], workers: int) -> Iterator[Result]:
    """Do work on every part in processes of their own.

    Parameters
    ----------
    parts
        What the work is done on; taken as the work goes on, :data:`AHEAD` per process.
    work
        A function of a module, or a partial of one; it, the parts and the results must be such that
        they can be sent to another process.
    workers
        How many processes; with one the work is done here.

    Yields
    ------
    Result
        The results, in the order of the parts.

    Raises
    ------
    StelselError
        If a process ends before its work is done. What the work raises is raised here.

    Examples
    --------
    >>> list(spread(["a", "bb"], len, 1))
    [1, 2]
    """
    if checked_workers(workers) == 1:
        yield from map(work, parts)
        return
    # Who stops the program by Ctrl-C stops this process, which then ends the others.
    pool = ProcessPoolExecutor(
        workers,
        _context(),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    waiting: deque[Future[Result]] = deque()
    try:
        for part in parts:
            waiting.append(pool.submit(work, part))
            if len(waiting) >= workers * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise StelselError(
            "A process ended before its work was done.",
            where="workers",
            remedy="Perhaps memory ran out: try it with 1 process. A script of your own that uses "
            'several must do so under: if __name__ == "__main__".',
            what_nl="Een proces is gestopt voordat het werk klaar was.",
            remedy_nl="Misschien was het geheugen vol: probeer het met 1 proces. Een eigen script "
            'dat er meer gebruikt, moet dat doen onder: if __name__ == "__main__".',
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _context() -> BaseContext:
    """Choose how processes begin: as a copy of this one, where that is safe, for it is quicker.

    It is safe as long as this process has one thread. Arrow, DuckDB and numpy start others, which
    Python does not see and the system does.
    """
    return get_context("fork" if _alone() else "spawn")


def _alone() -> bool:
    """Tell whether this process has one thread; one that has just ended is still there a moment."""
    for _ in range(PATIENCE):
        try:
            if len(os.listdir(_THREADS)) == 1:  # noqa: PTH208 (pathlib has nothing shorter)
                return True
        except OSError:
            return False  # not Linux
        time.sleep(0.001)
    return False
