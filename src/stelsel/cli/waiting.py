"""``stelsel indicators waiting``: the waits of a register, as tables, as JSON or as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stelsel.cli.looking import Look, look
from stelsel.cli.options import (
    AS_OF,
    DAYS,
    INTERNAL,
    JSON,
    KNOWN_ON,
    LANG,
    REGISTER,
    day_words,
    grouping_of,
)
from stelsel.cli.output import notes, print_json, print_table, shown

if TYPE_CHECKING:
    import pyarrow as pa


def waiting(
    *,
    register: REGISTER,
    as_of: AS_OF = "",
    known_on: KNOWN_ON = "",
    by: Annotated[
        str,
        typer.Option(
            help="Regels per region (jeugdregio), municipality (gemeente), provider (aanbieder), "
            "form (hulpvorm), referrer (verwijzer), priority (urgentie) of month (maand); meer dan "
            "één met komma's ertussen; total voor één regel."
        ),
    ] = "form",
    days: DAYS = 365,
    internal: INTERNAL = False,
    json: JSON = False,
    out: Annotated[Path | None, typer.Option(help="Map voor de regels als CSV en Parquet.")] = None,
    lang: LANG = "nl",
) -> None:
    """Toon wie er wacht en hoe lang het duurt (show who waits, and how long it takes).

    Wie er wacht, hoe lang het wachten duurt (wie nog wacht telt mee), en hoeveel wachttijden er
    begonnen en eindigden.
    """
    looked = look(register, as_of, known_on, internal, lang)

    from stelsel.monitor import units, write_tables
    from stelsel.monitor import waiting as waits_of

    grouping = grouping_of(by)
    asked = {
        "as_of": looked.as_of,
        "known_on": looked.known_on,
        "by": grouping,
        "days": days,
    }
    found = waits_of(looked.spells, looked.as_of, grouping, days)
    looked.log_access("waiting", asked)
    rows = looked.leaving(found)
    looked.log_release("waiting", rows, asked)
    if out is not None:
        for file in write_tables(rows, out, "waiting"):
            notes.print(str(file), highlight=False, soft_wrap=True)
    if json:
        print_json([{**row, "units": units()} for row in rows.to_pylist()])
    else:
        show_waiting(rows, looked, grouping)


_WORDS = {
    "nl": {
        "waits": "Wie er wacht en hoe lang, op {last}",
        "flows": "Wat er in en uit ging, {first} tot en met {last}",
        "total": "Totaal",
        "waits_units": "Wachtend telt inschrijvingen op een wachtlijst; wachttijden in dagen, "
        "tussen haakjes het 95%-interval.",
        "caveat": "Geschat met de nog wachtenden erbij (Kaplan-Meier); – is niet bereikt of niet "
        "te schatten. De tijd vóór de eerste melding in de berichten is niet zichtbaar.",
        "flows_units": "In- en uitstroom tellen inschrijvingen op een wachtlijst; in hulp telt "
        "periodes van hulp op de laatste dag.",
        "months": "Elke regel gaat over een hele maand; de laatste loopt tot de peildatum.",
        "none": "Geen wachttijden of hulp in deze periode.",
    },
    "en": {
        "waits": "Who waits and for how long, on {last}",
        "flows": "What went in and out, {first} to {last}",
        "total": "Total",
        "waits_units": "Waiting counts entries on a waiting list; waiting times in days, the 95 % "
        "interval in brackets.",
        "caveat": "Estimated with those still waiting (Kaplan-Meier); – is not reached or cannot "
        "be estimated. Time before the first mention in the messages is not visible.",
        "flows_units": "Inflow and outflow count entries on a waiting list; in care counts care "
        "spells on the last day.",
        "months": "Each row is about a whole month; the last ends on the day of looking.",
        "none": "No waits or care in this period.",
    },
}

_TABLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "waits": (
        ("waiting",),
        ("waiting_children",),
        ("median_days", "median_low", "median_high"),
        ("p80_days", "p80_low", "p80_high"),
        ("waited_days_median",),
    ),
    "flows": (
        ("inflow",),
        ("completed",),
        ("withdrawn",),
        ("negative",),
        ("outflow",),
        ("in_care",),
    ),
}
"""The measures on the screen, in two tables; an estimate stands with its interval."""


def show_waiting(rows: pa.Table, looked: Look, grouping: Sequence[str]) -> None:
    """Print waiting as two tables, who waits how long and what goes in and out.

    Parameters
    ----------
    rows
        What :func:`stelsel.monitor.for_readers` gives.
    looked
        The look they come from.
    grouping
        What the rows are grouped by.
    """
    lang = looked.lang
    words = _WORDS[lang]
    found = rows.to_pylist()
    if not found:
        notes.print(words["none"])
        return
    groups = {
        _label(name, lang): [str(row.get(f"{name}_name") or row[name] or "–") for row in found]
        for name in grouping
    } or {"": [words["total"]]}
    captions = _captions(looked, months="month" in grouping)
    for part, measures in _TABLES.items():
        columns = groups | {
            _label(name, lang): _right([_cell(row, lang, name, *bounds) for row in found])
            for name, *bounds in measures
        }
        texts = zip(*columns.values(), strict=True)
        print_table(
            [dict(zip(columns, line, strict=True)) for line in texts],
            [(title, title) for title in columns],
            title=words[part].format(
                first=day_words(found[0]["period_start"]), last=day_words(found[0]["as_of"])
            ),
            caption=captions[part],
        )


def _label(name: str, lang: str) -> str:
    from stelsel.monitor import field

    return field(name).label_en if lang == "en" else field(name).label_nl


def _cell(row: Mapping[str, Any], lang: str, name: str, low: str = "", high: str = "") -> str:
    """Write a number, or an estimate with its interval."""
    number = _number(row, name, lang)
    if not low or number == "." or row[low] is None:
        return number
    bounds = [_number(row, bound, lang) for bound in (low, high)]
    between = f"≥\u00a0{bounds[0]}" if row[high] is None else "–".join(bounds)
    return f"{number}\u00a0({between})"


def _right(texts: Sequence[str]) -> list[str]:
    width = max(map(len, texts))
    return [text.rjust(width) for text in texts]


def _number(row: Mapping[str, Any], name: str, lang: str) -> str:
    """Write a number, with a decimal only where it has one."""
    return shown(row, name, lang, decimals=1 if (row[name] or 0) % 1 else 0)


def _captions(looked: Look, *, months: bool) -> Mapping[str, str]:
    """Say where it comes from, how exact it is, what is counted and what to mind."""
    words = _WORDS[looked.lang]
    flows = [words["flows_units"], words["months"]] if months else [words["flows_units"]]
    return {
        "waits": "\n".join([words["waits_units"], words["caveat"]]),
        "flows": "\n".join([*flows, *looked.foot()]),
    }
