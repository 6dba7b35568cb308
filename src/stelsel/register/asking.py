"""Asking a register: for events, spells, and what was made of what was told.

Nothing here changes the register or needs its key.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel.errors import StelselError
from stelsel.events import SCHEMA
from stelsel.register.answers import answers
from stelsel.register.checking import verdicts
from stelsel.register.marks import births_of, marks_of
from stelsel.register.objections import Objections
from stelsel.register.own_forms import kept_codes
from stelsel.register.product_codes import CodeUse, code_use
from stelsel.register.quality import Quality, quality
from stelsel.register.revisions import HALVES, REVISIONS, WEEKS, revisions
from stelsel.register.steps import RENEWAL_GAP
from stelsel.register.store import Events, known_by
from stelsel.register.together import all_spells
from stelsel.system.own_codes import OwnCodes


class Asking:
    """The asking of a register; :class:`stelsel.register.Register` is one that can do more.

    Parameters
    ----------
    folder
        Its folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from stelsel.register import Register
    >>> with TemporaryDirectory() as folder:
    ...     register = Register.create(Path(folder) / "register")
    ...     register.version, register.events().num_rows
    (0, 0)
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._store = Events(folder)

    @property
    def version(self) -> int:
        """Number of commits since the register was made."""
        return self._store.version

    def _known(self, known_on: date | None) -> tuple[BaseBackend, ir.Table]:
        """Give the events known on a day, and the engine that reads them."""
        con = ibis.duckdb.connect()
        return con, known_by(self._store.read(con), known_on)

    def events(self, known_on: date | None = None) -> pa.Table:
        """Give the events, in the order in which they became known.

        Parameters
        ----------
        known_on
            Only what was known on this day; without it all.

        Returns
        -------
        pa.Table
            Columns of :data:`stelsel.events.SCHEMA`.
        """
        con, known = self._known(known_on)
        return con.to_pyarrow(known.order_by("known", "event")).cast(SCHEMA)

    def spells(self, known_on: date | None = None, gap: int = RENEWAL_GAP) -> pa.Table:
        """Give the spells that follow from the events.

        Parameters
        ----------
        known_on
            As known on this day; without it all that is known.
        gap
            Days between care and a next allocation of the same product that still make it a
            renewal.

        Returns
        -------
        pa.Table
            Columns of :data:`stelsel.spells.SCHEMA`.
        """
        con, events = self._known(known_on)
        return all_spells(con, events, self.own_codes, gap)

    def marks(self, known_on: date | None = None) -> pa.Table:
        """Give the marks that the events tell of: what the clocks of norms run between.

        Parameters
        ----------
        known_on
            As known on this day; without it all that is known.

        Returns
        -------
        pa.Table
            Columns of :data:`stelsel.marks.SCHEMA`.
        """
        con, events = self._known(known_on)
        return marks_of(con, events)

    def births(self, known_on: date | None = None) -> pa.Table:
        """Give the month of birth of each child, as far as told; the year where only that is.

        Parameters
        ----------
        known_on
            As known on this day; without it all that is known.

        Returns
        -------
        pa.Table
            Columns ``child`` and ``birth_month``.
        """
        con, events = self._known(known_on)
        return births_of(con, events)

    def answers(self, known_on: date | None = None) -> pa.Table:
        """Give what children and parents answered about care that ended.

        Parameters
        ----------
        known_on
            As known on this day; without it all that is known.

        Returns
        -------
        pa.Table
            Columns of :data:`stelsel.spells.SCHEMA`; see :mod:`stelsel.register.answers`.
        """
        con, events = self._known(known_on)
        return answers(con, events)

    def revisions(
        self, known_on: date | None = None, *, weeks: int = WEEKS, halves: int = HALVES
    ) -> pa.Table:
        """Count the spells of each half-year as first known, and as known later.

        Parameters
        ----------
        known_on
            As far as known on this day; without it all that is known.
        weeks
            Weeks after the end of a half-year that its first count is taken.
        halves
            The latest so many half-years.

        Returns
        -------
        pa.Table
            Columns of :data:`stelsel.register.revisions.REVISIONS`; exact numbers.
        """
        con, known = self._known(known_on)
        (days,) = con.to_pyarrow(
            known.aggregate(first=_.known.min(), last=_.known.max())
        ).to_pylist()
        if days["last"] is None:
            return REVISIONS.empty_table()
        return revisions(self.spells, days["first"], days["last"], weeks=weeks, halves=halves)

    def quality(self, known_on: date | None = None, *, halves: int = HALVES) -> Quality:
        """Count what is missing, late, loose, unlikely or refused in what was told.

        Parameters
        ----------
        known_on
            As known on this day; without it all that is known.
        halves
            For the revisions: the latest so many half-years.

        Returns
        -------
        Quality
            Exact numbers.
        """
        con, events = self._known(known_on)
        return quality(
            con,
            events,
            self.own_codes,
            self.spells(known_on),
            self.verdicts(known_on),
            self.revisions(known_on, halves=halves),
        )

    def code_use(self, known_on: date | None = None) -> CodeUse:
        """Count which product codes are used, for how much care.

        Parameters
        ----------
        known_on
            As known on this day; without it all that is known.
        """
        con, events = self._known(known_on)
        return code_use(con, events, self.own_codes)

    def verdicts(self, known_on: date | None = None) -> pa.Table:
        """Judge every message in the register at level 3, against all others.

        Parameters
        ----------
        known_on
            As known on this day; without it all that is known.

        Returns
        -------
        pa.Table
            One row a message, in the order of their ids; returns have none. Columns ``message``,
            ``type``, ``known``, ``municipality``, ``provider``; ``rules``, the numbers of what it
            breaks; ``answer``, the return codes of what the receiver refused it for, empty where
            it was accepted and null where no answer is known; ``refused``, whether it counts as
            never sent.
        """
        _, events = self._known(known_on)
        return verdicts(events)

    @property
    def own_codes(self) -> OwnCodes:
        """What the own product codes of municipalities stand for; see :meth:`keep_own_codes`."""
        return kept_codes(self.folder)

    @property
    def objections(self) -> frozenset[str]:
        """Pseudonyms of the children whose data may serve their own care only (Jeugdwet 7.3.12)."""
        return Objections(self.folder).children()

    @property
    def last_day(self) -> date:
        """The last day that an event is about; planned days that lie ahead do not count.

        Raises
        ------
        StelselError
            When the register is empty.
        """
        con = ibis.duckdb.connect()
        last: date | None = con.to_pyarrow(self._store.read(con).about.max()).as_py()
        if last is None:
            raise StelselError(
                "The register is empty.",
                where=str(self.folder),
                remedy="Take messages in first.",
                what_nl="Het register is leeg.",
                remedy_nl="Neem eerst berichten op.",
            )
        return last

    @property
    def made_up(self) -> bool:
        """Whether all children in the register are made up; an empty register has none."""
        con = ibis.duckdb.connect()
        children = self._store.read(con).filter(_.child.notnull())
        return bool(con.to_pyarrow(children.made_up.all()).as_py())
