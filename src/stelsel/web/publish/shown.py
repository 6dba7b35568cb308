"""One indicator on the page: its finding table, its drawing, and what belongs at its foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from stelsel import system
from stelsel.monitor.indicators import Indicator
from stelsel.web.charts.intervals import Dot, intervals
from stelsel.web.charts.lines import Line, Point, lines
from stelsel.web.charts.theme import ACCENT, VERMILION
from stelsel.web.parts import Cell, Column, Key, Panel, Table
from stelsel.web.publish.files import TABLES
from stelsel.web.publish.gathering import Published
from stelsel.web.texts import Texts
from stelsel.web.words import HIDDEN, capital

Row = Mapping[str, Any]
_COLOURS = (ACCENT, VERMILION)
_MOST = 24
"""More groups than this are not drawn: the table tells them."""
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Download:
    """A table to read on the page, and the file to download."""

    table: Table
    file: str
    what: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An indicator, ready to be set out.

    Parameters
    ----------
    name
        Its id in the page.
    title, question
        What it is and which question it answers.
    headline
        The number of the whole, with its unit and interval; empty where it is not shown.
    panels, legend
        The drawings and their signs.
    tables
        Its tables, that of the drawing first.
    foot
        Unit and days, caveats, source.
    """

    name: str
    title: str
    question: str
    headline: str
    panels: Sequence[Panel]
    legend: Sequence[Key]
    tables: Sequence[Download]
    foot: Sequence[str]


def shown(indicator: Indicator, tables: Sequence[Published], t: Texts) -> Shown:
    """Word and draw an indicator."""
    nl = t.lang == "nl"
    rows = {one.by: one.rows.to_pylist() for one in tables}
    title = indicator.name_nl if nl else indicator.name_en
    panels, legend = _drawing(indicator, rows, t, title)
    return Shown(
        name=indicator.id,
        title=title,
        question=indicator.question_nl if nl else indicator.question_en,
        headline=_headline(indicator, rows.get((), []), t),
        panels=panels,
        legend=legend,
        tables=[_download(one, rows[one.by], t) for one in tables],
        foot=_foot(indicator, tables, t),
    )


def _unit(indicator: Indicator, t: Texts) -> str:
    return t(f"publication.unit_{indicator.unit}")


def _decimals(indicator: Indicator) -> int:
    if indicator.measure == "ends":
        return 0
    return {"ratio": 2, "percent": 1}.get(indicator.unit, 0)


def _value(indicator: Indicator, row: Row, t: Texts) -> str:
    return t.number(row["value"], _decimals(indicator))


def _interval(indicator: Indicator, row: Row, t: Texts) -> str:
    if row["value"] is None or (row["low"] is None and row["high"] is None):
        return ""
    return t.span(row["low"], row["high"], decimals=_decimals(indicator))


def _headline(indicator: Indicator, rows: Sequence[Row], t: Texts) -> str:
    found = [row for row in rows if row["part"] in ("", "median") and row["value"] is not None]
    if not found:
        return ""
    row = found[0]
    # A number of spells has no unit that says more than the title does.
    unit = "" if indicator.unit in ("spells", "ratio") else f" {_unit(indicator, t)}"
    said = f"{_value(indicator, row, t)}{unit}"
    interval = _interval(indicator, row, t)
    text = f"{said} ({interval})" if interval else said
    return capital(f"{_part(indicator, row, t)} {text}") if row["part"] else text


def _part(indicator: Indicator, row: Row, t: Texts) -> str:
    part = row["part"] or ""
    if part in ("median", "p80"):
        return t(f"publication.{part}")
    kinds = dict.fromkeys(system.station(name).kind for name in indicator.of.stations)
    for kind in kinds:
        for way in system.exits(kind):
            if way.id == part:
                return way.name_nl if t.lang == "nl" else way.name_en
    return str(part)


def _group(row: Row, by: Sequence[str], t: Texts) -> str:
    if not by:
        return t("publication.whole")
    words = []
    for name in by:
        if name == "month":
            words.append(t.month(row["period_start"]))
        else:
            words.append(str(row.get(f"{name}_name") or row[name] or HIDDEN))
    return capital(", ".join(words))


def _download(one: Published, rows: Sequence[Row], t: Texts) -> Download:
    indicator = one.indicator
    parts = any(row["part"] for row in rows)
    counts = [
        name
        for name in ("numerator", "denominator")
        if indicator.measure != "count" and any(row[name] is not None for row in rows)
    ]
    named = t("publication.by_total")
    if one.by:
        what = ", ".join(t(f"publication.group_{name}") for name in one.by)
        named = t("publication.by", what=what)
    title = indicator.name_nl if t.lang == "nl" else indicator.name_en
    head = capital(t(f"publication.group_{one.by[0]}") if one.by else t("publication.group"))
    columns = [
        *([Column(head, number=False)] if one.by or not parts else []),
        *([Column(t("publication.part"), number=False)] if parts else []),
        Column(f"{t('publication.value')} ({_unit(indicator, t)})"),
        *(Column(t(f"publication.{name}")) for name in counts),
    ]
    cells = [
        [
            *([Cell(_group(row, one.by, t))] if one.by or not parts else []),
            *([Cell(capital(_part(indicator, row, t)))] if parts else []),
            Cell(_value(indicator, row, t), _interval(indicator, row, t)),
            *(Cell(t.number(row[name])) for name in counts),
        ]
        for row in rows
    ]
    return Download(Table(f"{title}, {named}", columns, cells), f"{TABLES}/{one.name}.csv", named)


def _drawing(
    indicator: Indicator, rows: Mapping[tuple[str, ...], Sequence[Row]], t: Texts, title: str
) -> tuple[list[Panel], list[Key]]:
    """Draw the groups side by side, else the months, else the ways of ending."""
    by = next((one for one in rows if one and one != ("month",) and len(one) == 1), None)
    groups = [row for row in rows.get(by or (), []) if row["value"] is not None]
    months = rows.get(("month",), [])
    if indicator.measure == "ends":
        whole = [row for row in rows.get((), []) if row["value"] is not None]
        return (_dots(indicator, whole, (), t, title), []) if len(whole) >= _SEVERAL else ([], [])
    if by and _SEVERAL <= len({row[by[0]] for row in groups}) <= _MOST:
        parts = [("median", _COLOURS[0]), ("p80", _COLOURS[1])]
        legend = (
            [
                Key(colour, t(f"publication.{part}"), ("dot", "diamond")[number])
                for number, (part, colour) in enumerate(parts)
            ]
            if indicator.measure == "length"
            else []
        )
        return _dots(indicator, groups, by, t, title), legend
    if sum(row["value"] is not None for row in months) > _SEVERAL:
        return _line(indicator, months, t, title), []
    return [], []


def _dots(
    indicator: Indicator, rows: Sequence[Row], by: tuple[str, ...], t: Texts, title: str
) -> list[Panel]:
    ends = indicator.measure == "ends"
    dots = [
        Dot(
            row=capital(_part(indicator, row, t)) if ends else _group(row, by, t),
            series=1 if row["part"] == "p80" else 0,
            value=float(row["value"]),
            low=row["low"],
            high=row["high"],
            label=_value(indicator, row, t),
        )
        for row in rows
    ]
    text = "; ".join(f"{dot.row}: {dot.label}" for dot in dots)
    drawn = [
        Markup(
            intervals(
                dots,
                colours=_COLOURS,
                axis=_unit(indicator, t),
                lang=t.lang,
                name=title,
                text=text,
                narrow=narrow,
            )
        )
        for narrow in (False, True)
    ]
    return [Panel(drawn[0], drawn[1])]


def _line(indicator: Indicator, rows: Sequence[Row], t: Texts, title: str) -> list[Panel]:
    points = [Point(row["period_end"], row["value"], row["low"], row["high"]) for row in rows]
    last = next(row for row in reversed(rows) if row["value"] is not None)
    line = Line(points, ACCENT, end=_value(indicator, last, t))
    text = "; ".join(f"{t.month(row['period_start'])}: {_value(indicator, row, t)}" for row in rows)
    drawn = [
        Markup(lines([line], lang=t.lang, name=title, text=text, width=width, height=height))
        for width, height in ((720, 220), (328, 200))
    ]
    return [Panel(drawn[0], drawn[1])]


def _foot(indicator: Indicator, tables: Sequence[Published], t: Texts) -> list[str]:
    nl = t.lang == "nl"
    row = tables[0].rows.slice(0, 1).to_pylist()
    found = [f"{capital(_unit(indicator, t))}, {_days(indicator, row[0], t)}."] if row else []
    if any(row["protected"] for one in tables for row in one.rows.to_pylist()):
        found.append(t("page.hidden"))
    found += indicator.caveats_nl if nl else indicator.caveats_en
    found += [
        t("publication.break", day=t.day(one.day), why=one.why_nl if nl else one.why_en)
        for one in indicator.breaks
    ]
    if indicator.norm:
        norm = system.norm(indicator.norm)
        name = norm.name_nl if nl else norm.name_en
        found.append(t("publication.norm", norm=name, source=norm.source))
    found.append(t("publication.source", source=indicator.source.rstrip(".")))
    return found


def _days(indicator: Indicator, row: Row, t: Texts) -> str:
    start, end = (_written(row[name], t) for name in ("period_start", "period_end"))
    still = indicator.measure in ("lasted", "beside") or (
        indicator.measure in ("count", "share", "ratio") and indicator.moment == "there"
    )
    if still:
        return t("publication.on_day", end=end)
    return t("publication.in_period", start=start, end=end)


def _written(day: date, t: Texts) -> str:
    return t.day(day)
