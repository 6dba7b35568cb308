"""Steps begin, end and mark stays; what a step ends has one way of ending."""

from __future__ import annotations

from collections import Counter

import pytest

from stelsel import system
from stelsel.errors import StelselError

STEPS = system.steps()
TOLD_BY_OTHERS = {"access", "wait", "care"}
"""Kinds of stations that messages tell about."""
# The protocol of CBS, chapter 5: the measures, orders and forms of probation.
CBS_CODES = "11 12 21 22 23 31 41 42 50 51 61 62 63 71 72"
CBS_ENDS = {
    "supervision": "01 02 03 04 05 06 07",
    "guardianship": "11 12 13 14 15",
    "probation": "21 22 23 24 25 26 41 42 43",
    "preventive": "31",
}


def test_every_code_of_cbs_is_one_station() -> None:
    kinds = {"supervision", "guardianship", "order", "probation", "preventive"}
    found = [one.cbs_code for one in system.stations() if one.kind in kinds]
    assert sorted(found) == CBS_CODES.split()


@pytest.mark.parametrize("kind", CBS_ENDS)
def test_every_reason_of_cbs_is_one_exit(kind: str) -> None:
    codes = sorted(one.cbs_code for one in system.exits(kind) if one.cbs_code)
    assert codes == CBS_ENDS[kind].split()


def test_a_cbs_code_is_one_station_of_its_kind() -> None:
    codes = Counter((one.kind, one.cbs_code) for one in system.stations() if one.cbs_code)
    assert max(codes.values()) == 1


def test_every_station_without_messages_is_entered_and_left_by_steps() -> None:
    chain = {one.id for one in system.stations() if one.kind not in TOLD_BY_OTHERS}
    assert {one.begins for one in STEPS if one.begins} == chain
    assert {name for one in STEPS for name in one.ends} == chain


def test_every_organisation_tells_steps() -> None:
    assert {one.organisation for one in STEPS} == {one.id for one in system.organisations()}


def test_every_exit_can_be_reached() -> None:
    """What a step can lead to and the table of exits are the same, but for what CBS tells."""
    told = {
        (system.station(name).kind, exit_)
        for one in STEPS
        for name in one.ends
        for exit_ in ([one.exit] if one.exit else one.reasons)
    }
    listed = {(one.kind, one.id) for one in system.exits() if one.kind not in TOLD_BY_OTHERS}
    assert told == listed - {("preventive", "unknown"), ("preventive", "transferred")}


def test_who_is_there_does_not_change_on_the_way() -> None:
    """A step never takes a child from one station and puts a family at the next."""
    for one in STEPS:
        names = [*one.ends, *([one.begins] if one.begins else []), *one.at]
        assert len({system.station(name).subject for name in names}) == 1, one.id


def test_steps_have_names_in_both_languages() -> None:
    assert all(one.name_nl and one.name_en and one.source for one in STEPS)
    assert all(one.name_nl and one.name_en for one in system.organisations())


def test_a_wrong_step_is_told_with_the_right_one() -> None:
    with pytest.raises(StelselError, match="board-protection-started"):
        system.step("board-protection-start")
