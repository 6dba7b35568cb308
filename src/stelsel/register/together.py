"""The spells of all sources together: messages, steps of processes, policy information."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel import spells as spell_table
from stelsel.register import cases, stays
from stelsel.register.own_forms import with_own_forms
from stelsel.register.steps import spells_of
from stelsel.system.own_codes import OwnCodes

ORDER = ("child", "start", "station", "episode", "end", "known")


def all_spells(con: BaseBackend, events: ir.Table, codes: OwnCodes, gap: int) -> pa.Table:
    """Work out the spells that events of all sources tell of.

    Parameters
    ----------
    con
        A fresh connection of Ibis to the engine that does the work.
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`. What is known later has to be
        filtered out before.
    codes
        What own product codes stand for.
    gap
        Days that still make a renewal; see :func:`stelsel.register.steps.spells_of`.

    Returns
    -------
    pa.Table
        Columns of :data:`stelsel.spells.SCHEMA`. Care that both messages and policy information
        tell of is there once, as the messages tell it, with the priority that the policy
        information tells; a measure that both steps and policy
        information tell of is there once, as the policy information tells it.
    """
    sources = set(con.to_pyarrow(events.select("source").distinct())["source"].to_pylist())
    found = [spells_of(con, with_own_forms(_from(events, "ijw"), codes), gap=gap)]
    stepped = spell_table.SCHEMA.empty_table()
    if "process" in sources:
        stepped = con.to_pyarrow(cases.spells(con, _from(events, "process")))
    if "cbs" in sources:
        stayed = stays.spells(con, _from(events, "cbs"))
        spoken = ibis.memtable(found[0])
        found = [con.to_pyarrow(stays.with_priorities(spoken, stayed))]
        kept = con.to_pyarrow(stays.without_doubles(stayed, spoken, of_one_provider=True))
        if stepped.num_rows:
            told = stays.without_doubles(ibis.memtable(stepped), ibis.memtable(kept))
            stepped = con.to_pyarrow(told)
        found.append(kept)
    if stepped.num_rows:
        found.append(stepped)
    if len(found) == 1:
        return found[0]
    whole = pa.concat_tables([part.cast(spell_table.SCHEMA) for part in found])
    in_order = [(name, "ascending") for name in ORDER]
    return spell_table.check(whole.sort_by(in_order))


def _from(events: ir.Table, source: str) -> ir.Table:
    return events.filter(_.source == source)
