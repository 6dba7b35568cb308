"""Rows of an indicator as a table on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from rich.text import Text

from stelsel.cli.indicator_words import HEADS, PARTS, UNITS
from stelsel.cli.looking import Look
from stelsel.cli.options import Language, day_words
from stelsel.cli.output import number, print_table, screen, shown

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from stelsel.monitor.indicators import Indicator


def show_rows(one: Indicator, rows: pa.Table, looked: Look) -> None:
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
    middle = {"median": heads["middle"]} if one.measure == "mark" else {}
    parts = PARTS[lang] | middle | _exits(one, lang)
    decimals = {"percent": 1, "ratio": 2, "mark": 1}.get(one.unit, 0)
    lines = [
        {
            **{name: parts.get(str(row[name]), row[name]) for name in keys},
            "value": shown(row, "value", lang, decimals=decimals) + _interval(row, one.unit, lang),
            "numerator": shown(row, "numerator", lang),
            "denominator": shown(row, "denominator", lang),
        }
        for row in found
    ]
    counts = ["numerator", "denominator"] if one.measure not in ("count", "days") else []
    print_table(
        lines,
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
    from stelsel.system import exits, stations
    from stelsel.system.questions import Answer, Question, answers, questions

    if one.reads == "answers":
        asked: list[Answer | Question] = [*answers(), *questions()]
        return {each.id: each.name_nl if lang == "nl" else each.name_en for each in asked}
    kinds = dict.fromkeys(each.kind for each in stations() if each.id in one.of.stations)
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


def _interval(row: Mapping[str, Any], unit: str, lang: Language) -> str:
    if row["value"] is None or row["low"] is None:
        return ""
    decimals = 1 if unit == "mark" else 0
    high = "…" if row["high"] is None else number(row["high"], decimals, lang)
    return f" ({number(row['low'], decimals, lang)}–{high})"
