"""Where numbers on the screen come from, how exact they are, and until when anything is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from stelsel.cli.options import day_words

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "source": "Bron: register {name}, {known}.",
        "now": "alles wat nu bekend is",
        "then": "zoals bekend op {day}",
        "made_up": "Verzonnen jeugdigen: exacte aantallen.",
        "exact": "INTERN: exacte aantallen van echte jeugdigen; deze inzage is vastgelegd.",
        "protected": "Aantallen afgerond op 5; een punt is een verborgen getal: minder dan 10, of "
        "een getal dat dat zou verraden.",
        "after": "Let op: van na {day} is hier niets bekend.",
        "run": "Bron: simulatie {name}, één run zonder trekking; de band over de runs staat in "
        "summary.csv en de aannames staan in plan.csv, in dezelfde map.",
    },
    "en": {
        "source": "Source: register {name}, {known}.",
        "now": "all that is known now",
        "then": "as known on {day}",
        "made_up": "Made-up children: exact numbers.",
        "exact": "INTERNAL: exact numbers of real children; this look has been logged.",
        "protected": "Counts rounded to 5; a point is a hidden number: under 10, or one that "
        "would give such a number away.",
        "after": "Mind: nothing after {day} is known here.",
        "run": "Source: simulation {name}, one run without draws; the band over the runs is in "
        "summary.csv and the assumptions are in plan.csv, in the same folder.",
    },
}


def origin(
    name: str,
    known_on: date | None = None,
    *,
    made_up: bool,
    internal: bool = False,
    lang: str = "nl",
    what: str = "register",
) -> tuple[str, str]:
    """Say where numbers come from, and how exact they are.

    Parameters
    ----------
    name
        Name of the register, or of the run.
    known_on
        The day whose knowledge they come from; None for all that is known now.
    made_up, internal
        As in :func:`stelsel.disclosure.protect`.
    lang
        Language.
    what
        ``register`` or ``run``.

    Examples
    --------
    >>> origin("jz07", date(2026, 6, 30), made_up=True)[0]
    'Bron: register jz07, zoals bekend op 30-6-2026.'
    """
    words = _WORDS[lang]
    known = words["now"] if known_on is None else words["then"].format(day=day_words(known_on))
    source = words["run" if what == "run" else "source"].format(name=name, known=known)
    return source, words["made_up" if made_up else "exact" if internal else "protected"]


def nothing_after(day: date, lang: str = "nl") -> str:
    """Say that nothing after a day is known.

    Examples
    --------
    >>> nothing_after(date(2026, 6, 30), "en")
    'Mind: nothing after 30-6-2026 is known here.'
    """
    return _WORDS[lang]["after"].format(day=day_words(day))
