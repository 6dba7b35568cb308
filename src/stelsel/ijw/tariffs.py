"""Contract tariffs, from a table that the user gives.

A row says what a municipality pays a provider for one unit of a product. Several rows may hold for
one product at the same time. The columns:

=============  ==========================================================================
municipality   four digits; empty for a row that holds for all
provider       AGB code, eight digits; empty for a row that holds for all
code           product code
unit           unit of the tariff (code list WJ756), such as ``04`` for an hour
tariff         eurocents for one unit, a whole number
valid_from     first day on which the row holds; empty for always
valid_to       last day on which the row holds; empty for no end
source         the contract
=============  ==========================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Final

from stelsel.ijw.grammar import simple_types
from stelsel.system.municipalities import all_municipalities
from stelsel.system.own_codes import LONGEST
from stelsel.tables import GivenTable, read_given

COLUMNS: Final = (
    *("municipality", "provider", "code", "unit", "tariff"),
    *("valid_from", "valid_to", "source"),
)
EUROS: Final = "83"
"""WJ756: amounts, which have no tariff (CD087)."""
_PROVIDER: Final = re.compile("[0-9]{8}")
_TARIFF: Final = re.compile("[0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Tariff:
    """What one unit of a product costs, in eurocents; days are inclusive, None unbounded."""

    municipality: str
    provider: str
    code: str
    unit: str
    tariff: int
    valid_from: date | None
    valid_to: date | None
    source: str


class Tariffs:
    """Contract tariffs; :func:`read_tariffs` reads them from a file.

    Parameters
    ----------
    rows
        Tariffs that are right.

    Examples
    --------
    >>> hour = Tariff("0193", "98070201", "45A48", "04", 9350, None, None, "contract 2026")
    >>> tariffs = Tariffs([hour])
    >>> day = date(2026, 3, 1)
    >>> [one.tariff for one in tariffs.holding("0193", "98070201", "45A48", day, day)]
    [9350]
    """

    def __init__(self, rows: Iterable[Tariff]) -> None:
        self.rows: tuple[Tariff, ...] = tuple(rows)
        self._by_product: dict[tuple[str, str, str], list[Tariff]] = {}
        for row in self.rows:
            key = (row.municipality, row.provider, row.code)
            self._by_product.setdefault(key, []).append(row)

    def holding(
        self, municipality: str, provider: str, code: str, first: date, last: date
    ) -> Iterator[Tariff]:
        """Yield the tariffs of a product that hold on some day of a period.

        Parameters
        ----------
        municipality, provider
            Who pays and who is paid.
        code
            Product code.
        first, last
            The period, both days inclusive.
        """
        for town in (municipality, ""):
            for whom in (provider, ""):
                for row in self._by_product.get((town, whom, code), ()):
                    begins, ends = row.valid_from or date.min, row.valid_to or date.max
                    if begins <= last and first <= ends:
                        yield row


def read_tariffs(path: str | PathLike[str]) -> Tariffs:
    """Read a table of contract tariffs, checked.

    Parameters
    ----------
    path
        A CSV file with the columns of this module; see :func:`stelsel.tables.read_given`.

    Raises
    ------
    StelselError
        With every fault: an unknown municipality or unit, a provider that is no AGB code, no code
        or one that is too long, a tariff that is no whole number of eurocents, a wrong day, a row
        that says the same as another on one day, a missing source.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "tariffs.csv"
    ...     _ = file.write_text(
    ...         ",".join(COLUMNS) + chr(10) + "0193,98070201,45A48,04,9350,2026-01-01,,contract")
    ...     [one.tariff for one in read_tariffs(file).rows]
    [9350]
    """
    given = read_given(Path(path), COLUMNS)
    towns = {one.code for one in all_municipalities()} | {""}
    found: list[tuple[int, Tariff]] = []
    for line, row in given.rows:
        first, last = given.period(line, row)
        _check_names(given, line, row, towns)
        if _TARIFF.fullmatch(row["tariff"]) is None:
            given.wrong(
                line,
                "The tariff is no whole number of eurocents.",
                "Het tarief is geen heel aantal eurocenten.",
                "Write 93.50 euros as 9350.",
                "Schrijf 93,50 euro als 9350.",
            )
            continue
        tariff = Tariff(
            municipality=row["municipality"],
            provider=row["provider"],
            code=row["code"],
            unit=row["unit"],
            tariff=int(row["tariff"]),
            valid_from=first,
            valid_to=last,
            source=row["source"],
        )
        found.append((line, tariff))
    _check_doubles(given, found)
    given.refuse()
    return Tariffs(row for _, row in found)


def _check_names(given: GivenTable, line: int, row: dict[str, str], towns: set[str]) -> None:
    if row["municipality"] not in towns:
        given.wrong(
            line,
            f"There is no municipality {row['municipality']!r}.",
            f"Er is geen gemeente {row['municipality']!r}.",
            "Write its four digits, with the zeros, or leave it empty for all.",
            "Schrijf de vier cijfers, met de nullen, of laat het leeg voor alle.",
        )
    if row["provider"] and _PROVIDER.fullmatch(row["provider"]) is None:
        given.wrong(
            line,
            "The provider is no AGB code.",
            "De aanbieder is geen AGB-code.",
            "Write its eight digits, with the zeros, or leave it empty for all.",
            "Schrijf de acht cijfers, met de nullen, of laat het leeg voor alle.",
        )
    if not 0 < len(row["code"]) <= LONGEST:
        given.wrong(
            line,
            f"The code has {len(row['code'])} characters.",
            f"De code heeft {len(row['code'])} tekens.",
            f"A product code has 1 to {LONGEST} characters.",
            f"Een productcode heeft 1 tot en met {LONGEST} tekens.",
        )
    units = [unit for unit in simple_types()["LDT_Eenheid"].codes if unit != EUROS]
    if row["unit"] not in units:
        given.wrong(
            line,
            f"There is no unit {row['unit']!r} that has a tariff.",
            f"Er is geen eenheid {row['unit']!r} met een tarief.",
            f"Choose one of: {', '.join(units)} (list WJ756).",
            f"Kies uit: {', '.join(units)} (lijst WJ756).",
        )


def _check_doubles(given: GivenTable, found: list[tuple[int, Tariff]]) -> None:
    before: dict[tuple[str, str, str, str, int], list[tuple[int, Tariff]]] = {}
    for line, row in found:
        key = (row.municipality, row.provider, row.code, row.unit, row.tariff)
        for other_line, other in before.setdefault(key, []):
            first = max(row.valid_from or date.min, other.valid_from or date.min)
            last = min(row.valid_to or date.max, other.valid_to or date.max)
            if first <= last:
                given.wrong(
                    line,
                    f"Says the same as line {other_line}, on the same days.",
                    f"Zegt hetzelfde als regel {other_line}, op dezelfde dagen.",
                    "Leave one of them out.",
                    "Laat een van beide weg.",
                )
        before[key].append((line, row))
