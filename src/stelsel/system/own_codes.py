"""A municipality's own product codes: what each stands for, from a table that the user gives.

Municipalities may agree on product codes of their own; of the national list only the category is
then comparable. A row of the table says which national code an own code stands for, or which care
form it is. Its columns:

=============  ==========================================================================
municipality   four digits; empty for a row that holds for all
category       product category (list JZ020)
code           the own code, at most five characters
national_code  the national code (list JZ21) that it stands for; or
form           the care form, code or slug, or ``none`` for what is no care form
valid_from     first day on which the row holds; empty for always
valid_to       last day on which the row holds; empty for no end
source         where this was agreed or decided
=============  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Final

from stelsel.errors import did_you_mean
from stelsel.system.codes import category, form_of, product
from stelsel.system.entries import Form, form, forms
from stelsel.system.municipalities import all_municipalities
from stelsel.system.read import holds
from stelsel.tables import GivenTable, read_given

COLUMNS: Final = (
    *("municipality", "category", "code", "national_code", "form"),
    *("valid_from", "valid_to", "source"),
)
NO_FORM: Final = "none"
"""Written as form of what is no care form, such as transport."""
LONGEST: Final = 5
"""Most characters of a product code (iJw 3.2, LDT_ProductCode)."""


@dataclass(frozen=True, slots=True)
class OwnCode:
    """A code of a municipality's own; ``form`` is its CBS care form, None where it has none.

    ``municipality`` is empty where the row holds for all, ``national_code`` where the row names a
    form by itself; days are inclusive, None unbounded.
    """

    municipality: str
    category: str
    code: str
    national_code: str
    form: str | None
    valid_from: date | None
    valid_to: date | None
    source: str


class OwnCodes:
    """The own codes of municipalities; :func:`read_own_codes` reads them from a file.

    Parameters
    ----------
    rows
        Codes that are right and of which no two hold for the same on one day.

    Examples
    --------
    >>> home = OwnCode("0193", "45", "THUIS", "", "04", None, None, "contract 2026")
    >>> own = OwnCodes([home])
    >>> own.form_of("0193", "45", "THUIS", date(2026, 3, 1)).slug
    'network-help'
    """

    def __init__(self, rows: Iterable[OwnCode]) -> None:
        self.rows: tuple[OwnCode, ...] = tuple(rows)
        self._by_code: dict[tuple[str, str], list[OwnCode]] = {}
        for row in self.rows:
            self._by_code.setdefault((row.municipality, row.code), []).append(row)
        self._towns = {row.municipality for row in self.rows}

    def knows(self, municipality: str) -> bool:
        """Tell whether there is a row for a municipality, or one for all.

        Examples
        --------
        >>> OwnCodes([]).knows("0193")
        False
        """
        return bool(self._towns & {municipality, ""})

    def holding(self, municipality: str, code: str, on: date) -> Iterator[OwnCode]:
        """Yield the rows of a code that hold on a day, those of the municipality first.

        Parameters
        ----------
        municipality
            Four digits.
        code
            The own code.
        on
            The day.

        Examples
        --------
        >>> list(OwnCodes([]).holding("0193", "THUIS", date(2026, 3, 1)))
        []
        """
        for town in (municipality, ""):
            for row in self._by_code.get((town, code), ()):
                if holds(row.valid_from, row.valid_to, on):
                    yield row

    def find(self, municipality: str, category: str, code: str, on: date) -> OwnCode | None:
        """Give the row of a code in a category on a day; None where there is none.

        A row for the municipality goes before one for all.

        Examples
        --------
        >>> OwnCodes([]).find("0193", "45", "THUIS", date(2026, 3, 1)) is None
        True
        """
        rows = self.holding(municipality, code, on)
        return next((row for row in rows if row.category == category), None)

    def form_of(self, municipality: str, category: str, code: str, on: date) -> Form | None:
        """Give the care form that a product is counted under.

        That of the own code, where it is mapped; else as :func:`stelsel.system.codes.form_of`.
        None for what is no care form.

        Parameters
        ----------
        municipality
            Four digits.
        category
            Product category (list JZ020).
        code
            Product code, national or own.
        on
            The day.

        Examples
        --------
        >>> OwnCodes([]).form_of("0193", "45", "THUIS", date(2026, 3, 1)).slug
        'ambulatory'
        """
        row = self.find(municipality, category, code, on)
        if row is None:
            return form_of(category, code)
        return form(row.form) if row.form else None


def read_own_codes(path: str | PathLike[str]) -> OwnCodes:
    """Read a table of own codes, checked.

    Parameters
    ----------
    path
        A CSV file with the columns of this module; see :func:`stelsel.tables.read_given`.

    Raises
    ------
    StelselError
        With every fault: an unknown municipality, category, national code or form; no code or one
        that is too long; neither or both of national code and form; a code of the national list
        that is said to be something else; a wrong day; two rows for the same on one day; a missing
        source.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "own.csv"
    ...     _ = file.write_text(
    ...         ",".join(COLUMNS) + chr(10) + "0193,45,THUIS,45A13,,2026-01-01,,contract 2026")
    ...     own = read_own_codes(file)
    >>> own.find("0193", "45", "THUIS", date(2026, 1, 1)).form
    '04'
    >>> own.find("0193", "45", "THUIS", date(2025, 12, 31)) is None
    True
    """
    given = read_given(Path(path), COLUMNS)
    towns = {one.code for one in all_municipalities()} | {""}
    found: list[tuple[int, OwnCode]] = []
    for line, row in given.rows:
        first, last = given.period(line, row)
        _check_names(given, line, row, towns)
        slug = _form_of_row(given, line, row)
        _check_national(given, line, row, slug)
        own = OwnCode(
            municipality=row["municipality"],
            category=row["category"],
            code=row["code"],
            national_code=row["national_code"],
            form=form(slug).code if slug else None,
            valid_from=first,
            valid_to=last,
            source=row["source"],
        )
        found.append((line, own))
    _check_overlaps(given, found)
    given.refuse()
    return OwnCodes(row for _, row in found)


def _check_names(given: GivenTable, line: int, row: dict[str, str], towns: set[str]) -> None:
    town, group, code = row["municipality"], row["category"], row["code"]
    if town not in towns:
        given.wrong(
            line,
            f"There is no municipality {town!r}.",
            f"Er is geen gemeente {town!r}.",
            "Write its four digits, with the zeros, or leave it empty for all.",
            "Schrijf de vier cijfers, met de nullen, of laat het leeg voor alle.",
        )
    if category(group) is None:
        given.wrong(
            line,
            f"There is no product category {group!r}.",
            f"Er is geen productcategorie {group!r}.",
            "Write the two digits of list JZ020.",
            "Schrijf de twee cijfers van lijst JZ020.",
        )
    if not 0 < len(code) <= LONGEST:
        given.wrong(
            line,
            f"The code has {len(code)} characters.",
            f"De code heeft {len(code)} tekens.",
            f"A product code has 1 to {LONGEST} characters.",
            f"Een productcode heeft 1 tot en met {LONGEST} tekens.",
        )


def _form_of_row(given: GivenTable, line: int, row: dict[str, str]) -> str | None:
    """Give the slug of the form that a row means; None for none, and where the row is wrong."""
    national, named = row["national_code"], row["form"]
    if bool(national) == bool(named):
        given.wrong(
            line,
            "A row has either a national_code or a form.",
            "Een regel heeft óf een national_code óf een form.",
            "Fill in one of the two.",
            "Vul één van beide in.",
        )
        return None
    if national:
        if product(national) is None:
            given.wrong(
                line,
                f"There is no national product code {national!r}.",
                f"Er is geen landelijke productcode {national!r}.",
                "Take a code of list JZ21, or name the form.",
                "Neem een code van lijst JZ21, of noem de hulpvorm in form.",
            )
            return None
        meant = form_of(None, national)
        return meant.slug if meant else None
    known = {name: one.slug for one in forms() for name in (one.code, one.slug)}
    if named != NO_FORM and named not in known:
        names = [*(one.slug for one in forms()), NO_FORM]
        given.wrong(
            line,
            f"There is no care form {named!r}.",
            f"Er is geen hulpvorm {named!r}.",
            did_you_mean(named, names),
            did_you_mean(named, names, "nl"),
        )
    return known.get(named)


def _check_national(given: GivenTable, line: int, row: dict[str, str], slug: str | None) -> None:
    """Refuse a code of the national list that is said to be something else."""
    listed = product(row["code"])
    if listed is None:
        return
    if listed.category != row["category"]:
        given.wrong(
            line,
            f"{listed.code} is a national code, of category {listed.category}.",
            f"{listed.code} is een landelijke code, van categorie {listed.category}.",
            "Leave the row out; national codes need none.",
            "Laat de regel weg; landelijke codes hebben er geen nodig.",
        )
        return
    meant = form_of(listed.category, listed.code)
    if slug != (meant.slug if meant else None):
        given.wrong(
            line,
            f"{listed.code} is a national code and means another form.",
            f"{listed.code} is een landelijke code en betekent een andere hulpvorm.",
            "Leave the row out; national codes need none.",
            "Laat de regel weg; landelijke codes hebben er geen nodig.",
        )


def _check_overlaps(given: GivenTable, found: list[tuple[int, OwnCode]]) -> None:
    before: dict[tuple[str, str, str], list[tuple[int, OwnCode]]] = {}
    for line, row in found:
        earlier = before.setdefault((row.municipality, row.category, row.code), [])
        for other_line, other in earlier:
            first = max(row.valid_from or date.min, other.valid_from or date.min)
            last = min(row.valid_to or date.max, other.valid_to or date.max)
            if first <= last:
                given.wrong(
                    line,
                    f"Says of the same code on the same days as line {other_line}.",
                    f"Gaat over dezelfde code op dezelfde dagen als regel {other_line}.",
                    "End the one before the other begins.",
                    "Laat de ene eindigen voordat de andere begint.",
                )
        earlier.append((line, row))
