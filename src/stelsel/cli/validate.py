"""``stelsel validate``: examine the twin, and say where it does well and where badly."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stelsel.cli.options import LANG, language
from stelsel.cli.output import counting, print_json, print_table, say
from stelsel.errors import StelselError

_PARTS = {
    "books": "boeken",
    "formulas": "formules",
    "peers": "andere programma's",
    "recovery": "terugvinden",
    "history": "cijfers",
    "old results": "oude uitkomsten",
}
_OUTCOMES = {"passed": "goed", "failed": "niet goed", "not done": "niet gedaan"}


def validate(
    *,
    replications: Annotated[
        int, typer.Option(help="Aantal keren dat het land wordt doorgerekend, minstens 2.", min=2)
    ] = 20,
    workers: Annotated[
        str, typer.Option(help="Aantal processen, of dask://HOST:POORT; de uitkomst blijft gelijk.")
    ] = "1",
    keep: Annotated[
        Path | None,
        typer.Option(help="Map voor de losse uitkomsten: wat er is, wordt niet opnieuw gedaan."),
    ] = None,
    peers: Annotated[
        int,
        typer.Option(min=2, help="Doorrekeningen van SimPy en van Ciw, bij elke belasting."),
    ] = 8,
    write: Annotated[
        Path | None, typer.Option(help="Schrijf de bladzijde met alle tabellen in dit bestand.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(help="Schrijf per reeks hoe ver de tweeling ernaast zit, als CSV."),
    ] = None,
    origin: Annotated[
        list[int] | None,
        typer.Option(
            help="Terugblik: wat de tweeling eind 2018, 2019 of 2020 had gezegd. Mag vaker."
        ),
    ] = None,
    drift: Annotated[
        Path | None,
        typer.Option(help="Bij --origin: schrijf hoe ver reeksen afdrijven, als CSV."),
    ] = None,
    lang: LANG = "nl",
    json: Annotated[
        bool, typer.Option("--json", help="Alles als JSON, met vaste veldnamen.")
    ] = False,
) -> None:
    """Onderzoek of de tweeling te vertrouwen is, en zeg waar niet.

    Examine the twin: books, formulas, other programs, recovery, the figures of 2022 and 2023 that
    nothing was fitted on, published results.
    """
    lang = language(lang)
    if origin:
        _hindcasts(origin, replications, write, drift, lang, json)
        return
    from pyarrow.csv import write_csv

    from stelsel.register.recovery.checking import through_files
    from stelsel.twin.examination.fit import errors_table
    from stelsel.twin.examination.page import page
    from stelsel.twin.examination.validate import as_rows, examine
    from stelsel.twin.runs.output import writing
    from stelsel.twin.runs.pool import workers_of

    for file in (write, errors):
        if file:
            with writing(file.parent):  # say so before the work, not after it
                pass
    with counting("Bestanden teruglezen" if lang == "nl" else "Reading files back") as counted:
        files = through_files(progress=counted)
    with counting("Doorrekenen" if lang == "nl" else "Running") as counted:
        found = examine(replications, workers_of(workers), keep, counted, files, peers)
    if write:
        with writing(write.parent):
            write.write_text(page(found), encoding="utf-8")
        say(f"Geschreven in {write}" if lang == "nl" else f"Written in {write}")
    if errors:
        with writing(errors.parent):
            write_csv(errors_table(found.offs), errors)
        say(f"Geschreven in {errors}" if lang == "nl" else f"Written in {errors}")
    if json:
        print_json(as_rows(found))
        return
    english = lang == "en"
    print_table(
        [
            {
                "part": check.part if english else _PARTS[check.part],
                "asked": check.asked_en if english else check.asked_nl,
                "found": check.found_en if english else check.found_nl,
                "outcome": check.outcome if english else _OUTCOMES[check.outcome],
            }
            for check in found.checks
        ],
        [
            ("part", "Part" if english else "Deel"),
            ("asked", "Must hold" if english else "Moet gelden"),
            ("found", "Found" if english else "Gevonden"),
            ("outcome", "Outcome" if english else "Uitkomst"),
        ],
        title="Is the twin to be trusted?" if english else "Is de tweeling te vertrouwen?",
        caption="Nothing is fitted on figures about days after 2021."
        if english
        else "Niets is aangepast aan cijfers over dagen na 2021.",
    )


def _hindcasts(
    origins: list[int],
    replications: int,
    write: Path | None,
    drift: Path | None,
    lang: str,
    json: bool,
) -> None:
    from dataclasses import asdict

    from pyarrow.csv import write_csv

    from stelsel.system.known import known_until
    from stelsel.twin.examination.drift import drift_table
    from stelsel.twin.examination.forecasts import FORECASTS
    from stelsel.twin.examination.hindcast import hindcast
    from stelsel.twin.examination.hindcast_page import page
    from stelsel.twin.examination.validate import FORECASTS_NL
    from stelsel.twin.fitting.earlier import ORIGINS
    from stelsel.twin.runs.output import writing

    for year in origins:
        known_until(str(year))
        if year not in ORIGINS:
            raise StelselError(
                f"After {year} nothing is left to look at.",
                where="--origin",
                remedy=f"One of {', '.join(map(str, ORIGINS))}.",
                what_nl=f"Na {year} is er niets meer om naar te kijken.",
                remedy_nl=f"Eén van {', '.join(map(str, ORIGINS))}.",
            )
    with counting("Terugkijken" if lang == "nl" else "Looking back") as counted:
        found = []
        for year in origins:
            found.append(hindcast(year, replications))
            counted(len(found), len(origins))
    if write:
        with writing(write.parent):
            write.write_text(page(found), encoding="utf-8")
        say(f"Geschreven in {write}" if lang == "nl" else f"Written in {write}")
    if drift:
        with writing(drift.parent):
            write_csv(drift_table(found), drift)
        say(f"Geschreven in {drift}" if lang == "nl" else f"Written in {drift}")
    if json:
        print_json([asdict(one) for one in found])
        return
    english = lang == "en"
    print_table(
        [
            {
                "origin": one.origin,
                "series": len(one.errors()),
                "figures": len(one.figures),
                **{name: f"{100 * one.beaten(name):.0f} %" for name in FORECASTS},
                "held": f"{100 * one.coverage:.0f} %",
            }
            for one in found
        ],
        [
            ("origin", "From" if english else "Vanuit"),
            ("series", "Series" if english else "Reeksen"),
            ("figures", "Figures" if english else "Cijfers"),
            *((name, name if english else FORECASTS_NL[name]) for name in FORECASTS),
            ("held", "In 80 % band" if english else "In 80 %-band"),
        ],
        title="Share of series with a smaller error than"
        if english
        else "Deel van de reeksen met een kleinere fout dan",
        caption="2020 was the year of corona." if english else "2020 was het jaar van corona.",
    )
