"""``stelsel demo``: the main job from begin to end on a made-up region."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from stelsel.cli.output import counting, say
from stelsel.errors import StelselError

MADE = ("messages", "register", "register.key", "indicators", "run", "report.html")
"""What the demo makes in its folder, and may make anew."""
SHOWN = ("more-ambulatory-places", "stronger-local-teams")
"""The scenarios beside which the demo lays its region."""


def demo(
    region: Annotated[str, typer.Option(help="Jeugdregio, zoals JZ07.")] = "JZ07",
    years: Annotated[int, typer.Option(help="Aantal jaren, vanaf 2021.")] = 3,
    out: Annotated[Path, typer.Option(help="Map voor alles wat de demo maakt.")] = Path("demo"),
    serve: Annotated[bool, typer.Option(help="Toon de pagina aan het eind.")] = True,
    replications: Annotated[int, typer.Option(help="Aantal herhalingen van de wat-als.")] = 30,
    port: Annotated[int, typer.Option(help="Poort op deze computer voor de pagina.")] = 8765,
) -> None:
    """Maak een verzonnen regio, haar berichten, register, wachttijden, wat-als en pagina.

    Make a made-up region, its messages, register, waiting times, what-if and page.
    """
    from stelsel.cli.ingest import ingest
    from stelsel.cli.report import report
    from stelsel.cli.simulate import write_spells
    from stelsel.cli.waiting import waiting
    from stelsel.ijw.traffic import messages_of, write_traffic
    from stelsel.twin import ensemble, load, run
    from stelsel.twin.runs.ensemble import check
    from stelsel.twin.runs.output import write
    from stelsel.twin.runs.telling import of_care

    check(region, years, replications)  # before anything is cleared away
    _clear(out)
    say(f" Een regio doorrekenen: {region}, {years} jaar vanaf 2021", strong="1/5")
    truth = run(region=region, years=years)
    say(" De berichten schrijven die zo'n regio zou hebben verstuurd", strong="2/5")
    care = of_care(truth.spells())
    told = messages_of(care, truth.people(), seed=truth.seed, until=truth.last)
    written = write_traffic(told, out / "messages")
    number = ", ".join(f"{count} {name}" for name, count in sorted(written.items()))
    say(f"    {sum(written.values())} berichten: {number}")
    say(" De berichten inlezen in een register", strong="3/5")
    ingest([out / "messages"], register=out / "register", json=False)
    say(" Wat als? Twee maatregelen naast zoals het gaat", strong="4/5")
    scenarios = [load(name) for name in SHOWN]
    with counting("Doorrekenen") as counted:
        result = ensemble(scenarios, region, years, replications, workers=2, progress=counted)
    write(result, out / "run")
    write_spells(truth, out / "run")
    say(" Wachttijden en de pagina", strong="5/5")
    waiting(register=out / "register", by="form", out=out / "indicators")
    report(register=out / "register", run=out / "run", out=out / "report.html")
    say(f"Klaar. Alles staat in {out}; open {out / 'report.html'} in een browser.")
    if serve:
        from stelsel.cli.serve import serve as show

        show(register=out / "register", run=out / "run", port=port)


def _clear(folder: Path) -> None:
    """Make room for a new demo; a folder with anything else in it is left alone."""
    from stelsel.twin.runs.output import writing

    with writing(folder):
        others = sorted(entry.name for entry in folder.iterdir() if entry.name not in MADE)
        if others:
            raise StelselError(
                f"Holds something that is not of the demo: {', '.join(others[:3])}.",
                where=str(folder),
                remedy="Choose another folder with --out, or empty this one.",
                what_nl=f"Bevat iets dat niet van de demo is: {', '.join(others[:3])}.",
                remedy_nl="Kies met --out een andere map, of maak deze leeg.",
            )
        for name in MADE:
            made = folder / name
            if made.is_dir():
                shutil.rmtree(made)
            else:
                made.unlink(missing_ok=True)
