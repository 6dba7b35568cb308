"""Memory that begins on a line of the processor's, and that a next run can use again."""

from __future__ import annotations

from contextlib import suppress
from sys import getrefcount
from typing import Any

import numpy as np
import numpy.typing as npt

LINE = 64
"""Bytes in a line of the processor's memory."""

_KEPT: list[npt.NDArray[np.uint8]] = []
"""What the last run had, at most one. A system clears all memory that it gives, which takes a tenth
of a run of the country."""
_UNUSED = 2
"""References to memory that nobody has: its one name here, and the question how many there are."""


def on_lines(number: int, kind: npt.DTypeLike, reuse: bool = False) -> npt.NDArray[Any]:
    """Set memory aside that begins on a memory line, so that no record lies over two.

    Parameters
    ----------
    number
        So many records,
    kind
        of this kind; nothing is said of what is in them.
    reuse
        Whether it may be that of an earlier call, once nobody holds what that gave, and is kept
        for a later one.

    Examples
    --------
    >>> on_lines(3, np.int32).ctypes.data % LINE
    0
    """
    size = number * np.dtype(kind).itemsize
    raw = _again(size + LINE) if reuse else np.empty(size + LINE, np.uint8)
    offset = -raw.ctypes.data % LINE
    found: npt.NDArray[Any] = raw[offset : offset + size].view(kind)
    if reuse:
        _KEPT.append(raw)
        del _KEPT[:-1]
    return found


def _again(size: int) -> npt.NDArray[np.uint8]:
    """Take the memory kept if it is enough and nobody has it, else new memory."""
    with suppress(IndexError):  # taken out at once, so that no two threads get the same
        raw = _KEPT.pop()
        if raw.size >= size and getrefcount(raw) == _UNUSED:
            return raw
    return np.empty(size, np.uint8)
