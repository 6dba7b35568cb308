"""Which wait in the register an entry may be: a weaker link, told with its probability.

The register knows no names and no birth dates: birth month, sex, municipality, provider, form and
the day the wait began is all there is. Several children fit that often. So an entry is laid beside
every wait of its provider and form, and Bayes' rule divides its probability over them and over
"none of these": two waits that fit equally well get half each, and neither is linked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from stelsel.register.linking.choices import choices
from stelsel.register.linking.hashed import DIGITS, Pseudonym
from stelsel.register.linking.names import PACKAGE
from stelsel.spells import WAIT
from stelsel.tables import packaged, read_table

if TYPE_CHECKING:
    from stelsel.register.register import Register

FOUND = pa.schema(
    [
        pa.field("entry", pa.string(), nullable=False),
        pa.field("register", pa.string(), nullable=False),
        pa.field("register_probability", pa.float64(), nullable=False),
        pa.field("register_child", pa.string()),
    ]
)
"""Columns of what is found: one row an entry.

====================  =======================================================================
register              ``linked``, ``doubtful`` (a wait fits, but not surely) or ``none``
register_probability  that the wait which fits best is this entry
register_child        pseudonym of the child of that wait, where it is linked
====================  =======================================================================
"""

_FIELDS = ("birth", "sex", "municipality", "date")
_ROUNDS = 12
"""Rounds of weighing: far more than it takes for the third digit to stand still."""
_DOUBTFUL = 0.1
"""A wait less probable than this is not worth a look."""

_PAIRS = """
create temp table pairs as
select e.entry, w.wait, w.child,
  case when e.birth_year is null or w.birth_year is null then null
       when e.birth_year = w.birth_year and e.birth_month = w.birth_month then 'equal'
       else 'other' end as birth,
  case when e.sex is null or w.sex is null then null
       when e.sex = w.sex then 'equal' else 'other' end as sex,
  case when e.municipality is null or w.municipality is null then null
       when e.municipality = w.municipality then 'equal' else 'other' end as municipality,
  case when abs(e.on_list - w.start) <= 7 then 'week'
       when abs(e.on_list - w.start) <= 31 then 'month'
       when abs(e.on_list - w.start) <= 92 then 'quarter'
       else 'other' end as date,
  count(*) over (partition by e.entry) as waits
from entries e join waits w on e.provider = w.provider and e.form = w.form
"""


@cache
def _levels() -> dict[tuple[str, str], tuple[float, float]]:
    """Give how often each level is met where entry and wait are of one child, and by chance."""
    rows = read_table(
        packaged(PACKAGE, "register_levels.csv"),
        ["comparison", "level", "m", "u"],
        key=["comparison", "level"],
    )
    return {(row["comparison"], row["level"]): (float(row["m"]), float(row["u"])) for row in rows}


def waits_of(register: Register, pseudonym: Pseudonym) -> pa.Table:
    """Give the waits in a register with what an entry of a list can be compared with.

    Parameters
    ----------
    register
        The register.
    pseudonym
        Its keyed digest: birth month and sex become digests as those of an entry are.

    Returns
    -------
    pa.Table
        ``wait``, ``child``, ``provider``, ``form``, ``municipality``, ``start``, ``birth_year``,
        ``birth_month``, ``sex``.
    """

    def digest(domain: str, text: str | None) -> str | None:
        return pseudonym(f"link {domain}:{text}")[:DIGITS] if text else None

    spells = register.spells()
    waits = spells.filter(
        pc.and_(pc.starts_with(spells["station"], WAIT), pc.is_valid(spells["provider"]))
    )
    about: dict[str, tuple[str | None, str | None]] = {}
    for row in register.events().select(["child", "birth_month", "sex"]).to_pylist():
        month, sex = about.get(row["child"], (None, None))
        about[row["child"]] = (row["birth_month"] or month, row["sex"] or sex)
    born = [about.get(child, (None, None)) for child in waits["child"].to_pylist()]
    months = [month if month and len(month) == len("2010-05") else None for month, _ in born]
    sexes = [sex if sex in ("1", "2") else None for _, sex in born]
    return pa.table(
        {
            "wait": pa.array(range(waits.num_rows), pa.int64()),
            **{name: waits[name] for name in ("child", "provider", "form", "municipality")},
            "start": waits["start"],
            "birth_year": pa.array(
                [digest("year", month[:4] if month else None) for month in months], pa.string()
            ),
            "birth_month": pa.array(
                [
                    digest("month or day", str(int(month[5:])) if month else None)
                    for month in months
                ],
                pa.string(),
            ),
            "sex": pa.array([digest("sex", sex) for sex in sexes], pa.string()),
        }
    )


def beside(entries: pa.Table, waits: pa.Table) -> pa.Table:
    """Lay entries beside waits.

    Parameters
    ----------
    entries
        Entries as kept.
    waits
        What :func:`waits_of` gives.

    Returns
    -------
    pa.Table
        Columns of :data:`FOUND`, by entry.

    Notes
    -----
    The chance that an entry is among the waits of its provider and form, before looking, is
    ``register_share`` of ``data/choices.csv``, divided evenly over them. How often a level is met
    by chance is counted over all pairs of an entry and a wait of one provider and form, each as far
    as it is not taken for one child, until that changes no more (expectation maximisation in which
    only the chances are found). The table stands for ``register_pairs`` pairs beside those.
    """
    con = duckdb.connect()
    con.register("entries", entries)
    con.register("waits", waits)
    con.execute(_PAIRS)
    con.execute("create temp table told as select *, 0.0::double as p from pairs")
    for _ in range(_ROUNDS):
        _weigh(con)
    rows = con.execute(
        """
        with best as (
          select entry, child, p,
            row_number() over (partition by entry order by p desc, child, wait) as place
          from told)
        select e.entry, coalesce(round(b.p, 6), 0), b.child
        from entries e left join best b on e.entry = b.entry and b.place = 1 order by e.entry
        """
    ).fetchall()
    con.close()
    least = choices().register_threshold
    return pa.Table.from_pylist(
        [
            {
                "entry": entry,
                "register": "linked" if p >= least else "doubtful" if p >= _DOUBTFUL else "none",
                "register_probability": p,
                "register_child": child if p >= least else None,
            }
            for entry, p, child in rows
        ],
        FOUND,
    )


def _weigh(con: duckdb.DuckDBPyConnection) -> None:
    """Divide the probability of each entry over its waits, by what is known of chance so far."""
    odds = " * ".join(
        f"case {name} {_cases(name, _chance(con, name))} else 1::double end" for name in _FIELDS
    )
    share = choices().register_share
    con.execute(
        f"""
        create or replace temp table told as
        select * exclude (odds), odds / (sum(odds) over (partition by entry) + none) as p
        from (
            select *, {share}::double / waits * {odds} as odds, {1 - share}::double as none
            from pairs)
        """
    )


def _chance(con: duckdb.DuckDBPyConnection, name: str) -> Mapping[str, float]:
    """Give how often each level of a field is met in pairs that are not of one child.

    A pair counts as far as it is not taken for one child; the table stands for some pairs more, so
    that few entries do not tell what is rare.
    """
    told = dict(
        con.execute(
            f"select {name}, sum(1 - p) from told where {name} is not null group by {name}"
        ).fetchall()
    )
    more = choices().register_pairs
    total = sum(told.values()) + more
    return {
        level: (told.get(level, 0.0) + more * u) / total
        for (field, level), (_, u) in _levels().items()
        if field == name
    }


def _cases(name: str, chance: Mapping[str, float]) -> str:
    """Write how much likelier each level is for one child than by chance."""
    ratios = {level: _levels()[name, level][0] / share for level, share in chance.items()}
    return " ".join(f"when '{level}' then {ratio!r}::double" for level, ratio in ratios.items())
