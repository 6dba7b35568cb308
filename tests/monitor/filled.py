"""A register filled with waits and care, as a reader of messages would give them.

The children are as made up as any; ``made_up=False`` is only the mark on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.events import SCHEMA
from stelsel.register import Register
from stelsel.register.store import Events

CODES = {"02": ("45", "45A01"), "11": ("44", "44A02")}


@dataclass(frozen=True)
class Wait:
    """A child waits from a day; care starts on another, or it still waits; care may end."""

    child: int
    asked: date
    started: date | None = None
    ended: date | None = None
    form: str = "02"
    municipality: str = "0193"
    provider: str = "99999999"
    birth: str = "2012-05"


def register_of(waits: Sequence[Wait], folder: Path, *, made_up: bool = True) -> Path:
    """Make a register of these waits; what is told becomes known on the day it is about."""
    rows: list[dict[str, Any]] = []

    def tell(kind: str, one: Wait, day: date, **other: Any) -> None:
        category, code = CODES[one.form]
        rows.append(
            {
                "event": f"m{len(rows)}/1",
                "message": f"m{len(rows)}",
                "content": "c",
                "source": "ijw",
                "kind": kind,
                "about": day,
                "known": day,
                "child": f"c{one.child}",
                "birth_month": one.birth,
                "municipality": one.municipality,
                "provider": one.provider,
                "allocation": one.child,
                "category": category,
                "code": code,
                "form": one.form,
                "from_day": day,
                "made_up": made_up,
                **other,
            }
        )

    for one in waits:
        tell("allocated", one, one.asked, decided=datetime.combine(one.asked, time()))
        if one.started:
            tell("started", one, one.started, status="1")
        if one.ended:
            tell("stopped", one, one.ended, status="1", last_day=one.ended, reason="20")
    Register.create(folder)
    Events(folder).append(pa.Table.from_pylist(rows, schema=SCHEMA))
    return folder


@dataclass(frozen=True)
class Done:
    """What became of a command."""

    returncode: int
    stdout: str
    stderr: str


def stelsel(*words: str | Path) -> Done:
    """Run a command as a user does, in this process; its faults are told as on the screen."""
    done = CliRunner().invoke(app, list(map(str, words)))
    if isinstance(done.exception, StelselError):
        lang: Literal["nl", "en"] = "en" if "en" in words else "nl"
        faults = "\n".join(fault.told(lang) for fault in done.exception.faults)
        return Done(2, done.stdout, faults)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)
