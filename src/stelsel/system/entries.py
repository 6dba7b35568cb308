"""Forms, stations, norms, referrers, exits and priorities: the words the whole house shares.

Each is a frozen record read from a table in ``data/``; nothing here lists what a table may hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from stelsel.system.read import look_up, parts, period, read_entries, yes_or_no


@dataclass(frozen=True, slots=True)
class Form:
    """A care form of CBS (hulpvorm).

    ``code`` is the CBS code (``02``), ``slug`` its name in code (``ambulatory``), ``with_stay``
    whether the child stays with the provider, ``order`` its place in tables and charts (from 1),
    ``scale`` the level it is organised at, ``figures_name`` its breakdown in the published figures.
    """

    code: str
    slug: str
    name_nl: str
    name_en: str
    with_stay: bool
    order: int
    scale: str
    figures_name: str
    source: str


@dataclass(frozen=True, slots=True)
class Norm:
    """A limit on how long something may take.

    ``limit`` is counted in ``unit`` (``hours``, ``days``, ``working_days``, ``weeks``, ``months``,
    ``years``), ``kind`` is ``law``, ``agreement`` or ``own-choice``, ``applies_to`` says from what
    until what; a :class:`~stelsel.system.Clock` says between which steps. ``moved`` tells whether
    the Algemene termijnenwet moves its last day on: of a term of law in which something must be
    done, of at most twelve weeks.
    """

    id: str
    name_nl: str
    name_en: str
    limit: int
    unit: str
    kind: str
    applies_to: str
    moved: bool
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Station:
    """A place in the system where one can be from a day until a day.

    ``kind`` says what goes on there (``wait``, ``care``, ``investigation``, ``supervision``, ...)
    and so how it is left; ``subject`` who is there: a ``child``, a foster ``family``, a
    ``provider`` or a ``post``; ``form`` the slug of the care form or empty; ``owner`` who decides
    about it; ``cbs_code`` the CBS code of the form, the measure, the order or the probation, or of
    the referrer where the kind is ``access``: unique within a kind; ``ijw_categories`` the product
    categories (list JZ020) that lead to it; ``scale`` the level it is organised at; ``norm`` the
    id of a norm or empty.
    """

    id: str
    kind: str
    subject: str
    form: str
    owner: str
    cbs_code: str
    ijw_categories: tuple[str, ...]
    scale: str
    norm: str
    name_nl: str
    name_en: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Referrer:
    """Who sent the child (code list COD327); ``figures_name`` is its name in the figures."""

    code: str
    slug: str
    name_nl: str
    name_en: str
    figures_name: str
    source: str


@dataclass(frozen=True, slots=True)
class Exit:
    """How a spell ended.

    ``kind`` is the kind of station it ends a spell at; ``cbs_code`` the CBS reason of ending or
    empty; ``ijw_codes`` the message codes that mean it, as ``JZ588/31`` (list and code).
    """

    id: str
    kind: str
    cbs_code: str
    ijw_codes: tuple[str, ...]
    name_nl: str
    name_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Priority:
    """A class of a waiting list; ``order`` 1 is helped first."""

    id: str
    order: int
    name_nl: str
    name_en: str
    source: str


@cache
def forms() -> tuple[Form, ...]:
    """Give the eight care forms, in their order.

    Examples
    --------
    >>> [form.slug for form in forms() if form.with_stay]
    ['foster-care', 'family-home', 'secure-care', 'residential']
    """
    columns = ["code", "slug", "name_nl", "name_en", "with_stay", "order", "scale", "figures_name"]

    def make(row: dict[str, str]) -> Form:
        rest = row | {"with_stay": yes_or_no(row["with_stay"]), "order": int(row["order"])}
        return Form(**rest)  # type: ignore[arg-type]

    found = read_entries("forms.csv", columns, make, key=["code"])
    return tuple(sorted(found, key=lambda form: form.order))


@cache
def _forms() -> dict[str, Form]:
    return {name: form for form in forms() for name in (form.code, form.slug)}


def form(name: str) -> Form:
    """Give a care form by its code or its slug.

    Raises
    ------
    StelselError
        When there is no such form.

    Examples
    --------
    >>> form("02") == form("ambulatory")
    True
    """
    return look_up(_forms(), name, "care form", "hulpvorm")


@cache
def norms() -> tuple[Norm, ...]:
    """Give all norms.

    Examples
    --------
    >>> sorted({norm.kind for norm in norms()})
    ['agreement', 'law', 'own-choice']
    """
    columns = [
        *("id", "name_nl", "name_en", "limit", "unit", "kind", "applies_to"),
        *("moved", "valid_from", "valid_to"),
    ]

    def make(row: dict[str, str]) -> Norm:
        told = {"limit": int(row["limit"]), "moved": yes_or_no(row["moved"])}
        return Norm(**row | told | period(row))  # type: ignore[arg-type]

    return read_entries("norms.csv", columns, make, key=["id"])


@cache
def _norms() -> dict[str, Norm]:
    return {norm.id: norm for norm in norms()}


def norm(name: str) -> Norm:
    """Give a norm by its id.

    Raises
    ------
    StelselError
        When there is no such norm.

    Examples
    --------
    >>> norm("ijw-start").limit, norm("ijw-start").unit
    (5, 'working_days')
    """
    return look_up(_norms(), name, "norm", "norm")


@cache
def _all_stations() -> tuple[Station, ...]:
    columns = [
        *("id", "kind", "subject", "form", "owner", "cbs_code", "ijw_categories", "scale", "norm"),
        *("name_nl", "name_en", "valid_from", "valid_to"),
    ]

    def make(row: dict[str, str]) -> Station:
        categories = {"ijw_categories": parts(row["ijw_categories"])}
        return Station(**row | period(row) | categories)  # type: ignore[arg-type]

    refers = {
        "form": [form.slug for form in forms()],
        "norm": [norm.id for norm in norms()],
    }
    return read_entries("stations.csv", columns, make, key=["id"], refers=refers)


def stations(kind: str | None = None, on: date | None = None) -> tuple[Station, ...]:
    """Give the stations, in the order of their table.

    Parameters
    ----------
    kind
        Only those of this kind.
    on
        Only those that exist on this day.

    Examples
    --------
    >>> len(stations(kind="wait")), len(stations(kind="care"))
    (8, 8)
    """
    return tuple(
        station
        for station in _all_stations()
        if (kind is None or station.kind == kind)
        and (
            on is None
            or (
                (station.valid_from is None or station.valid_from <= on)
                and (station.valid_to is None or on <= station.valid_to)
            )
        )
    )


@cache
def _stations() -> dict[str, Station]:
    return {station.id: station for station in _all_stations()}


def station(name: str) -> Station:
    """Give a station by its id.

    Raises
    ------
    StelselError
        When there is no such station.

    Examples
    --------
    >>> station("wait-ambulatory").form
    'ambulatory'
    """
    return look_up(_stations(), name, "station", "halte")


@cache
def referrers() -> tuple[Referrer, ...]:
    """Give the kinds of referrers.

    Examples
    --------
    >>> [referrer.code for referrer in referrers()]
    ['01', '02', '03', '04', '05', '06', '08']
    """
    columns = ["code", "slug", "name_nl", "name_en", "figures_name"]
    return read_entries("referrers.csv", columns, lambda row: Referrer(**row), key=["code"])


@cache
def _referrers() -> dict[str, Referrer]:
    return {name: one for one in referrers() for name in (one.code, one.slug)}


def referrer(name: str) -> Referrer:
    """Give a kind of referrer by its code or its slug.

    Raises
    ------
    StelselError
        When there is no such referrer.

    Examples
    --------
    >>> referrer("02").name_nl
    'Huisarts'
    """
    return look_up(_referrers(), name, "referrer", "verwijzer")


@cache
def _all_exits() -> tuple[Exit, ...]:
    columns = ["id", "kind", "cbs_code", "ijw_codes", "name_nl", "name_en"]

    def make(row: dict[str, str]) -> Exit:
        return Exit(**row | {"ijw_codes": parts(row["ijw_codes"])})  # type: ignore[arg-type]

    return read_entries("exits.csv", columns, make, key=["id", "kind"])


def exits(kind: str | None = None) -> tuple[Exit, ...]:
    """Give the ways a spell can end; the same id may end a wait and end care.

    Parameters
    ----------
    kind
        Only those that end a spell at a station of this kind.

    Examples
    --------
    >>> {exit.id for exit in exits("wait")} & {exit.id for exit in exits("care")} == {
    ...     "died", "other-provider", "other-domain", "aged-out"}
    True
    """
    return tuple(exit_ for exit_ in _all_exits() if kind is None or exit_.kind == kind)


@cache
def _exits_by_code() -> dict[tuple[str, str], Exit]:
    found: dict[tuple[str, str], Exit] = {}
    for exit_ in _all_exits():
        for code in exit_.ijw_codes:
            found.setdefault((exit_.kind, code), exit_)
    return found


def exit_of(kind: str, ijw_code: str) -> Exit | None:
    """Give the exit that a message code means, or None where it means none.

    Parameters
    ----------
    kind
        Kind of the station that is left: ``wait`` or ``care``.
    ijw_code
        Code list and code, as ``JZ588/31``.

    Examples
    --------
    >>> exit_of("care", "JZ588/31").id
    'planned'
    >>> exit_of("care", "JZ002/04") is None   # an extension ends nothing
    True
    """
    return _exits_by_code().get((kind, ijw_code))


@cache
def priorities() -> tuple[Priority, ...]:
    """Give the classes of a waiting list, first helped first.

    Examples
    --------
    >>> [priority.id for priority in priorities()]
    ['crisis', 'protection', 'complex', 'regular']
    """

    def make(row: dict[str, str]) -> Priority:
        return Priority(**row | {"order": int(row["order"])})  # type: ignore[arg-type]

    found = read_entries("priorities.csv", ["id", "order", "name_nl", "name_en"], make, key=["id"])
    return tuple(sorted(found, key=lambda one: one.order))


@cache
def _priorities() -> dict[str, Priority]:
    return {one.id: one for one in priorities()}


def priority(name: str) -> Priority:
    """Give a class of a waiting list by its id.

    Raises
    ------
    StelselError
        When there is no such class.

    Examples
    --------
    >>> priority("crisis").order
    1
    """
    return look_up(_priorities(), name, "priority", "urgentie")
