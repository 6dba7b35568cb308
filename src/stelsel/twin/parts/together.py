"""What the loop needs of the parts that have memory of their own, in one hand."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from stelsel.twin.layout import Network, State
from stelsel.twin.parts.foster import Foster, Homes, compiled_foster, homes
from stelsel.twin.parts.staff import Crew, Staff, compiled_staff, crew
from stelsel.twin.people import Places
from stelsel.twin.plan import Plan
from stelsel.twin.services import services


class Parts(NamedTuple):
    """Plan values and memory of foster families and staff."""

    foster: Foster
    homes: Homes
    staff: Staff
    crew: Crew


def parts_of(
    plan: Plan, where: Places, net: Network, state: State, first: date, days: int, more: float = 1.0
) -> Parts:
    """Compile the parts of a run and set their memory aside, so many times what is expected."""
    if net.foster < 0:
        foster = no_foster(len(where.regions), days)
        families = homes(foster, days, 0, 0.0)
    else:
        foster = compiled_foster(plan, where.regions, where.weight, first, days)
        of_foster = int((state.visits["service"] == net.foster).sum())
        asked = net.streams["service"] == net.foster
        rows = net.daily_rate[net.streams["rate"][asked]].sum(axis=1)
        expected = 3 * float((rows * net.streams["weight"][asked]).sum()) + of_foster
        families = homes(foster, days, round(of_foster * more), expected * more)
    slugs = [service.slug for service in services()]
    staffed = net.stations["staffed"]
    rows_of = np.flatnonzero(staffed >= 0)
    names = [slugs[k] for k in net.stations["service"][rows_of[np.argsort(staffed[rows_of])]]]
    staff = compiled_staff(plan, names, first, days) if names else no_staff(days)
    return Parts(foster, families, staff, crew(staff))


def without(regions: int, days: int) -> Parts:
    """Give parts that do nothing, for a network without families and staff."""
    foster, staff = no_foster(regions, days), no_staff(days)
    return Parts(foster, homes(foster, days, 0, 0.0), staff, crew(staff))


def no_foster(regions: int, days: int) -> Foster:
    """Give plan values of foster care of which nothing is used."""
    weeks = -(-days // 7)
    line, weekly = np.zeros(days), np.zeros(weeks)
    return Foster(
        network=line,
        search=line,
        choice=np.ones(days, np.int32),
        leave=line,
        leave_after=line,
        broken=np.zeros(days + 1),
        places=line,
        quality=0.0,
        empty=0.0,
        asked=weekly,
        becomes=weekly,
        pipeline=weekly,
        idle=weekly,
        weight=np.zeros(regions),
        number=np.zeros(regions, np.int32),
        ahead=0,
    )


def no_staff(days: int) -> Staff:
    """Give plan values of staff for no service."""
    weekly = np.zeros((-(-days // 7), 0))
    return Staff(
        service=np.zeros(0, np.int32),
        leave=weekly,
        load=weekly,
        hire=weekly,
        start=weekly,
        trained=weekly,
        ill=weekly,
        ill_load=weekly,
        caseload=weekly,
        group=weekly,
        hours=weekly,
        posts=weekly,
        steps=np.zeros((days, 0)),
        former=weekly,
        waiting=weekly,
        usual=np.zeros(0),
        cases=np.zeros(0),
        balance=np.zeros((0, 4)),
    )
