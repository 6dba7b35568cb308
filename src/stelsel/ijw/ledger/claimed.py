"""What holds of claims: which lines were claimed, granted, refused and taken back.

A line is pending until the answer (JW325) to its claim is known; then it is granted, or refused if
the answer lists it. A line that is refused for what is wrong with it, before an answer is known, is
not kept. A debit line that a credit takes back does not count any more, unless the credit is
refused in its turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from stelsel.events import Row
from stelsel.ijw.ledger.kept import Kept, Key
from stelsel.ijw.ledger.told import Told


class State(Enum):
    """What became of a line of a claim."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a claim, with what became of it.

    Parameters
    ----------
    event
        What it claims; a credit names as ``previous`` the line that it takes back.
    state
        What became of it.
    """

    event: Row
    state: State = State.PENDING

    @property
    def holds(self) -> bool:
        """Whether it counts: it is not refused, or not yet."""
        return self.state is not State.REFUSED


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as it was received, whatever became of it.

    Parameters
    ----------
    whole
        What it tells as a whole.
    lines
        Its lines, by :func:`line_key`.
    """

    whole: Row
    lines: Mapping[Key, Row]

    def line(self, event: Row) -> Row | None:
        """Give the line that a line of the answer is about."""
        return self.lines.get(line_key(event))


def line_key(event: Row) -> Key:
    """Give the key of a line within its claim (iJw 3.2, logical keys, with that of the client).

    Examples
    --------
    >>> line_key({"child": "a", "reference": "P2", "previous": "P1"})
    ('a', 'P2', 'P1')
    """
    return (event["child"], event["reference"], event["previous"])


class Claimed:
    """What holds of claims and of their answers.

    Parameters
    ----------
    kept
        Keeps all of it, so that it can be taken back.

    Examples
    --------
    >>> from stelsel.events import SCHEMA
    >>> claimed = Claimed(Kept())
    >>> line = dict.fromkeys(SCHEMA.names) | {
    ...     "kind": "claimed", "event": "m/1", "municipality": "0193", "provider": "00000001",
    ...     "reference": "P1", "allocation": 7, "unit": "04", "volume": 3, "amount": 30_000}
    >>> claimed.take(line)
    >>> claimed.volume_on("0193", 7, "04"), claimed.amount_on("0193", 7)
    (3, 30000)
    >>> claimed.granted_on("0193", 7)
    False
    """

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._received: dict[Key, Claim] = {}
        self._answers: dict[Key, str] = {}
        self._numbers: dict[Key, bool] = {}
        self._references: dict[Key, str] = {}
        self._periods: dict[Key, date] = {}
        self._lines: dict[Key, Line] = {}
        self._named: dict[Key, tuple[Key, ...]] = {}
        self._credits: dict[Key, tuple[Key, ...]] = {}
        self._deliveries: dict[Key, tuple[Key, ...]] = {}
        self._debits: dict[Key, dict[Key, bool]] = {}
        self._sums: dict[Key, int] = {}

    # --- what the rules ask ----------------------------------------------------------------------

    def claim(self, answer: Row) -> Claim | None:
        """Give the claim that an answer names, if it was sent to this municipality."""
        found = self._received.get((answer["answers"],))
        if found is None or found.whole["municipality"] != answer["municipality"]:
            return None
        return found

    def number_used(self, provider: str, claim: str) -> bool:
        """Whether a provider gave this number to an earlier claim that was not refused."""
        return (provider, claim) in self._numbers

    def first_named(self, provider: str, reference: str) -> str | None:
        """Give the id of the event that used a reference first, in a claim that was not refused.

        The reference of a refused line stays used, since its claim was processed (iJw 3.2, IV087:
        only a claim that is refused as a whole counts as never sent). That this bars using it
        again is an own reading of TR314 and of its return code 8021.
        """
        return self._references.get((provider, reference))

    def last_period(self, municipality: str, provider: str) -> date | None:
        """Give the last day of the latest month for which a provider has sent a claim."""
        return self._periods.get((municipality, provider))

    def named(self, provider: str, reference: str) -> Iterator[Line]:
        """Give the lines that hold to which a provider gave a reference."""
        return self._holding(self._named.get((provider, reference), ()))

    def taken_back(self, provider: str, reference: str) -> bool:
        """Whether a credit that holds takes back the line with this reference."""
        names = self._credits.get((provider, reference), ())
        return any(True for _ in self._holding(names))

    def delivery_claimed(self, event: Row) -> bool:
        """Whether a debit line that counts claims the same delivery."""
        lines = self._holding(self._deliveries.get(_delivery(event), ()))
        return any(self._counts(line) for line in lines)

    def volume_on(self, municipality: str, allocation: int, unit: str) -> int:
        """Give the volume in a unit of all debit lines on an allocation that count."""
        return self._sums.get((municipality, allocation, unit), 0)

    def amount_on(self, municipality: str, allocation: int) -> int:
        """Give the amount, in eurocents, of all debit lines on an allocation that count."""
        return self._sums.get((municipality, allocation, None), 0)

    def granted_on(self, municipality: str, allocation: int) -> bool:
        """Whether a debit line on an allocation was granted, and not taken back since."""
        lines = self._holding(self._debits.get((municipality, allocation), ()))
        return any(line.state is State.GRANTED and self._counts(line) for line in lines)

    def _holding(self, names: Iterable[Key]) -> Iterator[Line]:
        return (self._lines[name] for name in names if self._lines[name].holds)

    def _counts(self, line: Line) -> bool:
        """Whether it is a debit line that holds, and that no credit that holds takes back."""
        event = line.event
        if event["previous"] is not None or not line.holds:
            return False
        return not self.taken_back(event["provider"], event["reference"])

    # --- what changes it -------------------------------------------------------------------------

    def receive(self, told: Told) -> None:
        """Keep a claim as received, whether it is refused or not: its answer names it."""
        lines = {line_key(event): event for event in told.events[1:]}
        self._kept.put(self._received, (told.id,), Claim(told.events[0], lines))

    def take(self, event: Row) -> None:
        """Take in what a claim, a line of it, its answer or a line of that tells."""
        match event["kind"]:
            case "declared":
                self._take_claim(event)
            case "claimed":
                self._take_line(event)
            case "assessed":
                self._take_answer(event)
            case "line-rejected":
                self._take_refusal(event)

    def _take_claim(self, event: Row) -> None:
        provider = event["provider"]
        self._kept.put(self._numbers, (provider, event["claim"]), True)
        for line in self._received[(event["message"],)].lines.values():
            if (name := (provider, line["reference"])) not in self._references:
                self._kept.put(self._references, name, line["event"])
        key = (event["municipality"], provider)
        if event["last_day"] > self._periods.get(key, date.min):
            self._kept.put(self._periods, key, event["last_day"])

    def _take_line(self, event: Row) -> None:
        name = (event["event"],)
        self._keep(Line(event))
        self._kept.add(self._named, (event["provider"], event["reference"]), name)
        if event["previous"] is None:
            self._kept.add(self._deliveries, _delivery(event), name)
            key = (event["municipality"], event["allocation"])
            self._kept.put(self._debits.setdefault(key, {}), name, True)

    def _take_answer(self, event: Row) -> None:
        """Grant or refuse all lines of a claim; those listed are refused after this.

        A claim has one answer (iJw 3.2, IV087): the first one counts.
        """
        claim, name = self.claim(event), (event["answers"],)
        if claim is None or name in self._answers:
            return
        self._kept.put(self._answers, name, event["message"])
        state = State.REFUSED if event["reason"] else State.GRANTED
        for line in claim.lines.values():
            self._become(line, state)

    def _take_refusal(self, event: Row) -> None:
        claim = self.claim(event)
        line = None if claim is None else claim.line(event)
        if line is not None and self._answers[(event["answers"],)] == event["message"]:
            self._become(line, State.REFUSED)

    def _become(self, line: Row, state: State) -> None:
        """Change what became of a line, if it was taken in."""
        if (line["event"],) in self._lines:
            self._keep(Line(line, state))

    def _keep(self, line: Line) -> None:
        """Keep a line as it is now, and the sums of what it makes count or not count."""
        event, name = line.event, (line.event["event"],)
        touched: tuple[Key, ...] = (name,)
        if event["previous"] is not None:
            takes_back = (event["provider"], event["previous"])
            touched = self._named.get(takes_back, ())
        self._sum(touched, -1)
        self._kept.put(self._lines, name, line)
        if event["previous"] is not None:
            self._kept.add(self._credits, takes_back, name)
        self._sum(touched, +1)

    def _sum(self, names: Iterable[Key], sign: int) -> None:
        """Add what counts of some lines to the sums of their allocations, or take it off."""
        for line in (self._lines[name] for name in names if name in self._lines):
            if self._counts(line):
                event = line.event
                on = (event["municipality"], event["allocation"])
                for what, much in ((event["unit"], event["volume"]), (None, event["amount"])):
                    key = (*on, what)
                    self._kept.put(self._sums, key, self._sums.get(key, 0) + sign * much)


def _delivery(event: Row) -> Key:
    """Give what two lines share where they claim the same delivery (TR389)."""
    whose = (event["municipality"], event["provider"], event["child"], event["allocation"])
    return (*whose, event["category"], event["code"], event["from_day"], event["last_day"])
