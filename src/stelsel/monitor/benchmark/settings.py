"""What the benchmark rests on that no law sets, with its reasons."""

from __future__ import annotations

from functools import cache

from stelsel.monitor.settings import Setting, read_settings


@cache
def settings() -> dict[str, Setting]:
    """Give the numbers by id.

    Examples
    --------
    >>> settings()["winsor"].value, settings()["like"].kind
    (0.1, 'own choice')
    """
    return read_settings("stelsel.monitor.benchmark")
