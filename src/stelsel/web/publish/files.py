"""The folder: a CSV per table with what describes it beside it, and the log of what left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stelsel.disclosure import chained
from stelsel.disclosure.logs import digest
from stelsel.disclosure.publications import KEY
from stelsel.disclosure.roled import structure_of
from stelsel.disclosure.structure import to_json
from stelsel.errors import StelselError, refused
from stelsel.monitor.indicators import write_rows
from stelsel.web.publish.gathering import Publication, Published

TABLES = "tables"
LOG = "releases.jsonl"
_WORDS = {"date32[day]": "date", "bool": "boolean", "int64": "integer", "double": "number"}


def write_tables(publication: Publication, out: Path) -> list[Path]:
    """Write every table and its description, and add them to the log of the folder.

    Parameters
    ----------
    publication
        What is published.
    out
        The folder; made if it is not there. What stands in it by the same names is replaced.

    Returns
    -------
    list of Path
        The CSV files.

    Raises
    ------
    StelselError
        When the folder cannot be written.
    """
    written = []
    try:
        (out / TABLES).mkdir(parents=True, exist_ok=True)
        for one in publication.tables:
            file = write_rows(one.rows, out / TABLES / f"{one.name}.csv")
            file.with_suffix(".json").write_text(
                json.dumps(description(one, publication), ensure_ascii=False, indent=1) + "\n",
                encoding="utf-8",
            )
            chained.add(
                out / LOG,
                {
                    "table": f"{TABLES}/{one.name}.csv",
                    "as_of": publication.as_of,
                    "known_on": publication.known_on,
                    "rows": len(one.rows),
                    "hidden": sum(map(len, one.rows["protected"].to_pylist())),
                    "made_up": publication.made_up,
                    "digest": digest(one.rows),
                },
            )
            written.append(file)
        (out / LOG).chmod(0o644)
    except OSError as error:
        raise unwritable(out, error) from error
    return written


def unwritable(out: Path, error: OSError) -> StelselError:
    """Give the error of a folder that cannot be written."""
    return StelselError(
        f"The publication cannot be written: {refused(error)}.",
        where=str(out),
        remedy="Choose with --out a folder in which you may write.",
        what_nl=f"De publicatie kan niet worden geschreven: {refused(error, 'nl')}.",
        remedy_nl="Kies met --out een map waarin u mag schrijven.",
    )


def description(one: Published, publication: Publication) -> Mapping[str, Any]:
    """Say what a table holds, in the manner of Table Schema, and how its numbers hang together."""
    exact = publication.made_up
    said = to_json(structure_of(one.rows, one.indicator.id, exact=exact))
    for name, dimension in said["dimensions"].items():
        codes = set(one.rows[name].to_pylist())
        there = {code: up for code, up in dimension.pop("parents", {}).items() if code in codes}
        if there:
            dimension["parents"] = there
    indicator = one.indicator
    return {
        "name": one.name,
        "title": indicator.name_nl,
        "title_en": indicator.name_en,
        "description": indicator.question_nl,
        "description_en": indicator.question_en,
        "unit": indicator.unit,
        "source": indicator.source,
        "caveats": list(indicator.caveats_nl),
        "breaks": [{"day": each.day.isoformat(), "why": each.why_nl} for each in indicator.breaks],
        "fields": [
            {"name": column.name, "type": _WORDS.get(str(column.type), "string")}
            for column in one.rows.schema
        ],
        "missingValues": [""],
        KEY: said,
    }
