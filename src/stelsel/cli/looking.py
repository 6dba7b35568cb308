"""A look into a register as a command makes it: on a day, as known on a day, and logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stelsel.cli.options import Language, looking
from stelsel.cli.origin import nothing_after, origin
from stelsel.cli.output import notes
from stelsel.errors import Fault

if TYPE_CHECKING:
    import pyarrow as pa

    from stelsel.register import Register


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
        return list(
            origin(
                self.kept.folder.name,
                self.known_on,
                made_up=self.made_up,
                internal=self.internal,
                lang=self.lang,
            )
        )


def look(
    register: Path,
    as_of: str,
    known_on: str,
    internal: bool,
    lang: str,
    faults: Sequence[Fault] = (),
) -> Look:
    """Open a register to look into it; a day after its last is remarked on.

    Raises
    ------
    StelselError
        With the ``faults`` of other options, and when a day is none or there is no such language;
        else when the folder is no register or empty.
    """
    from stelsel.register import Register

    asked = looking(as_of=as_of, known_on=known_on, lang=lang, faults=faults)
    kept = Register.open(register)
    horizon = min(filter(None, (kept.last_day, asked.known_on)))
    looked = asked.as_of or horizon
    if looked > horizon:
        notes.print(nothing_after(horizon, asked.lang))
    return Look(kept, looked, asked.known_on, internal, asked.lang)
