"""From the spells of a made-up region to the messages that would have told them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, time
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stelsel import spells as spell_table
from stelsel.errors import Fault, StelselError
from stelsel.ijw.message import Content, Message
from stelsel.ijw.traffic.chance import Chance, Draw
from stelsel.ijw.traffic.people import Child, made_up_child
from stelsel.ijw.traffic.products import Assigned, Extent, assign
from stelsel.ijw.traffic.timetable import DAY, SERVED, TERM, Delivered, Episode, Terms, timetable
from stelsel.ijw.writing import header
from stelsel.system import exits
from stelsel.system.numbers import made_up_numbers

CUT_SHORT = "05"
"""JZ002, reassessment: told where the reason of an exit has no code of its own."""
AS_PLANNED = "31"
"""JZ588: told where the reason of an exit has no code of its own."""
REJECTIONS = ("2", "3", "4", "6", "7")
"""WJ759: reasons to reject a request that ask for nothing more to be told."""
NAMED_REFERRERS = {
    "02": "Huisartsenpraktijk De Proef",
    "03": "Jeugdarts GGD Voorbeeld",
    "04": "GI Voorbeeld",
    "05": "Ziekenhuis Het Model",
    "08": "Rechtbank Voorbeeldstad",
}
"""Names of made-up referrers, by kind (COD327)."""
REFERRER_CODES = {"02": "01999001", "03": "03999001", "04": "98999001", "05": "03999002"}
"""Made-up AGB codes of the referrers that have one."""
COLUMNS = (
    *("child", "episode", "station", "start", "end", "exit", "form"),
    *("municipality", "provider", "referrer", "priority"),
)
"""What traffic needs to know of a spell."""
_DOUBLED = (
    "An episode has two waits or two spells of care.",
    "Een traject heeft twee keer wachten of twee keer zorg.",
)
_LACKING = (
    "A spell has no form, no municipality or no provider.",
    "Een verblijf heeft geen hulpvorm, geen gemeente of geen aanbieder.",
)
_NO_WAIT = ("Care has no wait before it.", "Zorg heeft geen wachten ervoor.")
_NOT_FITTING = (
    "A served wait has no care on its last day, or another wait has care.",
    "Wachten dat met hulp eindigde heeft die dag geen zorg, of ander wachten heeft wel zorg.",
)
Row = dict[str, Any]
_FIRST_HOUR, _LAST_HOUR = 9, 23
_EPISODES = 1_000
"""More episodes than a child has: numbers of allocations are made of its rank and this."""


def messages_of(
    spells: pa.Table, people: pa.Table, *, seed: int, until: date | None = None
) -> Iterator[Message]:
    """Give the messages that would have told some spells, child after child.

    Read back, they tell exactly these spells, with four limits. Some crisis help that began at
    once is allocated in arrears and shows as a negative wait. Care of no days is told as care of
    one day, the least that can be told. A reason of ending without a code of its own is told as
    ``lapsed`` (wait) or ``planned`` (care), and so is a rejection where there was no request.
    Nothing that is about a day after ``until`` is told.

    Parameters
    ----------
    spells
        Waits and care, columns of :data:`stelsel.spells.SCHEMA`. Each episode of a child is one
        wait, maybe of no days, and at most one care that begins as the wait ends.
    people
        Columns ``child``, ``birth`` (date), ``sex`` and ``municipality``; the order decides the
        numbers of the children. Children without spells may be among them.
    seed
        Decides every draw, together with child or episode.
    until
        The last day that anything may be about; without it the last start or end in the spells.

    Raises
    ------
    StelselError
        When spells do not make such episodes, lack a provider or municipality, or are of a child
        that is not among the people; when there are more children than made-up numbers.

    Examples
    --------
    >>> day = date(2024, 1, 8)
    >>> wait = dict.fromkeys(spell_table.SCHEMA.names) | {
    ...     "child": "a", "episode": "a-0", "station": "wait-ambulatory", "form": "02",
    ...     "start": day, "municipality": "0193", "provider": "98070201", "referrer": "02",
    ...     "known": day, "source": "twin"}
    >>> child = {"child": "a", "birth": date(2014, 5, 1), "sex": "1", "municipality": "0193"}
    >>> told = messages_of(
    ...     pa.Table.from_pylist([wait], schema=spell_table.SCHEMA),
    ...     pa.Table.from_pylist([child]), seed=1, until=date(2024, 12, 31))
    >>> [message.type for message in told]
    ['JW315', 'JW301']
    """
    last = until or _latest(spells)
    episodes = _episodes(spells, last)
    ranks = {name: rank for rank, name in enumerate(people["child"].to_pylist())}
    strangers = len(set(episodes) - set(ranks))
    if strangers:
        raise StelselError(
            f"{strangers} children have spells and are not among the people.",
            where="people",
            remedy="Give the people of the same run as the spells.",
            what_nl=f"Jeugdigen met een verblijf die niet in people staan: {strangers}.",
            remedy_nl="Geef people en spells van dezelfde simulatie.",
        )
    numbers = made_up_numbers(len(ranks))
    columns = (people[name].to_pylist() for name in ("child", "birth", "sex"))
    for rank, (name, birth, sex) in enumerate(zip(*columns, strict=True)):
        if name in episodes:
            child = made_up_child(
                name=name, rank=rank, number=numbers[rank], birth=birth, sex=sex, seed=seed
            )
            yield from _Telling(child, seed, last).messages(episodes[name])


def _latest(spells: pa.Table) -> date:
    days = (pc.max(spells[name]).as_py() for name in ("start", "end"))
    return max((day for day in days if day is not None), default=date.min)


def _episodes(spells: pa.Table, until: date) -> dict[str, list[Episode]]:
    """Bundle spells into episodes by child, in order of time, as they stood on a day."""
    waits: dict[tuple[str, str], Row] = {}
    cares: dict[tuple[str, str], Row] = {}
    faults: Counter[tuple[str, str]] = Counter()
    table = spell_table.check(spells).select(COLUMNS)
    for values in zip(*(column.to_pylist() for column in table.columns), strict=True):
        row = dict(zip(COLUMNS, values, strict=True))
        kind = waits if row["station"].startswith(spell_table.WAIT) else cares
        key = (row["child"], row["episode"])
        faults[_DOUBLED] += key in kind
        lacks = None in (row["form"], row["municipality"], row["provider"])
        faults[_LACKING] += lacks
        kind[key] = row
    faults[_NO_WAIT] = len(cares.keys() - waits.keys())
    found: dict[str, list[Episode]] = {}
    for key, wait in waits.items():
        care = cares.get(key)
        served = wait["exit"] == SERVED
        fits = care["start"] == wait["end"] if care is not None and served else not (care or served)
        faults[_NOT_FITTING] += not fits
        if wait["start"] <= until:
            found.setdefault(key[0], []).append(_episode(wait, care, until))
    if wrong := +faults:
        raise StelselError(
            Fault(f"{what} ({n} times)", "spells", what_nl=f"{what_nl} ({n} keer)")
            for (what, what_nl), n in wrong.items()
        )
    for mine in found.values():
        mine.sort(key=lambda one: (one.start, one.name))
    return found


def _episode(wait: Row, care: Row | None, until: date) -> Episode:
    """Make an episode of its spells, without what lies after a day."""
    waited = wait["end"] is not None and wait["end"] <= until
    helped = care if waited else None
    # The last day of care is the day before its end; care has at least one day.
    stopped = helped is not None and helped["end"] is not None and _last_day(helped) <= until
    return Episode(
        name=wait["episode"],
        form=wait["form"],
        municipality=wait["municipality"],
        provider=wait["provider"],
        referrer=wait["referrer"],
        priority=wait["priority"],
        start=wait["start"],
        end=wait["end"] if waited else None,
        exit=wait["exit"] if waited else None,
        care=helped["start"] if helped else None,
        care_end=helped["end"] if helped and stopped else None,
        care_exit=helped["exit"] if helped and stopped else None,
    )


def _last_day(care: Row) -> date:
    last: date = max(care["end"] - DAY, care["start"])
    return last


@cache
def _reason(kind: str, exit_: str | None, code_list: str, otherwise: str) -> str:
    """Give the code by which the end of a spell is told."""
    codes = [
        code.removeprefix(f"{code_list}/")
        for one in exits(kind)
        if one.id == exit_
        for code in one.ijw_codes
        if code.startswith(f"{code_list}/")
    ]
    return otherwise if otherwise in codes or not codes else codes[0]


class _Telling:
    """Tells of one child."""

    def __init__(self, child: Child, seed: int, until: date) -> None:
        self._child = child
        self._seed = seed
        self._until = until
        self._sent = 0

    def messages(self, episodes: list[Episode]) -> Iterator[Message]:
        """Give the messages about the child, episode after episode."""
        if len(episodes) > _EPISODES:
            raise StelselError(
                f"A child has more than {_EPISODES} episodes.",
                where="spells",
                what_nl=f"Een jeugdige heeft meer dan {_EPISODES} trajecten.",
            )
        taken: dict[tuple[str, str, str], list[Extent]] = {}
        for number, episode in enumerate(episodes):
            chance = Chance(self._seed, f"{self._child.name}|{episode.name}")
            where = (episode.municipality, episode.provider, episode.form)
            others = taken.setdefault(where, [])
            assigned = assign(episode.form, episode.start, episode.last, others, chance)
            yield from self._episode(number, episode, assigned, chance)

    def _episode(
        self, number: int, episode: Episode, assigned: Assigned, chance: Chance
    ) -> Iterator[Message]:
        cut = _reason("wait", episode.exit, "JZ002", CUT_SHORT)
        told = timetable(episode, Terms(self._until, assigned.has_term, cut), chance)
        town, provider = episode.municipality, episode.provider
        to_town, to_provider = (provider, town), (town, provider)
        reference = f"R{self._child.rank:06d}-{number}"
        allocation = self._child.rank * _EPISODES + number + 1

        if told.requested is not None:
            asked = _request(reference, told.intended, assigned, episode.referrer or "", chance)
            body = {"AangevraagdeProducten": {"AangevraagdProduct": [asked]}}
            yield self._about_child("JW315", to_town, told.requested, body)
        if told.investigated is not None:
            answer = {"ReferentieAanbieder": reference, "VerzoekAntwoord": "2"}
            yield self._message("JW319", to_provider, told.investigated, {"Antwoord": answer})
        if told.rejected is not None:
            answer = {
                "ReferentieAanbieder": reference,
                "VerzoekAntwoord": "1",
                "RedenAfwijzingVerzoek": chance.one_of(Draw.REJECTION, REJECTIONS),
            }
            yield self._message("JW319", to_provider, told.rejected, {"Antwoord": answer})
        for place, version in enumerate(told.versions):
            given: Content = {"ToewijzingNummer": allocation}
            if told.requested is not None:
                given["ReferentieAanbieder"] = reference
            given |= {
                "Product": assigned.product,
                "Toewijzingsdatum": version.decided,
                "Toewijzingstijd": time(min(_FIRST_HOUR + place, _LAST_HOUR)),
                "Ingangsdatum": told.intended,
                "Einddatum": version.last,
                "RedenWijziging": version.reason,
                "Omvang": assigned.volume,
            }
            given = {name: value for name, value in given.items() if value is not None}
            body = {"ToegewezenProducten": {"ToegewezenProduct": [given]}}
            yield self._about_child("JW301", to_provider, version.told, body)
        key: Content = {
            "ToewijzingNummer": allocation,
            "Product": assigned.product,
            "ToewijzingIngangsdatum": told.intended,
        }
        if told.start is not None:
            for day, rows in _deliveries(told.start, lambda at: {**key, "Begindatum": at}):
                body = {"StartProducten": {"StartProduct": rows}}
                yield self._about_child("JW305", to_town, day, body)
        if told.stop is not None:
            why = _reason("care", episode.care_exit, "JZ588", AS_PLANNED)
            ended = {**key, "Begindatum": episode.care, "RedenBeeindiging": why}
            for day, rows in _deliveries(told.stop, lambda at: {**ended, "Einddatum": at}):
                body = {"StopProducten": {"StopProduct": rows}}
                yield self._about_child("JW307", to_town, day, body)

    def _about_child(
        self, message_type: str, route: tuple[str, str], day: date, body: Content
    ) -> Message:
        child = self._child.full if message_type == "JW301" else self._child.short
        return self._message(message_type, route, day, {"Client": child | body})

    def _message(
        self, message_type: str, route: tuple[str, str], day: date, body: Content
    ) -> Message:
        self._sent += 1
        identification = f"{self._child.rank:06d}{self._sent:04d}"
        return Message(
            message_type, {"Header": header(message_type, *route, identification, day), **body}
        )


def _request(
    reference: str, intended: date, assigned: Assigned, referrer: str, chance: Chance
) -> Content:
    """Give the product that a provider asks for, with who referred the child."""
    asked: Content = {
        "ReferentieAanbieder": reference,
        "Product": assigned.product,
        "ToewijzingIngangsdatum": intended,
    }
    if assigned.has_term:
        asked["ToewijzingEinddatum"] = intended + (TERM - 1) * DAY
    # A code takes the place of the name, and only some kinds of referrer have one (CD066-CD068).
    by_code = referrer in REFERRER_CODES and chance.unit(Draw.REFERRER) < 0.5
    who = (
        {"ZorgverlenerCode": REFERRER_CODES[referrer]}
        if by_code
        else {"Naam": NAMED_REFERRERS[referrer]}
    )
    return asked | {"Omvang": assigned.volume, "Verwijzer": {"Type": referrer, **who}}


def _deliveries(
    delivered: Delivered, row: Callable[[date], Content]
) -> Iterator[tuple[date, list[Content]]]:
    """Give what is sent of a start or stop, by day: once, or wrong and then mended (IV008)."""
    right = row(delivered.day) | {"StatusAanlevering": "1"}
    if delivered.wrong is None or delivered.mended is None:
        yield delivered.told, [right]
        return
    wrong = row(delivered.wrong)
    yield delivered.told, [wrong | {"StatusAanlevering": "1"}]
    yield delivered.mended, [wrong | {"StatusAanlevering": "3"}, right]
