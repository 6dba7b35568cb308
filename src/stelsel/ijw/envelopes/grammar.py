"""What stands where in an envelope, from our tables: StUF-GGk 2.1 patch 04.

The grammar is that of the messages, with what those lack: elements of two namespaces beside each
other, texts with a shortest length, one attribute, and a choice. So it has tables and a walk of its
own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from stelsel.tables import packaged, read_table

PACKAGE = "stelsel.ijw.envelopes"
CONTENT: Final = "Inhoud"
"""The type of a file in an envelope: base64."""
ANY: Final = "Vrij"
"""The type of what may hold anything, and is not looked at."""
MOMENT: Final = "Tijdstip"
"""The type of a moment."""


@dataclass(frozen=True, slots=True, eq=False)
class Type:
    """A datatype of one value.

    Parameters
    ----------
    name
        Official name.
    low, high
        Fewest and most characters, or None.
    pattern
        Regular expression the whole value must fit, or empty.
    shape_nl, shape_en
        What is asked, in words.
    """

    name: str
    low: int | None
    high: int | None
    pattern: str
    shape_nl: str
    shape_en: str

    def fits(self, text: str) -> bool:
        """Tell whether a text fits.

        Examples
        --------
        >>> types()["Versienr"].fits("0003"), types()["Versienr"].fits("3")
        (True, False)
        """
        return (
            len(text) >= (self.low or 0)
            and (self.high is None or len(text) <= self.high)
            and (not self.pattern or re.fullmatch(self.pattern, text) is not None)
        )

    @property
    def shape(self) -> dict[str, str]:
        """What is asked, in words, for the text of a rule."""
        return {"shape_nl": self.shape_nl, "shape_en": self.shape_en}


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """An element of an envelope.

    Parameters
    ----------
    name, namespace, prefix
        Its name, and its namespace with the usual prefix.
    required
        Whether it may not be left out.
    type
        Its datatype if it holds a value, else None.
    attribute
        Name and type of the one attribute that it must have, if it has one.
    inside
        What it holds if it holds elements, in order.
    """

    name: str
    namespace: str
    prefix: str
    required: bool
    type: Type | None
    attribute: tuple[str, Type] | None
    inside: tuple[Part, ...]

    @property
    def tag(self) -> str:
        """Name with namespace, in the notation of lxml."""
        return f"{{{self.namespace}}}{self.name}"

    @property
    def prefixed(self) -> str:
        """Name with its prefix, as it is written."""
        return f"{self.prefix}:{self.name}"


@cache
def types() -> dict[str, Type]:
    """Give every datatype of the envelopes, by name."""
    columns = ["type", "min_length", "max_length", "pattern", "shape_nl", "shape_en"]
    return {
        row["type"]: Type(
            row["type"],
            int(row["min_length"]) if row["min_length"] else None,
            int(row["max_length"]) if row["max_length"] else None,
            row["pattern"],
            row["shape_nl"],
            row["shape_en"],
        )
        for row in read_table(packaged(PACKAGE, "types.csv"), columns, key=("type",))
    }


@cache
def namespaces() -> dict[str, str]:
    """Give the namespaces by their usual prefix.

    Examples
    --------
    >>> namespaces()["StUF"]
    'http://www.egem.nl/StUF/StUF0301'
    """
    file = packaged(PACKAGE, "namespaces.csv")
    rows = read_table(file, ["prefix", "namespace"], key=("prefix",))
    return {row["prefix"]: row["namespace"] for row in rows}


@cache
def constants() -> dict[str, str]:
    """Give the names and codes that an envelope of our own is filled with.

    Examples
    --------
    >>> constants()["hub"]
    'GGk'
    """
    rows = read_table(packaged(PACKAGE, "constants.csv"), ["name", "value"], key=("name",))
    return {row["name"]: row["value"] for row in rows}


@cache
def kinds() -> dict[str, Part]:
    """Give the outermost element of each kind of envelope.

    Examples
    --------
    >>> [(kind, root.name) for kind, root in kinds().items()][0]
    ('Di01', 'envelopHeenbericht-ggk_Di01')
    """
    columns = ["kind", "parent", "order", "element", "prefix", "type", "min"]
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in read_table(
        packaged(PACKAGE, "elements.csv"), columns, key=("kind", "parent", "element")
    ):
        groups.setdefault((row["kind"], row["parent"]), []).append(row)

    def part(kind: str, row: dict[str, str]) -> Part:
        of = types().get(row["type"])
        attributes = groups.get((kind, row["element"]), []) if of else []
        named = [(each["element"][1:], types()[each["type"]]) for each in attributes]
        inside = () if of else inside_of(kind, row["type"])
        namespace = namespaces()[row["prefix"]]
        required = row["min"] == "1"
        attribute = named[0] if named else None
        return Part(row["element"], namespace, row["prefix"], required, of, attribute, inside)

    def inside_of(kind: str, parent: str) -> tuple[Part, ...]:
        rows = sorted(groups[kind, parent], key=lambda row: int(row["order"]))
        return tuple(part(kind, row) for row in rows)

    roots = read_table(packaged(PACKAGE, "kinds.csv"), ["kind", "element", "prefix"], key=("kind",))
    return {row["kind"]: part(row["kind"], {**row, "type": "root", "min": "1"}) for row in roots}
