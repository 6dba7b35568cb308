"""The command ``figures``: the published figures, with status and source."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from stelsel.cli.output import notes, print_json, print_table


def figures(
    indicator: Annotated[
        str | None, typer.Option(help="Naam van de indicator; zonder naam een lijst van alle.")
    ] = None,
    year: Annotated[
        int | None, typer.Option(help="Alleen cijfers over (een deel van) dit jaar.")
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(help="Code of naam van een gebied: NL, JZ07, 0193, Zwolle."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Regels met vaste veldnamen.")] = False,
) -> None:
    """Toon de gepubliceerde cijfers, elk met status en bron. (Show the published figures.)"""
    from stelsel.system.figures import find

    table = find(indicator, year=year, region=region)
    if indicator is None:
        rows = _indicators(table.to_pylist())
        if json:
            print_json(rows)
        else:
            _show_indicators(rows)
        return
    rows = table.to_pylist()
    if json:
        print_json(rows)
    else:
        _show(indicator, rows)


def _indicators(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Count the figures of every indicator and give the years they are about."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["indicator"], []).append(row)
    return [
        {
            "indicator": name,
            "figures": len(group),
            "first_year": min(row["period_start"].year for row in group),
            "last_year": max(row["period_end"].year for row in group),
            "levels": sorted({row["level"] for row in group}),
            "units": sorted({row["unit"] for row in group}),
        }
        for name, group in sorted(groups.items())
    ]


def _show_indicators(rows: list[dict[str, Any]]) -> None:
    if not rows:
        notes.print("Geen cijfers voor deze keuze.")
        return
    print_table(
        # Years are text here: a year is no amount and takes no thousands separator.
        [
            row
            | {"years": f"{row['first_year']}-{row['last_year']}", "units": ", ".join(row["units"])}
            for row in rows
        ],
        [
            ("indicator", "Indicator"),
            ("figures", "Cijfers"),
            ("years", "Jaren"),
            ("units", "Eenheid"),
        ],
        title=f"Gepubliceerde cijfers: {len(rows)} indicatoren",
        caption="De cijfers van een indicator: stelsel figures --indicator NAAM",
    )


def _show(indicator: str, rows: list[dict[str, Any]]) -> None:
    from stelsel.system.figures import caveats, statuses

    if not rows:
        notes.print("Geen cijfers voor deze keuze.")
        return
    marks = {name for row in rows for name in row["caveats"]}
    print_table(
        [
            row
            | {
                "value": int(row["value"]) if row["value"].is_integer() else row["value"],
                "status": statuses()[row["status"]].name_nl,
                "period": _period(row),
            }
            for row in rows
        ],
        [
            ("breakdown", "Uitsplitsing"),
            ("region_name", "Gebied"),
            ("period", "Periode"),
            ("value", "Waarde"),
            ("unit", "Eenheid"),
            ("status", "Status"),
            ("source_title", "Bron"),
        ],
        title=f"{indicator}: {len(rows)} cijfers",
        caption="\n".join(caveats()[name].name_nl + "." for name in sorted(marks)),
    )


def _period(row: dict[str, Any]) -> str:
    first, last = row["period_start"], row["period_end"]
    if first == last:
        return str(first.isoformat())
    whole_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    if whole_year and first.year == last.year:
        return str(first.year)
    return f"{first.isoformat()} t/m {last.isoformat()}"
