"""Foster care in the loop: families asked, found, matched, given back, and those that stop.

Nothing is allocated here and every draw is a pure function of the child, of the family or of both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint64

from stelsel.twin.chance import Purpose, child, mix, poisson, uniform
from stelsel.twin.compiled import compiled, inner
from stelsel.twin.parts.foster.layout import (
    APPROVED,
    ASKED,
    BROKE,
    CLOSING,
    COMING,
    EMPTY,
    ENDED,
    FILLED,
    FLOWS,
    FOUND,
    GONE,
    KIN,
    MATCHED,
    NETWORK,
    PLACES,
    READY,
    RECRUITED,
    RECRUITS,
    SCREENED,
    STOPPED,
)

P_OWN = int(Purpose.OWN_FAMILY)
P_SEARCH = int(Purpose.SEARCH)
P_MATCH = int(Purpose.MATCH)
P_BREAKS = int(Purpose.BREAKS)
P_ASKED = int(Purpose.ASKED)
P_BECOMES = int(Purpose.BECOMES)
P_PIPELINE = int(Purpose.PIPELINE)
P_ROOMS = int(Purpose.ROOMS)
P_STOPS = int(Purpose.STOPS)
P_IDLE = int(Purpose.IDLE)

KIN_SALT = np.uint64(0xA5C1_5F0E_57E2_0001)
ASKED_SALT = np.uint64(0xA5C1_5F0E_57E2_0002)
START_SALT = np.uint64(0xA5C1_5F0E_57E2_0003)
"""Set keys of families apart from those of children."""
BY_PLAN, BROKEN, ONWARD = range(3)
"""How a child leaves a family: its foster care ends, the placement breaks down, or it moves on."""
LONG_AGO = 1_000_000
"""Added to numbers of weeks and families, so that a key never has a negative number."""


@compiled  # type: ignore[untyped-decorator]
def ready(who: Any, leg: Any, arrived: Any, urgent: Any, foster: Any) -> Any:
    """Day on which the search for a family is done; an urgent one takes no time.

    The search lasts an exponential time; who waits on the first day searches by its rules.
    """
    if urgent:
        return arrived
    mean = foster.search[max(arrived, 0)]
    return arrived + int(-np.log(uniform(who, P_SEARCH, leg)) * mean + 0.5)


@compiled  # type: ignore[untyped-decorator]
def has_own(who: Any, leg: Any, arrived: Any, foster: Any) -> Any:
    """Tell whether a family in the child's own network is found once the search is done."""
    return uniform(who, P_OWN, leg) < foster.network[max(arrived, 0)]


@compiled  # type: ignore[untyped-decorator]
def own(homes: Any, who: Any, leg: Any, region: Any, day: Any) -> Any:
    """Make the family in a child's own network, with the child; -1 when memory is full."""
    i = _new(homes, mix(mix(who + uint64(leg)) ^ KIN_SALT), region, NETWORK, day)
    if i < 0:
        return -1
    homes.records[i].places = 1
    homes.records[i].filled = 1
    homes.stock[region, KIN - FLOWS] += 1
    homes.counts[day // 7, region, FOUND] += 1
    return i


@compiled  # type: ignore[untyped-decorator]
def match(homes: Any, who: Any, region: Any, day: Any, foster: Any, but: Any) -> Any:
    """Take a place in the best of the families that have been free longest; -1 when none is.

    ``but`` is a family that is passed over: the one that the child comes from, or -1.
    """
    best = -1
    highest = -1.0
    i = homes.head[region]
    for _ in range(foster.choice[day]):
        if i < 0:
            break
        worth = quality(homes, i, who)
        if worth > highest and i != but:
            highest = worth
            best = i
        i = homes.records[i].after
    if best >= 0:
        _fill(homes, best)
        homes.counts[day // 7, region, MATCHED] += 1
    return best


@compiled  # type: ignore[untyped-decorator]
def quality(homes: Any, family: Any, who: Any) -> Any:
    """How good a match is, in (0, 1): a pure draw of the child and the family."""
    return uniform(mix(who ^ mix(homes.records[family].key)), P_MATCH, 0)


@compiled  # type: ignore[untyped-decorator]
def breaks(homes: Any, family: Any, who: Any, day: Any, foster: Any) -> Any:
    """Day on which a placement that begins today breaks down; past the run when it does not.

    The chance runs with the plan's clock of breakdowns, times exp(-effect x (quality - 1/2)).
    """
    patience = -np.log(uniform(mix(who ^ mix(homes.records[family].key)), P_BREAKS, 0))
    slower = np.exp(foster.quality * (quality(homes, family, who) - 0.5))
    if homes.records[family].kind == NETWORK:
        slower /= foster.kin
    return day_of(foster.broken, foster.broken[day] + patience * slower, day)


@inner  # type: ignore[untyped-decorator]
def day_of(clock: Any, until: Any, day: Any) -> Any:
    """First day after a day on which a clock is past a time; past the run when it never is."""
    low = day
    high = clock.shape[0] - 1
    if until >= clock[high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if clock[middle] <= until:
            low = middle
        else:
            high = middle
    return high


@compiled  # type: ignore[untyped-decorator]
def given_back(homes: Any, family: Any, day: Any, how: Any, foster: Any) -> None:
    """Let a child leave its family, which may then stop.

    A network family ends with its child. A recruited one stops with a chance that is another
    after a breakdown; while other children are there it keeps them and takes none. From whom a
    child moves on as planned takes the next.
    """
    home = homes.records[family]
    region = home.region
    week = day // 7
    home.filled -= 1
    if home.stays < 255:
        home.stays += 1
    if how == BROKEN:
        homes.counts[week, region, BROKE] += 1
    if home.kind == NETWORK:
        home.state = GONE
        homes.stock[region, KIN - FLOWS] -= 1
        homes.counts[week, region, ENDED] += 1
        return
    homes.stock[region, FILLED - FLOWS] -= 1
    if home.filled == 0:
        homes.stock[region, EMPTY - FLOWS] += 1
    chance = foster.leave_after[day] if how == BROKEN else foster.leave[day]
    if how != ONWARD and uniform(home.key, P_STOPS, home.stays) < chance:
        home.state = CLOSING
    if home.state == CLOSING:
        _close(homes, family, week)
    elif not home.free:
        _free(homes, family)


@compiled  # type: ignore[untyped-decorator]
def settle(homes: Any, who: Any, leg: Any, region: Any, foster: Any) -> Any:
    """Give a child who is in foster care on the first day the family where it is.

    Families with a place left are filled before another is made. Gives -1 when memory is full.
    """
    if has_own(who, leg, 0, foster):
        i = own(homes, who, leg, region, 0)
        if i >= 0:
            homes.counts[0, region, FOUND] -= 1  # it was there before
        return i
    i = homes.head[region]
    if i < 0:
        i = _new(homes, mix(mix(who + uint64(leg)) ^ START_SALT), region, RECRUITED, 0)
        if i < 0:
            return -1
        _opens(homes, i, 0, foster)
    _fill(homes, i)
    return i


@compiled  # type: ignore[untyped-decorator]
def begin(homes: Any, key: Any, foster: Any) -> None:
    """On the first day: add the families without a child, and who asked in the weeks before.

    To be called once, when every child in care has its family.
    """
    for region in range(foster.weight.shape[0]):
        of_region = child(key ^ START_SALT, foster.number[region])
        more = homes.stock[region, RECRUITS - FLOWS] * foster.empty / (1.0 - foster.empty)
        number = int(more + uniform(of_region, P_ROOMS, 0))
        for j in range(number):
            i = _new(homes, child(of_region, LONG_AGO + j), region, RECRUITED, 0)
            if i >= 0:
                _opens(homes, i, 0, foster)
    for week in range(-foster.ahead, 0):
        for region in range(foster.weight.shape[0]):
            _asked(homes, week, region, key, foster)


@compiled  # type: ignore[untyped-decorator]
def week_begins(homes: Any, week: Any, key: Any, foster: Any) -> None:
    """On the first day of a week: families are approved, others ask, and some give up waiting."""
    i = homes.coming[week]
    while i >= 0:
        following = homes.records[i].after
        region = homes.records[i].region
        homes.stock[region, SCREENED - FLOWS] -= 1
        homes.counts[week, region, APPROVED] += 1
        _opens(homes, i, 7 * week, foster)
        i = following
    for region in range(foster.weight.shape[0]):
        _asked(homes, week, region, key, foster)
        i = homes.head[region]
        while i >= 0:
            following = homes.records[i].after
            if homes.records[i].filled == 0:
                this_week = child(homes.records[i].key, week)
                if uniform(this_week, P_IDLE, 0) < foster.idle[week]:
                    _close(homes, i, week)
            i = following


@compiled  # type: ignore[untyped-decorator]
def week_ends(homes: Any, week: Any) -> None:
    """On the last day of a week: write the stocks into the books."""
    for region in range(homes.stock.shape[0]):
        for k in range(homes.stock.shape[1]):
            homes.counts[week, region, FLOWS + k] = homes.stock[region, k]


@inner  # type: ignore[untyped-decorator]
def _asked(homes: Any, week: Any, region: Any, key: Any, foster: Any) -> None:
    """Let families ask in a week; those that become foster families enter the pipeline."""
    row = week + foster.ahead
    of_region = child(key ^ ASKED_SALT, foster.number[region])
    of_week = child(of_region, week + LONG_AGO)
    rate = foster.asked[row] * foster.weight[region]
    number = poisson(rate, np.exp(-rate), uniform(of_week, P_ASKED, 0))
    if week >= 0:
        homes.counts[week, region, ASKED] += number
    for j in range(number):
        family = child(of_week, j)
        if uniform(family, P_BECOMES, 0) >= foster.becomes[row]:
            continue
        takes = foster.pipeline[row] * (0.5 + uniform(family, P_PIPELINE, 0))
        on = week + max(1, int(takes / 7.0 + 0.5))
        if on < 0:
            continue
        homes.stock[region, SCREENED - FLOWS] += 1
        if on >= homes.coming.shape[0]:
            continue
        i = _new(homes, family, region, RECRUITED, 7 * on)
        if i >= 0:
            homes.records[i].state = COMING
            homes.records[i].after = homes.coming[on]
            homes.coming[on] = i


@inner  # type: ignore[untyped-decorator]
def _new(homes: Any, key: Any, region: Any, kind: Any, day: Any) -> Any:
    """Make a family; -1 when memory is full."""
    i = homes.tally[0]
    homes.tally[0] += 1
    if i >= homes.records.shape[0]:
        return -1
    home = homes.records[i]
    home.key = key
    home.region = region
    home.kind = kind
    home.state = READY
    home.since = day
    home.places = 0
    home.filled = 0
    home.stays = 0
    home.free = 0
    home.before = -1
    home.after = -1
    return i


@inner  # type: ignore[untyped-decorator]
def _opens(homes: Any, family: Any, day: Any, foster: Any) -> None:
    """Let a recruited family begin: with one place more or less around the mean, free."""
    home = homes.records[family]
    mean = foster.places[day]
    home.state = READY
    home.places = int(mean + uniform(home.key, P_ROOMS, 0))
    region = home.region
    homes.stock[region, RECRUITS - FLOWS] += 1
    homes.stock[region, PLACES - FLOWS] += home.places
    homes.stock[region, EMPTY - FLOWS] += 1
    _free(homes, family)


@inner  # type: ignore[untyped-decorator]
def _fill(homes: Any, family: Any) -> None:
    """Take a place of a free recruited family; when it was the last the family is not free."""
    home = homes.records[family]
    homes.stock[home.region, FILLED - FLOWS] += 1
    if home.filled == 0:
        homes.stock[home.region, EMPTY - FLOWS] -= 1
    home.filled += 1
    if home.filled == home.places:
        _taken(homes, family)


@inner  # type: ignore[untyped-decorator]
def _close(homes: Any, family: Any, week: Any) -> None:
    """Let a recruited family take no children; without a child it has stopped."""
    home = homes.records[family]
    if home.free:
        _taken(homes, family)
    if home.filled > 0:
        return
    home.state = GONE
    region = home.region
    homes.stock[region, RECRUITS - FLOWS] -= 1
    homes.stock[region, PLACES - FLOWS] -= home.places
    homes.stock[region, EMPTY - FLOWS] -= 1
    homes.counts[week, region, STOPPED] += 1


@inner  # type: ignore[untyped-decorator]
def _free(homes: Any, family: Any) -> None:
    """Put a family behind the free families of its region."""
    home = homes.records[family]
    last = homes.tail[home.region]
    home.before = last
    home.after = -1
    home.free = 1
    if last < 0:
        homes.head[home.region] = family
    else:
        homes.records[last].after = family
    homes.tail[home.region] = family


@inner  # type: ignore[untyped-decorator]
def _taken(homes: Any, family: Any) -> None:
    """Take a family out of the free families of its region."""
    home = homes.records[family]
    if home.before < 0:
        homes.head[home.region] = home.after
    else:
        homes.records[home.before].after = home.after
    if home.after < 0:
        homes.tail[home.region] = home.before
    else:
        homes.records[home.after].before = home.before
    home.free = 0
    home.before = -1
    home.after = -1
