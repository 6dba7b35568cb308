"""When who told what of an episode: the days of the messages that its spells must have given.

What is told adds up to the truth exactly, save one thing that is meant: some crisis help that began
on the day it was asked for is allocated in arrears, and shows as a negative wait.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from stelsel.ijw.traffic.chance import Chance, Draw
from stelsel.system import calendar

DAY = timedelta(days=1)
THROUGH_PROVIDER = frozenset({"02", "03", "04", "05", "08"})
"""Referrers (COD327) whose children come by a request of the provider (iJw 3.2, 8.4)."""
IN_ARREARS = 0.5
"""Own choice: share of crisis help, begun at once, that is allocated in arrears."""
INVESTIGATED = 0.15
"""Own choice: share of requests that the municipality investigates."""
WRONG = 0.02
"""Own choice: share of starts and of stops that are first told with a wrong day."""
TERM = 365
"""Days of an allocation that needs a last day; it is extended as long as it lasts."""
NOTICE = 14
"""Days before its end on which an allocation is extended."""
SERVED, REJECTED = "served", "rejected"
_FAR = date(9999, 1, 1)

add_working_days = lru_cache(maxsize=65536)(calendar.add_working_days)


@dataclass(frozen=True, slots=True)
class Episode:
    """One wait and the care that followed, if any; what lies ahead is not in it.

    Parameters
    ----------
    name, form, municipality, provider, referrer, priority
        As in the spells.
    start, end, exit
        Of the wait.
    care, care_end, care_exit
        Of the care; all None without care.
    """

    name: str
    form: str
    municipality: str
    provider: str
    referrer: str | None
    priority: str | None
    start: date
    end: date | None
    exit: str | None
    care: date | None = None
    care_end: date | None = None
    care_exit: str | None = None

    @property
    def last(self) -> date:
        """The last day of it, far ahead while it goes on."""
        return (self.end if self.care is None else self.care_end) or _FAR


@dataclass(frozen=True, slots=True)
class Version:
    """One content of an allocation: decided on a day, told on a day."""

    decided: date
    told: date
    last: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A start or stop: the day it is about and the day it was told.

    ``wrong`` is the day that was told first by mistake and taken back on ``mended``, else None.
    """

    day: date
    told: date
    wrong: date | None = None
    mended: date | None = None


@dataclass(slots=True)
class Timetable:
    """The days of everything that is told of an episode; empty what is not told."""

    intended: date
    requested: date | None = None
    investigated: date | None = None
    rejected: date | None = None
    versions: list[Version] = field(default_factory=list)
    start: Delivered | None = None
    stop: Delivered | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What an episode is told under.

    Parameters
    ----------
    until
        The last day that anything may be about; the messages about it may be dated later.
    has_term
        Whether the allocation needs a last day.
    cut_reason
        Why the allocation was cut short (JZ002), where the wait ended without care.
    """

    until: date
    has_term: bool
    cut_reason: str


def timetable(episode: Episode, terms: Terms, chance: Chance) -> Timetable:
    """Work out when what was told.

    Parameters
    ----------
    episode
        The truth, up to the last day that anything may be about.
    terms
        What it is told under.
    chance
        The draws of the episode.

    Examples
    --------
    >>> asked = date(2024, 1, 8)
    >>> waits = Episode("a", "02", "0193", "00000001", "02", "regular", asked, None, None)
    >>> told = timetable(waits, Terms(date(2024, 12, 31), False, "12"), Chance(1, "a"))
    >>> told.requested == asked, told.versions[0].decided >= asked, told.start is None
    (True, True, True)
    """
    until = terms.until
    asked = _asked(episode, until, chance)
    decided, investigated = _decided(episode, asked, until, chance)
    intended = min(day for day in (decided, episode.care, _last_before(episode)) if day is not None)
    told = Timetable(intended)
    if episode.referrer in THROUGH_PROVIDER:
        told.requested, told.investigated = asked, investigated
        if episode.exit == REJECTED:
            told.rejected = episode.end
            return told
    if decided <= until:
        told.versions = _versions(episode, terms, decided, intended, chance)
    if episode.care is not None:
        told.start = _start(episode, episode.care, told.versions[0].told, until, chance)
        if episode.care_end is not None:
            told.stop = _stop(episode.care, episode.care_end, told.start, until, chance)
    return told


def _last_before(episode: Episode) -> date | None:
    """Give the last day of a wait that ended without care, and so of the allocation."""
    without_care = episode.end is not None and episode.care is None
    return episode.end - DAY if episode.end is not None and without_care else None


def _asked(episode: Episode, until: date, chance: Chance) -> date:
    """Give the day of the request, or of the decision where there is no request."""
    at_once = episode.exit == SERVED and episode.end == episode.start
    if at_once and episode.priority == "crisis" and chance.unit(Draw.IN_ARREARS) < IN_ARREARS:
        later = add_working_days(episode.start, chance.whole(Draw.ARREARS_DAYS, 1, 10))
        if later <= until:
            return later
    return episode.start


def _decided(
    episode: Episode, asked: date, until: date, chance: Chance
) -> tuple[date, date | None]:
    """Give the day of the first decision, and of the message that the request is investigated.

    A request is answered within five working days (OP274), after investigation within eight
    weeks; sooner where the child is helped or withdraws sooner.
    """
    if episode.referrer not in THROUGH_PROVIDER:
        return asked, None
    latest = _FAR
    if asked != episode.start:
        latest = until  # in arrears: care has begun and may not be told without its allocation
    elif episode.care is not None:
        latest = episode.care
    elif episode.end is not None:
        latest = max(episode.end - (DAY if episode.exit != REJECTED else 0 * DAY), asked)
    noted = add_working_days(asked, chance.whole(Draw.ANSWER_DAYS, 1, 5))
    if chance.unit(Draw.INVESTIGATED) < INVESTIGATED and noted < latest and noted <= until:
        after = (noted - asked).days + 1
        weeks = asked + chance.whole(Draw.INVESTIGATION_DAYS, after, 56) * DAY
        return min(weeks, latest), noted
    decided = add_working_days(asked, chance.whole(Draw.DECISION_DAYS, 1, 5))
    return min(decided, latest), None


def _versions(
    episode: Episode, terms: Terms, decided: date, intended: date, chance: Chance
) -> list[Version]:
    """Give the contents of the allocation one after another: first, extensions, cut short."""
    delay = chance.whole(Draw.SENDING_DAYS, 0, 1)
    last = intended + (TERM - 1) * DAY if terms.has_term else None
    found = [Version(decided, add_working_days(decided, delay), last, None)]
    while last is not None and last - NOTICE * DAY <= min(terms.until, episode.last):
        extended = max(last - NOTICE * DAY, decided)
        last += TERM * DAY
        found.append(Version(extended, add_working_days(extended, delay), last, "04"))
    short = _last_before(episode)
    if short is not None and episode.end is not None:
        found.append(
            Version(episode.end, add_working_days(episode.end, delay), short, terms.cut_reason)
        )
    return found


def _start(episode: Episode, day: date, allocated: date, until: date, chance: Chance) -> Delivered:
    """Give the start, told within five working days, or after the allocation in arrears (OP271)."""
    told = add_working_days(max(day, allocated), chance.whole(Draw.START_DAYS, 1, 5))
    if chance.unit(Draw.WRONG_START) >= WRONG:
        return Delivered(day, told)
    off = chance.whole(Draw.WRONG_START_DAYS, 1, 5) * DAY
    wrong = day + off if day + off <= min(until, told) else day - off
    mended = add_working_days(told, chance.whole(Draw.START_CORRECTION_DAYS, 3, 10))
    return Delivered(day, told, wrong, mended)


def _stop(begin: date, end: date, start: Delivered, until: date, chance: Chance) -> Delivered:
    """Give the stop, told within five working days (OP272) and not before the start."""
    day = max(end - DAY, begin)
    told = add_working_days(day, chance.whole(Draw.STOP_DAYS, 1, 5))
    told = max(told, start.mended or start.told)
    off = chance.whole(Draw.WRONG_STOP_DAYS, 1, 5) * DAY
    fitting = [d for d in (day + off, day - off) if begin <= d <= min(until, told)]
    if chance.unit(Draw.WRONG_STOP) >= WRONG or not fitting:
        return Delivered(day, told)
    mended = add_working_days(told, chance.whole(Draw.STOP_CORRECTION_DAYS, 3, 10))
    return Delivered(day, told, fitting[0], mended)
