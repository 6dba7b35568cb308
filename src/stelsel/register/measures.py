"""Waits and care of protection and probation, from the messages about them."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from stelsel import spells as spell_table
from stelsel.register.steps import RENEWAL_GAP, spells_of
from stelsel.system import form
from stelsel.system.codes import products

_STANDS_IN = "02"
"""A care form: the steps give spells to what has one."""


def measure_spells(events: pa.Table, gap: int = RENEWAL_GAP) -> pa.Table:
    """Give the waits for measures and the carrying out of them, as messages tell.

    A measure is allocated, started and stopped as help is, so the same steps give its spells. They
    are apart from those of :meth:`stelsel.register.Register.spells`, which know a measure by what
    the policy information tells of it.

    Parameters
    ----------
    events
        Columns of :data:`stelsel.events.SCHEMA`, as known on the day that is asked about.
    gap
        Days between care and a next allocation of the same product that make it a renewal.

    Returns
    -------
    pa.Table
        Columns of :data:`stelsel.spells.SCHEMA`; at stations ``wait-measure`` and
        ``care-measure``, which are on no map, and with the type of measure in the column ``form``,
        for the monitor to group by. An allocation without a product code gives none.

    Examples
    --------
    >>> from stelsel.events import SCHEMA
    >>> measure_spells(SCHEMA.empty_table()).num_rows
    0
    """
    used = set(pc.unique(events["code"]).to_pylist())
    codes: dict[str, list[str]] = {}
    for product in products():
        if product.cbs_measure and product.code in used:
            codes.setdefault(product.cbs_measure, []).append(product.code)
    found = [_of_measure(events, measure, gap, codes[measure]) for measure in sorted(codes)]
    return pa.concat_tables([spell_table.SCHEMA.empty_table(), *found])


def _of_measure(events: pa.Table, measure: str, gap: int, codes: list[str]) -> pa.Table:
    """Give the spells of one type of measure."""
    con = ibis.duckdb.connect()
    # All events stay, as the last day that is known of follows from them; those of other products
    # lose their form and so give no spells.
    told = ibis.memtable(events)
    mine = told.code.isin(codes).fill_null(False)
    spells = spells_of(con, told.mutate(form=ibis.ifelse(mine, _STANDS_IN, None)), gap=gap)
    con.disconnect()
    slug = form(_STANDS_IN).slug
    stations = [f"{kind}{slug}" for kind in (spell_table.WAIT, spell_table.CARE)]
    of_messages = pc.and_(
        pc.equal(spells["source"], "ijw"), pc.is_in(spells["station"], pa.array(stations))
    )
    kept = spells.filter(of_messages)
    renamed = pc.replace_substring(kept["station"], pattern=slug, replacement="measure")
    return spell_table.check(
        kept.set_column(kept.column_names.index("station"), "station", renamed).set_column(
            kept.column_names.index("form"),
            "form",
            pa.array([measure] * kept.num_rows, pa.string()),
        )
    )
