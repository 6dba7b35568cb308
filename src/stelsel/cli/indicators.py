"""``stelsel indicators``: which indicators there are, what each is, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from stelsel.cli.indicator_rows import show_rows
from stelsel.cli.indicator_table import table
from stelsel.cli.indicator_words import HEADS, UNITS
from stelsel.cli.looking import look
from stelsel.cli.options import (
    AS_OF,
    DAYS,
    INTERNAL,
    JSON,
    KNOWN_ON,
    LANG,
    REGISTER_OR_RUN,
    RUN,
    Language,
    day_words,
    grouping_of,
    language,
)
from stelsel.cli.output import notes, print_json, print_table, screen
from stelsel.cli.queue import queue
from stelsel.cli.waiting import waiting
from stelsel.errors import Fault, StelselError

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from stelsel.monitor.indicators import Indicator

ENGINES = ("duckdb", "spark", "oracle")
FORMATS = ("table", "csv", "parquet", "json", "xlsx")
IN_FILES = ("csv", "parquet", "xlsx")
ALL, TERMS = "all", "terms"
"""Instead of names: all that are defined in a file; those of the clocks of the norms."""

indicators = typer.Typer(
    help="Indicatoren: welke er zijn, wat elk is, en wat ze zeggen. (Indicators: which there are, "
    "what each is, and what they say.)",
    no_args_is_help=True,
)
indicators.command()(waiting)
indicators.command()(table)
indicators.command()(queue)

DEFINITIONS = Annotated[
    Path | None,
    typer.Option(help="YAML-bestand met eigen indicatoren, naast die van Stelsel."),
]


@indicators.command("list")
def list_(
    system: Annotated[
        str, typer.Option(help="Alleen die over een systeem uit de brieven, zoals Y03.")
    ] = "",
    definitions: DEFINITIONS = None,
    json: JSON = False,
    lang: LANG = "nl",
) -> None:
    """Noem alle indicatoren, met hun vraag, systeem en bron (name all indicators)."""
    words = language(lang)
    every = [one for one in _every(definitions) if not system or system in one.systems]
    if json:
        print_json([told(one) for one in every])
        return
    rows = [
        {
            "id": one.id,
            "name": one.name_nl if words == "nl" else one.name_en,
            "question": one.question_nl if words == "nl" else one.question_en,
            "systems": " ".join(one.systems),
            "unit": UNITS[words][one.unit],
        }
        for one in every
    ]
    heads = HEADS[words]
    print_table(
        rows,
        [(name, heads[name]) for name in ("id", "name", "question", "systems", "unit")],
        title=heads["list"],
        caption=heads["more"],
    )


@indicators.command()
def show(
    name: Annotated[str, typer.Argument(help="Id van de indicator.")],
    definitions: DEFINITIONS = None,
    json: JSON = False,
    lang: LANG = "nl",
) -> None:
    """Toon wat een indicator telt, met norm, bron en voorbehoud (show what an indicator is)."""
    from stelsel.monitor.indicators import named

    words = language(lang)
    one = named(name, _every(definitions))
    described = told(one)
    if json:
        print_json(described)
        return
    screen.print(Text(one.name_nl if words == "nl" else one.name_en, "bold"))
    screen.print(Text(one.question_nl if words == "nl" else one.question_en))
    for key in ("measure", "unit", "by", "direction", "norm", "systems", "source"):
        value = described[key]
        if value:
            text = ", ".join(value) if isinstance(value, list) else str(value)
            screen.print(Text(f"{HEADS[words][key]}: {text}"))
    for caveat in described[f"caveats_{words}"]:
        screen.print(Text(f"- {caveat}", "dim"))
    for each in described["breaks"]:
        day = day_words(one.breaks[0].day)
        screen.print(Text(f"- {HEADS[words]['break']} {day}: {each[f'why_{words}']}", "dim"))


@indicators.command("run")
def run_(
    names: Annotated[
        list[str],
        typer.Argument(
            help="Id's van indicatoren; all voor alle, terms voor die van de termijnen van normen."
        ),
    ],
    *,
    register: REGISTER_OR_RUN = None,
    run: RUN = None,
    by: Annotated[
        str,
        typer.Option(
            help="Regels per region, municipality, provider, form, referrer, priority, station, "
            "exit of month, met komma's; total voor één regel; zonder: zoals in de definitie."
        ),
    ] = "",
    as_of: AS_OF = "",
    known_on: KNOWN_ON = "",
    days: DAYS = 365,
    engine: Annotated[
        str,
        typer.Option(
            help="duckdb, spark (voor wie dat heeft), of oracle (langzaam en voor de hand liggend)."
        ),
    ] = "duckdb",
    format: Annotated[  # noqa: A002 (the name of the option)
        str, typer.Option("--format", help="table, csv, parquet, json of xlsx.")
    ] = "table",
    out: Annotated[
        Path | None, typer.Option(help="Map voor de bestanden van csv, parquet en xlsx.")
    ] = None,
    definitions: DEFINITIONS = None,
    internal: INTERNAL = False,
    lang: LANG = "nl",
) -> None:
    """Werk indicatoren uit over een register of een simulatie.

    (Work out indicators over a register, or over a run of the twin.)
    """
    looked = look(register, as_of, known_on, internal, lang, _choices(engine, format, out), run)
    chosen = _chosen(names, _every(definitions))

    from stelsel.monitor.clocks.indicators import norms_of
    from stelsel.monitor.indicators import all_together, ready
    from stelsel.monitor.indicators.definition import READS

    grouping = grouping_of(by) if by else None
    where = looked.as_of, grouping, days
    worked_out: dict[str, pa.Table] = {}
    for reads in READS:
        own = [one for one in chosen if one.reads == reads]
        if own:
            spells = looked.with_terms(norms_of(own)) if reads == "spells" else looked.answers
            worked_out |= _worked_out(engine, own, spells, where)
    tables = {
        one.id: (
            one,
            ready(
                one,
                worked_out[one.id],
                known_on=looked.known_on,
                made_up=looked.made_up,
                exact=looked.exact,
                lang=looked.lang,
            ),
        )
        for one in chosen
    }
    leave = all_together(
        tables,
        made_up=looked.made_up,
        internal=internal,
        before=looked.before({name: table for name, (_, table) in tables.items()}),
    )
    every = []
    for one in chosen:
        asked = {
            "as_of": looked.as_of,
            "known_on": looked.known_on,
            "by": list(one.by if grouping is None else grouping),
            "days": days,
        }
        looked.log_access(one.id, asked)
        looked.log_release(one.id, leave[one.id], asked)
        every.append((one, leave[one.id]))
    if format == "json":
        print_json(
            [
                {"indicator": one.id, "unit": one.unit, "rows": rows.to_pylist()}
                for one, rows in every
            ]
        )
    elif format == "table":
        for one, rows in every:
            show_rows(one, rows, looked)
    elif out is not None:
        for file in _write(every, out, format, looked.lang):
            notes.print(str(file), highlight=False, soft_wrap=True)


def _worked_out(
    engine: str,
    chosen: Sequence[Indicator],
    spells: pa.Table,
    asked: tuple[date, Sequence[str] | None, int],
) -> dict[str, pa.Table]:
    """Give the rows of each indicator, by the engine that was asked for."""
    from stelsel.monitor.engines import on_spark
    from stelsel.monitor.indicators import oracle, work_out_all

    if engine == "oracle":
        return {one.id: oracle.work_out(one, spells, *asked) for one in chosen}
    if engine == "spark":
        with on_spark(spells) as there:
            return work_out_all(chosen, there, *asked)
    return work_out_all(chosen, spells, *asked)


def _write(
    found: Sequence[tuple[Indicator, pa.Table]], out: Path, form: str, lang: Language
) -> Iterator[Path]:
    """Write a file for each indicator, or a workbook of them all."""
    from stelsel.monitor.indicators import write_rows, write_workbook

    if form == "xlsx":
        yield write_workbook(found, out / "indicators.xlsx", lang)
        return
    for one, rows in found:
        yield write_rows(rows, out / f"{one.id}.{form}")


def told(one: Indicator) -> dict[str, Any]:
    """Give the whole definition of an indicator as plain data, for JSON and the reference page."""
    from dataclasses import asdict

    found = asdict(one)
    found["unit"] = one.unit
    found["breaks"] = [{**each, "day": each["day"].isoformat()} for each in found["breaks"]]
    return {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}


def _every(definitions: Path | None) -> tuple[Indicator, ...]:
    from stelsel.monitor.clocks.indicators import of_clocks
    from stelsel.monitor.indicators import known, read

    every = (*known(), *of_clocks())
    return every if definitions is None else (*every, *read(definitions))


def _chosen(names: Sequence[str], every: Sequence[Indicator]) -> list[Indicator]:
    """Give the indicators named; every unknown name at once."""
    from stelsel.monitor.clocks.indicators import of_clocks
    from stelsel.monitor.indicators import named

    if list(names) == [TERMS]:
        return list(of_clocks())
    if list(names) == [ALL]:
        return [one for one in every if one not in of_clocks()]
    found: list[Indicator] = []
    faults: list[Fault] = []
    for name in dict.fromkeys(names):
        try:
            found.append(named(name, every))
        except StelselError as error:
            faults += error.faults
    if faults:
        raise StelselError(faults)
    beside = [named(name, every) for one in found for name in one.companions]
    return list(dict.fromkeys([*found, *beside]))


def _choices(engine: str, form: str, out: Path | None) -> list[Fault]:
    faults = []
    for option, value, among in (("--engine", engine, ENGINES), ("--format", form, FORMATS)):
        if value not in among:
            faults.append(
                Fault(
                    f"There is no {value}.",
                    option,
                    remedy=f"Choose {', '.join(among)}.",
                    what_nl=f"{value} bestaat niet.",
                    remedy_nl=f"Kies {', '.join(among)}.",
                )
            )
    if form in IN_FILES and out is None:
        faults.append(
            Fault(
                "It is not said where the files go.",
                "--out",
                remedy="Name a folder.",
                what_nl="Er staat niet bij waar de bestanden heen gaan.",
                remedy_nl="Noem een map.",
            )
        )
    return faults
