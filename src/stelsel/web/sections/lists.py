"""The lists today: one table by care form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stelsel.web.parts import Cell, Column, Table
from stelsel.web.report import Report, Row
from stelsel.web.sections.shared import dashes, dates, form_name, source
from stelsel.web.texts import Texts

_FIELDS = (
    *("waiting_children", "waited_days_median", "completed", "median_days", "p80_days"),
    *("withdrawn", "negative"),
)


@dataclass(frozen=True, slots=True)
class Lists:
    """The section of the lists."""

    heading: str
    finding: str
    question: str
    table: Table
    foot: Sequence[str]


def build(report: Report, t: Texts) -> Lists:
    """Word the section."""
    when = dates(report, t)
    now = t("lists.now", as_of=when["as_of"])
    period = t("lists.period", start=when["start"], end=when["end"])
    columns = [
        Column(t("page.form"), number=False),
        Column(t("lists.waiting"), group=now),
        Column(t("lists.waited"), group=now),
        Column(t("lists.started"), group=period),
        Column(t("lists.median"), group=period),
        Column(t("lists.p80"), group=period),
        Column(t("lists.withdrawn"), group=period),
        Column(t("lists.negative"), group=period),
    ]
    most = max((row["waiting_children"] or 0 for row in report.by_form), default=0)
    rows = [_cells(row, form_name(report, t, row["form"]), most, t) for row in report.by_form]
    rows.append(_cells(report.total, t("page.all_forms"), 0, t))
    return Lists(
        heading=t("lists.heading"),
        finding=_finding(report, t),
        question=t("lists.question"),
        table=Table(t("lists.caption", **when), columns, rows, totals=1),
        foot=[
            t("lists.foot_children"),
            t("lists.foot_otherwise"),
            *dashes([*report.by_form, report.total], _FIELDS, t),
            source(report, t),
        ],
    )


def _finding(report: Report, t: Texts) -> str:
    shown = [row for row in report.by_form if row["waiting_children"]]
    total = report.total["waiting_children"]
    if not shown or total is None:
        return t("lists.finding_hidden")
    most = max(shown, key=lambda row: int(row["waiting_children"]))
    return t("lists.finding", n=t.number(total), form=form_name(report, t, most["form"]))


def _cells(row: Row, name: str, most: int, t: Texts) -> list[Cell]:
    waiting = row["waiting_children"]
    return [
        Cell(name),
        Cell(t.number(waiting), bar=waiting / most if most and waiting is not None else None),
        Cell(t.number(row["waited_days_median"])),
        Cell(t.number(row["completed"])),
        _wait(row, "median", t),
        _wait(row, "p80", t),
        Cell(t.number(row["withdrawn"])),
        Cell(t.number(row["negative"])),
    ]


def _wait(row: Row, key: str, t: Texts) -> Cell:
    if row[f"{key}_days"] is None:
        return Cell(t.number(None))
    return Cell(t.number(row[f"{key}_days"]), beside=t.span(row[f"{key}_low"], row[f"{key}_high"]))
