"""What the page tells: gathered from the register, the monitor and a run, protected.

Nothing is computed here; what is gathered here can be had from Python in three lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from stelsel.disclosure import earlier, log_release
from stelsel.monitor import for_readers, waiting
from stelsel.register import Register
from stelsel.system import forms
from stelsel.system.regions import regions
from stelsel.web.run import Run, read_run
from stelsel.web.words import Language

DAYS = 365
"""Length of the period in which waits are counted."""
YEARS = 3
"""Years of months in the trend, the month of the last day included."""

Row = Mapping[str, Any]
"""A row of the monitor by field name; None is a number that is protected or undetermined."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one page tells.

    Parameters
    ----------
    regions
        Names of the youth regions that the numbers are about, by code.
    forms
        Names of the care forms by CBS code, in their order.
    made_up
        Whether the children in the register are made up.
    last_day
        The last day that the register knows anything about.
    known_on
        Day on which the last fact became known.
    total
        Waiting of all forms together.
    by_form
        Waiting by care form, in the order of ``forms``; a form without waits is left out.
    year_ago
        As ``total``, a year earlier to the day; None where the register does not reach so far.
    by_form_year_ago
        As ``by_form``, a year earlier, by CBS code; a form without waits then is left out.
    by_month
        Waiting of all forms together, by month, in order.
    by_form_and_month
        Waiting by CBS code of the form, in the same months.
    run
        The what-if, where there is one.
    """

    regions: Mapping[str, str]
    forms: Mapping[str, Mapping[Language, str]]
    made_up: bool
    last_day: date
    known_on: date
    total: Row
    by_form: Sequence[Row]
    year_ago: Row | None
    by_form_year_ago: Mapping[str, Row]
    by_month: Sequence[Row]
    by_form_and_month: Mapping[str, Sequence[Row]]
    run: Run | None = None

    @property
    def as_of(self) -> date:
        """The day that the lists are about."""
        day: date = self.total["as_of"]
        return day

    @property
    def period(self) -> tuple[date, date]:
        """First and last day of the period in which waits are counted."""
        return self.total["period_start"], self.total["period_end"]


def gather(
    register_folder: Path, run_folder: Path | None = None, as_of: date | None = None
) -> Report:
    """Gather what the page tells, through disclosure control and into the release log.

    Parameters
    ----------
    register_folder
        Folder of a register.
    run_folder
        What ``stelsel simulate --out`` wrote; without it the page has no what-if.
    as_of
        The day that the lists are about; without it the last day that the register knows of.

    Raises
    ------
    StelselError
        When the register is not one or empty, or the run folder lacks what it should hold.
    """
    register = Register.open(register_folder)
    run = read_run(run_folder) if run_folder else None
    last_day = register.last_day
    day = as_of or last_day
    spells, made_up = register.spells(), register.made_up

    def rows(by: Sequence[str], on: date = day, days: int = DAYS) -> list[dict[str, Any]]:
        counted = waiting(spells, on, by, days)
        before = [] if made_up else earlier(register_folder, [("waiting", counted)])
        found = for_readers(counted, known_on=None, made_up=made_up, before=before)
        asked = {"as_of": on, "known_on": None, "by": list(by), "days": days}
        log_release(register_folder, "waiting", found, asked=asked, made_up=made_up)
        told: list[dict[str, Any]] = found.to_pylist()
        return told

    # From within the month that comes after the same month so many years ago.
    months = (day - day.replace(year=max(day.year - YEARS, 1), day=1)).days - 30
    by_month = _since_first(rows(("month",), days=months))
    first = by_month[0]["period_start"] if by_month else day
    by_form_and_month: dict[str, list[Row]] = {}
    for row in rows(("form", "month"), days=months):
        if row["form"] is not None and row["period_start"] >= first:
            by_form_and_month.setdefault(row["form"], []).append(row)
    before = _year_before(day)
    reaches = first <= before
    names = {one.code: one.name for one in regions()}
    codes = sorted(pc.unique(spells["region"].drop_null()).to_pylist())
    order = {one.code: place for place, one in enumerate(forms())}

    def place(code: str | None) -> int:
        return order.get(code or "", len(order))

    return Report(
        regions={code: names.get(code, code) for code in codes},
        forms={one.code: {"nl": one.name_nl, "en": one.name_en} for one in forms()},
        made_up=made_up,
        last_day=last_day,
        known_on=pc.max(spells["known"]).as_py() or day,
        total=rows(())[0],
        by_form=sorted(rows(("form",)), key=lambda row: place(row["form"])),
        year_ago=rows((), before)[0] if reaches else None,
        by_form_year_ago={row["form"]: row for row in rows(("form",), before)} if reaches else {},
        by_month=by_month,
        by_form_and_month=dict(sorted(by_form_and_month.items(), key=lambda item: place(item[0]))),
        run=run,
    )


def _year_before(day: date) -> date:
    """Give the same day a year earlier; of a leap day, the day before.

    Examples
    --------
    >>> _year_before(date(2026, 6, 30)).isoformat(), _year_before(date(2024, 2, 29)).isoformat()
    ('2025-06-30', '2023-02-28')
    """
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=max(day.year - 1, 1), day=28 if leap else day.day)


def _since_first(rows: Sequence[Row]) -> list[Row]:
    """Leave out the months before anything happened: there the register knows of nothing.

    Examples
    --------
    >>> none, some = {"waiting": 0, "inflow": 0}, {"waiting": 2, "inflow": 3}
    >>> len(_since_first([none, some, none]))
    2
    """
    first = next(
        (place for place, row in enumerate(rows) if row["waiting"] or row["inflow"]), len(rows)
    )
    return list(rows[first:])
