"""The page of what each part brings to the plan, made of the tables of the parts themselves.

``python -m stelsel.twin.plans.tables docs/explanation/twin/parameters.md`` writes it anew.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from stelsel.tables import packaged, read_table
from stelsel.twin.plans.parameters import read_parameters
from stelsel.twin.plans.plan import Parameter

HEAD = """\
# What each part brings to the plan

Made by `make reference` of the tables of the parts (`src/stelsel/twin/parts/*/parameters.csv`).
A range in brackets is that of an assumption: every replication but the first draws from it. What
is derived from published counts (places, lengths, requests) is in
[the national plan](national-plan.md);
`stelsel plan show` has all of it, day by day, with the factors of the fit.
"""
TITLES = {
    "access": "Access",
    "waiting": "Waiting",
    "care": "Care",
    "protection": "Protection chain",
    "probation": "Probation",
    "persons": "Whom a request is about",
    "foster": "Foster families",
    "staff": "Staff",
    "secure": "Secure care that closes",
    "continuity": "Providers that stop",
    "money": "Money",
    "boarding": "Boarding",
}
"""The parts in the order of the page; a test holds them and the folders together."""


def of_part(part: str) -> list[Parameter]:
    """Give the parameters of a part, in the order of its table.

    Examples
    --------
    >>> of_part("access")[0].name
    'on[access]'
    """
    return read_parameters(files("stelsel.twin") / "parts" / part / "parameters.csv")


@cache
def _labels() -> dict[str, tuple[str, str]]:
    """Give what a family of parameters is, and its unit, in English."""
    file = packaged("stelsel.twin", "parameters.csv")
    columns = ("family", "label_nl", "label_en", "unit_nl", "unit_en", "why_nl")
    rows = read_table(file, columns, key=("family",))
    found = {}
    for row in rows:
        label = row["label_en"].removesuffix(", {0}").removesuffix(": {0}")
        found[row["family"]] = label.format("one", "another"), row["unit_en"]
    return found


def _family(parameter: Parameter) -> str:
    return parameter.name.partition("[")[0]


def written(alike: list[Parameter]) -> str:
    """Write the row of a family of parameters.

    Examples
    --------
    >>> beds = Parameter("wait[court]", 3, "days", "assumed", "own choice", 1, 5)
    >>> written([beds])
    '| `wait[x]` | mean wait at the start, days | court 3 (1 to 5) | assumed | own choice |'
    """
    family = _family(alike[0])
    label, unit = _labels().get(family, (family, alike[0].unit))
    several = alike[0].name != family
    name = f"{family}[x]" if several else family
    values = "; ".join(_value(one, several=several) for one in alike)
    kinds = ", ".join(dict.fromkeys(one.kind for one in alike))
    sources = dict.fromkeys(one.source.rstrip(".").replace("|", "/") for one in alike)
    return f"| `{name}` | {label}, {unit} | {values} | {kinds} | {' / '.join(sources)} |"


def _value(one: Parameter, *, several: bool) -> str:
    text = f"{one.value:.6g}"
    if one.dated:
        day, last = one.dated[-1]
        text += f" in {one.since.year if one.since else ''} to {last:.6g} in {day.year}"
    if one.low is not None and one.high is not None and one.low < one.high:
        text += f" ({one.low:.6g} to {one.high:.6g})"
    inside = one.name.partition("[")[2].rstrip("]")
    return f"{inside.replace('>', ' to ')} {text}" if several else text


def page() -> str:
    """Write the page in Markdown.

    Examples
    --------
    >>> "## Access" in page()
    True
    """
    lines = [HEAD]
    for part, title in TITLES.items():
        lines += [f"## {title}", "", "| parameter | what it is | value | kind | source |"]
        lines += ["|---|---|---|---|---|"]
        ordered = sorted(of_part(part), key=_family)
        lines += [written(list(alike)) for _, alike in groupby(ordered, key=_family)]
        lines += [""]
    return "\n".join(lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
