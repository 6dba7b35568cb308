"""The grammar of the messages, from our tables: what stands where, how often and in what form.

The tables (``data/messages.csv``, ``elements.csv``, ``complex_types.csv``, ``simple_types.csv``,
``codelists.csv``) hold facts of the standard with their source. Another message type, or another
release, is rows in these tables and no code. A group is a sequence in which a name occurs in one
place only; that is all the standard uses, and it is checked on load.

The parts of the grammar exist once and are compared by identity, so that they are quick as keys.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.tables import packaged, read_table

PACKAGE = "stelsel.ijw"
BASE_NAMESPACE = "http://www.istandaarden.nl/ijw/3_2/basisschema/schema"
"""Namespace of the elements inside a complex datatype; all others are in that of the message."""
ROOT = "Bericht"
BASES = ("string", "integer", "date", "time")
FORMS = ("", "filled", "filled line")


@dataclass(frozen=True, slots=True, eq=False)
class SimpleType:
    """A datatype of one value.

    Parameters
    ----------
    name
        Official name, such as ``"LDT_Eenheid"``.
    base
        ``string``, ``integer``, ``date`` or ``time``; the last two never have a time zone.
    max_length
        Length in characters, or None. An empty value is never right.
    form
        ``"filled"``: at least one character that is no blank; ``"filled line"``: and no line break.
    pattern
        Regular expression the whole value must fit, or empty.
    low, high
        Smallest and largest number, or None.
    code_list
        Number of the official code list, or empty.
    codes
        The codes of that list, in its order.
    shape_nl, shape_en
        The pattern in words.
    personal
        Whether the value says something of a person: then it is never repeated in a finding.
    rule
        The rule that a value breaks which does not fit the pattern.
    """

    name: str
    base: str
    max_length: int | None
    form: str
    pattern: str
    low: int | None
    high: int | None
    code_list: str
    codes: tuple[str, ...]
    shape_nl: str
    shape_en: str
    personal: bool
    rule: str = "value.pattern"


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One element in a group.

    Parameters
    ----------
    name
        Name, without namespace.
    namespace
        Namespace of the element.
    type_name
        Official name of its datatype; for a group of the message itself the name of the group.
    required
        Whether it may not be left out.
    many
        Whether it may be repeated without limit (all others occur once).
    simple
        Its datatype if it holds a value, else None.
    group
        What it holds if it holds elements, else None.
    """

    name: str
    namespace: str
    type_name: str
    required: bool
    many: bool
    simple: SimpleType | None
    group: Group | None

    @property
    def tag(self) -> str:
        """Name with namespace, in the notation of lxml."""
        return f"{{{self.namespace}}}{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Elements in their order.

    Parameters
    ----------
    name
        Official name of the complex datatype, or name of the group in the message.
    elements
        What it holds, in order.
    """

    name: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MessageType:
    """One type of message.

    Parameters
    ----------
    name
        ``"JW305"``.
    code
        Its ``BerichtCode``.
    namespace
        Namespace of its own elements.
    sender, receiver
        ``municipality`` (four-digit CBS code) or ``provider`` (AGB code).
    name_nl, name_en
        What it is called.
    root
        What stands inside ``Bericht``.

    Examples
    --------
    >>> message_type("JW305").code, message_type("JW305").name_nl
    ('438', 'Start')
    """

    name: str
    code: str
    namespace: str
    sender: str
    receiver: str
    name_nl: str
    name_en: str
    root: Group

    @property
    def prefix(self) -> str:
        """The usual prefix of its namespace, ``jw305``."""
        return self.name.lower()


@cache
def message_types() -> dict[str, MessageType]:
    """Give every message type, by name, in the order of their numbers.

    Raises
    ------
    StelselError
        With every fault of the tables.

    Examples
    --------
    >>> len(message_types()), list(message_types())[:4]
    (14, ['JW301', 'JW302', 'JW305', 'JW306'])
    """
    columns = ["message", "code", "namespace", "sender", "receiver", "name_nl", "name_en"]
    rows = read_table(packaged(PACKAGE, "messages.csv"), columns, key=("message",))
    parents = _rows_by_group()
    return {
        row["message"]: MessageType(
            name=row["message"],
            code=row["code"],
            namespace=row["namespace"],
            sender=row["sender"],
            receiver=row["receiver"],
            name_nl=row["name_nl"],
            name_en=row["name_en"],
            root=_group(ROOT, parents[row["message"]], row["namespace"]),
        )
        for row in rows
    }


def message_type(name: str) -> MessageType:
    """Give one message type.

    Raises
    ------
    StelselError
        If there is none of that name.

    Examples
    --------
    >>> message_type("JW304")
    Traceback (most recent call last):
    ...
    stelsel.errors.StelselError: JW304 is not a message that is read, checked and written. ...
    """
    found = message_types().get(name)
    if found is None:
        raise StelselError(
            f"{name} is not a message that is read, checked and written.",
            remedy=did_you_mean(name, message_types()),
            what_nl=f"{name} is geen bericht dat wordt gelezen, getoetst en geschreven.",
            remedy_nl=did_you_mean(name, message_types(), "nl"),
        )
    return found


@cache
def simple_types() -> dict[str, SimpleType]:
    """Give every simple datatype, by its official name.

    Raises
    ------
    StelselError
        With every fault of the tables: an unknown base or form, or a code list without codes.

    Examples
    --------
    >>> simple_types()["LDT_Frequentie"].codes
    ('1', '2', '4', '6')
    """
    codes: dict[str, list[str]] = {}
    for row in read_table(
        packaged(PACKAGE, "codelists.csv"),
        ["list", "code", "name_nl", "name_en"],
        key=("list", "code"),
    ):
        codes.setdefault(row["list"], []).append(row["code"])
    columns = ["type", "base", "max_length", "form", "pattern", "low", "high", "code_list"]
    columns += ["shape_nl", "shape_en", "personal"]
    rows = read_table(packaged(PACKAGE, "simple_types.csv"), columns, key=("type",))
    faults = [
        Fault(
            f"{row[column]!r} is not known.",
            f"simple_types.csv, {row['type']}, {column}",
            what_nl=f"{row[column]!r} is niet bekend.",
        )
        for row in rows
        for column, known in (("base", BASES), ("form", FORMS), ("code_list", ("", *codes)))
        if row[column] not in known
    ]
    if faults:
        raise StelselError(faults)
    return {
        row["type"]: SimpleType(
            name=row["type"],
            base=row["base"],
            max_length=_number(row["max_length"]),
            form=row["form"],
            pattern=row["pattern"],
            low=_number(row["low"]),
            high=_number(row["high"]),
            code_list=row["code_list"],
            codes=tuple(codes.get(row["code_list"], ())),
            shape_nl=row["shape_nl"],
            shape_en=row["shape_en"],
            personal=row["personal"] == "yes",
        )
        for row in rows
    }


def _number(text: str) -> int | None:
    return int(text) if text else None


Rows = dict[str, list[dict[str, str]]]


@cache
def _rows_by_group() -> dict[str, Rows]:
    """Give per message the rows of its groups, own ones and complex datatypes, in order."""
    shared: Rows = {}
    for row in read_table(
        packaged(PACKAGE, "complex_types.csv"),
        ["type", "order", "element", "element_type", "min", "max"],
        key=("type", "element"),
    ):
        shared.setdefault(row["type"], []).append({**row, "of": row["element_type"], "pattern": ""})
    messages: dict[str, Rows] = {}
    for row in read_table(
        packaged(PACKAGE, "elements.csv"),
        ["message", "parent", "order", "element", "type", "min", "max", "pattern", "rule"],
        key=("message", "parent", "element"),
    ):
        groups = messages.setdefault(row["message"], dict(shared))
        groups.setdefault(row["parent"], []).append({**row, "of": row["type"]})
    return messages


def _group(name: str, groups: Rows, namespace: str) -> Group:
    """Build the group ``name`` of a message whose own elements are in ``namespace``."""
    inside = BASE_NAMESPACE if name.startswith("CDT_") else namespace
    elements = []
    for number, row in enumerate(groups[name], start=1):
        if int(row["order"]) != number:
            raise StelselError(
                "The rows are not in order.",
                where=f"{name}, {row['element']}",
                what_nl="De rijen staan niet op volgorde.",
            )
        simple = simple_types().get(row["of"])
        if simple is not None and row["pattern"]:
            simple = replace(simple, name="", pattern=row["pattern"], rule=row["rule"])
        elements.append(
            Element(
                name=row["element"],
                namespace=inside,
                # A datatype narrowed on the spot has no name of its own.
                type_name="" if row["pattern"] else row["of"],
                required=row["min"] == "1",
                many=row["max"] == "*",
                simple=simple,
                group=None if simple else _group(row["of"], groups, namespace),
            )
        )
    return Group(name, tuple(elements))
