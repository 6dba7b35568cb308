"""``stelsel indicators table``: what the letters ask to watch, by what, and where that runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from stelsel.cli.indicator_words import HEADS
from stelsel.cli.options import JSON, LANG, RUN, language
from stelsel.cli.output import notes, print_json, print_table
from stelsel.errors import StelselError, refused

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from stelsel.monitor.indicators.definition import Reads
    from stelsel.monitor.indicators.watching import Place
    from stelsel.register import Register

DAYS: Final = 3 * 365
"""Days that are looked at: all that the made-up region has."""


def table(
    *,
    register: Annotated[
        Path | None,
        typer.Option(help="Map van een register; zonder: een verzonnen regio van de tweeling."),
    ] = None,
    run: RUN = None,
    write: Annotated[
        Path | None, typer.Option(help="Schrijf de tabel als bladzijde in dit bestand.")
    ] = None,
    json: JSON = False,
    lang: LANG = "nl",
) -> None:
    """Toon per systeem uit de brieven welke indicatoren het laten zien, en waarop die draaien.

    (Show by system of the letters which indicators watch it, and on what these run.)
    """
    words = language(lang)

    from stelsel.monitor.indicators import known
    from stelsel.monitor.indicators.watching import PLACES, counted_in, page, watches

    with _places(register, run) as found, notes.status("Indicatoren ..."):
        where: dict[Place, frozenset[str]] = dict.fromkeys(PLACES, frozenset())
        for place, (tables, last) in found.items():
            where[place] = counted_in(known(), tables, last, DAYS)
    if write is not None:
        try:
            write.write_text(page(known(), where), encoding="utf-8")
        except OSError as error:
            raise StelselError(
                f"The page cannot be written: {refused(error)}.",
                where=str(write),
                what_nl=f"De bladzijde kan niet worden geschreven: {refused(error, 'nl')}.",
            ) from error
        notes.print(str(write), highlight=False, soft_wrap=True)
        return
    rows: list[dict[str, Any]] = [
        {
            "system": watch.system,
            "watch": watch.watch_nl if words == "nl" else watch.watch_en,
            "commands": list(watch.commands),
            "indicator": one.id,
            "source": one.source,
            **{place: one.id in where[place] for place in PLACES},
        }
        for watch in watches()
        for one in known()
        if watch.system in one.systems
    ]
    if json:
        print_json(rows)
        return
    heads = HEADS[words]
    yes = {True: heads["yes"], False: "–"}
    print_table(
        [{**row, **{place: yes[row[place]] for place in PLACES}} for row in rows],
        [(name, heads[name]) for name in ("system", "indicator", "source", *PLACES)],
        title=heads["watches"],
    )


@contextmanager
def _places(
    register: Path | None, run: Path | None
) -> Iterator[dict[Place, tuple[dict[Reads, pa.Table], date]]]:
    """Give spells and last day of what is named, else of a made-up region."""
    from stelsel.monitor.simulated import simulated
    from stelsel.register import Register

    if register is None and run is None:
        import pyarrow as pa

        from stelsel.monitor.simulated_posts import posts_of
        from stelsel.register.recovery.filled import fill
        from stelsel.twin.runs.books import books

        with TemporaryDirectory() as folder:
            filled = fill(Path(folder))
            last = filled.truth.last
            posts = posts_of(books(filled.truth)["staff"])
            yield {
                "register": (_both(filled.register), last),
                "run": ({"spells": pa.concat_tables([filled.truth.spells(), posts])}, last),
            }
        return
    found: dict[Place, tuple[dict[Reads, pa.Table], date]] = {}
    if register is not None:
        kept = Register.open(register)
        found["register"] = _both(kept), kept.last_day
    if run is not None:
        told = simulated(run)
        found["run"] = {"spells": told.spells()}, told.last_day
    yield found


def _both(register: Register) -> dict[Reads, pa.Table]:
    return {"spells": register.spells(), "answers": register.answers()}
