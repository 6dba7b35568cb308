"""``stelsel indicators``: which indicators there are, what each is, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.text import Text

from stelsel.cli.indicator_words import HEADS, PARTS, UNITS
from stelsel.cli.looking import Look, look
from stelsel.cli.options import (
    AS_OF,
    DAYS,
    INTERNAL,
    JSON,
    KNOWN_ON,
    LANG,
    REGISTER,
    Language,
    day_words,
    grouping_of,
    language,
)
from stelsel.cli.output import notes, number, print_json, print_table, screen, shown
from stelsel.cli.waiting import waiting
from stelsel.errors import Fault, StelselError

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from stelsel.monitor.indicators import Indicator

ENGINES = ("duckdb", "spark", "oracle")
FORMATS = ("table", "csv", "parquet", "json")
ALL = "all"

indicators = typer.Typer(
    help="Indicatoren: welke er zijn, wat elk is, en wat ze zeggen. (Indicators: which there are, "
    "what each is, and what they say.)",
    no_args_is_help=True,
)
indicators.command()(waiting)

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
    names: Annotated[list[str], typer.Argument(help="Id's van indicatoren, of all voor alle.")],
    *,
    register: REGISTER,
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
        str, typer.Option("--format", help="table, csv, parquet of json.")
    ] = "table",
    out: Annotated[
        Path | None, typer.Option(help="Map voor de bestanden van csv en parquet.")
    ] = None,
    definitions: DEFINITIONS = None,
    internal: INTERNAL = False,
    lang: LANG = "nl",
) -> None:
    """Werk indicatoren uit over een register (work out indicators over a register)."""
    looked = look(register, as_of, known_on, internal, lang, _choices(engine, format, out))
    chosen = _chosen(names, _every(definitions))

    from stelsel.monitor.indicators import for_readers, write_rows

    grouping = grouping_of(by) if by else None
    worked_out = _worked_out(engine, chosen, looked.spells, (looked.as_of, grouping, days))
    every = []
    for one in chosen:
        asked = {
            "as_of": looked.as_of,
            "known_on": looked.known_on,
            "by": list(one.by if grouping is None else grouping),
            "days": days,
        }
        looked.log_access(one.id, asked)
        rows = for_readers(
            one,
            worked_out[one.id],
            known_on=looked.known_on,
            made_up=looked.made_up,
            internal=internal,
            lang=looked.lang,
        )
        looked.log_release(one.id, rows, asked)
        every.append((one, rows))
    if format == "json":
        print_json([_answer(one, rows) for one, rows in every])
    for one, rows in every:
        if format == "table":
            _show(one, rows, looked)
        elif format != "json":
            assert out is not None
            file = write_rows(rows, out / f"{one.id}.{format}")
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


def told(one: Indicator) -> dict[str, Any]:
    """Give the whole definition of an indicator as plain data, for JSON and the reference page."""
    from dataclasses import asdict

    found = asdict(one)
    found["unit"] = one.unit
    found["breaks"] = [{**each, "day": each["day"].isoformat()} for each in found["breaks"]]
    return {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}


def _every(definitions: Path | None) -> tuple[Indicator, ...]:
    from stelsel.monitor.indicators import known, read

    return known() if definitions is None else (*known(), *read(definitions))


def _chosen(names: Sequence[str], every: Sequence[Indicator]) -> list[Indicator]:
    """Give the indicators named; every unknown name at once."""
    from stelsel.monitor.indicators import named

    if list(names) == [ALL]:
        return list(every)
    found: list[Indicator] = []
    faults: list[Fault] = []
    for name in dict.fromkeys(names):
        try:
            found.append(named(name, every))
        except StelselError as error:
            faults += error.faults
    if faults:
        raise StelselError(faults)
    return found


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
    if form in ("csv", "parquet") and out is None:
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


def _answer(one: Indicator, rows: pa.Table) -> Mapping[str, Any]:
    return {"indicator": one.id, "unit": one.unit, "rows": rows.to_pylist()}


def _show(one: Indicator, rows: pa.Table, looked: Look) -> None:
    """Print an indicator as a table: its groups, its value with the interval, what is behind."""
    lang = looked.lang
    heads = HEADS[lang]
    title = one.name_nl if lang == "nl" else one.name_en
    found = rows.to_pylist()
    if not found:
        screen.print(Text(title, "bold"))
        screen.print(Text(heads["none"], "dim"))
        return
    skip = {"indicator", "as_of", "known_on", "period_start", "period_end", "made_up"}
    keys = [
        name
        for name in rows.column_names[: rows.column_names.index("value")]
        if name not in skip and f"{name}_name" not in rows.column_names
    ]
    if all(row["part"] in ("", None) for row in found):
        keys.remove("part")
    parts = PARTS[lang] | _exits(one, lang)
    decimals = {"percent": 1, "ratio": 2}.get(one.unit, 0)
    shown = [
        {
            **{name: parts.get(str(row[name]), row[name]) for name in keys},
            "value": shown(row, "value", lang, decimals=decimals) + _interval(row, lang),
            "numerator": shown(row, "numerator", lang),
            "denominator": shown(row, "denominator", lang),
        }
        for row in found
    ]
    counts = ["numerator", "denominator"] if one.measure != "count" else []
    print_table(
        shown,
        [
            *((name, heads.get(name, name)) for name in keys),
            ("value", f"{heads['value']} ({UNITS[lang][one.unit]})"),
            *((name, heads[name]) for name in counts),
        ],
        title=f"{title}, {_when(one, found[0], lang)}",
        caption="\n".join(
            [
                *(one.caveats_nl if lang == "nl" else one.caveats_en),
                f"{heads['definition']}: {one.source}.",
                *looked.foot(),
            ]
        ),
    )


def _exits(one: Indicator, lang: Language) -> dict[str, str]:
    from stelsel.system import exits, station

    kinds = dict.fromkeys(station(name).kind for name in one.of.stations)
    ways = [way for kind in kinds for way in exits(kind)]
    return {way.id: way.name_nl if lang == "nl" else way.name_en for way in ways}


def _when(one: Indicator, row: Mapping[str, Any], lang: Language) -> str:
    on = {"nl": "op", "en": "on"}[lang]
    still = one.measure in ("lasted", "beside") or (
        one.measure in ("count", "share", "ratio") and one.moment == "there"
    )
    first, last = (cast("date", row[name]) for name in ("period_start", "period_end"))
    if still:
        return f"{on} {day_words(last)}"
    return f"{day_words(first)} {HEADS[lang]['to']} {day_words(last)}"


def _interval(row: Mapping[str, Any], lang: Language) -> str:
    if row["value"] is None or row["low"] is None:
        return ""
    high = "…" if row["high"] is None else number(row["high"], 0, lang)
    return f" ({number(row['low'], 0, lang)}–{high})"
