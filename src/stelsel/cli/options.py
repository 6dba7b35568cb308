"""Options that several commands have, and how a wrong value of one is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import typer

from stelsel.errors import Fault, StelselError

Language = Literal["nl", "en"]
LANG = Annotated[str, typer.Option(envvar="STELSEL_LANG", help="Taal: nl of en.")]
JSON = Annotated[bool, typer.Option("--json", help="Regels als JSON, met vaste veldnamen.")]
REGISTER = Annotated[Path, typer.Option(help="Map van het register.")]
REGISTER_OR_RUN = Annotated[
    Path | None, typer.Option("--register", help="Map van het register; dit of --run.")
]
RUN = Annotated[
    Path | None,
    typer.Option("--run", help="Map van een simulatie met --spells; dit of --register."),
]
AS_OF = Annotated[
    str, typer.Option(help="Peildatum jjjj-mm-dd; zonder: de laatste dag van het register.")
]
KNOWN_ON = Annotated[
    str, typer.Option(help="Zoals bekend op jjjj-mm-dd; zonder: alles wat nu bekend is.")
]
DAYS = Annotated[int, typer.Option(help="Lengte van de periode in dagen, tot en met de peildatum.")]
INTERNAL = Annotated[
    bool,
    typer.Option(
        "--internal",
        help="Exacte aantallen, ook van echte kinderen, voor wie dat mag; inzage wordt vastgelegd.",
    ),
]


class Looking(NamedTuple):
    """From which day, with the knowledge of which day, and in which language is looked."""

    as_of: date | None
    known_on: date | None
    lang: Language


def language(lang: str) -> Language:
    """Give the language that ``--lang`` names.

    Raises
    ------
    StelselError
        If texts are not in it.

    Examples
    --------
    >>> language("en")
    'en'
    """
    if lang == "nl":
        return "nl"
    if lang == "en":
        return "en"
    raise StelselError(no_language(lang))


def looking(
    *, as_of: str = "", known_on: str = "", lang: str = "nl", faults: Sequence[Fault] = ()
) -> Looking:
    """Read ``--as-of``, ``--known-on`` and ``--lang``; every fault at once, after those given.

    Raises
    ------
    StelselError
        If there is any.

    Examples
    --------
    >>> looking(as_of="2026-06-30")
    Looking(as_of=datetime.date(2026, 6, 30), known_on=None, lang='nl')
    """
    found = list(faults)
    days: dict[str, date | None] = {}
    for option, text in {"--as-of": as_of, "--known-on": known_on}.items():
        try:
            days[option] = date.fromisoformat(text) if text else None
        except ValueError:
            found.append(no_date(text, option))
    if lang not in ("nl", "en"):
        found.append(no_language(lang))
    if found:
        raise StelselError(found)
    return Looking(days["--as-of"], days["--known-on"], language(lang))


def grouping_of(text: str) -> list[str]:
    """Read ``--by``: names with commas, or ``total`` for none.

    Examples
    --------
    >>> grouping_of("region, form"), grouping_of("total")
    (['region', 'form'], [])
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    return [] if names == ["total"] else names


def day_words(day: date) -> str:
    """Write a day as people do.

    Examples
    --------
    >>> day_words(date(2026, 6, 30))
    '30-6-2026'
    """
    return f"{day.day}-{day.month}-{day.year}"


def day_of(text: str | None, option: str) -> date:
    """Give the day that an option names; today where it is left out.

    Raises
    ------
    StelselError
        If it names no day.

    Examples
    --------
    >>> day_of("2026-06-30", "--on")
    datetime.date(2026, 6, 30)
    """
    if text is None:
        from stelsel.system.calendar import today  # it is slow to load, and seldom asked for

        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StelselError([no_date(text, option)]) from None


def no_date(text: str, option: str) -> Fault:
    """Tell that an option holds no date.

    Examples
    --------
    >>> print(no_date("2026-06-31", "--as-of"))
    --as-of: 2026-06-31 is no date. Write an existing day as yyyy-mm-dd, such as 2026-06-30.
    """
    return Fault(
        f"{text} is no date.",
        option,
        remedy="Write an existing day as yyyy-mm-dd, such as 2026-06-30.",
        what_nl=f"{text} is geen datum.",
        remedy_nl="Schrijf een bestaande dag als jjjj-mm-dd, zoals 2026-06-30.",
    )


def no_language(lang: str) -> Fault:
    """Tell that ``--lang`` names a language that texts are not in.

    Examples
    --------
    >>> print(no_language("fr"))
    --lang: There is no language fr. Choose nl or en.
    """
    return Fault(
        f"There is no language {lang}.",
        "--lang",
        remedy="Choose nl or en.",
        what_nl=f"Er is geen taal {lang}.",
        remedy_nl="Kies nl of en.",
    )
