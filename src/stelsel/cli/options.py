"""Options that several commands have, and how a wrong value of one is told."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import typer

from stelsel.errors import Fault, StelselError

Language = Literal["nl", "en"]
LANG = Annotated[str, typer.Option(envvar="STELSEL_LANG", help="Taal: nl of en.")]
JSON = Annotated[bool, typer.Option("--json", help="Regels als JSON, met vaste veldnamen.")]


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
