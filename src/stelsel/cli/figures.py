"""The command ``figures``: the published figures, with status and source."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from stelsel.cli.output import notes, print_json, print_table


def figures(
    indicator: Annotated[
        str | None, typer.Option(help="Naam van de indicator; zonder naam een lijst van alle.")
    ] = None,
    year: Annotated[
        int | None, typer.Option(help="Alleen cijfers over (een deel van) dit jaar, niet langer.")
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(help="Code of naam van een gebied: NL, JZ07, 0193, Zwolle."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Regels als JSON, met vaste veldnamen.")
    ] = False,
) -> None:
    """Toon de gepubliceerde cijfers, elk met status en bron (show the published figures)."""
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
    # The years are text here: a year is no amount and takes no thousands separator.
    print_table(
        [row | {"years": f"{row['first_year']}-{row['last_year']}"} for row in rows],
        [("indicator", "Indicator"), ("figures", "Cijfers"), ("years", "Jaren")],
        title=f"Gepubliceerde cijfers: {len(rows)} indicatoren",
        caption="De cijfers van een indicator: stelsel figures --indicator NAAM",
    )


def _show(indicator: str, rows: list[dict[str, Any]]) -> None:
    from stelsel.system.figures import caveats, statuses

    if not rows:
        notes.print("Geen cijfers voor deze keuze.")
        return
    sources = list(dict.fromkeys(row["source_title"] for row in rows))
    marks = sorted({name for row in rows for name in row["caveats"]})
    print_table(
        [
            row
            | {
                "value": value,
                "status": statuses()[row["status"]].name_nl,
                "period": _period(row["period_start"], row["period_end"]),
                "source": sources.index(row["source_title"]) + 1,
            }
            for row, value in zip(rows, _numbers([row["value"] for row in rows]), strict=True)
        ],
        [
            ("breakdown", "Onderdeel"),
            ("region_name", "Gebied"),
            ("period", "Periode"),
            ("value", "Waarde"),
            ("unit", "Eenheid"),
            ("status", "Status"),
            ("source", "Bron"),
        ],
        title=f"{indicator}: {len(rows)} cijfers",
        caption="\n".join(
            [f"Bron {number}: {title}." for number, title in enumerate(sources, start=1)]
            + [f"Let op: {caveats()[name].name_nl}." for name in marks]
        ),
    )


def _numbers(values: list[float]) -> list[str]:
    """Write numbers in Dutch with all the decimals they were published with, to the right."""
    decimals = max(len(str(value).partition(".")[2].rstrip("0")) for value in values)
    texts = [f"{value:,.{decimals}f}".translate(str.maketrans(",.", "\u00a0,")) for value in values]
    width = max(map(len, texts))
    return [text.rjust(width) for text in texts]


def _period(first: date, last: date) -> str:
    """Write a period as short as it can be: a day, a year, half a year, or two days."""
    if first == last:
        return first.isoformat()
    months = (first.month, first.day, last.month, last.day)
    names = {(1, 1, 12, 31): "", (1, 1, 6, 30): "1e halfjaar ", (7, 1, 12, 31): "2e halfjaar "}
    if first.year == last.year and months in names:
        return f"{names[months]}{first.year}"
    return f"{first.isoformat()} t/m {last.isoformat()}"
