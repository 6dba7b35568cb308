"""What a column of a table is, said on the column itself, so that the door knows what to do.

A table that wants to leave carries in the metadata of each Arrow field the *role* of that column:

``key``
    names the group the row is about (a region, a form, a month); ``over_time`` says that it is a
    time;
``label``
    says nothing about people (a date, the name that goes with a code);
``count``
    a number of people or of things that belong to people; ``parts`` names the counts it is the sum
    of, of which those without a column follow by subtraction; ``behind`` names the count of the
    people that the things belong to;
    ``over_time`` says that it adds up over time (a flow does, a stock does not), ``stock`` that it
    is of the last day of the period, ``once`` that each child counts once in every total, so that
    groups do not add up; ``wider`` that ``behind`` counts the people of more things than these;
    ``counted`` names what it counts where other tables count the same, and
    ``same_over`` the keys over which it does not change;
``estimate``
    computed from people (a median, a bound, a share); ``behind`` names the count column that says
    how many observations it rests on.

A column without a role does not leave: forgetting to declare one is the safe mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

import pyarrow as pa

from stelsel.errors import Fault, StelselError

RoleName = Literal["key", "label", "count", "estimate"]


@dataclass(frozen=True, slots=True)
class Role:
    """The role of one column; see the module.

    Examples
    --------
    >>> Role("estimate", behind="completed").behind
    'completed'
    """

    name: RoleName
    behind: str = ""
    parts: tuple[str, ...] = ()
    over_time: bool = False
    stock: bool = False
    once: bool = False
    counted: str = ""
    same_over: tuple[str, ...] = ()
    wider: bool = False


def declare(
    field: pa.Field,
    name: RoleName,
    *,
    behind: str = "",
    parts: Sequence[str] = (),
    over_time: bool = False,
    stock: bool = False,
    once: bool = False,
    counted: str = "",
    same_over: Sequence[str] = (),
    wider: bool = False,
) -> pa.Field:
    """Give the Arrow field with its role written on it; other metadata stays.

    Examples
    --------
    >>> role_of(declare(pa.field("waiting", pa.int64()), "count", stock=True)).stock
    True
    """
    said = {
        "role": name,
        "behind": behind,
        "parts": " ".join(parts),
        "over_time": "yes" if over_time else "",
        "stock": "yes" if stock else "",
        "once": "yes" if once else "",
        "counted": counted,
        "same_over": " ".join(same_over),
        "wider": "yes" if wider else "",
    }
    metadata = {**(field.metadata or {}), **{key: text for key, text in said.items() if text}}
    return field.with_metadata(metadata)


def role_of(field: pa.Field) -> Role | None:
    """Read the role that is written on an Arrow field; None where there is none.

    Examples
    --------
    >>> role_of(pa.field("name_of_child", pa.string())) is None
    True
    """
    said = {key.decode(): text.decode() for key, text in (field.metadata or {}).items()}
    name = said.get("role", "")
    if name not in get_args(RoleName):
        return None
    return Role(
        cast(RoleName, name),
        said.get("behind", ""),
        tuple(said.get("parts", "").split()),
        said.get("over_time") == "yes",
        said.get("stock") == "yes",
        said.get("once") == "yes",
        said.get("counted", ""),
        tuple(said.get("same_over", "").split()),
        said.get("wider") == "yes",
    )


def roles(schema: pa.Schema) -> dict[str, Role]:
    """Read the role of every column, and refuse a table that does not say them all.

    Raises
    ------
    StelselError
        For each column without a role, each estimate that does not say what lies behind it, and
        each reference to a column that is not there.

    Examples
    --------
    >>> roles(pa.schema([declare(pa.field("form", pa.string()), "key")]))["form"].name
    'key'
    """
    found: dict[str, Role] = {}
    faults: list[Fault] = []
    for field in schema:
        role = role_of(field)
        if role is None:
            faults.append(
                Fault(
                    "The column does not say what it is, so it cannot leave.",
                    field.name,
                    "stelsel.disclosure.roles",
                    f"Declare it as one of: {', '.join(get_args(RoleName))}.",
                    what_nl="De kolom zegt niet wat zij is, en kan dus niet naar buiten.",
                    remedy_nl=f"Verklaar haar tot één van: {', '.join(get_args(RoleName))}.",
                )
            )
            continue
        found[field.name] = role
        if role.name == "estimate" and not role.behind:
            faults.append(
                Fault(
                    "An estimate must name the count behind it.",
                    field.name,
                    what_nl="Een schatting moet het aantal erachter noemen.",
                )
            )
    counts = {name for name, role in found.items() if role.name == "count"}
    faults += [
        Fault(
            f"There is no count column {other}.",
            name,
            remedy="Keep it in the table.",
            what_nl=f"Er is geen kolom met het aantal {other}.",
            remedy_nl="Houd haar in de tabel.",
        )
        for name, role in found.items()
        for other in ((role.behind,) if role.behind else ())
        if other not in counts
    ]
    if faults:
        raise StelselError(faults)
    return found
