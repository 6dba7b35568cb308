"""What holds of all that has been told so far: the memory against which a message is judged.

What a refused message told can be taken back (:class:`Kept`): it counts as never sent (iJw 3.2,
OP286).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from stelsel.events import Row
from stelsel.ijw.ledger.claimed import Claimed
from stelsel.ijw.ledger.kept import Kept, Key

DELETED: Final = "13"
"""JZ002: deleted, as if never sent (OP033x1)."""
LEGACY: Final = "01"
"""JZ002 up to 3.1: counts as deleted where the last day is the first (TR302)."""
WITHDRAWS: Final = "3"
"""COD467: withdraws an earlier delivery with the same key."""
PAUSE: Final = "20"
"""JZ588: delivery stopped for the time being."""
REJECTED: Final = "1"
"""WJ760: request rejected."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """An allocation: its latest version, and the first day it was to begin on at first."""

    current: Row
    first_from: date

    @property
    def deleted(self) -> bool:
        """Whether it counts as never sent."""
        now = self.current
        same_day = now["from_day"] == now["last_day"]
        return bool(now["reason"] == DELETED or (now["reason"] == LEGACY and same_day))

    def runs_on(self, day: date) -> bool:
        """Whether it is current: not deleted, and not ended before a day."""
        last: date | None = self.current["last_day"]
        return not self.deleted and (last is None or last >= day)


@dataclass(frozen=True, slots=True)
class Request:
    """A request for an allocation or a change, with what became of it."""

    lines: tuple[Row, ...]
    answers: tuple[str, ...] = ()
    allocated: bool = False

    @property
    def pending(self) -> bool:
        """Whether it still waits for an allocation or a rejection (OP350, TR374)."""
        return not self.allocated and REJECTED not in self.answers


@dataclass(frozen=True, slots=True)
class Delivery:
    """The starts and stops that hold under one allocation, or one product without allocation.

    A start is its category, code and first day; a stop that, its reason and its last day.
    """

    starts: frozenset[Key] = frozenset()
    stops: frozenset[Key] = frozenset()

    def stops_of(self, begin: date) -> list[Key]:
        """Give the stops of deliveries that began on a day."""
        return [stop for stop in self.stops if stop[2] == begin]

    def running(self) -> list[Key]:
        """Give the starts that no stop has followed, not even a temporary one (OP377)."""
        ended = {stop[:3] for stop in self.stops}
        return [start for start in self.starts if start not in ended]


_NO_DELIVERY: Final = Delivery()


def delivery_key(event: Row) -> Key:
    """Give what starts and stops belong to: the allocation, else the product (IV096).

    Examples
    --------
    >>> delivery_key({"municipality": "0193", "child": "a", "allocation": 7})
    ('0193', 'a', 7)
    """
    if event["allocation"] is not None:
        return (event["municipality"], event["child"], event["allocation"])
    product = (event["category"], event["code"])
    return (event["municipality"], event["child"], event["provider"], *product)


def start_key(event: Row) -> Key:
    """Give the key of a start, beside that of its delivery.

    Examples
    --------
    >>> start_key({"category": "45", "code": "45A04", "from_day": date(2024, 1, 2)})[:2]
    ('45', '45A04')
    """
    return (event["category"], event["code"], event["from_day"])


def stop_key(event: Row) -> Key:
    """Give the key of a stop, beside that of its delivery.

    Examples
    --------
    >>> begun = {"category": "45", "code": "45A04", "from_day": date(2024, 1, 2)}
    >>> stop_key(begun | {"reason": "31", "last_day": date(2024, 5, 6)})[3]
    '31'
    """
    return (*start_key(event), event["reason"], event["last_day"])


class Memory:
    """What holds of all that was told, by the keys that the rules ask for.

    Attributes
    ----------
    allocations
        By municipality and number.
    requests
        By provider and reference.
    deliveries
        By :func:`delivery_key`.
    clients
        Municipality and child of everyone who was named.
    claimed
        What holds of claims.
    """

    def __init__(self) -> None:
        self.kept = Kept()
        self.allocations: dict[Key, Allocation] = {}
        self.requests: dict[Key, Request] = {}
        self.deliveries: dict[Key, Delivery] = {}
        self.clients: dict[Key, bool] = {}
        self.claimed = Claimed(self.kept)
        self._allocated_to: dict[Key, tuple[int, ...]] = {}
        self._asked_for: dict[Key, tuple[str, ...]] = {}
        self._delivered: dict[Key, dict[Key, bool]] = {}

    def allocation(self, event: Row) -> Allocation | None:
        """Give the allocation that an event names, if it is this child's at this provider."""
        found = self.allocations.get((event["municipality"], event["allocation"]))
        if found is None:
            return None
        of = ("child", "provider")
        return found if all(found.current[name] == event[name] for name in of) else None

    def allocations_of(self, event: Row) -> Iterator[Allocation]:
        """Give every allocation of the child of an event at its provider."""
        key = (event["municipality"], event["child"], event["provider"])
        for number in self._allocated_to.get(key, ()):
            yield self.allocations[(event["municipality"], number)]

    def request(self, event: Row) -> Request | None:
        """Give the request that an event refers to, if it was made to this municipality."""
        found = self.requests.get((event["provider"], event["reference"]))
        if found is None or found.lines[0]["municipality"] != event["municipality"]:
            return None
        return found

    def requests_of(self, event: Row) -> Iterator[Request]:
        """Give every request for the child of an event by its provider."""
        key = (event["municipality"], event["child"], event["provider"])
        for reference in self._asked_for.get(key, ()):
            yield self.requests[(event["provider"], reference)]

    def deliveries_of(self, municipality: str, provider: str) -> Iterator[Delivery]:
        """Give every delivery by a provider for a municipality under an allocation."""
        for key in self._delivered.get((municipality, provider), ()):
            yield self.deliveries[key]

    def delivery(self, event: Row) -> Delivery:
        """Give the starts and stops that hold where a start or stop belongs."""
        return self.deliveries.get(delivery_key(event), _NO_DELIVERY)

    # --- what each kind of event changes ---------------------------------------------------------

    def take(self, event: Row) -> None:
        """Take in what an event tells."""
        change = _TAKE.get(event["kind"])
        if change is None:
            self.claimed.take(event)
            return
        if event["child"] is not None:
            self.kept.put(self.clients, (event["municipality"], event["child"]), True)
        change(self, event)

    def _take_allocation(self, event: Row) -> None:
        key = (event["municipality"], event["allocation"])
        known = self.allocations.get(key)
        if known is None:
            self.kept.put(self.allocations, key, Allocation(event, event["from_day"]))
            whose = (event["municipality"], event["child"], event["provider"])
            self.kept.add(self._allocated_to, whose, event["allocation"])
        elif event["decided"] >= known.current["decided"]:
            self.kept.put(self.allocations, key, replace(known, current=event))
        asked = self.request(event) if event["reference"] is not None else None
        if asked is not None and asked.lines[0]["child"] == event["child"]:
            name = (event["provider"], event["reference"])
            self.kept.put(self.requests, name, replace(asked, allocated=True))

    def _take_request(self, event: Row) -> None:
        key = (event["provider"], event["reference"])
        known = self.requests.get(key, Request(()))
        self.kept.put(self.requests, key, replace(known, lines=(*known.lines, event)))
        whose = (event["municipality"], event["child"], event["provider"])
        self.kept.add(self._asked_for, whose, event["reference"])

    def _take_answer(self, event: Row) -> None:
        asked = self.request(event)
        if asked is not None:
            answers = (*asked.answers, event["reason"].partition("/")[0])
            key = (event["provider"], event["reference"])
            self.kept.put(self.requests, key, replace(asked, answers=answers))

    def _take_start(self, event: Row) -> None:
        known, key = self.delivery(event), start_key(event)
        gone = event["status"] == WITHDRAWS
        starts = known.starts - {key} if gone else known.starts | {key}
        self.kept.put(self.deliveries, delivery_key(event), replace(known, starts=starts))
        if event["allocation"] is not None:
            where = self._delivered.setdefault((event["municipality"], event["provider"]), {})
            self.kept.put(where, delivery_key(event), True)

    def _take_stop(self, event: Row) -> None:
        known, key = self.delivery(event), stop_key(event)
        gone = event["status"] == WITHDRAWS
        stops = known.stops - {key} if gone else known.stops | {key}
        self.kept.put(self.deliveries, delivery_key(event), replace(known, stops=stops))


_TAKE: Final[dict[str, Callable[[Memory, Row], None]]] = {
    "allocated": Memory._take_allocation,
    "requested": Memory._take_request,
    "change-requested": Memory._take_request,
    "answered": Memory._take_answer,
    "started": Memory._take_start,
    "stopped": Memory._take_stop,
}
