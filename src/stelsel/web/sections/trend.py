"""Better or worse: the lists, what joins and leaves them, and the wait, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from stelsel.web.charts.lines import Line, Point, lines
from stelsel.web.charts.theme import ACCENT, NARROW, SMALL, VERMILION, WIDE
from stelsel.web.parts import Cell, Column, Figure, Key, Panel, Table
from stelsel.web.report import Report, Row
from stelsel.web.sections.shared import dashes, form_name, source, year_before
from stelsel.web.texts import Texts

WAITING = "waiting_children"


@dataclass(frozen=True, slots=True)
class Trend:
    """The section of the trends."""

    heading: str
    figures: Sequence[Figure]


def build(report: Report, t: Texts) -> Trend:
    """Word and draw the section; a trend needs at least three months."""
    figures = []
    if len(report.by_month) > 2:
        figures = [_waiting(report, t), _forms(report, t), _flows(report, t), _length(report, t)]
    return Trend(t("trend.heading"), [figure for figure in figures if figure])


def _waiting(report: Report, t: Texts) -> Figure:
    rows = report.by_month
    wide, narrow = (
        _draw([_line(rows, WAITING, t)], t, f"waiting-{size}", _told(rows, t), size)
        for size in (WIDE, NARROW)
    )
    return Figure(
        name="trend-waiting",
        title=_change(report, t),
        question=t("trend.waiting_question"),
        panels=[Panel(wide, narrow)],
        table=_months(t("trend.waiting_caption"), {t("lists.waiting"): rows}, WAITING, t),
        foot=[
            _unit("trend.waiting_unit", rows, t),
            t("trend.foot_late"),
            *dashes(rows, [WAITING], t),
            source(report, t),
        ],
    )


def _change(report: Report, t: Texts) -> str:
    now = report.total[WAITING]
    before = report.year_ago[WAITING] if report.year_ago else None
    if before is None or now is None:
        return t("trend.waiting_hidden")
    way = "same" if now == before else "up" if now > before else "down"
    values = {"now": t.number(now)} | ({} if way == "same" else {"before": t.number(before)})
    return t(f"trend.waiting_{way}", **values)


def _forms(report: Report, t: Texts) -> Figure:
    by_form = report.by_form_and_month
    panels = [
        Panel(
            svg=_draw(
                [_line(rows, WAITING, t)],
                t,
                f"waiting-{form}",
                t("trend.forms_alt", form=form_name(report, t, form), line=_told(rows, t)),
                SMALL,
            ),
            heading=form_name(report, t, form),
        )
        for form, rows in by_form.items()
        if len(rows) > 2 and any(row[WAITING] is not None for row in rows)
    ]
    grown = [
        (row[WAITING] - earlier[WAITING], form_name(report, t, row["form"]), earlier[WAITING])
        for row in report.by_form
        if (earlier := report.by_form_year_ago.get(row["form"]))
        and None not in (earlier[WAITING], row[WAITING])
    ]
    title = t("trend.forms_hidden")
    if grown:
        most, name, before = max(grown)
        title = (
            t(
                "trend.forms_up",
                form=name,
                before=t.number(before),
                now=t.number(before + most),
            )
            if most > 0
            else t("trend.forms_down")
        )
    columns = {form_name(report, t, form): rows for form, rows in by_form.items()}
    every = [row for rows in by_form.values() for row in rows]
    return Figure(
        name="trend-forms",
        title=title,
        question=t("trend.forms_question"),
        panels=panels,
        table=_months(t("trend.forms_caption"), columns, WAITING, t),
        foot=[t("trend.forms_unit"), *dashes(every, [WAITING], t), source(report, t)],
    )


def _flows(report: Report, t: Texts) -> Figure | None:
    rows = [row for row in report.by_month if _is_over(row)]
    if len(rows) < 3:
        return None
    total = report.total
    came, went = total["inflow"], total["outflow"]
    if came is None or went is None:
        title = t("trend.flows_hidden")
    elif came == went:
        title = t("trend.flows_same", inflow=t.number(came))
    else:
        way = "more_in" if came > went else "more_out"
        title = t(f"trend.flows_{way}", inflow=t.number(came), outflow=t.number(went))
    told = t(
        "trend.flows_alt",
        end=t.month(rows[-1]["period_end"]),
        inflow=t.number(rows[-1]["inflow"]),
        outflow=t.number(rows[-1]["outflow"]),
    )
    drawn = [
        _line(rows, field, t, colour, end=False)
        for field, colour in (("inflow", VERMILION), ("outflow", ACCENT))
    ]
    wide, narrow = (_draw(drawn, t, f"flows-{size}", told, size) for size in (WIDE, NARROW))
    fields = {"inflow": "inflow", "outflow": "outflow", "started": "completed"}
    return Figure(
        name="trend-flows",
        title=title,
        question=t("trend.flows_question"),
        panels=[Panel(wide, narrow)],
        table=Table(
            t("trend.flows_caption"),
            [
                Column(t("trend.month"), number=False),
                *(Column(t(f"trend.{key}")) for key in fields),
            ],
            [
                [
                    Cell(t.month(row["period_end"])),
                    *(Cell(t.number(row[field])) for field in fields.values()),
                ]
                for row in rows
            ],
        ),
        foot=[
            t("trend.flows_unit"),
            *dashes(rows, list(fields.values()), t),
            source(report, t),
        ],
        legend=[
            Key(VERMILION, t("trend.inflow"), "line"),
            Key(ACCENT, t("trend.outflow"), "line"),
        ],
    )


def _length(report: Report, t: Texts) -> Figure | None:
    rows = [row for row in report.by_month if _is_over(row)]
    known = [row for row in rows if row["median_days"] is not None]
    if len(known) < 3:
        return None
    told = t(
        "trend.length_alt",
        first=t.number(known[0]["median_days"]),
        start=t.month(known[0]["period_end"]),
        last=t.number(known[-1]["median_days"]),
        end=t.month(known[-1]["period_end"]),
    )
    line = Line(
        [
            Point(row["period_end"], row["median_days"], row["median_low"], row["median_high"])
            for row in rows
        ],
        ACCENT,
        t.number(known[-1]["median_days"]),
    )
    wide, narrow = (_draw([line], t, f"length-{size}", told, size) for size in (WIDE, NARROW))
    return Figure(
        name="trend-length",
        title=_length_title(rows, t),
        question=t("trend.length_question"),
        panels=[Panel(wide, narrow)],
        table=Table(
            t("trend.length_caption"),
            [
                Column(t("trend.month"), number=False),
                Column(t("waits.median")),
                Column(t("waits.interval")),
            ],
            [
                [
                    Cell(t.month(row["period_end"])),
                    Cell(t.number(row["median_days"])),
                    Cell(t.span(row["median_low"], row["median_high"])),
                ]
                for row in rows
            ],
        ),
        foot=[t("trend.length_unit"), *dashes(rows, ["median_days"], t), source(report, t)],
    )


def _length_title(rows: Sequence[Row], t: Texts) -> str:
    now, earlier = rows[-1], year_before(rows)
    if earlier is None or now["median_days"] is None or earlier["median_days"] is None:
        return t("trend.length_hidden")
    values = {"end": t.month(now["period_end"]), "now": t.number(now["median_days"])}
    before = t.number(earlier["median_days"])
    if _above(now, earlier):
        return t("trend.length_up", before=before, **values)
    if _above(earlier, now):
        return t("trend.length_down", before=before, **values)
    return t("trend.length_unclear", **values)


def _above(one: Row, other: Row) -> bool:
    low, high = one["median_low"], other["median_high"]
    return low is not None and high is not None and low > high


def _is_over(row: Row) -> bool:
    """Whether the month is whole: flows of half a month say nothing beside those of a whole one."""
    end: date = row["period_end"]
    return (end + timedelta(days=1)).day == 1


def _line(
    rows: Sequence[Row], field: str, t: Texts, colour: str = ACCENT, *, end: bool = True
) -> Line:
    shown = [row[field] for row in rows if row[field] is not None]
    return Line(
        [Point(row["period_end"], row[field]) for row in rows],
        colour,
        t.number(shown[-1]) if end and shown else "",
    )


def _draw(series: Sequence[Line], t: Texts, name: str, text: str, width: int) -> Markup:
    height = {WIDE: 260, NARROW: 210, SMALL: 150}[width]
    return Markup(
        lines(
            series,
            lang=t.lang,
            name=f"{t.lang}-{name}",
            text=text,
            width=width,
            height=height,
        )
    )


def _told(rows: Sequence[Row], t: Texts) -> str:
    shown = [row for row in rows if row[WAITING] is not None]
    if not shown:
        return t("trend.waiting_alt_hidden")
    top = max(shown, key=lambda row: int(row[WAITING]))
    return t(
        "trend.waiting_alt",
        first=t.number(shown[0][WAITING]),
        start=t.month(shown[0]["period_end"]),
        last=t.number(shown[-1][WAITING]),
        end=t.month(shown[-1]["period_end"]),
        top=t.number(top[WAITING]),
        top_month=t.month(top["period_end"]),
    )


def _unit(key: str, rows: Sequence[Row], t: Texts) -> str:
    return t(key, start=t.day(rows[0]["period_end"]), end=t.day(rows[-1]["period_end"]))


def _months(caption: str, columns: Mapping[str, Sequence[Row]], field: str, t: Texts) -> Table:
    by_month = {name: {row["period_end"]: row for row in rows} for name, rows in columns.items()}
    days = sorted({day for rows in by_month.values() for day in rows})
    return Table(
        caption,
        [Column(t("trend.month"), number=False), *(Column(name) for name in columns)],
        [
            [
                Cell(t.month(day)),
                *(
                    Cell(t.number(rows[day][field] if day in rows else None))
                    for rows in by_month.values()
                ),
            ]
            for day in days
        ],
    )
