"""``stelsel indicators waiting``: the waits of a register, as tables, as JSON or as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stelsel.cli.options import no_date, no_language
from stelsel.cli.output import notes, print_json, print_table
from stelsel.errors import StelselError

if TYPE_CHECKING:
    import pyarrow as pa


def waiting(
    *,
    register: Annotated[Path, typer.Option(help="Map van het register.")],
    as_of: Annotated[
        str, typer.Option(help="Peildatum jjjj-mm-dd; zonder: de laatste dag van het register.")
    ] = "",
    known_on: Annotated[
        str, typer.Option(help="Zoals bekend op jjjj-mm-dd; zonder: alles wat nu bekend is.")
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            help="Regels per region (jeugdregio), municipality (gemeente), provider (aanbieder), "
            "form (hulpvorm), referrer (verwijzer), priority (urgentie) of month (maand); meer dan "
            "één met komma's ertussen; total voor één regel."
        ),
    ] = "form",
    days: Annotated[
        int, typer.Option(help="Lengte van de periode in dagen, tot en met de peildatum.")
    ] = 365,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="Exacte aantallen, ook van echte kinderen, voor wie dat mag; inzage wordt "
            "vastgelegd.",
        ),
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Regels als JSON, met vaste veldnamen.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Map voor de regels als CSV en Parquet.")] = None,
    lang: Annotated[
        str, typer.Option(envvar="STELSEL_LANG", help="Taal van namen en tabel: nl of en.")
    ] = "nl",
) -> None:
    """Toon wie er wacht en hoe lang het duurt (show who waits, and how long it takes).

    Wie er wacht, hoe lang het wachten duurt (wie nog wacht telt mee), en hoeveel wachttijden er
    begonnen en eindigden.
    """
    if lang not in ("nl", "en"):
        raise StelselError([no_language(lang)])
    looked, known = dates_of(as_of, known_on)

    from stelsel.disclosure import log_release
    from stelsel.monitor import for_readers, units, write_tables
    from stelsel.monitor import waiting as waits_of
    from stelsel.register import Register
    from stelsel.register.access import log_access

    kept = Register.open(register)
    horizon = min(filter(None, (kept.last_day, known)))
    looked = looked or horizon
    grouping = grouping_of(by)
    asked = {"as_of": looked, "known_on": known, "by": grouping, "days": days}
    found = waits_of(kept.spells(known_on=known), looked, grouping, days)
    if internal:
        log_access(register, "waiting", asked=asked)
    rows = for_readers(
        found,
        known_on=known,
        made_up=kept.made_up,
        internal=internal,
        lang="en" if lang == "en" else "nl",
    )
    log_release(register, "waiting", rows, asked=asked, made_up=kept.made_up, internal=internal)
    if looked > horizon:
        notes.print(_WORDS[lang]["after"].format(day=day_words(horizon)))
    if out is not None:
        for file in write_tables(rows, out, "waiting"):
            notes.print(str(file), highlight=False, soft_wrap=True)
    if json:
        print_json([{**row, "units": units()} for row in rows.to_pylist()])
    else:
        show_waiting(rows, register.name, grouping, lang=lang, internal=internal)


def dates_of(as_of: str, known_on: str) -> tuple[date | None, date | None]:
    """Read ``--as-of`` and ``--known-on``, in that order; both faults at once."""
    faults = []
    found: dict[str, date | None] = {}
    for option, text in {"--as-of": as_of, "--known-on": known_on}.items():
        try:
            found[option] = date.fromisoformat(text) if text else None
        except ValueError:
            faults.append(no_date(text, option))
    if faults:
        raise StelselError(faults)
    return found["--as-of"], found["--known-on"]


def grouping_of(text: str) -> list[str]:
    """Read ``--by``: names with commas, or ``total`` for none."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    return [] if names == ["total"] else names


def day_words(day: date) -> str:
    """Write a day as people do: 30-6-2026."""
    return f"{day.day}-{day.month}-{day.year}"


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
        "source": "Bron: register {register}, {known}.",
        "now": "alles wat nu bekend is",
        "then": "zoals bekend op {day}",
        "made_up": "Verzonnen jeugdigen: exacte aantallen.",
        "exact": "INTERN: exacte aantallen van echte jeugdigen; deze inzage is vastgelegd.",
        "protected": "Aantallen afgerond op 5; een punt is een verborgen getal: minder dan 10, of "
        "een getal dat dat zou verraden.",
        "none": "Geen wachttijden of hulp in deze periode.",
        "after": "Let op: van na {day} is hier niets bekend.",
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
        "source": "Source: register {register}, {known}.",
        "now": "all that is known now",
        "then": "as known on {day}",
        "made_up": "Made-up children: exact numbers.",
        "exact": "INTERNAL: exact numbers of real children; this look has been logged.",
        "protected": "Counts rounded to 5; a point is a hidden number: under 10, or one that "
        "would give such a number away.",
        "none": "No waits or care in this period.",
        "after": "Mind: nothing after {day} is known here.",
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


def show_waiting(
    rows: pa.Table,
    register: str,
    grouping: Sequence[str],
    *,
    lang: str = "nl",
    internal: bool = False,
) -> None:
    """Print waiting as two tables, who waits how long and what goes in and out.

    Parameters
    ----------
    rows
        What :func:`stelsel.monitor.for_readers` gives.
    register
        Name of the register, for the source line.
    grouping
        What the rows are grouped by.
    lang
        Language of headings and remarks, ``nl`` or ``en``.
    internal
        Whether the numbers are exact numbers of real children.
    """
    words = _WORDS[lang]
    found = rows.to_pylist()
    if not found:
        notes.print(words["none"])
        return
    groups = {
        _label(name, lang): [str(row.get(f"{name}_name") or row[name] or "–") for row in found]
        for name in grouping
    } or {"": [words["total"]]}
    captions = _captions(found, register, "month" in grouping, words, internal=internal)
    for part, measures in _TABLES.items():
        columns = groups | {
            _label(name, lang): _right([_cell(row, name, *bounds) for row in found])
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


def _cell(row: Mapping[str, Any], name: str, low: str = "", high: str = "") -> str:
    """Write a number, or an estimate with its interval."""
    number = _number(row, name)
    if not low or number == ".":
        return number
    if row[low] is None:
        return number
    open_above = row[high] is None
    bounds = (
        f"≥\u00a0{_number(row, low)}" if open_above else f"{_number(row, low)}–{_number(row, high)}"
    )
    return f"{number}\u00a0({bounds})"


def _right(texts: Sequence[str]) -> list[str]:
    width = max(map(len, texts))
    return [text.rjust(width) for text in texts]


def _number(row: Mapping[str, Any], name: str) -> str:
    """Write a number; a point where it is hidden, a dash where there is none."""
    if name in row["protected"]:
        return "."
    value = row[name]
    if value is None:
        return "–"
    text = f"{value:,.1f}" if isinstance(value, float) and value % 1 else f"{value:,.0f}"
    return text.translate(str.maketrans(",.", "\u00a0,"))


def _captions(
    rows: Sequence[Mapping[str, Any]],
    register: str,
    months: bool,
    words: Mapping[str, str],
    *,
    internal: bool,
) -> Mapping[str, str]:
    """Say where it comes from, how exact it is, what is counted and what to mind."""
    row = rows[0]
    known = row["known_on"]
    source = words["source"].format(
        register=register,
        known=words["now"] if known is None else words["then"].format(day=day_words(known)),
    )
    exactness = words["made_up" if row["made_up"] else "exact" if internal else "protected"]
    flows = [words["flows_units"], words["months"]] if months else [words["flows_units"]]
    return {
        "waits": "\n".join([words["waits_units"], words["caveat"]]),
        "flows": "\n".join([*flows, source, exactness]),
    }
