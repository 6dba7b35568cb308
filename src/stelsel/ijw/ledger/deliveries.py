"""Rules of level 3 on starts and stops (iJw 3.2, section on start and stop messages).

A delivery is not begun, started, paused or ended. A start that is withdrawn (status 3) is as never
sent, and so is a stop; on a withdrawal nothing else is looked at than whether there is something to
withdraw (TR063). Where the allocation is unknown TR019 says enough.
"""

from __future__ import annotations

from stelsel.events import Row
from stelsel.ijw.ledger.memory import PAUSE, WITHDRAWS, Memory, start_key, stop_key
from stelsel.ijw.ledger.registry import rule
from stelsel.ijw.ledger.told import Told


def _withdraws(event: Row) -> bool:
    return bool(event["status"] == WITHDRAWS)


def _unknown(event: Row, memory: Memory) -> bool:
    """Whether an event names an allocation that this child does not have at this provider."""
    if event["allocation"] is None:
        return False
    allocation = memory.allocation(event)
    return allocation is None or allocation.deleted


@rule("TR019", "started", "stopped")
def _no_allocation(event: Row, _: Told, memory: Memory) -> bool:
    return not _withdraws(event) and _unknown(event, memory)


def _is_sent(event: Row, memory: Memory) -> bool:
    """Whether an event says that care began or ended, under an allocation that is known."""
    return not _withdraws(event) and not _unknown(event, memory)


@rule("TR063", "started")
def _no_start_to_withdraw(event: Row, _: Told, memory: Memory) -> bool:
    return _withdraws(event) and start_key(event) not in memory.delivery(event).starts


@rule("TR063", "stopped")
def _no_stop_to_withdraw(event: Row, _: Told, memory: Memory) -> bool:
    return _withdraws(event) and stop_key(event) not in memory.delivery(event).stops


@rule("TR071", "started")
def _stopped_already(event: Row, _: Told, memory: Memory) -> bool:
    if not _withdraws(event):
        return False
    stops = memory.delivery(event).stops
    return any(stop[:3] == start_key(event) for stop in stops)


@rule("TR074", "started")
def _start_twice(event: Row, _: Told, memory: Memory) -> bool:
    return _is_sent(event, memory) and start_key(event) in memory.delivery(event).starts


@rule("TR074", "stopped")
def _stop_twice(event: Row, _: Told, memory: Memory) -> bool:
    return _is_sent(event, memory) and stop_key(event) in memory.delivery(event).stops


@rule("TR326", "started")
def _running_already(event: Row, _: Told, memory: Memory) -> bool:
    # That it is the same start is told by TR074.
    if not _is_sent(event, memory):
        return False
    return any(start != start_key(event) for start in memory.delivery(event).running())


@rule("TR382", "stopped")
def _no_such_start(event: Row, _: Told, memory: Memory) -> bool:
    return _is_sent(event, memory) and start_key(event) not in memory.delivery(event).starts


def _new_stop(event: Row, memory: Memory) -> bool:
    """Whether it is a stop that has not been sent before; one that has is told by TR074."""
    return _is_sent(event, memory) and stop_key(event) not in memory.delivery(event).stops


@rule("TR413", "stopped")
def _paused_twice(event: Row, _: Told, memory: Memory) -> bool:
    if not _new_stop(event, memory) or event["reason"] != PAUSE:
        return False
    stops = memory.delivery(event).stops_of(event["from_day"])
    return any(stop[3] == PAUSE for stop in stops)


@rule("TR414", "stopped")
def _before_earlier_stop(event: Row, _: Told, memory: Memory) -> bool:
    if not _new_stop(event, memory):
        return False
    stops = memory.delivery(event).stops_of(event["from_day"])
    return any(stop[4] > event["last_day"] for stop in stops)


@rule("TR415", "stopped")
def _ended_already(event: Row, _: Told, memory: Memory) -> bool:
    if not _new_stop(event, memory):
        return False
    stops = memory.delivery(event).stops_of(event["from_day"])
    return any(stop[3] != PAUSE for stop in stops)
