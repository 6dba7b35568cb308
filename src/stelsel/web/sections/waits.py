"""How long children wait: median and 80th percentile by care form, with their intervals."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from stelsel.web.charts.intervals import Dot, intervals
from stelsel.web.charts.theme import ACCENT, VERMILION
from stelsel.web.parts import Cell, Column, Figure, Key, Panel, Table
from stelsel.web.report import Report, Row
from stelsel.web.sections.shared import dashes, dates, form_name, source
from stelsel.web.texts import Texts

_COLOURS = (ACCENT, VERMILION)


@dataclass(frozen=True, slots=True)
class Waits:
    """The section of the waits; where no wait can be shown, ``none`` says so."""

    heading: str
    figure: Figure | None
    none: str


def slowest(report: Report) -> Row | None:
    """Give the care form with the longest median wait, None where no median is known."""
    known = [row for row in report.by_form if row["median_days"] is not None]
    return max(known, key=lambda row: float(row["median_days"]), default=None)


def build(report: Report, t: Texts) -> Waits:
    """Word and draw the section; the longest wait comes first."""
    rows = sorted(
        (row for row in report.by_form if row["median_days"] is not None),
        key=lambda row: -float(row["median_days"]),
    )
    heading = t("waits.heading")
    if not rows:
        return Waits(heading, None, t("waits.none"))
    text = t(
        "waits.alt",
        rows="; ".join(
            t(
                "waits.alt_row",
                form=form_name(report, t, row["form"]),
                median=t.number(row["median_days"]),
                p80=t.number(row["p80_days"]),
            )
            for row in rows
        ),
    )
    wide, narrow = (
        Markup(
            intervals(
                [dot for row in rows for dot in _dots(report, row, t)],
                colours=_COLOURS,
                axis=t("waits.axis" if not small else "page.days"),
                lang=t.lang,
                name=f"{t.lang}-waits-{'narrow' if small else 'wide'}",
                text=text,
                narrow=small,
            )
        )
        for small in (False, True)
    )
    figure = Figure(
        name="waits-by-form",
        title=t(
            "waits.finding",
            form=form_name(report, t, rows[0]["form"]),
            days=t.number(rows[0]["median_days"]),
        ),
        question=t("waits.question"),
        panels=[Panel(wide, narrow)],
        table=_table(report, t),
        foot=[
            t("waits.foot_open"),
            *dashes(report.by_form, ("median_days", "p80_days"), t),
            source(report, t),
        ],
        legend=[
            Key(_COLOURS[0], t("waits.key_median"), "dot"),
            Key(_COLOURS[1], t("waits.key_p80"), "diamond"),
            Key(_COLOURS[0], t("waits.key_interval"), "band"),
        ],
    )
    return Waits(heading, figure, "")


def _dots(report: Report, row: Row, t: Texts) -> list[Dot]:
    return [
        Dot(
            row=form_name(report, t, row["form"]),
            series=series,
            value=row[f"{key}_days"],
            low=row[f"{key}_low"],
            high=row[f"{key}_high"],
            label=t.number(row[f"{key}_days"]),
        )
        for series, key in enumerate(("median", "p80"))
        if row[f"{key}_days"] is not None
    ]


def _table(report: Report, t: Texts) -> Table:
    when = dates(report, t)
    return Table(
        caption=t("waits.caption", start=when["start"], end=when["end"]),
        columns=[
            Column(t("page.form"), number=False),
            Column(t("waits.median")),
            Column(t("waits.interval")),
            Column(t("waits.p80")),
            Column(t("waits.interval")),
        ],
        rows=[
            [
                Cell(name),
                Cell(t.number(row["median_days"])),
                Cell(t.span(row["median_low"], row["median_high"])),
                Cell(t.number(row["p80_days"])),
                Cell(t.span(row["p80_low"], row["p80_high"])),
            ]
            for name, row in [
                *((form_name(report, t, row["form"]), row) for row in report.by_form),
                (t("page.all_forms"), report.total),
            ]
        ],
        totals=1,
    )
