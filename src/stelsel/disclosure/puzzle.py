"""Publications as one puzzle: unknown whole numbers, and the equations that bind them.

Every number that is counted somewhere is one unknown, however many tables tell it. Groups add up
to larger groups, days to longer periods, parts to sums; a stock is the one before it, plus what
came in, less what went out. What nobody published and still follows by subtraction (those of a
whole who do not belong to its part, the month between two half-years) is an unknown too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from stelsel.disclosure.sheets import Coordinates, Period, Sheet
from stelsel.disclosure.structure import TOTAL, Count, Rate

Floats = npt.NDArray[np.float64]
_DAY = timedelta(days=1)
_NEAR = 1e-9


class Kind(IntEnum):
    """What an unknown is: told in a table, a total nobody told, or what subtraction yields."""

    TOLD = 0
    MARGIN = 1
    DIFFERENCE = 2


@dataclass(frozen=True, slots=True)
class Name:
    """Which number it is: what is counted, of which groups, over which days, in which version."""

    what: str
    of: Coordinates
    over: Period
    version: int = 0


@dataclass(slots=True)
class Puzzle:
    """The unknowns and what binds them: ``low <= matrix @ x <= high``.

    Parameters
    ----------
    names, kinds
        What each unknown is.
    told
        Per place in the sheets (sheet, column, row) its unknown.
    matrix, low, high
        What binds them.
    true
        The true numbers as far as known, else NaN.
    """

    names: list[Name]
    kinds: npt.NDArray[np.int8]
    told: dict[tuple[int, str, int], int]
    matrix: csr_matrix
    low: Floats
    high: Floats
    true: Floats


class _Maker:
    """Gathers unknowns and equations."""

    def __init__(self, mixed: bool) -> None:
        self.mixed = mixed
        self.index: dict[Name, int] = {}
        self.names: list[Name] = []
        self.kinds: list[int] = []
        self.true: list[float] = []
        self.told: dict[tuple[int, str, int], int] = {}
        self.parents: dict[str, dict[str, str]] = defaultdict(dict)
        self.counts: dict[str, Count] = {}
        self.whole: set[int] = set()
        self.entries: list[tuple[list[int], list[float], float, float]] = []

    def unknown(self, name: Name, kind: Kind, true: float = np.nan) -> int:
        """Give the number of an unknown, made if it is new."""
        at = self.index.get(name)
        if at is None:
            at = self.index[name] = len(self.kinds)
            self.names.append(name)
            self.kinds.append(kind)
            self.true.append(true)
        elif kind == Kind.TOLD:
            self.kinds[at] = Kind.TOLD
            if np.isnan(self.true[at]):
                self.true[at] = true
        return at

    def bind(
        self, ids: Sequence[int], factors: Sequence[float], low: float = 0.0, high: float = 0.0
    ) -> None:
        """Add an equation, unless the true numbers are known not to keep it."""
        value = sum(f * self.true[i] for i, f in zip(ids, factors, strict=True))
        if not np.isnan(value) and not low - _NEAR <= value <= high + _NEAR:
            return
        merged: dict[int, float] = {}
        for i, f in zip(ids, factors, strict=True):
            merged[i] = merged.get(i, 0.0) + f
        kept = {i: f for i, f in merged.items() if f}
        if kept:
            self.entries.append((list(kept), list(kept.values()), low, high))


def assemble(
    sheets: Sequence[Sheet],
    true: Iterable[int] = (),
    versions: dict[tuple[int, str, int], int] | None = None,
    mixed: bool = True,
) -> Puzzle:
    """Make the puzzle of several publications.

    Parameters
    ----------
    sheets
        The tables, of one or more publications.
    true
        The numbers of the sheets that hold true numbers, all of them; those of the others are
        what was shown, and say nothing of the truth.
    versions
        Per place of a sheet, which version of its number it tells, where it is known that a later
        table tells another number than an earlier one; 0 where it is not named.
    mixed
        Whether what a version does not tell is as it was in the first.

    Examples
    --------
    >>> from stelsel.disclosure.structure import Count, Dimension, Structure
    >>> said = Structure("w", {"form": Dimension("form")}, {"waiting": Count()})
    >>> puzzle = assemble([Sheet(said, {"form": ["02", "03"], "waiting": [4, 63]})])
    >>> [name.of for name in puzzle.names], puzzle.matrix.toarray().tolist()
    ([(('form', '02'),), (('form', '03'),), ()], [[1.0, 1.0, -1.0]])
    """
    maker = _Maker(mixed)
    with_truth = set(true)
    for number, sheet in enumerate(sheets):
        _tell(maker, number, sheet, number in with_truth, versions or {})
    _levels(maker)
    _over_time(maker)
    for sheet in sheets:
        _balances(maker, sheet)
    return _done(maker)


def _tell(
    maker: _Maker,
    number: int,
    sheet: Sheet,
    true: bool,
    versions: dict[tuple[int, str, int], int],
) -> None:
    """Put the numbers of a sheet in, and what binds those of one row."""
    said = sheet.structure
    for one in said.dimensions.values():
        maker.parents[one.tree].update(one.parents)
    times = sheet.times()
    at: dict[tuple[str, int], int] = {}
    for column, count in said.counts.items():
        if column not in sheet.columns:
            continue
        what = said.named(column)
        maker.counts[what] = count
        places = sheet.places(column)
        for row, value in enumerate(sheet.columns[column]):
            if value is None and (column, row) not in sheet.hidden:
                continue
            first, last = times[row]
            over = (last, last) if count.stock else (first, last)
            name = Name(what, places[row], over, versions.get((number, column, row), 0))
            known = float(value) if true and isinstance(value, int | float) else np.nan
            unknown = maker.unknown(name, Kind.TOLD, known)
            if said.complete:
                maker.whole.add(unknown)
            maker.told[number, column, row] = at[column, row] = unknown
    _within_rows(maker, sheet, at)


def _within_rows(maker: _Maker, sheet: Sheet, at: dict[tuple[str, int], int]) -> None:
    """Bind the numbers of one row: sums and their parts, quotients, what is never more."""
    said = sheet.structure
    for total, parts in said.sums.items():
        for row in range(sheet.rows):
            _sum(maker, sheet, at, total, parts, row)
    for smaller, larger in said.at_most:
        for row in range(sheet.rows):
            if (smaller, row) in at and (larger, row) in at:
                maker.bind([at[larger, row], at[smaller, row]], [1, -1], 0, np.inf)
    for rate in said.rates:
        for row in range(sheet.rows):
            if (rate.of, row) in at and (rate.per, row) in at:
                value = sheet.columns[rate.value][row]
                if isinstance(value, int | float):
                    _rate(maker, rate, float(value), at[rate.of, row], at[rate.per, row])


def _sum(
    maker: _Maker,
    sheet: Sheet,
    at: dict[tuple[str, int], int],
    total: str,
    parts: Sequence[str],
    row: int,
) -> None:
    """Bind a sum to its parts; a part that has no column is found by subtraction."""
    if (total, row) not in at:
        return
    whole = at[total, row]
    here = maker.names[whole]
    known = [at[part, row] for part in parts if (part, row) in at]
    missing = [part for part in parts if part not in sheet.columns]
    if len(known) + len(missing) < len(parts):
        return
    for part in missing:
        name = Name(f"{sheet.structure.subject}/{part}", here.of, here.over, here.version)
        rest = maker.true[whole] - sum(maker.true[one] for one in known)
        known.append(maker.unknown(name, Kind.DIFFERENCE, rest if len(missing) == 1 else np.nan))
    maker.bind([whole, *known], [-1, *[1] * len(known)])


def _rate(maker: _Maker, rate: Rate, value: float, above: int, below: int) -> None:
    """Bind numerator and denominator by their quotient as it was rounded."""
    half = 0.5 * 10.0**-rate.decimals + _NEAR
    maker.bind([above, below], [rate.times, -(value - half)], 0, np.inf)
    maker.bind([above, below], [rate.times, -(value + half)], -np.inf, 0)


def _levels(maker: _Maker) -> None:
    """Bind every group to its larger group, along every dimension."""
    queue = list(maker.index)
    children: dict[tuple[Name, str], list[int]] = defaultdict(list)
    for name in queue:  # it grows while we walk
        at = maker.index[name]
        for tree, code in name.of:
            up = maker.parents[tree].get(code, TOTAL)
            rest = [pair for pair in name.of if pair[0] != tree]
            of = tuple(sorted([*rest, (tree, up)] if up != TOTAL else rest))
            larger = Name(name.what, of, name.over, name.version)
            if larger not in maker.index:
                maker.unknown(larger, Kind.MARGIN)
                queue.append(larger)
            children[larger, tree].append(at)
    # From the smallest groups up, so that the truth of a total is known before it is a part.
    for (larger, tree), parts in sorted(
        children.items(), key=lambda item: (-len(item[0][0].of), -_depth(maker, item[0][0]))
    ):
        _add_up(maker, larger, tree, parts)


def _depth(maker: _Maker, name: Name) -> int:
    depth = 0
    for tree, code in name.of:
        up = code
        while up != TOTAL:
            depth += 1
            up = maker.parents[tree].get(up, TOTAL)
    return depth


def _add_up(maker: _Maker, larger: Name, tree: str, parts: list[int]) -> None:
    at = maker.index[larger]
    if larger.version and maker.mixed:
        # A group of which this version tells nothing of its own is still as it was.
        parts = parts + [
            maker.index[old]
            for old in maker.index
            if old.version == 0
            and (old.what, old.over) == (larger.what, larger.over)
            and Name(old.what, old.of, old.over, larger.version) not in maker.index
            and _up(maker, old, tree) == larger.of
        ]
    adds = maker.counts[larger.what].adds if larger.what in maker.counts else True
    complete = any(part in maker.whole for part in parts)
    if complete:
        maker.whole.add(at)
    if adds:
        if np.isnan(maker.true[at]) and maker.kinds[at] == Kind.MARGIN and complete:
            maker.true[at] = sum(maker.true[part] for part in parts)
        maker.bind([*parts, at], [*[1] * len(parts), -1], -np.inf if not complete else 0, 0)
        return
    for part in parts:
        maker.bind([at, part], [1, -1], 0, np.inf)
    if complete:
        maker.bind([*parts, at], [*[1] * len(parts), -1], 0, np.inf)


def _up(maker: _Maker, name: Name, tree: str) -> Coordinates | None:
    """Give the place of the larger group along a tree; None where it is the whole already."""
    for pair in name.of:
        if pair[0] == tree:
            up = maker.parents[tree].get(pair[1], TOTAL)
            rest = [other for other in name.of if other is not pair]
            return tuple(sorted([*rest, (tree, up)] if up != TOTAL else rest))
    return None


def _over_time(maker: _Maker) -> None:
    """Bind the periods of what is counted over time: a longer one is the sum of its stretches."""
    periods: dict[tuple[str, Coordinates, int], list[Period]] = defaultdict(list)
    for name, at in maker.index.items():
        count = maker.counts.get(name.what)
        if count and not count.stock and maker.kinds[at] == Kind.TOLD:
            periods[name.what, name.of, name.version].append(name.over)
    for (what, of, version), found in periods.items():
        if len(found) < 2:
            continue
        if maker.counts[what].over_time:
            _stretches(maker, what, of, version, sorted(found))
        else:
            _nested(maker, what, of, version, sorted(found))


def _stretches(
    maker: _Maker, what: str, of: Coordinates, version: int, periods: list[Period]
) -> None:
    cuts = sorted({day for first, last in periods for day in (first, last + _DAY)})
    atoms = list(zip(cuts, [cut - _DAY for cut in cuts[1:]], strict=False))
    for first, last in periods:
        inside = [atom for atom in atoms if first <= atom[0] and atom[1] <= last]
        if len(inside) > 1:
            parts = [
                maker.unknown(Name(what, of, atom, version), Kind.DIFFERENCE) for atom in inside
            ]
            whole = maker.index[Name(what, of, (first, last), version)]
            _infer(maker, whole, parts)
            maker.bind([*parts, whole], [*[1] * len(parts), -1])


def _infer(maker: _Maker, whole: int, parts: list[int]) -> None:
    """Work out the one true number that is missing in a sum."""
    gone = [part for part in parts if np.isnan(maker.true[part])]
    if len(gone) == 1:
        maker.true[gone[0]] = maker.true[whole] - sum(
            maker.true[part] for part in parts if part != gone[0]
        )


def _nested(maker: _Maker, what: str, of: Coordinates, version: int, periods: list[Period]) -> None:
    """Bind a period to the shortest one around it: who was there in it was there in that too."""
    for inner in periods:
        around = [
            one for one in periods if one != inner and one[0] <= inner[0] <= inner[1] <= one[1]
        ]
        if not around:
            continue
        outer = min(around, key=lambda one: one[1] - one[0])
        ids = [maker.index[Name(what, of, period, version)] for period in (outer, inner)]
        more = Name(f"{what} ({inner[0]}/{inner[1]})", of, outer, version)
        gap = maker.unknown(more, Kind.DIFFERENCE, maker.true[ids[0]] - maker.true[ids[1]])
        if np.isnan(maker.true[gap]) or maker.true[gap] >= 0:
            maker.bind([*ids, gap], [1, -1, -1])


def _balances(maker: _Maker, sheet: Sheet) -> None:
    """Bind every stock to the one before it."""
    for stock, came, went in sheet.structure.balanced():
        flows = {
            (name.of, name.over, name.version) for name in maker.index if name.what in (came, went)
        }
        for of, (first, last), version in sorted(flows, key=str):
            if first == date.min:
                continue
            ends = [
                maker.index.get(Name(stock, of, (day, day), version))
                for day in (last, first - _DAY)
            ]
            if ends[0] is None or ends[1] is None:
                continue
            moved = [
                maker.unknown(Name(what, of, (first, last), version), Kind.DIFFERENCE)
                for what in (came, went)
            ]
            maker.bind([ends[0], ends[1], *moved], [1, -1, -1, 1])


def _done(maker: _Maker) -> Puzzle:
    seen: dict[tuple[tuple[int, ...], tuple[float, ...], float, float], None] = {}
    for ids, factors, low, high in maker.entries:
        pairs = sorted(zip(ids, factors, strict=True))
        seen[tuple(i for i, _ in pairs), tuple(f for _, f in pairs), low, high] = None
    lengths = [len(ids) for ids, *_ in seen]
    matrix = csr_matrix(
        (
            np.array([f for _, factors, *_ in seen for f in factors], dtype=np.float64),
            np.array([i for ids, *_ in seen for i in ids], dtype=np.int64),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        ),
        shape=(len(seen), len(maker.kinds)),
    )
    return Puzzle(
        names=maker.names,
        kinds=np.array(maker.kinds, dtype=np.int8),
        told=maker.told,
        matrix=matrix,
        low=np.array([entry[2] for entry in seen], dtype=np.float64),
        high=np.array([entry[3] for entry in seen], dtype=np.float64),
        true=np.array(maker.true, dtype=np.float64),
    )
