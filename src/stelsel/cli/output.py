"""What the commands share: how results, progress and faults look on the screen."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from stelsel.errors import StelselError

screen = Console()
"""Results go here (standard output)."""
notes = Console(stderr=True)
"""Progress, remarks and faults go here (standard error), so that results can be piped."""


def progress() -> Progress:
    """Give a progress bar with time left, on standard error."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=notes,
        transient=True,
    )


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar while the work lasts; tell it how much is done, and of how much."""
    with progress() as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def say(remark: str, *, strong: str = "") -> None:
    """Print a remark on standard error as plain text, never cut off in the middle of a path."""
    notes.print(Text.assemble((strong, "bold"), remark), soft_wrap=True)


def show_faults(error: StelselError) -> None:
    """Print every fault of an error, one a line, on standard error.

    In Dutch, or in English where the environment has ``STELSEL_LANG=en``.
    """
    lang: Literal["nl", "en"] = "en" if os.environ.get("STELSEL_LANG") == "en" else "nl"
    word = {"nl": "Fout ", "en": "Error "}[lang]
    for fault in error.faults:
        # As plain text: a name such as capacity[ambulatory] is no markup.
        notes.print(Text.assemble((word, "bold red"), fault.told(lang)), soft_wrap=True)


def _plain(value: object) -> object:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def print_json(value: object) -> None:
    """Print a value as JSON on standard output: days and times as ISO text, no markup, UTF-8."""
    import pyarrow as pa  # only who prints tables has it loaded already

    if isinstance(value, pa.Table):
        value = value.to_pylist()
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n")


def print_table(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[tuple[str, str]],
    *,
    title: str = "",
    caption: str = "",
    lang: str = "nl",
    right: Collection[str] = (),
) -> None:
    """Print rows as a table; numbers right, empty cells as a dash.

    Parameters
    ----------
    rows
        Rows by field name.
    columns
        Pairs of field name and heading, in order.
    title, caption
        What it shows, above; source and caveats, below.
    lang
        Language in which numbers are written.
    right
        Fields that stand right though they hold texts: numbers with an interval or a point.
    """
    rows = list(rows)
    table = Table(
        title=Text(title, "bold") if title else None,
        caption=Text(caption, "dim") if caption else None,
        title_justify="left",
        caption_justify="left",
    )
    for field, heading in columns:
        number = all(isinstance(row.get(field), int | float | None) for row in rows)
        table.add_column(heading, justify="right" if number or field in right else "left")
    for row in rows:
        table.add_row(*(Text(cell(row.get(field), lang)) for field, _ in columns))
    screen.print(table)


def cell(value: object, lang: str = "nl") -> str:
    r"""Give a value as it stands in a table: numbers as in a language, a dash where there is none.

    Examples
    --------
    >>> cell(1234.56), cell(-0.04), cell(None), cell(1234.56, "en")
    ('1\xa0234,6', '0,0', '–', '1,234.6')
    """
    if value is None:
        return "–"
    if isinstance(value, float):
        return number(value, 1, lang)
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value, 0, lang)
    return str(value)


def number(value: float, decimals: int, lang: str = "nl") -> str:
    """Write a number as in a language, its thousands apart.

    Examples
    --------
    >>> number(1234.567, 2, "en"), number(1234.567, 0, "en"), number(-0.004, 2)
    ('1,234.57', '1,235', '0,00')
    """
    if isinstance(value, float):
        # Rounded first, so that what rounds to nothing has no minus sign.
        value = round(value, decimals) + 0.0
    told = f"{value:,.{decimals}f}"
    return told if lang == "en" else told.translate(str.maketrans(",.", "\u00a0,"))


def shown(
    row: Mapping[str, Any], name: str, lang: str = "nl", *, decimals: int | None = None
) -> str:
    """Write a number of a row that went through the door: a point where it is hidden.

    A dash where there is none; without ``decimals`` as :func:`cell` writes it.

    Examples
    --------
    >>> shown({"waiting": 1234, "protected": []}, "waiting", "en")
    '1,234'
    >>> shown({"waiting": None, "protected": ["waiting"]}, "waiting")
    '.'
    """
    if name in row["protected"]:
        return "."
    value = row[name]
    return cell(value, lang) if value is None or decimals is None else number(value, decimals, lang)


def band(low: object, high: object, lang: str = "nl") -> str | None:
    """Give a band as it stands in a table; none where there is no band.

    Examples
    --------
    >>> band(1.0, 2.5), band(1.0, 2.5, "en"), band(None, None)
    ('1,0 tot 2,5', '1.0 to 2.5', None)
    """
    if low is None or high is None:
        return None
    return f"{cell(low, lang)} {'to' if lang == 'en' else 'tot'} {cell(high, lang)}"
