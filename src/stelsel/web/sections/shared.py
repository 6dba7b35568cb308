"""What the sections share: names of forms, sources, and what a dash means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from stelsel.web.report import Report, Row
from stelsel.web.texts import Texts
from stelsel.web.words import listed

PROTECTED = "protected"


def form_name(report: Report, t: Texts, code: str | None) -> str:
    """Give the name of a care form, or that of all together for ``all``.

    A code that the map does not know is its own name.
    """
    if code is None:
        return t("page.unknown_form")
    if code == "all":
        return t("page.all_forms")
    return report.forms[code][t.lang] if code in report.forms else code


def region_name(report: Report, t: Texts) -> str:
    """Give the name of the region, or how many there are."""
    names = list(report.regions.values())
    if not names:
        return t("page.no_region")
    return listed(names, t.lang) if len(names) <= 3 else t("page.regions", n=t.number(len(names)))


def source(report: Report, t: Texts) -> str:
    """Say where the numbers of the register come from."""
    key = "page.source_made_up" if report.made_up else "page.source_register"
    return t(key, known_on=t.day(report.known_on))


def dashes(rows: Iterable[Row], fields: Sequence[str], t: Texts) -> list[str]:
    """Explain the dashes that stand in these fields: those hidden, and those not to be known."""
    hidden = undetermined = False
    for row in rows:
        covered = set(row.get(PROTECTED) or ())
        for field in fields:
            if row[field] is None:
                hidden |= field in covered
                undetermined |= field not in covered
    found = []
    if hidden:
        found.append(t("page.hidden"))
    if undetermined:
        found.append(t("page.undetermined"))
    return found


def dates(report: Report, t: Texts) -> Mapping[str, str]:
    """Give the day and the period of the report, written."""
    start, end = report.period
    return {"as_of": t.day(report.as_of), "start": t.day(start), "end": t.day(end)}


def year_before(rows: Sequence[Row]) -> Row | None:
    """Give the row of the month a year before the last one.

    Examples
    --------
    >>> year_before([{"period_start": date(2025, 1, 1)}, {"period_start": date(2026, 1, 1)}])
    {'period_start': datetime.date(2025, 1, 1)}
    """
    if not rows:
        return None
    last: date = rows[-1]["period_start"]
    wanted = last.replace(year=last.year - 1)
    return next((row for row in rows if row["period_start"] == wanted), None)
