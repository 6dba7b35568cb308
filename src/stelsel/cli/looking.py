"""A look into a register as a command makes it: on a day, as known on a day, and logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stelsel.cli.options import Language, language
from stelsel.cli.output import notes
from stelsel.cli.waiting import dates_of, day_words

if TYPE_CHECKING:
    import pyarrow as pa

    from stelsel.register import Register

REGISTER = Annotated[Path, typer.Option(help="Map van het register.")]
AS_OF = Annotated[
    str, typer.Option(help="Peildatum jjjj-mm-dd; zonder: de laatste dag van het register.")
]
KNOWN_ON = Annotated[
    str, typer.Option(help="Zoals bekend op jjjj-mm-dd; zonder: alles wat nu bekend is.")
]
INTERNAL = Annotated[
    bool,
    typer.Option(
        "--internal",
        help="Exacte aantallen, ook van echte kinderen, voor wie dat mag; inzage wordt vastgelegd.",
    ),
]
_WORDS = {
    "nl": {
        "source": "Bron: register {register}, {known}.",
        "now": "alles wat nu bekend is",
        "then": "zoals bekend op {day}",
        "made_up": "Verzonnen jeugdigen: exacte aantallen.",
        "exact": "INTERN: exacte aantallen van echte jeugdigen; deze inzage is vastgelegd.",
        "protected": "Aantallen afgerond op 5; een punt is een verborgen getal.",
        "after": "Let op: van na {day} is hier niets bekend.",
    },
    "en": {
        "source": "Source: register {register}, {known}.",
        "now": "all that is known now",
        "then": "as known on {day}",
        "made_up": "Made-up children: exact numbers.",
        "exact": "INTERNAL: exact numbers of real children; this look has been logged.",
        "protected": "Counts rounded to 5; a point is a hidden number.",
        "after": "Mind: nothing after {day} is known here.",
    },
}


@dataclass(frozen=True)
class Look:
    """An opened register and what is asked of it.

    Parameters
    ----------
    kept
        The register.
    as_of
        The day of looking.
    known_on
        As known on this day; None for all that is known now.
    internal
        Whether exact numbers of real children are asked for.
    lang
        Language of the screen.
    """

    kept: Register
    as_of: date
    known_on: date | None
    internal: bool
    lang: Language

    @property
    def exact(self) -> bool:
        """Whether exact numbers may be shown."""
        return self.made_up or self.internal

    @cached_property
    def made_up(self) -> bool:
        """Whether all children of the register are made up."""
        return self.kept.made_up

    @cached_property
    def spells(self) -> pa.Table:
        """The spells, as known on the day."""
        return self.kept.spells(known_on=self.known_on)

    def leaving(self, rows: pa.Table) -> pa.Table:
        """Give rows with a column ``as_of`` as they may leave, with names beside the codes."""
        from stelsel.monitor import for_readers

        return for_readers(
            rows,
            known_on=self.known_on,
            made_up=self.made_up,
            internal=self.internal,
            lang=self.lang,
        )

    def log_access(self, what: str, asked: Mapping[str, Any]) -> None:
        """Write in the access log that exact numbers are looked at, if they are."""
        from stelsel.register.access import log_access

        if self.internal:
            log_access(self.kept.folder, what, asked=asked)

    def log_release(self, what: str, rows: pa.Table, asked: Mapping[str, Any]) -> None:
        """Write in the release log that rows leave."""
        from stelsel.disclosure import log_release

        log_release(
            self.kept.folder,
            what,
            rows,
            asked=asked,
            made_up=self.made_up,
            internal=self.internal,
        )

    def foot(self) -> list[str]:
        """Say at the foot of a table where it comes from and how exact it is."""
        words = _WORDS[self.lang]
        day = self.known_on
        known = words["now"] if day is None else words["then"].format(day=day_words(day))
        exactness = "made_up" if self.made_up else "exact" if self.internal else "protected"
        return [
            words["source"].format(register=self.kept.folder.name, known=known),
            words[exactness],
        ]


def look(register: Path, as_of: str, known_on: str, internal: bool, lang: str) -> Look:
    """Open a register to look into it; a day after its last is remarked on.

    Raises
    ------
    StelselError
        When a day is none, there is no such language, or the folder is no register or empty.
    """
    from stelsel.register import Register

    words = language(lang)
    looked, known = dates_of(as_of, known_on)
    kept = Register.open(register)
    horizon = min(filter(None, (kept.last_day, known)))
    looked = looked or horizon
    if looked > horizon:
        notes.print(_WORDS[words]["after"].format(day=day_words(horizon)))
    return Look(kept, looked, known, internal, words)
