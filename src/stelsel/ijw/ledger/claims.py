"""Rules of level 3 on claims (iJw 3.2, section on claims).

Own readings: a line is measured against the allocation as it is now. A credit is measured only
against the debit that it takes back, which it repeats unchanged (IV091), since an allocation may
have been shortened after that was granted. Where a child is unknown its lines are not assessed
(IV087), where an allocation is unknown or deleted nothing is measured against it.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Any, Final

from stelsel.events import Row
from stelsel.ijw.ledger import volumes
from stelsel.ijw.ledger.claimed import State
from stelsel.ijw.ledger.memory import Allocation, Delivery, Memory
from stelsel.ijw.ledger.registry import rule
from stelsel.ijw.ledger.told import Told

_DAY: Final = timedelta(days=1)


# --- the claim as a whole ------------------------------------------------------------------------


@rule("TR333", "declared")
def _number_used(event: Row, _: Told, memory: Memory) -> bool:
    return memory.claimed.number_used(event["provider"], event["claim"])


@rule("TR318", "declared")
def _follows_not(event: Row, _: Told, memory: Memory) -> bool:
    """Care was delivered in a month between the last claim and this one, or it lies before that.

    What was left out of an earlier month is claimed with the next one, on lines of their own
    period; for the last month a second claim may be sent (IV090, OP284).
    """
    last = memory.claimed.last_period(event["municipality"], event["provider"])
    if last is None:
        return False
    if event["last_day"] < last:
        return True
    begin, end = last + _DAY, event["from_day"] - _DAY
    if begin > end:
        return False
    deliveries = memory.deliveries_of(event["municipality"], event["provider"])
    return any(_delivered(each, begin, end) for each in deliveries)


def _delivered(delivery: Delivery, begin: date, end: date) -> bool:
    """Whether care was delivered on a day of a period; a start runs until its first stop."""
    for start in delivery.starts:
        first: Any = start[2]
        stops: list[Any] = [stop[4] for stop in delivery.stops if stop[:3] == start]
        if first <= end and min(stops, default=date.max) >= begin:
            return True
    return False


# --- a line and the lines before it --------------------------------------------------------------


@rule("TR314", "claimed")
def _reference_used(event: Row, _: Told, memory: Memory) -> bool:
    """Another line has the reference, in this claim or in an earlier one."""
    first = memory.claimed.first_named(event["provider"], event["reference"])
    return first not in (None, event["event"])


_REPEATED: Final = (
    *("municipality", "child", "allocation", "category", "code"),
    *("from_day", "last_day", "volume", "unit", "tariff"),
)
"""What a credit repeats unchanged from the line that it takes back (IV091)."""


@rule("TR323", "claimed")
def _nothing_to_take_back(event: Row, _: Told, memory: Memory) -> bool:
    """No debit line like this one was granted."""
    if _is_debit(event):
        return False
    named = memory.claimed.named(event["provider"], event["previous"])
    return not any(line.state is State.GRANTED and _reverses(event, line.event) for line in named)


def _is_debit(line: Row) -> bool:
    return line["previous"] is None


def _reverses(credit: Row, debit: Row) -> bool:
    """Whether a credit repeats a debit; a credit is below zero, so it does not repeat a credit."""
    same = all(credit[name] == debit[name] for name in _REPEATED)
    return bool(same and credit["amount"] == -debit["amount"])


@rule("TR390", "claimed")
def _taken_back_already(event: Row, _: Told, memory: Memory) -> bool:
    if _is_debit(event):
        return False
    return memory.claimed.taken_back(event["provider"], event["previous"])


@rule("TR389", "claimed")
def _claimed_already(event: Row, _: Told, memory: Memory) -> bool:
    return _is_debit(event) and memory.claimed.delivery_claimed(event)


# --- a line and its allocation -------------------------------------------------------------------


def _found(event: Row, memory: Memory) -> Allocation | None:
    return memory.allocation(event) if _is_debit(event) else None


def _allocated(event: Row, memory: Memory) -> Row | None:
    """Give what a debit line is measured against, as it is now; None where there is nothing."""
    found = _found(event, memory)
    return None if found is None or found.deleted else found.current


@rule("TR338", "claimed")
def _no_allocation(event: Row, _: Told, memory: Memory) -> bool:
    known = (event["municipality"], event["child"]) in memory.clients
    return known and _is_debit(event) and _found(event, memory) is None


@rule("TR384", "claimed")
def _deleted(event: Row, _: Told, memory: Memory) -> bool:
    found = _found(event, memory)
    return found is not None and found.deleted


@rule("TR307", "claimed")
def _begins_before(event: Row, _: Told, memory: Memory) -> bool:
    now = _allocated(event, memory)
    return now is not None and bool(event["from_day"] < now["from_day"])


@rule("TR308", "claimed")
def _ends_after(event: Row, _: Told, memory: Memory) -> bool:
    now = _allocated(event, memory)
    return now is not None and bool(event["last_day"] > (now["last_day"] or date.max))


@rule("TR387", "claimed")
def _begins_amid_month(event: Row, _: Told, memory: Memory) -> bool:
    """Not on the first of the month, nor on the day on which the allocation begins."""
    now = _allocated(event, memory)
    begin: date = event["from_day"]
    return now is not None and begin not in (begin.replace(day=1), now["from_day"])


@rule("TR388", "claimed")
def _ends_amid_month(event: Row, _: Told, memory: Memory) -> bool:
    """Not on the last of the month, nor on the day on which the allocation ends."""
    now = _allocated(event, memory)
    end: date = event["last_day"]
    last = end.replace(day=monthrange(end.year, end.month)[1])
    return now is not None and end not in (last, now["last_day"])


@rule("TR339", "claimed")
def _other_category(event: Row, _: Told, memory: Memory) -> bool:
    now = _allocated(event, memory)
    return now is not None and now["category"] not in (None, event["category"])


@rule("TR340", "claimed")
def _other_code(event: Row, _: Told, memory: Memory) -> bool:
    now = _allocated(event, memory)
    return now is not None and now["code"] not in (None, event["code"])


# --- how much ------------------------------------------------------------------------------------


@rule("TR341", "claimed")
def _other_unit(event: Row, _: Told, memory: Memory) -> bool:
    now = _allocated(event, memory)
    if now is None or now["unit"] is None:
        return False
    return event["unit"] not in volumes.units(now["unit"])


def _measure(event: Row, memory: Memory) -> Row | None:
    """Give the allocation against whose volume a line can be measured, in the same unit."""
    now = _allocated(event, memory)
    if now is None or now["unit"] is None or event["unit"] not in volumes.units(now["unit"]):
        return None
    return now


@rule("TR321", "claimed")
def _more_than_in_period(event: Row, _: Told, memory: Memory) -> bool:
    now = _measure(event, memory)
    if now is None:
        return False
    most = volumes.most(now, event["from_day"], event["last_day"])
    return volumes.counted(event["volume"], event["unit"]) > most


@rule("TR322", "claimed")
def _more_than_in_all(event: Row, _: Told, memory: Memory) -> bool:
    """Together with what counts before it; what is in a unit that does not fit is left out."""
    now = _measure(event, memory)
    most = None if now is None else volumes.most_in_all(now)
    if now is None or most is None:
        return False
    on = (event["municipality"], event["allocation"])
    claimed = volumes.counted(event["volume"], event["unit"]) + sum(
        volumes.counted(memory.claimed.volume_on(*on, unit), unit)
        for unit in volumes.units(now["unit"])
    )
    return claimed > most


@rule("TR369", "claimed")
def _more_than_budget(event: Row, _: Told, memory: Memory) -> bool:
    """Together the amounts pass the budget; in euros (unit 83) they are the volumes (CS339)."""
    now = _allocated(event, memory)
    if now is None or now["budget"] is None:
        return False
    before = memory.claimed.amount_on(event["municipality"], event["allocation"])
    return bool(before + event["amount"] > now["budget"])
