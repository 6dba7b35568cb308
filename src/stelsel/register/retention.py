"""How long the file of a child is kept, and whose time is over."""

from __future__ import annotations

from datetime import date
from functools import cache

import ibis.expr.types as ir
from ibis import _

from stelsel.tables import packaged, read_table


@cache
def term(name: str) -> int:
    """Give how long something is kept, in years; see ``register/data/terms.csv``.

    Parameters
    ----------
    name
        ``file`` (of a child, after its last change) or ``log`` (a line of the access log).

    Examples
    --------
    >>> term("file"), term("log")
    (20, 5)
    """
    file = packaged("stelsel.register", "terms.csv")
    rows = read_table(file, ["name", "years", "meaning"], key=["name"])
    return {row["name"]: int(row["years"]) for row in rows}[name]


def last_kept(on: date) -> date:
    """Give the day such that files last changed before it may go.

    A file last changed on 3 March 2006 is kept until and with 3 March 2026.

    Parameters
    ----------
    on
        The day on which is looked.

    Examples
    --------
    >>> last_kept(date(2026, 3, 3)), last_kept(date(2124, 2, 29))
    (datetime.date(2006, 3, 3), datetime.date(2104, 2, 29))
    """
    year = on.year - term("file")
    try:
        return on.replace(year=year)
    except ValueError:  # 29 February of a year whose like twenty years before had none
        return date(year, 3, 1)


def expired(events: ir.Table, on: date) -> ir.Table:
    """Give the children whose file did not change for so long that it may go.

    What changes a file is what is told of the child; what counts is the day it was told.

    Parameters
    ----------
    events
        All events of a register.
    on
        The day on which is looked.

    Returns
    -------
    ir.Table
        One column ``child``.

    Examples
    --------
    >>> import ibis
    >>> events = ibis.memtable({"child": ["a", "a", "b"], "known": [
    ...     date(2000, 1, 1), date(2006, 3, 3), date(2006, 3, 2)]})
    >>> expired(events, date(2026, 3, 3)).child.to_list()
    ['b']
    """
    changed = events.filter(_.child.notnull()).group_by("child").agg(last=_.known.max())
    return changed.filter(_.last < last_kept(on)).select("child")
