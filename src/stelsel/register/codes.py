"""The tables of the map that the steps join with: exits, forms, regions."""

from __future__ import annotations

from datetime import date
from functools import cache

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from stelsel import system
from stelsel.system.regions import region_periods

LIST = {"wait": "JZ002", "care": "JZ588"}
"""The code list of the reasons that end a spell, by the kind of its station."""


@cache
def exits(kind: str) -> ir.Table:
    """Give the exit that each reason means: columns ``reason`` and ``exit``.

    Parameters
    ----------
    kind
        ``wait``: reasons why an allocation was changed; ``care``: reasons why it was ended.

    Examples
    --------
    >>> exits("care").filter(ibis._.reason == "20").exit.to_list()
    ['paused']
    """
    rows = [
        {"reason": code.removeprefix(f"{LIST[kind]}/"), "exit": each.id}
        for each in system.exits(kind)
        for code in each.ijw_codes
        if code.startswith(f"{LIST[kind]}/")
    ]
    schema = pa.schema({"reason": pa.string(), "exit": pa.string()})
    return ibis.memtable(pa.Table.from_pylist(rows, schema=schema))


@cache
def forms() -> ir.Table:
    """Give the care forms: columns ``form`` (CBS code) and ``slug``.

    Examples
    --------
    >>> forms().filter(ibis._.form == "02").slug.to_list()
    ['ambulatory']
    """
    rows = [{"form": form.code, "slug": form.slug} for form in system.forms()]
    return ibis.memtable(pa.Table.from_pylist(rows))


@cache
def memberships() -> ir.Table:
    """Give which municipality belongs to which region when, its code also after a merger.

    Columns ``belongs`` (the municipality), ``region``, ``valid_from`` and ``valid_to``, both
    inclusive and filled with the first or last day there is where they are not known.

    Examples
    --------
    >>> memberships().filter(ibis._.belongs == "0193").region.to_list()
    ['JZ07']
    """
    rows = [
        {
            "belongs": each.municipality,
            "region": each.region,
            "valid_from": each.valid_from or date(1900, 1, 1),
            "valid_to": each.valid_to or date(9999, 12, 31),
        }
        for each in region_periods()
    ]
    return ibis.memtable(pa.Table.from_pylist(rows))
