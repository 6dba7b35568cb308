"""What a reader may know of how the numbers of a table hang together.

A table that is published says it in a JSON file beside it, under ``disclosure``; a table that the
monitor makes says it through the roles of its columns (:mod:`stelsel.disclosure.roles`). From it
come the equations with which an attacker narrows a hidden number down
(:mod:`stelsel.disclosure.puzzle`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from stelsel.errors import Fault, StelselError

TOTAL = ""
"""The code of the whole of a dimension: the root of its tree."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column that names groups.

    Parameters
    ----------
    tree
        Name of what it divides; columns of the same tree (municipality, region) are levels of it.
    parents
        Per code the code of the larger group it is part of; a code that is not named is part of
        the whole.
    total
        The code that stands for the whole, where the table has such rows.
    """

    tree: str
    parents: Mapping[str, str] = field(default_factory=dict)
    total: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A column that counts.

    Parameters
    ----------
    name
        What it counts, the same in every table that counts it; empty where only this table does.
    adds
        Whether the groups add up to their total; without, as where each child counts once, the
        total lies between the largest group and the sum.
    over_time
        Whether it adds up over time, as a flow does.
    stock
        Whether it is of the last day of the period and not of all of it.
    same_over
        Columns that name groups over which it does not change: the number of which shares are told
        is the same for each of them.
    """

    name: str = ""
    adds: bool = True
    over_time: bool = False
    stock: bool = False
    same_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """A published quotient: ``value`` is ``times`` x ``of`` / ``per``, to so many decimals."""

    value: str
    of: str
    per: str
    times: float = 100.0
    decimals: int = 1


@dataclass(frozen=True, slots=True)
class Structure:
    """How the numbers of one table hang together.

    Parameters
    ----------
    subject
        What the table is about, such as the id of an indicator.
    dimensions
        Per column that names groups, what it divides.
    counts
        The columns that count.
    start, end
        The columns with the first and last day a row is about; empty where all rows are about the
        same time.
    sums
        Per column that is a sum, what it is the sum of. A part without a column of its own is
        known to nobody, and found by subtraction all the same.
    balances
        Stock, what came in and what went out: the stock at the end is that before, plus, less.
        A name that is no column here is what another table counts.
    at_most
        Pairs of columns of which the first is never more than the second.
    rates
        Published quotients that are not worked out from the counts that are shown.
    multiple, least
        Shown counts are the nearest multiple of this (1: exact), and never less than this.
    complete
        Whether a group that has no row has none of what is counted; without, it may have any.

    Examples
    --------
    >>> Structure("waiting", {"form": Dimension("form")}, {"waiting": Count(stock=True)}).multiple
    1
    """

    subject: str
    dimensions: Mapping[str, Dimension]
    counts: Mapping[str, Count]
    start: str = ""
    end: str = ""
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    balances: tuple[tuple[str, str, str], ...] = ()
    at_most: tuple[tuple[str, str], ...] = ()
    rates: tuple[Rate, ...] = ()
    multiple: int = 1
    least: int = 0
    complete: bool = True

    def named(self, column: str) -> str:
        """Give what a column counts, as it is called in every table.

        Examples
        --------
        >>> Structure("waits", {}, {"waiting": Count()}).named("waiting")
        'waits/waiting'
        """
        count = self.counts.get(column)
        return (count.name if count else "") or f"{self.subject}/{column}"

    def balanced(self) -> list[tuple[str, str, str]]:
        """Give the balances by what is counted, whichever table counts it."""
        return [
            cast(
                tuple[str, str, str],
                tuple(self.named(one) if one in self.counts else one for one in three),
            )
            for three in self.balances
        ]


def to_json(structure: Structure) -> dict[str, Any]:
    """Write a structure as plain data; what is as usual is left out.

    Examples
    --------
    >>> to_json(Structure("waits", {"form": Dimension("form")}, {"waiting": Count()}))
    {'subject': 'waits', 'dimensions': {'form': {}}, 'counts': {'waiting': {}}}
    """
    made: dict[str, Any] = {
        "subject": structure.subject,
        "dimensions": {
            name: _unusual(
                {"tree": one.tree, "parents": dict(one.parents), "total": one.total},
                {"tree": name, "parents": {}, "total": None},
            )
            for name, one in structure.dimensions.items()
        },
        "counts": {
            name: _unusual(
                {
                    "name": one.name,
                    "adds": one.adds,
                    "over_time": one.over_time,
                    "stock": one.stock,
                    "same_over": list(one.same_over),
                },
                {"name": "", "adds": True, "over_time": False, "stock": False, "same_over": []},
            )
            for name, one in structure.counts.items()
        },
    }
    rest = {
        "start": structure.start,
        "end": structure.end,
        "sums": {total: list(parts) for total, parts in structure.sums.items()},
        "balances": [list(one) for one in structure.balances],
        "at_most": [list(one) for one in structure.at_most],
        "rates": [
            {
                "value": one.value,
                "of": one.of,
                "per": one.per,
                "times": one.times,
                "decimals": one.decimals,
            }
            for one in structure.rates
        ],
        "multiple": structure.multiple,
        "least": structure.least,
        "complete": structure.complete,
    }
    usual: dict[str, Any] = {
        "start": "",
        "end": "",
        "sums": {},
        "balances": [],
        "at_most": [],
        "rates": [],
        "multiple": 1,
        "least": 0,
        "complete": True,
    }
    return made | _unusual(rest, usual)


def _unusual(given: dict[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value != usual[name]}


def from_json(said: Mapping[str, Any], where: str) -> Structure:
    """Read a structure.

    Parameters
    ----------
    said
        What :func:`to_json` gives, or someone wrote by hand.
    where
        Name of the file, for faults.

    Raises
    ------
    StelselError
        When something is not as it should be, or names a column that is not declared.

    Examples
    --------
    >>> one = Structure("waits", {"form": Dimension("form")}, {"waiting": Count(stock=True)})
    >>> from_json(to_json(one), "waits.json") == one
    True
    """
    try:
        structure = Structure(
            subject=str(said["subject"]),
            dimensions={
                name: Dimension(
                    str(one.get("tree", name)),
                    {str(code): str(up) for code, up in one.get("parents", {}).items()},
                    one.get("total"),
                )
                for name, one in said["dimensions"].items()
            },
            counts={
                name: Count(**{**one, "same_over": tuple(one.get("same_over", ()))})
                for name, one in said["counts"].items()
            },
            start=str(said.get("start", "")),
            end=str(said.get("end", "")),
            sums={total: tuple(parts) for total, parts in said.get("sums", {}).items()},
            balances=tuple((one[0], one[1], one[2]) for one in said.get("balances", [])),
            at_most=tuple((one[0], one[1]) for one in said.get("at_most", [])),
            rates=tuple(Rate(**one) for one in said.get("rates", [])),
            multiple=int(said.get("multiple", 1)),
            least=int(said.get("least", 0)),
            complete=bool(said.get("complete", True)),
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise _wrong(where, f"{type(error).__name__}: {error}") from None
    named = [
        *structure.sums,
        *(name for two in structure.at_most for name in two),
        *(name for rate in structure.rates for name in (rate.of, rate.per)),
    ]
    missing = sorted({name for name in named if name not in structure.counts})
    if missing:
        raise _wrong(where, f"counts: {', '.join(missing)}")
    return structure


def _wrong(where: str, what: str) -> StelselError:
    return StelselError(
        Fault(
            f"What the table says of its structure cannot be read ({what}).",
            where,
            "disclosure: subject, dimensions, counts",
            "See docs/reference/publications.md.",
            what_nl=f"Wat de tabel over zijn opbouw zegt is niet te lezen ({what}).",
            remedy_nl="Zie docs/reference/publications.md.",
        )
    )
