"""A look into a register as a command makes it: on a day, as known on a day, and logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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

    from stelsel.disclosure.sheets import Sheet
    from stelsel.monitor.simulated import Simulated
    from stelsel.register import Register


@dataclass(frozen=True)
class Look:
    """An opened register, or run of the twin, and what is asked of it.

    Parameters
    ----------
    kept
        The register or the run.
    as_of
        The day of looking.
    known_on
        As known on this day; None for all that is known now.
    internal
        Whether exact numbers of real children are asked for.
    lang
        Language of the screen.
    """

    kept: Register | Simulated
    as_of: date
    known_on: date | None
    internal: bool
    lang: Language

    @property
    def register(self) -> Register:
        """The register that is looked into; for questions that a run cannot answer."""
        from stelsel.register import Register

        assert isinstance(self.kept, Register)
        return self.kept

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

    def with_terms(self, norms: Sequence[str]) -> pa.Table:
        """Give the spells with the terms of norms among them; a run tells no steps and births."""
        from stelsel.monitor.clocks.indicators import with_terms

        if not norms or self.is_run:
            return with_terms(self.spells, self.as_of, norms)
        marks, births = self.register.marks(self.known_on), self.register.births(self.known_on)
        return with_terms(self.spells, self.as_of, norms, marks, births)

    @cached_property
    def answers(self) -> pa.Table:
        """The answers of children and parents, as known on the day."""
        return self.kept.answers(known_on=self.known_on)

    def before(self, tables: Mapping[str, pa.Table]) -> list[Sheet]:
        """Give what left this register before and counts what these tables count."""
        from stelsel.disclosure import earlier

        return [] if self.exact else earlier(self.kept.folder, list(tables.items()))

    def leaving(self, rows: pa.Table, what: str = "waiting") -> pa.Table:
        """Give rows with a column ``as_of`` as they may leave, with names beside the codes."""
        from stelsel.monitor import for_readers

        return for_readers(
            rows,
            subject=what,
            before=self.before({what: rows}),
            known_on=self.known_on,
            made_up=self.made_up,
            internal=self.internal,
            lang=self.lang,
        )

    def through(self, what: str) -> Callable[[pa.Table], pa.Table]:
        """Give the door for a table: it protects it as it may leave; see ``disclosure``."""
        from stelsel.disclosure import protect

        return lambda rows: protect(
            rows,
            made_up=self.made_up,
            internal=self.internal,
            subject=what,
            before=self.before({what: rows}),
        )

    def log_access(self, what: str, asked: Mapping[str, Any]) -> None:
        """Write in the access log that exact numbers are looked at, if they are."""
        from stelsel.register.access import log_access

        if self.internal:
            log_access(self.kept.folder, what, asked=asked)

    def log_release(self, what: str, rows: pa.Table, asked: Mapping[str, Any]) -> None:
        """Write in the release log that rows leave."""
        from stelsel.disclosure import log_release

        if self.is_run and self.made_up:
            return  # nobody is in it, and its folder may be one to read only
        log_release(
            self.kept.folder,
            what,
            rows,
            asked=asked,
            made_up=self.made_up,
            internal=self.internal,
        )

    @property
    def is_run(self) -> bool:
        """Whether it is a run of the twin that is looked into."""
        from stelsel.monitor.simulated import Simulated

        return isinstance(self.kept, Simulated)

    def foot(self) -> list[str]:
        """Say at the foot of a table where it comes from and how exact it is."""
        return list(
            origin(
                self.kept.folder.name,
                self.known_on,
                made_up=self.made_up,
                internal=self.internal,
                lang=self.lang,
                what="run" if self.is_run else "register",
            )
        )


def look(
    register: Path | None,
    as_of: str,
    known_on: str,
    internal: bool,
    lang: str,
    faults: Sequence[Fault] = (),
    run: Path | None = None,
) -> Look:
    """Open a register, or a run of the twin, to look into it; a day after its last is remarked on.

    Raises
    ------
    StelselError
        With the ``faults`` of other options, and when a day is none, there is no such language, or
        not one of register and run is named; else when the folder is none or empty.
    """
    wrong = [*faults, *([_neither_or_both()] if (register is None) == (run is None) else [])]
    asked = looking(as_of=as_of, known_on=known_on, lang=lang, faults=wrong)
    kept = _opened(register, run)
    horizon = min(filter(None, (kept.last_day, asked.known_on)))
    looked = asked.as_of or horizon
    if looked > horizon:
        notes.print(nothing_after(horizon, asked.lang))
    return Look(kept, looked, asked.known_on, internal, asked.lang)


def _opened(register: Path | None, run: Path | None) -> Register | Simulated:
    from stelsel.monitor.simulated import simulated
    from stelsel.register import Register

    if run is not None:
        return simulated(run)
    assert register is not None
    return Register.open(register)


def _neither_or_both() -> Fault:
    return Fault(
        "It is not said whether to look into a register or into a run.",
        "--register, --run",
        remedy="Give one of the two.",
        what_nl="Er staat niet bij of het om een register of een simulatie gaat.",
        remedy_nl="Geef een van beide.",
    )
