"""From the rows of a file to a statement, with everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from stelsel.deliveries.periods import Period
from stelsel.deliveries.statements.items import Item, item_of, items, measures, units
from stelsel.deliveries.statements.periods import period_of
from stelsel.deliveries.statements.statement import (
    FROM_PROVIDER,
    FROM_REGISTER,
    STILL_OPEN,
    Line,
    Statement,
)
from stelsel.deliveries.statements.values import read_value
from stelsel.deliveries.statements.words import KINDS, finding
from stelsel.deliveries.taken import Finding
from stelsel.system import forms
from stelsel.system.regions import regions

COLUMNS = (
    *("provider", "period", "item", "form", "measure"),
    *("region", "value", "unit", "source"),
)
"""The columns of a file with a statement, one value a row."""

Row = tuple[int, Mapping[str, str]]
"""The number of a row in its file, and its cells by column."""

_AGB = re.compile(r"\d{8}")
_SPLITS = {
    "none": (False, False),
    "list": (False, False),
    "form": (True, False),
    "measure": (False, True),
}
_WAITS = {"form": ("waiting-form", "wait-form"), "measure": ("waiting-measure", "wait-measure")}


class Checking:
    """The looking at one file.

    Parameters
    ----------
    lang
        Language of what is found, ``nl`` or ``en``.
    """

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self.findings: list[Finding] = []
        self._wrong: set[str] = set()

    def found(
        self, rule: str, line: int | None, column: str, **words: str | tuple[str, str]
    ) -> None:
        """Keep one thing that is wrong."""
        self.findings.append(finding(rule, line, column, self._lang, **words))

    # --- the rows --------------------------------------------------------------------------------

    def statement(self, rows: Sequence[Row], *, whole: bool) -> Statement | None:
        """Give the statement that the rows tell; None, with findings, where they tell none.

        Parameters
        ----------
        rows
            The rows of a file.
        whole
            Whether it must hold all that the law asks, with nothing open.
        """
        if not rows:
            self.found("empty", None, "")
            return None
        head = rows[0][1]
        days = self._head(rows)
        told: dict[tuple[str, ...], int] = {}
        lines = []
        for number, row in rows:
            before = len(self.findings)
            line = self._line(number, row, days)
            if len(self.findings) > before:
                self._wrong.add(row["item"])
            if line is None:
                continue
            if line.key in told:
                self.found("double", number, "item", other=str(told[line.key]))
            told.setdefault(line.key, number)
            if whole and not row["value"] and not self._asked_for(line.item):
                self.found("open", number, "value")
            lines.append(line)
        if days is not None:
            self._day(rows, days)
            if whole:
                self._whole(lines, days)
        if self.findings:
            return None
        return Statement(head["provider"], head["period"], tuple(lines))

    def _head(self, rows: Sequence[Row]) -> Period | None:
        """Look at the provider and the period, which all rows share; give the period."""
        head = rows[0][1]
        days = period_of(head["period"])
        if not _AGB.fullmatch(head["provider"]):
            self.found("provider", rows[0][0], "provider")
        if days is None:
            self.found("period", rows[0][0], "period")
        for number, row in rows[1:]:
            for column in ("provider", "period"):
                if row[column] != head[column]:
                    self.found("several", number, column)
        return days

    def _line(self, number: int, row: Mapping[str, str], days: Period | None) -> Line | None:
        """Give the line that a row tells; None where it cannot be told what it is about."""
        item = item_of(row["item"])
        if item is None:
            self.found("item", number, "item")
            return None
        if days is not None and not item.belongs_to(days.rhythm):
            self.found("rhythm", number, "item")
        self._about(number, row, item, days)
        known_units = tuple(units()) if item.unit == "volume" else (item.unit,)
        if row["unit"] not in known_units:
            self.found("unit", number, "unit", unit=", ".join(known_units) or ("leeg", "empty"))
        value = read_value(item.kind, row["value"]) if row["value"] else None
        if row["value"] and value is None:
            self.found("value", number, "value", kind=KINDS[item.kind])
        if row["source"] not in {FROM_REGISTER, FROM_PROVIDER, STILL_OPEN, ""}:
            self.found("source", number, "source")
        # Who fills a value in need not change the source of the row.
        source = row["source"] if row["source"] == FROM_REGISTER else FROM_PROVIDER
        return Line(
            item.id,
            row["form"] or None,
            row["measure"] or None,
            row["region"] or None,
            value,
            row["unit"],
            STILL_OPEN if value is None else source,
        )

    def _about(self, number: int, row: Mapping[str, str], item: Item, days: Period | None) -> None:
        """Look at the form, the measure and the region that a row is about."""
        form, measure, region = row["form"], row["measure"], row["region"]
        if item.what == "either":
            by_form, by_measure = bool(form), not form
        else:
            by_form, by_measure = _SPLITS[item.what]
        if bool(form) != by_form or (form and form not in {one.code for one in forms()}):
            self.found("form", number, "form")
        if bool(measure) != by_measure or (measure and measure not in measures()):
            self.found("measure", number, "measure")
        known = {one.code for one in regions(days.last if days else None)}
        if bool(region) != item.region or (region and region not in known):
            self.found("region", number, "region")

    # --- the whole -------------------------------------------------------------------------------

    @staticmethod
    def _asked_for(name: str) -> bool:
        """Whether :meth:`_whole` tells already that the item is open."""
        item = item_of(name)
        return item is not None and item.required

    def _day(self, rows: Sequence[Row], days: Period) -> None:
        """Look whether the statement was made after what it tells of; a budget goes before it."""
        for number, row in rows:
            if row["item"] == "dated" and days.rhythm == "quarter":
                dated = read_value("day", row["value"])
                if isinstance(dated, str) and date.fromisoformat(dated) < days.last:
                    self.found("too-early", number, "value")

    def _whole(self, lines: Sequence[Line], days: Period) -> None:
        """Look for what the law asks and the statement does not tell.

        What is told wrongly has a finding already and counts as told here.
        """
        filled = {line.item for line in lines if line.value is not None} | self._wrong
        for item in items():
            if item.required and item.belongs_to(days.rhythm) and item.id not in filled:
                self.found("missing", None, "", item=item.id)
        if days.rhythm != "quarter":
            return
        if not filled & {"offered-form", "offered-measure"}:
            self.found("nothing-offered", None, "")
        for what, names in _WAITS.items():
            if self._wrong & {*names, f"offered-{what}"}:
                continue
            offered = {
                str(getattr(line, what))
                for line in lines
                if line.item == f"offered-{what}" and line.value == "yes"
            }
            told = {
                name: {(getattr(line, what), line.region) for line in lines if line.item == name}
                for name in names
            }
            places = set().union(*told.values())
            for name in names:
                without = offered - {of for of, _ in told[name]}
                gone = {(of, region) for of, region in places - told[name] if of not in without}
                missing = [f"{what} {of}" for of in without]
                missing += [f"{what} {of} {region}" for of, region in gone]
                for about in sorted(missing):
                    self.found("no-waits", None, "", what=about, item=name)
