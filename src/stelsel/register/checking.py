"""Checking messages against what the register knows (level 3) and what lies outside (level 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from stelsel.ijw import Received
from stelsel.ijw.again import with_lines_again
from stelsel.ijw.envelopes.receiving import about_payload
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
    verdicts_of = [_verdict(each, judged) for each in seen]
    broken = [_broken(each, verdict) for each, verdict in zip(seen, verdicts_of, strict=True)]
    wrong = [(each.received, found) for each, found in zip(seen, broken, strict=True) if found]
    lines = with_lines_again(wrong)
    for each, verdict, found in zip(seen, verdicts_of, broken, strict=True):
        placed = lines.get(each.received.file, found) if found else found
        yield _told(each.received, placed, verdict.answer is not None, lang)


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
    place = _.event.split("/")[1].try_cast("int64")
    # What other sources told is no message: no rule is about it, and nobody owes it an answer.
    told = events.filter(_.source == "ijw")
    table: pa.Table = told.select(*_NEEDED).order_by("message", place).to_pyarrow()
    rows: list[dict[str, object]] = table.to_pylist()
    return rows


def _verdict(seen: Seen, judged: Judged) -> Verdict:
    told = seen.told
    return Verdict() if told is None else judged.get((told.id, told.content), Verdict())


def _broken(seen: Seen, verdict: Verdict) -> list[Breach]:
    """Give what a message breaks at levels 3 and 4."""
    return [*breaches(verdict.flaws, seen.received.type, seen.paths), *seen.outside]


def _told(received: Received, found: list[Breach], answered: bool, lang: str) -> Received:
    """Put what was found into words."""
    if not found:
        return replace(received, answered=True) if answered else received
    told = findings(found, received.type, lang)
    if received.envelope is not None:
        told = tuple(about_payload(finding) for finding in told)
    return replace(received, findings=told, answered=answered)
