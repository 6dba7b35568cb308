"""Derive a delivery from the spells of a register.

A register knows a child by a pseudonym and has its month of birth, its sex and its municipality.
So a derived record has those in the places of number, day of birth, sex and postcode; who delivers
puts the numbers in with a table of its own (:func:`read_keys`, :func:`with_numbers`), which is
never part of a register. Without such a table only the layout with pseudonyms fits.

A spell does not tell all: the answers of clients, recognised interventions, whether help began with
a crisis where no priority is known. What earlier deliveries told of the same record is taken over
from the events; what nothing tells stays empty, and the mirror report says so. First and last days
follow the protocol (:mod:`stelsel.deliveries.cbs.days`): help with residence starts on the day
after the first night and ends on the day after the last.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stelsel.deliveries.cbs.checking import LOCAL_TEAM, NO_REFERRER, in_period
from stelsel.deliveries.cbs.days import record_days
from stelsel.deliveries.cbs.events import SOURCE, current, details_of
from stelsel.deliveries.cbs.merging import merge, youth_care
from stelsel.deliveries.cbs.records import CLASSES, UNKNOWN, Delivery, Measure, Record
from stelsel.deliveries.cbs.tables import codes, fields, sort_of, stations_of
from stelsel.deliveries.cbs.values import value_of
from stelsel.deliveries.periods import Period
from stelsel.errors import Fault, StelselError, refused
from stelsel.system.entries import Station, exits

PEOPLE = pa.schema([(name, pa.string()) for name in ("child", "birth_month", "sex")])
"""Columns of a table of people: pseudonym, month of birth and sex (list COD046)."""
TRANSFERRED = "transferred"
"""Exit of the spell of a measure that went to another institution."""
KEYS = ("child", "number", "birth", "place")
"""Columns of a table of numbers: pseudonym, number, birth (as in the file) and postcode."""


@dataclass(frozen=True, slots=True)
class Person:
    """What a table of numbers tells of a child."""

    number: str
    birth: str
    place: str


def people_of(events: pa.Table, children: Collection[str]) -> pa.Table:
    """Give what the events of a register tell of some children, the last known of each.

    Parameters
    ----------
    events
        Columns ``child``, ``known``, ``birth_month`` and ``sex`` of
        :data:`stelsel.events.SCHEMA`.
    children
        Their pseudonyms.

    Returns
    -------
    pa.Table
        Columns of :data:`PEOPLE`, one row for each child.

    Examples
    --------
    >>> from stelsel.events import SCHEMA
    >>> people_of(SCHEMA.empty_table(), []).num_rows
    0
    """
    columns = ["known", "child", "birth_month", "sex"]
    found: dict[str, dict[str, str | None]] = {}
    wanted = pc.is_in(events["child"], pa.array(children, pa.string()))
    rows = events.select(columns).filter(wanted).to_pylist()
    for row in sorted(rows, key=lambda row: [str(row[column]) for column in columns]):
        person = found.setdefault(row["child"], {"birth_month": None, "sex": None})
        person |= {name: row[name] for name in person if row[name] is not None}
    people = [{"child": child, **person} for child, person in sorted(found.items())]
    return pa.Table.from_pylist(people, PEOPLE)


def of_spells(
    spells: pa.Table, people: pa.Table, delivery: Delivery, events: pa.Table | None = None
) -> list[Record]:
    """Give the records that a deliverer owes for a period, children named by pseudonyms.

    Every spell of the deliverer at a station of the sort that started, ended or ran in the period
    gives a record; another station, and so another care form, gives another. What ends after the
    period has no end yet. A measure that went to another institution has the day of its transfer,
    and at the other institution that of its receipt. Youth care is merged by the rules of the
    protocol.

    Parameters
    ----------
    spells
        Columns of :data:`stelsel.spells.SCHEMA`, of all deliverers: a measure may come from
        another one.
    people
        Columns of :data:`PEOPLE`.
    delivery
        Sort, deliverer and period.
    events
        Columns of :data:`stelsel.events.SCHEMA`; what deliveries about this period or before told
        of a record and no spell tells is taken from it.

    Returns
    -------
    list of records
        In the order of child, start and code.

    Examples
    --------
    >>> from stelsel.spells import SCHEMA
    >>> delivery = Delivery("cbs-placement", "00000001", Period.of("2024-H1"), date(2024, 7, 9))
    >>> of_spells(SCHEMA.empty_table(), PEOPLE.empty_table(), delivery)
    []
    """
    by_id = {station.id: station for station in stations_of(delivery.sort).values()}
    persons = {row["child"]: row for row in people.to_pylist()}
    came = _transfers(spells)
    told = _told(events, delivery) if events is not None else {}
    records = []
    own = pc.and_kleene(
        pc.equal(spells["provider"], delivery.deliverer),
        pc.is_in(spells["station"], pa.array(by_id, pa.string())),
    )
    for spell in spells.filter(own).to_pylist():
        station = by_id[spell["station"]]
        record = _record(spell, station, persons.get(spell["child"], {}), delivery)
        if isinstance(record, Measure) and _key(spell, "start") in came:
            record = replace(record, received=record.start, start=None)
        found = told.get((spell["child"], station.id, record.first))
        record = _with_told(record, found, delivery) if found else record
        if (record.last is None or record.first is None or record.first <= record.last) and (
            in_period(record, delivery.period)
        ):
            records.append(_without_future(record, delivery.period))
    if delivery.sort == "cbs-youth-care":
        merged = merge(youth_care(list(enumerate(records))))
        records = [record for _, record in merged.records]
    field = sort_of(delivery.sort).code_field
    return sorted(
        records, key=lambda one: (one.number or "", one.first or date.min, getattr(one, field))
    )


def _key(spell: Mapping[str, Any], day: str) -> tuple[Any, ...]:
    return (spell["episode"], spell["station"], spell[day])


def _transfers(spells: pa.Table) -> set[tuple[Any, ...]]:
    """Give where measures came to another institution: episode, station and first day there."""
    went = spells.filter(pc.equal(spells["exit"], TRANSFERRED))
    return {_key(spell, "end") for spell in went.to_pylist()}


def _told(events: pa.Table, delivery: Delivery) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """Give what was told last, up to the period, of each record: child, station and first day."""
    of_deliverer = pc.and_(
        pc.equal(events["source"], SOURCE), pc.equal(events["provider"], delivery.deliverer)
    )
    rows = [
        (period, row)
        for row in current(events.filter(of_deliverer).to_pylist())
        if (period := Period.of(row["period"])).parts == delivery.period.parts
        and period <= delivery.period
    ]
    found = {}
    for _, row in sorted(rows, key=lambda one: (one[0], one[1]["event"])):
        found[row["child"], row["station"], row["received"] or row["from_day"]] = row
    return found


def _with_told(record: Record, row: Mapping[str, Any], delivery: Delivery) -> Record:
    """Fill in what was told of a record and no spell tells."""
    period = delivery.period
    known = {
        name
        for name, field in fields(delivery.sort).items()
        if field.holds(period.first) or field.holds(period.last)
    }
    told: dict[str, Any] = {
        name: value
        for name, value in details_of(row["details"], delivery.sort).items()
        if name in known
    }
    if isinstance(record, Measure):
        told |= {"start": row["from_day"], "received": row["received"]}
    return replace(record, **told)


def _record(
    spell: Mapping[str, Any], station: Station, person: Mapping[str, Any], delivery: Delivery
) -> Record:
    start, end = record_days(station.id, spell["start"], spell["end"])
    sexes = {code.means: code.code for code in codes()["sex"].values()}
    values: dict[str, Any] = {
        "number": spell["child"],
        "birth": person.get("birth_month"),
        "sex": sexes.get(person.get("sex") or "", "O"),
        "place": spell["municipality"],
        "start": start,
        "end": end,
        sort_of(delivery.sort).code_field: station.cbs_code,
    }
    if spell["exit"] == TRANSFERRED:
        # The first day no longer there is the first day at the other institution.
        values |= {"end": None, "transferred": spell["end"] - timedelta(days=1)}
    values |= _reason(spell["exit"], station, delivery)
    if delivery.sort == "cbs-youth-care":
        local = station.cbs_code == LOCAL_TEAM
        crises = {None: None, "crisis": "01"}
        values["referrer"] = NO_REFERRER if local else spell["referrer"]
        values["crisis"] = crises.get(spell["priority"], "02")
    return CLASSES[delivery.sort](**values)


def _reason(exit_id: str | None, station: Station, delivery: Delivery) -> dict[str, str]:
    """Give the field and code of the reason; none where CBS has no such reason in the period."""
    code = next((one.cbs_code for one in exits(station.kind) if one.id == exit_id), "")
    for name in ("reason", "risk"):
        field = fields(delivery.sort).get(name)
        found = codes()[field.list].get(code) if field else None
        if field and found and all(one.holds(delivery.period.last) for one in (field, found)):
            return {name: code}
    return {}


def _without_future(record: Record, period: Period) -> Record:
    """Take out an end or transfer after the period, and the reason with it."""
    if isinstance(record, Measure) and record.transferred and record.transferred > period.last:
        record = replace(record, transferred=None)
    if record.end is None or record.end <= period.last:
        return record
    known = {name for name in ("reason", "risk") if hasattr(record, name)}
    return replace(record, end=None, **dict.fromkeys(known))


def read_keys(path: str | Path) -> dict[str, Person]:
    """Read a table of numbers: CSV with the columns of :data:`KEYS`.

    Parameters
    ----------
    path
        The table, in UTF-8, with commas or semicolons; it belongs to who delivers and lies
        outside the register. Birth and place are written as in the file for CBS.

    Raises
    ------
    StelselError
        With every line that cannot be used; never with what it says.
    """
    file = Path(path)
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        english, dutch = (
            (refused(error), refused(error, "nl"))
            if isinstance(error, OSError)
            else ("it is not UTF-8", "het is geen UTF-8")
        )
        raise StelselError(
            f"The table of numbers cannot be read: {english}.",
            where=file.name,
            what_nl=f"De tabel met nummers is niet te lezen: {dutch}.",
        ) from None
    mark = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
    if sorted(reader.fieldnames or []) != sorted(KEYS):
        raise StelselError(
            f"The table of numbers has exactly the columns {', '.join(KEYS)}.",
            where=file.name,
            what_nl=f"De tabel met nummers heeft precies de kolommen {', '.join(KEYS)}.",
        )
    found: dict[str, Person] = {}
    faults = []
    for row in reader:
        person = _person(row)
        if person is None or row["child"] in found:
            faults.append(_no_key(file.name, reader.line_num))
        else:
            found[row["child"]] = person
    if faults:
        raise StelselError(faults)
    return found


def _person(row: Mapping[str | None, Any]) -> Person | None:
    known = fields("cbs-youth-care")
    try:
        return Person(*(str(value_of(known[name], str(row[name] or ""))) for name in KEYS[1:]))
    except ValueError:
        return None


def _no_key(name: str, line: int) -> Fault:
    return Fault(
        "The line has no right number, birth or place, or doubles a child.",
        f"{name}, line {line}",
        remedy="Write nine digits with a right check digit, yyyymmdd, and a postcode.",
        what_nl="De regel heeft geen juist nummer, geboorte of plaats, of een dubbele jeugdige.",
        where_nl=f"{name}, regel {line}",
        remedy_nl="Schrijf negen cijfers die aan de elfproef voldoen, jjjjmmdd, en een postcode.",
    )


def with_numbers(records: Iterable[Record], keys: Mapping[str, Person]) -> list[Record]:
    """Put numbers in the places of pseudonyms; a child that the table lacks has none.

    Examples
    --------
    >>> keys = {"aa": Person("999900006", "2010-05-17", "1234AB")}
    >>> [one.number for one in with_numbers([Record(number="aa"), Record(number="bb")], keys)]
    ['999900006', '999999999']
    """
    made = []
    for record in records:
        person = keys.get(record.number or "")
        if person is None:
            made.append(replace(record, number=UNKNOWN))
        else:
            number, birth, place = person.number, person.birth, person.place
            made.append(replace(record, number=number, birth=birth, place=place))
    return made
