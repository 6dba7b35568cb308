"""What is wrong with a file: its heading, its rows, and rows beside each other; all at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from stelsel.deliveries.process.rows import (
    LONGEST,
    NAMES,
    StepRow,
    each_day,
    is_birth_month,
    row_of,
)
from stelsel.deliveries.process.sheets import Sheet
from stelsel.deliveries.process.tables import (
    Lang,
    columns,
    finding,
    headings,
    meaning,
    near,
    values,
)
from stelsel.deliveries.taken import Finding
from stelsel.system.entries import station
from stelsel.system.municipalities import all_municipalities
from stelsel.system.numbers import passes_eleven_test
from stelsel.system.read import holds
from stelsel.system.steps import FIELDS, Step, step, steps

_ORGANISATION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,19}")
OF_A_CHILD: Final = ("child_bsn", "child", "birth_month", "sex")
"""Columns that a step that is not about a child leaves empty."""


def is_number(text: str) -> bool:
    """Tell whether a text is a citizen service number: nine digits that pass the eleven test.

    Examples
    --------
    >>> is_number("999900006"), is_number("999900007"), is_number("000000000")
    (True, False, False)
    """
    if not (len(text) == 9 and text.isascii() and text.isdigit() and int(text)):
        return False
    return passes_eleven_test(text)


def subject(which: Step) -> str:
    """Tell whom a step is about: ``child``, ``family`` or ``provider``.

    Examples
    --------
    >>> subject(step("family-approved")), subject(step("safety-reported"))
    ('family', 'child')
    """
    return station(next(filter(None, (which.begins, *which.ends, *which.at)))).subject


@dataclass(slots=True)
class Checked:
    """A file that is being checked; :func:`check` makes one.

    Parameters
    ----------
    lang
        Language of the findings.
    today
        No step lies after it.
    rows
        Line and row of what could be read.
    findings
        What is wrong.
    """

    lang: Lang
    today: date
    rows: list[tuple[int, StepRow]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def wrong(self, rule: str, line: int | None, column: str = "", **slots: object) -> None:
        """Add a finding."""
        self.findings.append(finding(rule, line, column, self.lang, **slots))


def check(sheet: Sheet, lang: Lang, today: date) -> Checked:
    """Read the rows of a sheet, and find all that is wrong with it.

    Parameters
    ----------
    sheet
        The table.
    lang
        Language of the findings.
    today
        No step lies after it.

    Examples
    --------
    >>> found = check(Sheet(("case", "stap"), ()), "en", date(2024, 1, 1))
    >>> [str(one) for one in found.findings][0]
    'day: Column day is missing. [process.column-missing] Take the heading from the template.'
    """
    checked = Checked(lang, today)
    places = _columns_of(checked, sheet.headings)
    if checked.findings:
        return checked
    if not sheet.rows:
        checked.wrong("process.empty", None)
    for line, cells in sheet.rows:
        if any(cells[len(sheet.headings) :]):
            checked.wrong("process.cells", line)
            continue
        told = {name: cells[place] for name, place in places.items() if place < len(cells)}
        _check_row(checked, line, {name: told.get(name, "") for name in NAMES})
    _check_cases(checked)
    checked.findings.sort(key=lambda one: one.line or 0)
    return checked


def _columns_of(checked: Checked, heads: tuple[str, ...]) -> dict[str, int]:
    """Give the place of each column, and find what is wrong with the headings."""
    places: dict[str, int] = {}
    known = headings()
    for place, head in enumerate(heads):
        name = known.get(head.lower())
        if name is None:
            names = [column.heading(checked.lang) for column in columns()]
            nearest = near(head, names, checked.lang)
            checked.wrong("process.column-unknown", 1, number=place + 1, near=nearest)
        elif name in places:
            checked.wrong("process.column-twice", 1, name, name=head.lower())
        else:
            places[name] = place
    for column in columns():
        if column.needed == "always" and column.name not in places:
            heading = column.heading(checked.lang)
            checked.wrong("process.column-missing", None, column.name, name=heading)
    return places


def _check_row(checked: Checked, line: int, cells: Mapping[str, str]) -> None:
    """Check the cells of a row; keep the row where its days can be read."""
    for name, cell in cells.items():
        if len(cell) > LONGEST or not cell.isprintable():
            checked.wrong("process.too-long", line, name, limit=LONGEST)
    for column in columns():
        if column.needed == "always" and not cells[column.name]:
            checked.wrong("process.missing", line, column.name)
    days = _check_days(checked, line, cells)
    means = _check_values(checked, line, cells)
    _check_codes(checked, line, cells)
    which = _check_step(checked, line, cells, days.get("day"))
    if which is not None:
        _check_fields(checked, line, cells, which)
    if "day" in days and "told" in days:
        checked.rows.append((line, row_of(cells, days, means)))


def _check_days(checked: Checked, line: int, cells: Mapping[str, str]) -> dict[str, date]:
    days: dict[str, date] = {}
    for name, day in each_day(cells):
        if day is None:
            checked.wrong("process.date", line, name)
        else:
            days[name] = day
            if name != "last_day" and day > checked.today:
                checked.wrong("process.future", line, name)
    if "day" in days:
        if days.get("told", date.max) < days["day"] <= checked.today:
            checked.wrong("process.told-before", line, "told")
        if days.get("last_day", date.max) < days["day"]:
            checked.wrong("process.term", line, "last_day")
    born = cells["birth_month"]
    if born and not is_birth_month(born):
        checked.wrong("process.birth-month", line, "birth_month")
    elif born and "day" in days and days["day"].isoformat()[: len(born)] < born:
        checked.wrong("process.before-birth", line, "day")
    return days


def _check_values(checked: Checked, line: int, cells: Mapping[str, str]) -> dict[str, str]:
    """Check the cells with values from a list, and give what they mean."""
    means: dict[str, str] = {}
    for name in ("sex", "priority", "withdraws"):
        if not cells[name]:
            continue
        meant = meaning(name, cells[name])
        if meant is None:
            known = [one.written for one in values(name) if one.lang in {"", checked.lang}]
            nearest = near(cells[name], known, checked.lang)
            checked.wrong("process.value", line, name, near=nearest)
        else:
            means[name] = meant
    return means


def _check_codes(checked: Checked, line: int, cells: Mapping[str, str]) -> None:
    if cells["municipality"] and cells["municipality"] not in _municipalities():
        checked.wrong("process.municipality", line, "municipality")
    organisation = cells["organisation"]
    # It is kept as it is told, so a number that strayed into its column may not pass.
    if organisation and (is_number(organisation) or not _ORGANISATION.fullmatch(organisation)):
        checked.wrong("process.organisation", line, "organisation")
    if cells["child_bsn"] and not is_number(cells["child_bsn"]):
        checked.wrong("process.bsn", line, "child_bsn")


def _municipalities() -> set[str]:
    return {one.code for one in all_municipalities()}


def _check_step(
    checked: Checked, line: int, cells: Mapping[str, str], day: date | None
) -> Step | None:
    """Check that the step exists, and existed on its day."""
    if not cells["step"]:
        return None
    names = [one.id for one in steps()]
    if cells["step"] not in names:
        checked.wrong("process.step", line, "step", near=_nearest_step(cells["step"], checked.lang))
        return None
    which = step(cells["step"])
    if day is not None and not holds(which.valid_from, which.valid_to, day):
        checked.wrong("process.step-not-then", line, "day")
    return which


def _nearest_step(text: str, lang: Lang) -> str:
    """Name the nearest steps; where none is near point to the list, which is long."""
    told = near(text, [one.id for one in steps()], lang)
    if told.startswith(("Did you mean", "Bedoelt u")):
        return told
    return {
        "nl": "Neem een naam uit de lijst van stappen in het sjabloon.",
        "en": "Take a name from the list of steps in the template.",
    }[lang]


def _check_fields(checked: Checked, line: int, cells: Mapping[str, str], which: Step) -> None:
    """Check that what the step needs is there, and nothing that it does not."""
    for name in FIELDS:
        if name in which.fields and not cells[name]:
            checked.wrong("process.missing", line, name)
        elif cells[name] and name not in {*which.fields, *which.may}:
            checked.wrong("process.not-here", line, name)
    if which.reasons and cells["reason"] and cells["reason"] not in which.reasons:
        nearest = near(cells["reason"], which.reasons, checked.lang)
        checked.wrong("process.value", line, "reason", near=nearest)
    if subject(which) != "child":
        for name in OF_A_CHILD:
            if cells[name]:
                checked.wrong("process.not-here", line, name)
    elif not (cells["child_bsn"] or cells["child"]):
        checked.wrong("process.child-missing", line, "child_bsn")


def _check_cases(checked: Checked) -> None:
    """Check rows beside each other: one child a case, no row twice."""
    seen: dict[object, int] = {}
    named: dict[object, tuple[str, int]] = {}
    for line, row in checked.rows:
        key = (row.same, row.told, row.withdraws)
        if key in seen:
            checked.wrong("process.doubled", line, other=seen[key])
        seen.setdefault(key, line)
        for name, who in _names_of(row):
            first, other = named.setdefault((row.organisation, row.case, name), (who, line))
            if first != who:
                checked.wrong("process.two-children", line, name, other=other)


def _names_of(row: StepRow) -> Iterator[tuple[str, str]]:
    """Give the ways in which a row names its child; a wrong number names nobody."""
    if is_number(row.child_bsn):
        yield "child_bsn", row.child_bsn
    if row.child:
        yield "child", row.child
