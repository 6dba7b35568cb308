"""Checking messages against what the register knows (level 3) and what lies outside (level 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from stelsel.ijw import Received
from stelsel.ijw.events import Path, Pseudonym, told_by
from stelsel.ijw.findings import Breach, findings
from stelsel.ijw.ledger import Judged, Told, Verdict, judge, messages
from stelsel.ijw.ledger.places import breaches
from stelsel.ijw.ledger.told import TYPES
from stelsel.ijw.outside import Outside, check_outside
from stelsel.register.store import Events

_NEEDED = (
    *("event", "message", "content", "kind", "about", "known", "child", "municipality"),
    *("provider", "allocation", "reference", "category", "code", "decided", "from_day"),
    *("last_day", "status", "reason", "volume", "unit", "frequency", "budget", "tariff"),
    *("amount", "claim", "previous", "answers", "schemas"),
)
"""The columns of events that the rules look at."""

VERDICTS = pa.schema(
    [
        pa.field("message", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("known", pa.date32(), nullable=False),
        pa.field("municipality", pa.string(), nullable=False),
        pa.field("provider", pa.string(), nullable=False),
        pa.field("rules", pa.list_(pa.string()), nullable=False),
        pa.field("answer", pa.string()),
        pa.field("refused", pa.bool_(), nullable=False),
    ]
)
"""Columns of a table of verdicts."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message that is being checked: what was received, and what it tells, where."""

    received: Received
    told: Told | None
    paths: tuple[Path, ...] = ()
    outside: tuple[Breach, ...] = ()


def checked(seen: Iterable[Seen], store: Events, lang: str) -> Iterator[Received]:
    """Add to messages what is found at levels 3 and 4; only if nothing was found before that.

    Parameters
    ----------
    seen
        Messages as :func:`see` gives them. All are kept in memory: they are judged together, in
        the order of their senders, whatever the order in which they arrive.
    store
        The events of the register.
    lang
        Language of the findings.

    Yields
    ------
    Received
        In the order in which they were received.
    """
    seen = list(seen)
    new = [each.told for each in seen if each.told is not None]
    judged = judge([*_held(store, new), *new]) if new else {}
    for each in seen:
        yield _with_findings(each, judged, lang)


def verdicts(events: ir.Table) -> pa.Table:
    """Judge every message that a table of events tells of; see ``Register.verdicts``."""
    told = {(each.id, each.content): each for each in messages(_rows(events))}
    rows = []
    for key, verdict in sorted(judge(told.values()).items()):
        first = told[key].events[0]
        rows.append(
            {
                "message": first["message"],
                "type": TYPES[first["kind"]],
                "known": first["known"],
                "municipality": first["municipality"],
                "provider": first["provider"],
                "rules": list(dict.fromkeys(flaw.rule for flaw in verdict.flaws)),
                "answer": verdict.answer,
                "refused": verdict.refused,
            }
        )
    return pa.Table.from_pylist(rows, schema=VERDICTS)


def see(received: Received, pseudonym: Pseudonym, outside: Outside) -> Seen:
    """Make of a message that is right at levels 1 and 2 what it tells, and check level 4.

    Parameters
    ----------
    received
        What was read.
    pseudonym
        Makes the pseudonyms of the register.
    outside
        What lies outside the traffic.
    """
    message = received.message
    if message is None or not received.valid:
        return Seen(received, None)
    pairs = told_by(message, pseudonym)
    events = tuple(event for _, event in pairs)
    told = Told(events[0]["message"], events[0]["content"], events, held=False)
    paths = tuple(path for path, _ in pairs)
    return Seen(received, told, paths, tuple(check_outside(message, outside)))


def _held(store: Events, new: list[Told]) -> Iterator[Told]:
    """Give the messages of the register that may matter to new ones: those of the same parties.

    Numbers of allocations are unique within a municipality, references within a provider.
    """
    parties = [told.events[0] for told in new]
    towns = pa.array({event["municipality"] for event in parties}, pa.string())
    providers = pa.array({event["provider"] for event in parties}, pa.string())
    con = ibis.duckdb.connect()
    events = store.read(con)
    of_towns = events.municipality.isin(towns.to_pylist())
    near = events.filter(of_towns | events.provider.isin(providers.to_pylist()))
    yield from messages(_rows(near))
    con.disconnect()


def _rows(events: ir.Table) -> list[dict[str, object]]:
    """Give events as rows, those of a message together and in its order."""
    place = _.event.split("/")[1].cast("int64")
    table: pa.Table = events.select(*_NEEDED).order_by("message", place).to_pyarrow()
    rows: list[dict[str, object]] = table.to_pylist()
    return rows


def _with_findings(seen: Seen, judged: Judged, lang: str) -> Received:
    received, told = seen.received, seen.told
    if told is None:
        return received
    found = list(seen.outside)
    verdict = judged.get((told.id, told.content), Verdict())
    found = [*breaches(verdict.flaws, received.type, seen.paths), *found]
    if not found and verdict.answer is None:
        return received
    told_of = findings(found, received.type, lang)
    return replace(received, findings=told_of, answered=verdict.answer is not None)
