"""The table of series: every published national figure that the twin can make, and how.

``data/series.csv`` has a row per published series (indicator, breakdown, kind, unit). Columns:

==========  =======================================================================================
count       what is counted, one of :data:`COUNTS`; empty where ``like`` says it
services    names of services or groups (``data/groups.csv``): any of them counts
with        groups of which the person must have had one too; ``&`` between two that both must be
without     groups of which the person had none
kinds       ``1`` or ``2-``: of how many kinds of youth care (:data:`KINDS`)
referrer    who sent the child
ages, sex   ``0-17``, ``19-``, ``7``; 1 (boy) or 2 (girl)
lasting     ``0-3 months``, ``48- months``, ``over 10 days``: how long care or the wait lasted
per         what the count is divided by: another series (``indicator|breakdown``), ``population
            0-17``, or a count and its services (``started foster-care``)
how         how the number is told, one of :data:`HOWS`; empty as it is
like        another series: the same count, in other terms
factor      what the source counts for one that the twin counts, where definitions differ; ``auto``
            for the mean ratio of this series and the one of ``like``, as published up to 2021
rounding    to what the source rounds; empty for CBS counts (to 5)
source      where the definition is from, and what the factor stands on
==========  =======================================================================================

``data/cannot.csv`` names every other national series since 2015, each with the reason why the twin
does not make it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from stelsel.errors import Fault, StelselError
from stelsel.system import referrers
from stelsel.tables import read_table
from stelsel.twin.services import services

COUNTS = {
    **dict.fromkeys(("stock", "stock longer", "waiting", "waiting longer"), "day"),
    "caseload": "day",
    "persons": "either",
    **dict.fromkeys(("started", "new", "repeat", "ended", "active", "arrived", "left"), "span"),
    **dict.fromkeys(("persons started", "newcomers", "wait", "waited", "lasted"), "span"),
    **dict.fromkeys(("staff left", "staff ill", "staff short"), "span"),
    **dict.fromkeys(("broken", "started network", "network share", "placed"), "span"),
    "with family": "day",
    **dict.fromkeys(("families new", "families recruited", "families network"), "span"),
    **dict.fromkeys(("families stopped", "recruited stopped", "network stopped"), "span"),
}
"""What can be counted, and whether on a day, over a span of days, or either."""
HOWS = ("", "percent", "one in", "index", "growth", "months", "weeks", "days")
KINDS = ("without-stay", "with-stay", "protection", "probation")
"""Kinds of youth care of which CBS counts how many a child has (stapeling)."""
COLUMNS = (
    *("indicator", "breakdown", "kind", "unit", "count", "services", "with", "without", "kinds"),
    *("referrer", "ages", "sex", "lasting", "per", "how", "like", "factor", "rounding"),
)
CANNOT = ("indicator", "breakdown", "kind", "unit", "reason")
KEY = ("indicator", "breakdown", "kind", "unit")
OLDEST = 200
COUNTED_TO = 5.0
"""To what CBS rounds counts."""

Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Series:
    """One published series and how the twin makes it; services are numbers in the loop."""

    indicator: str
    breakdown: str
    kind: str
    unit: str
    count: str
    services: frozenset[int]
    also: tuple[frozenset[int], ...]
    without: frozenset[int]
    kinds: tuple[int, int] | None
    referrer: int | None
    ages: tuple[int, int]
    sex: int | None
    lasting: tuple[float, float, str] | None
    per: str
    how: str
    like: str
    factor: float | None
    rounding: float
    source: str

    @property
    def key(self) -> Key:
        """Indicator, breakdown, kind and unit: what names the series."""
        return self.indicator, self.breakdown, self.kind, self.unit

    @property
    def name(self) -> str:
        """``indicator|breakdown``, as ``per`` and ``like`` refer to it."""
        return f"{self.indicator}|{self.breakdown}"


@dataclass(frozen=True, slots=True)
class Cannot:
    """A published series that the twin does not make, and why."""

    indicator: str
    breakdown: str
    kind: str
    unit: str
    reason: str
    source: str

    @property
    def key(self) -> Key:
        """Indicator, breakdown, kind and unit."""
        return self.indicator, self.breakdown, self.kind, self.unit


def packaged_file(name: str) -> Traversable:
    """Give a file in the ``data`` folder of this package.

    Examples
    --------
    >>> packaged_file("series.csv").is_file()
    True
    """
    return files("stelsel.twin.series") / "data" / name


@cache
def groups() -> Mapping[str, frozenset[int]]:
    """Give the numbers of the services of every group; a form holds all services that count as it.

    Raises
    ------
    StelselError
        When a group names what does not exist.

    Examples
    --------
    >>> len(groups()["without-stay"]), groups()["supervision"] < groups()["protection"]
    (4, True)
    """
    known: dict[str, frozenset[int]] = {}
    for index, service in enumerate(services()):
        known[service.slug] = frozenset({index})
    for index, service in enumerate(services()):
        if service.form:
            known[service.form] |= {index}
    faults = []
    for row in read_table(packaged_file("groups.csv"), ("name", "services"), key=("name",)):
        members = row["services"].split()
        unknown = [one for one in members if one not in known]
        faults += [_unknown("groups.csv", row["name"], "services", one) for one in unknown]
        known[row["name"]] = frozenset().union(*(known.get(one, frozenset()) for one in members))
    if faults:
        raise StelselError(faults)
    return known


def _unknown(file: str, row: str, column: str, word: str) -> Fault:
    return Fault(
        f"The column {column} holds what is not known: {word!r}.",
        f"{file}, {row}",
        what_nl=f"De kolom {column} bevat iets onbekends: {word!r}.",
    )


@cache
def series() -> tuple[Series, ...]:
    """Give every series of the table, checked.

    Raises
    ------
    StelselError
        With every cell that cannot be read.

    Examples
    --------
    >>> one = next(s for s in series() if s.name == "jb_measures_inflow|OTS")
    >>> one.count, one.kind
    ('started', 'flow')
    """
    rows = read_table(packaged_file("series.csv"), COLUMNS, key=KEY)
    names = {f"{row['indicator']}|{row['breakdown']}" for row in rows}
    faults: list[Fault] = []
    made = []
    for row in rows:
        wrong = [(column, word) for column, word in _checked(row, names) if word is not None]
        faults += [
            _unknown("series.csv", f"{row['indicator']}|{row['breakdown']}", column, word or "")
            for column, word in wrong
        ]
        if not wrong:
            made.append(_series(row))
    if faults:
        raise StelselError(faults)
    return tuple(made)


def _checked(row: Mapping[str, str], names: set[str]) -> list[tuple[str, str | None]]:
    """Pairs of a column and what in it is not known (or None)."""
    known = groups()
    words: list[tuple[str, str | None]] = [
        (
            "count",
            None if row["count"] in COUNTS or (row["like"] and not row["count"]) else row["count"],
        ),
        ("how", None if row["how"] in HOWS else row["how"]),
        ("like", None if not row["like"] or row["like"] in names else row["like"]),
        ("per", _per_unknown(row["per"], names)),
        (
            "referrer",
            None if not row["referrer"] or row["referrer"] in _referrers() else row["referrer"],
        ),
    ]
    for column in ("services", "with", "without"):
        found = row[column].replace("&", " ").split()
        words += [(column, one) for one in found if one not in known]
    for column in ("ages", "lasting", "factor", "rounding", "kinds", "sex"):
        try:
            _READ[column](row[column])
        except ValueError:
            words.append((column, row[column]))
    return words


def _per_unknown(text: str, names: set[str]) -> str | None:
    if not text or "|" in text:
        return text if text and text not in names else None
    what, *rest = text.rsplit(" ", 1)
    if text.startswith("population "):
        return None
    return None if what in COUNTS and rest and rest[0] in groups() else text


def _referrers() -> dict[str, int]:
    return {referrer.slug: index for index, referrer in enumerate(referrers())}


def _ages(text: str) -> tuple[int, int]:
    """Lowest and highest age, both counted.

    Examples
    --------
    >>> _ages("0-17"), _ages("19-"), _ages("7"), _ages("")
    ((0, 17), (19, 200), (7, 7), (0, 200))
    """
    if not text:
        return 0, OLDEST
    low, dash, high = text.partition("-")
    return int(low), int(high) if high else (OLDEST if dash else int(low))


def _lasting(text: str) -> tuple[float, float, str] | None:
    """Lowest and highest number, and its unit (months or days)."""
    if not text:
        return None
    span, unit = text.rsplit(" ", 1)
    if unit not in ("months", "days"):
        raise ValueError(text)
    if span.startswith("over "):
        return float(span.removeprefix("over ")), float("inf"), unit
    low, _, high = span.partition("-")
    return float(low), float(high) if high else float("inf"), unit


def _kinds(text: str) -> tuple[int, int] | None:
    return _ages(text) if text else None


def _factor(text: str) -> float | None:
    """Give the factor, or None for one to work out from figures."""
    return None if text == "auto" else float(text or 1)


def _rounding(text: str) -> float:
    return float(text or COUNTED_TO)


def _sex(text: str) -> int | None:
    return int(text) if text else None


_READ = {
    "ages": _ages,
    "lasting": _lasting,
    "factor": _factor,
    "rounding": _rounding,
    "kinds": _kinds,
    "sex": _sex,
}


def _series(row: Mapping[str, str]) -> Series:
    known = groups()

    def union(text: str) -> frozenset[int]:
        return frozenset().union(*(known[one] for one in text.split()))

    return Series(
        indicator=row["indicator"],
        breakdown=row["breakdown"],
        kind=row["kind"],
        unit=row["unit"],
        count=row["count"],
        services=union(row["services"]),
        also=tuple(union(part) for part in row["with"].split("&") if part.strip()),
        without=union(row["without"]),
        kinds=_kinds(row["kinds"]),
        referrer=_referrers()[row["referrer"]] if row["referrer"] else None,
        ages=_ages(row["ages"]),
        sex=_sex(row["sex"]),
        lasting=_lasting(row["lasting"]),
        per=row["per"],
        how=row["how"],
        like=row["like"],
        factor=_factor(row["factor"]),
        rounding=_rounding(row["rounding"]),
        source=row["source"],
    )


@cache
def cannot() -> tuple[Cannot, ...]:
    """Give every national series since 2015 that the twin does not make, with the reason.

    Examples
    --------
    >>> any(one.indicator == "vt_advice" for one in cannot())
    True
    """
    rows = read_table(packaged_file("cannot.csv"), CANNOT, key=KEY)
    return tuple(Cannot(**row) for row in rows)
