"""The one door out: hide what is small, and what would give the small away.

Four steps, each a function of its own so that a stronger one can take its place:

1. each count goes that is too small by itself (:func:`small`) or has too few people behind it;
2. :func:`companions` hides further counts so that no hidden one is found by subtraction along a
   line (the forms of a region, the regions of a form, all of the table, a sum and its parts);
3. an attacker with linear programming looks at all tables that leave together, with what left
   before, and more is hidden until he finds nothing (:mod:`stelsel.disclosure.hiding`);
4. estimates that rest on too few observations are hidden, and what is left of the counts is
   rounded.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations

import pyarrow as pa

from stelsel.disclosure.limits import Limits, limits
from stelsel.disclosure.roles import Role, declare, roles
from stelsel.disclosure.sheets import Sheet
from stelsel.errors import StelselError

PROTECTED = "protected"
"""The column that the door adds: per row the names of the columns that are hidden."""

Counts = Mapping[str, Sequence[int | None]]
"""Count columns by name."""
Cell = tuple[str, int]
"""A cell: name of the column, number of the row."""
Place = tuple[int, str, int]
"""A cell of one of several tables: number of the table, name of the column, number of the row."""


def protect(
    rows: pa.Table,
    *,
    made_up: bool,
    internal: bool = False,
    within: Limits | None = None,
    subject: str = "",
    before: Sequence[Sheet] = (),
) -> pa.Table:
    """Give the table as it may leave.

    Parameters
    ----------
    rows
        A table whose columns say their role (:mod:`stelsel.disclosure.roles`).
    made_up
        Whether the people behind it are made up; then nothing is hidden or rounded.
    internal
        Whether it stays with someone who has the right to exact numbers; the caller writes that
        in the access log of the register.
    within
        Other limits than those that ship with the package.
    subject
        What the table is about, such as the id of an indicator.
    before
        What left before (:func:`stelsel.disclosure.memory.earlier`): nothing may follow from both
        together.

    Returns
    -------
    pa.Table
        The same rows and columns and one more, ``protected`` (list of text): the columns whose
        value is hidden in that row. A hidden value is null; a value that is null and not in
        ``protected`` is not there. Shown counts are multiples of 5.

    Raises
    ------
    StelselError
        When a column does not say its role, or the table went through this door before.

    Notes
    -----
    The limits follow the pattern that can be observed in the tables of CBS; those that are our own
    choice are marked so in ``disclosure/data/limits.csv``.

    Examples
    --------
    >>> schema = pa.schema([
    ...     declare(pa.field("form", pa.string()), "key"),
    ...     declare(pa.field("waiting", pa.int64()), "count"),
    ... ])
    >>> table = pa.table({"form": ["02", "03", "11"], "waiting": [4, 63, 22]}, schema=schema)
    >>> out = protect(table, made_up=False)
    >>> out["waiting"].to_pylist(), out["protected"].to_pylist()
    ([None, 65, None], [['waiting'], [], ['waiting']])
    """
    whole = protect_together(
        {subject: rows}, made_up=made_up, internal=internal, within=within, before=before
    )
    return whole[subject]


def protect_together(
    tables: Mapping[str, pa.Table],
    *,
    made_up: bool,
    internal: bool = False,
    within: Limits | None = None,
    before: Sequence[Sheet] = (),
    done: Callable[[int, int], None] | None = None,
) -> dict[str, pa.Table]:
    """Give several tables as they may leave together: nothing follows from one about another.

    Parameters
    ----------
    tables
        By what they are about; tables with the same counts by other groups are known by what the
        columns say they count (``counted``).
    made_up, internal, within, before
        As in :func:`protect`.
    done
        Is told how many groups of tables are done, and of how many.

    Returns
    -------
    dict of str to pa.Table
        As :func:`protect` gives them. In the metadata of each schema stands what it cost: ``told``
        numbers together, ``hidden`` of them, and ``simple``, how many a rule that hides whole
        lines would have hidden.

    Raises
    ------
    StelselError
        As :func:`protect`.
    """
    for rows in tables.values():
        if PROTECTED in rows.column_names:
            raise StelselError(
                "The table has been through disclosure control before.",
                where=PROTECTED,
                what_nl="De tabel is al eens door de openbaarmakingscontrole gegaan.",
            )
    said = {name: roles(rows.schema) for name, rows in tables.items()}
    hidden: dict[str, set[Cell]] = {name: set() for name in tables}
    cost: dict[str, str] = {}
    shown = dict(tables)
    if not (made_up or internal):
        within = within or limits()
        hidden, cost = _hidden(tables, said, within, before, done)
        shown = {
            name: _without(rows, said[name], hidden[name], within) for name, rows in tables.items()
        }
    return {name: _marked(rows, hidden[name], cost) for name, rows in shown.items()}


def _hidden(
    tables: Mapping[str, pa.Table],
    said: Mapping[str, Mapping[str, Role]],
    within: Limits,
    before: Sequence[Sheet],
    done: Callable[[int, int], None] | None,
) -> tuple[dict[str, set[Cell]], dict[str, str]]:
    """Find the counts and estimates to hide in every table, and tell what it costs."""
    from stelsel.disclosure.hiding import hide  # noqa: PLC0415 (SciPy takes a while to load)
    from stelsel.disclosure.roled import sheet_of  # noqa: PLC0415 (of the same kind)

    names = list(tables)
    numbers = {
        name: {
            column: tables[name][column].to_pylist()
            for column, role in said[name].items()
            if role.name == "count"
        }
        for name in names
    }
    alone = [_Alone(tables[name], numbers[name], said[name], within) for name in names]

    first = {
        (number, column, row)
        for number, one in enumerate(alone)
        for column, row in one.few
        if one.counts[column][row] is not None
    }
    release = 1 + max((sheet.release for sheet in before), default=0)
    sheets = [sheet_of(tables[name], name, release=release) for name in names]
    hidden: dict[str, set[Cell]] = {name: set() for name in names}
    total = Counter[str]()
    groups = _that_share(sheets)
    for step, group in enumerate(groups):
        if done:
            done(step, len(groups))
        place_of = {number: place for place, number in enumerate(group)}

        def closed(places: set[Place], group: list[int] = group) -> set[Place]:
            """Name what must go with these in their own tables."""
            found = set()
            for place, number in enumerate(group):
                here = {(column, row) for at, column, row in places if at == place}
                found |= {(place, *cell) for cell in alone[number].with_companions(here)}
            return found

        counts = {
            sheets[number].structure.named(c) for number in group for c in _counts(sheets[number])
        }
        found = hide(
            [sheets[number] for number in group],
            {(place_of[at], column, row) for at, column, row in first if at in place_of},
            within,
            [one for one in before if counts & {one.structure.named(c) for c in _counts(one)}],
            closed,
        )
        for place, column, row in found.places:
            hidden[names[group[place]]].add((column, row))
        total.update(told=found.told, hidden=found.hidden, simple=found.simple, left=found.left)
    for name, one in zip(names, alone, strict=True):
        # Hidden whether or not there is one: that there is none would tell a zero from a few.
        hidden[name] |= one.few
        hidden[name] |= {
            (column, row)
            for column, role in said[name].items()
            if role.name == "estimate"
            for row, number in enumerate(numbers[name][role.behind])
            if number is None or number < within.least_behind
        }
    return hidden, {name: str(number) for name, number in total.items()}


def _counts(sheet: Sheet) -> list[str]:
    return list(sheet.structure.counts)


def _that_share(sheets: Sequence[Sheet]) -> list[list[int]]:
    """Part tables into groups of which no two count the same: they say nothing of each other."""
    groups: list[tuple[set[str], list[int]]] = []
    for number, sheet in enumerate(sheets):
        counted = {sheet.structure.named(column) for column in _counts(sheet)}
        mine = [number]
        rest = []
        for names, members in groups:
            if names & counted:
                counted |= names
                mine = [*members, *mine]
            else:
                rest.append((names, members))
        groups = [*rest, (counted, mine)]
    return [sorted(members) for _, members in groups]


class _Alone:
    """A table as it stands by itself: what is too small in it, and what goes with that."""

    def __init__(
        self, rows: pa.Table, counts: Counts, said: Mapping[str, Role], within: Limits
    ) -> None:
        self.counts, self.within = counts, within
        self.along = _lines_of(rows, said)
        self.sums = {
            name: role.parts
            for name, role in said.items()
            if role.parts and all(part in counts for part in role.parts)
        }
        behind = {name: counts[role.behind] for name, role in said.items() if role.behind}
        self.few = small(counts, within) | {
            (name, row)
            for name in counts.keys() & behind.keys()
            for row, number in enumerate(behind[name])
            if number is not None and number < within.least_count
        }

    def with_companions(self, hidden: set[Cell]) -> set[Cell]:
        """Give these cells and those that go with them."""
        return companions(self.counts, self.along, self.sums, hidden, self.within)


def _without(
    rows: pa.Table, said: Mapping[str, Role], hidden: set[Cell], within: Limits
) -> pa.Table:
    """Take out what is hidden, and round what is left of the counts."""
    for place, field in enumerate(rows.schema):
        role = said[field.name]
        if role.name not in ("count", "estimate"):
            continue
        shown = [
            None if (field.name, row) in hidden else value
            for row, value in enumerate(rows[field.name].to_pylist())
        ]
        if role.name == "count":
            shown = [None if value is None else rounded(value, within) for value in shown]
        rows = rows.set_column(place, field, pa.array(shown, field.type))
    return rows


def _marked(rows: pa.Table, hidden: set[Cell], cost: Mapping[str, str]) -> pa.Table:
    """Put beside every row the names of what is hidden in it."""
    lists = [
        [name for name in rows.column_names if (name, row) in hidden]
        for row in range(rows.num_rows)
    ]
    field = declare(pa.field(PROTECTED, pa.list_(pa.string())), "label")
    marked = rows.append_column(field, pa.array(lists, pa.list_(pa.string())))
    return marked.replace_schema_metadata(dict(cost)) if cost else marked


def rounded(number: int, within: Limits) -> int:
    """Round a count to the nearest multiple, half up.

    Examples
    --------
    >>> [rounded(number, limits()) for number in (10, 12, 13, 17, 18)]
    [10, 10, 15, 15, 20]
    """
    return (number + within.multiple // 2) // within.multiple * within.multiple


def small(counts: Counts, within: Limits) -> set[Cell]:
    """Name the cells that are too small by themselves, zero among them.

    Examples
    --------
    >>> sorted(small({"waiting": [0, 9, 10, None]}, limits()))
    [('waiting', 0), ('waiting', 1)]
    """
    return {
        (name, row)
        for name, numbers in counts.items()
        for row, number in enumerate(numbers)
        if number is not None and number < within.least_count
    }


def lines(keys: Mapping[str, Sequence[object]], along: Collection[str]) -> list[list[int]]:
    """Give the sets of rows that differ in no key but these: together they make a total.

    Examples
    --------
    >>> keys = {"region": ["A", "A", "B"], "form": ["02", "03", "02"]}
    >>> lines(keys, ["region"]), lines(keys, ["region", "form"])
    ([[0, 2]], [[0, 1, 2]])
    """
    others = [values for name, values in keys.items() if name not in along]
    found: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for row in range(max(map(len, keys.values()), default=0)):
        found[tuple(values[row] for values in others)].append(row)
    return [members for members in found.values() if len(members) > 1]


def _lines_of(rows: pa.Table, said: Mapping[str, Role]) -> dict[str, list[list[int]]]:
    """Give for each count the lines whose total someone may know; a stock has none over time.

    Totals are taken over each key and over several at once: the only form of the only region of
    its form is alone along both, and is still the total of the table less the rest.
    """
    keys = {name: rows[name].to_pylist() for name, role in said.items() if role.name == "key"}
    some = [along for size in range(len(keys)) for along in combinations(keys, size + 1)]
    found = {along: lines(keys, along) for along in some}
    return {
        name: [
            line
            for along in some
            if role.over_time or not any(said[key].over_time for key in along)
            if not set(along) & set(role.same_over)
            for line in found[along]
        ]
        for name, role in said.items()
        if role.name == "count"
    }


def companions(
    counts: Counts,
    along: Mapping[str, Sequence[Sequence[int]]],
    sums: Mapping[str, Sequence[str]],
    hidden: set[Cell],
    within: Limits,
) -> set[Cell]:
    """Hide further cells until no line and no sum gives a hidden one away by subtraction.

    Parameters
    ----------
    counts
        The count columns.
    along
        Per count the lines of rows whose total may be known (:func:`lines`).
    sums
        Per column that is a sum, the columns it is the sum of.
    hidden
        What is hidden already (:func:`small`).
    within
        The limits.

    Returns
    -------
    set of Cell
        Everything to hide. On a line with a hidden cell at least two are hidden and together
        they count at least 10; the smallest visible ones go first. With a part its sum is hidden,
        and with a sum the smallest of its parts.

    Examples
    --------
    >>> counts = {"waiting": [4, 63, 22]}
    >>> along = {"waiting": [[0, 1, 2]]}
    >>> sorted(companions(counts, along, {}, {("waiting", 0)}, limits()))
    [('waiting', 0), ('waiting', 2)]
    """
    hidden = set(hidden)
    before = -1
    while len(hidden) != before:
        before = len(hidden)
        for name, numbers in counts.items():
            for line in along[name]:
                hidden |= _beside(name, numbers, line, hidden, within)
        for total, parts in sums.items():
            for row in range(len(counts[total])):
                hidden |= _in_sum(total, parts, row, counts, hidden)
    return hidden


def _beside(
    name: str,
    numbers: Sequence[int | None],
    line: Sequence[int],
    hidden: set[Cell],
    within: Limits,
) -> set[Cell]:
    """Name the smallest visible cells of a line that must go with its hidden ones."""
    there = [(number, row) for row in line if (number := numbers[row]) is not None]
    gone = [number for number, row in there if (name, row) in hidden]
    more: set[Cell] = set()
    if not gone:
        return more
    for number, row in sorted(pair for pair in there if (name, pair[1]) not in hidden):
        if len(gone) >= within.least_hidden_cells and sum(gone) >= within.least_hidden_together:
            break
        gone.append(number)
        more.add((name, row))
    return more


def _in_sum(
    total: str, parts: Sequence[str], row: int, counts: Counts, hidden: set[Cell]
) -> set[Cell]:
    """Name the cell of a sum and its parts that must go with those that are hidden.

    With a part the sum goes, though several parts are hidden: two numbers under 10 that together
    make 18 to 22 are nine and nine.
    """
    cells = [(part, row) for part in parts]
    if any(cell in hidden for cell in cells):
        return {(total, row)}
    if (total, row) in hidden:
        return {min(cells, key=lambda cell: counts[cell[0]][row] or 0)}
    return set()
