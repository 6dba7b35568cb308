"""What the command ``deliver`` is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the options of the command, checked as far as all kinds share them.

    ``period`` is still text, for kinds have different periods; ``provider`` empty where it was
    left out; ``keys``, ``layout`` and ``own`` None where they were.
    """

    kind: str
    period: str
    register: Path
    out: Path
    provider: str
    keys: Path | None
    layout: str | None
    report: Path | None
    own: Path | None
    day: date
    internal: bool
    json: bool
    lang: str
