"""Rows of the format: one step of one case each; from cells to values and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from stelsel.deliveries.process.tables import Lang, written
from stelsel.errors import StelselError

LONGEST: Final = 100
"""Most characters of a cell: enough for a number, too few for a story about a child."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of one case, as an organisation tells it; the columns are those of the format.

    Holds what the file says of a child, its number included: rows go to a file or, without what
    names a child, to events. A text that is not told is empty.

    Parameters
    ----------
    case
        The organisation's own number of the case.
    step
        Id of a step of the map.
    day, told
        When it happened, and when it was recorded.
    organisation, municipality
        Codes.
    child_bsn, child
        Citizen service number, or a key of the organisation's own.
    birth_month
        ``2012-05`` or ``2012``.
    sex
        ``0``, ``1``, ``2`` as in code list COD046.
    priority, reason
        Ids of the map.
    reference
        What the step refers to.
    last_day
        Last day of a term.
    withdraws
        Whether the row takes back the same row told before.

    Examples
    --------
    >>> day = date(2024, 3, 1)
    >>> StepRow("A1", "safety-reported", day, day, "VT-01", "0193", child="k1").withdraws
    False
    """

    case: str
    step: str
    day: date
    told: date
    organisation: str
    municipality: str
    child_bsn: str = ""
    child: str = ""
    birth_month: str = ""
    sex: str = ""
    priority: str = ""
    reason: str = ""
    reference: str = ""
    last_day: date | None = None
    withdraws: bool = False

    @property
    def same(self) -> tuple[object, ...]:
        """What makes two rows the same fact, by which one can take back the other."""
        who = self.child_bsn or self.child
        return (self.organisation, self.case, self.step, self.day, who, self.reference)


NAMES: Final = tuple(field.name for field in fields(StepRow))
"""The names of the columns, in their order."""


def cells_of(row: StepRow, lang: Lang) -> list[str]:
    """Write a row as cells, in the order of :data:`NAMES`.

    Raises
    ------
    StelselError
        When a text could not be read back: blanks around it, too long, or a case that looks like
        a remark.

    Examples
    --------
    >>> day = date(2024, 3, 1)
    >>> row = StepRow("A1", "safety-reported", day, day, "VT-01", "0193", sex="2")
    >>> cells_of(row, "nl")[:5], cells_of(row, "nl")[9]
    (['A1', 'safety-reported', '2024-03-01', '2024-03-01', 'VT-01'], 'v')
    """
    cells = []
    for name in NAMES:
        value = getattr(row, name)
        if isinstance(value, bool):
            cells.append(written(name, "yes", lang) if value else "")
        elif isinstance(value, date):
            cells.append(value.isoformat())
        elif name in {"sex", "priority"} and value:
            cells.append(written(name, value, lang))
        else:
            cells.append(value or "")
    wrong = [
        name
        for name, cell in zip(NAMES, cells, strict=True)
        if cell != cell.strip() or len(cell) > LONGEST or not cell.isprintable()
    ]
    if wrong or cells[0].startswith("#"):
        raise StelselError(
            f"A text cannot be written: {', '.join(wrong) or 'case'}.",
            rule=f"at most {LONGEST} characters that can be printed, no blanks around them; "
            "a case does not begin with #",
            remedy="Give it another name.",
            what_nl=f"Een tekst is niet te schrijven: {', '.join(wrong) or 'case'}.",
            rule_nl=f"ten hoogste {LONGEST} afdrukbare tekens, geen spaties eromheen; een dossier "
            "begint niet met #",
            remedy_nl="Geef een andere naam.",
        )
    return cells


def day_of(text: str) -> date | None:
    """Read a day as ``2024-03-31``, ``31-3-2024`` or ``31/3/2024``; None where it is none.

    Examples
    --------
    >>> day_of("2024-03-31") == day_of("31-3-2024") == day_of("31/03/2024")
    True
    >>> day_of("2024-02-30") is None
    True
    """
    numbers = text.replace("/", "-").split("-")
    if len(numbers) != 3 or not all(part.isascii() and part.isdigit() for part in numbers):
        return None
    if len(numbers[2]) == 4:
        numbers.reverse()
    year, month, day = numbers
    if len(year) != 4 or len(month) > 2 or len(day) > 2:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def is_birth_month(text: str) -> bool:
    """Tell whether a text is a year, or a month of one, in which a child can be born.

    Examples
    --------
    >>> is_birth_month("2012-05"), is_birth_month("2012"), is_birth_month("2012-13")
    (True, True, False)
    """
    year, dash, month = text.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and year >= "1900"):
        return False
    if not dash:
        return True
    return month.isascii() and month.isdigit() and len(month) == 2 and 1 <= int(month) <= 12


def row_of(cells: Mapping[str, str], days: Mapping[str, date], means: Mapping[str, str]) -> StepRow:
    """Put what was read of a row together.

    Parameters
    ----------
    cells
        The cells by column.
    days
        What the cells with days mean.
    means
        What the cells with values from a list mean.

    Examples
    --------
    >>> day = date(2024, 3, 1)
    >>> cells = {"case": "A1", "step": "safety-reported", "organisation": "VT-01",
    ...          "municipality": "0193"}
    >>> row_of(cells, {"day": day, "told": day}, {"sex": "2"}).sex
    '2'
    """
    texts = {
        name: means.get(name, cells.get(name, ""))
        for name in NAMES
        if name not in {"day", "told", "last_day", "withdraws"}
    }
    return StepRow(
        **texts,
        day=days["day"],
        told=days["told"],
        last_day=days.get("last_day"),
        withdraws=means.get("withdraws") == "yes",
    )


def each_day(cells: Mapping[str, str]) -> Iterator[tuple[str, date | None]]:
    """Give the columns with a day that are filled, with their day; None where it is none.

    Examples
    --------
    >>> list(each_day({"day": "2024-03-01", "told": "", "last_day": "x"}))
    [('day', datetime.date(2024, 3, 1)), ('last_day', None)]
    """
    for name in ("day", "told", "last_day"):
        if cells.get(name):
            yield name, day_of(cells[name])
