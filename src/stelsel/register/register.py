"""The register: a folder that keeps events and gives spells."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import ibis
import pyarrow as pa
from ibis import _

from stelsel.errors import Fault, StelselError
from stelsel.events import SCHEMA
from stelsel.ijw import Received, read
from stelsel.ijw.outside import Outside
from stelsel.register.arrivals import Paths
from stelsel.register.checking import checked, see, verdicts
from stelsel.register.forgetting import Forgetting, forget
from stelsel.register.ingest import Ingest, Outcome, Progress
from stelsel.register.key import Pseudonyms, key_file, make_key, read_key, refuse_open_key
from stelsel.register.objections import Objections
from stelsel.register.own_forms import keep_codes, kept_codes
from stelsel.register.product_codes import CodeUse, code_use
from stelsel.register.quality import Quality, quality
from stelsel.register.quarantine import Quarantine
from stelsel.register.revisions import HALVES, REVISIONS, WEEKS, revisions
from stelsel.register.soundness import faults_of
from stelsel.register.steps import RENEWAL_GAP
from stelsel.register.store import Events, known_by, refuse_unusable
from stelsel.register.together import all_spells
from stelsel.system.calendar import today
from stelsel.system.own_codes import OwnCodes

MARK = "register.json"
"""The file by which a folder is known as a register."""
FORMAT = "stelsel register"
VERSION = 4
_MEANT = (
    f"a register is a folder with {MARK}, events/ (a Delta table) and quarantine/, made by "
    "`stelsel ingest` or Register.create"
)
_MEANT_NL = (
    f"een register is een map met {MARK}, events/ (een Delta-tabel) en quarantine/, gemaakt door "
    "`stelsel ingest` of Register.create"
)


class Register:
    """A register that exists; :meth:`create` makes one, :meth:`open` opens one.

    Parameters
    ----------
    folder
        Its folder.
    key_check
        By which its key is recognised.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     register = Register.create(Path(folder) / "register")
    ...     register.version, register.spells().num_rows
    (0, 0)
    """

    def __init__(self, folder: Path, key_check: str) -> None:
        self.folder = folder
        self._key_check = key_check
        self._store = Events(folder)
        self._quarantine = Quarantine(folder)

    @classmethod
    def create(cls, folder: str | os.PathLike[str]) -> Register:
        """Make an empty register, and a key for it outside its folder if there is none yet.

        Parameters
        ----------
        folder
            A folder that does not exist or is empty.

        Raises
        ------
        StelselError
            When the folder is not empty or a file, when its path has a character with which no
            table can be kept, or when the key that is there cannot be used.
        """
        place = Path(folder)
        refuse_unusable(place)
        if place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise StelselError(
                "There is something here already; a register needs a folder of its own.",
                where=str(place),
                rule=_MEANT,
                remedy="Name a folder that does not exist, or open the register that is there.",
                what_nl="Hier staat al iets; een register heeft een eigen map nodig.",
                rule_nl=_MEANT_NL,
                remedy_nl="Noem een map die niet bestaat, of open het register dat er al is.",
            )
        pseudonyms = make_key(key_file(place))
        place.mkdir(parents=True, exist_ok=True)
        register = cls(place, pseudonyms.check)
        register._store.create()
        register._quarantine.create()
        # The mark comes last: a folder in which this broke off is not taken for a register.
        mark = {"format": FORMAT, "version": VERSION, "key_check": pseudonyms.check}
        (place / MARK).write_text(json.dumps(mark, indent=1) + "\n", "utf-8")
        return register

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> Register:
        """Open a register.

        The key is not needed to read what is there; but if it is there, it may not be readable
        by others.

        Raises
        ------
        StelselError
            When the folder is not a register, is one of another version, when its path has a
            character with which no table can be kept, or when others than its owner can read the
            key.
        """
        place = Path(folder)
        refuse_unusable(place)
        try:
            mark = json.loads((place / MARK).read_text("utf-8"))
            version = mark["version"]
            known = mark["format"] == FORMAT and isinstance(mark["key_check"], str)
        except (OSError, ValueError, TypeError, KeyError):
            known = False
        if not known or not (place / "events").is_dir():
            what, what_nl = (
                ("This is not a register.", "Dit is geen register.")
                if place.exists()
                else ("There is no register here.", "Hier is geen register.")
            )
            raise StelselError(
                what,
                where=str(place),
                rule=_MEANT,
                remedy="Name the folder that messages were taken into.",
                what_nl=what_nl,
                rule_nl=_MEANT_NL,
                remedy_nl="Noem de map waarin berichten zijn opgenomen.",
            )
        if version != VERSION:
            raise StelselError(
                f"The register has version {version}, which is not known.",
                where=str(place / MARK),
                rule=f"this program reads version {VERSION}",
                remedy="Use the program that made it, or a newer one.",
                what_nl=f"Het register heeft versie {version}, die niet bekend is.",
                rule_nl=f"dit programma leest versie {VERSION}",
                remedy_nl="Gebruik het programma dat het maakte, of een nieuwer.",
            )
        refuse_open_key(key_file(place))
        return cls(place, mark["key_check"])

    def ingest(self, paths: Paths, progress: Progress | None = None, lang: str = "nl") -> Outcome:
        """Take messages in.

        Parameters
        ----------
        paths
            Files, folders and zip archives.
        progress
            Is told how many messages more have been looked at.
        lang
            Language of the reasons in the quarantine, ``nl`` or ``en``.

        Returns
        -------
        Outcome
            How many messages were read, new, known and set aside.

        Raises
        ------
        StelselError
            When a path does not exist or holds no messages, or when the key is missing, readable
            by others, or not the key of this register.
        """
        return Ingest(self.folder, self._pseudonyms(), lang).run(paths, progress)

    def check(
        self, paths: Paths, outside: Outside | None = None, lang: str = "nl", workers: int = 1
    ) -> Iterator[Received]:
        """Check messages at all levels, against what the register knows; takes nothing in.

        Parameters
        ----------
        paths
            Files, folders and zip archives. All messages are held in memory at once.
        outside
            What lies outside the traffic (level 4); without it the clock and the national lists.
            Own product codes are those that the register keeps, unless it brings others.
        lang
            Language of the findings, ``nl`` or ``en``.
        workers
            How many processes read the files.

        Returns
        -------
        iterator of Received
            One per message, with the findings of levels 1 to 4. Levels 3 and 4 are looked at only
            where levels 1 and 2 have found nothing. The messages are judged together with those of
            the register, in the order of their senders, not that in which they arrive.

        Raises
        ------
        StelselError
            When a path does not exist or holds no messages, or when the key is missing, readable
            by others, or not the key of this register.
        """
        pseudonyms = self._pseudonyms()
        outside = Outside(today()) if outside is None else outside
        if outside.own_codes is None:
            outside = replace(outside, own_codes=self.own_codes)
        look = partial(see, pseudonym=pseudonyms, outside=outside)
        return checked(read(paths, lang, workers, then=look), self._store, lang)

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
        con = ibis.duckdb.connect()
        return verdicts(known_by(self._store.read(con), known_on))

    def _pseudonyms(self) -> Pseudonyms:
        place = key_file(self.folder)
        pseudonyms = read_key(place)
        if pseudonyms.check != self._key_check:
            raise StelselError(
                "This key is not the key of the register: children would get other pseudonyms.",
                where=str(place),
                remedy="Put the key back that was made with the register.",
                what_nl="Deze sleutel is niet die van het register: jeugdigen zouden andere "
                "pseudoniemen krijgen.",
                remedy_nl="Zet de sleutel terug die met het register is gemaakt.",
            )
        return pseudonyms

    def pseudonyms_of(self, numbers: Iterable[str]) -> list[str]:
        """Give the pseudonyms of children by their citizen service numbers; needs the key."""
        return list(map(self._pseudonyms(), numbers))

    def forget(
        self, children: Collection[str], ground: str = "", keep_out: bool = True
    ) -> Forgetting:
        """Take children out of the register, from every version of it.

        Parameters
        ----------
        children
            Their pseudonyms. With none what broke off earlier is finished.
        ground
            Why, for the access log.
        keep_out
            Whether what is told of them later stays out too.

        Raises
        ------
        StelselError
            When the key is missing, readable by others, or not the key of this register.
        """
        return forget(self.folder, self._pseudonyms(), children, ground=ground, keep_out=keep_out)

    @property
    def objections(self) -> frozenset[str]:
        """Pseudonyms of the children whose data may serve their own care only (Jeugdwet 7.3.12)."""
        return Objections(self.folder).children()

    def faults(self) -> list[Fault]:
        """Look whether the register is sound, and tell all that is not; none is sound."""
        return faults_of(self.folder, self._key_check)

    @property
    def version(self) -> int:
        """Number of commits since the register was made."""
        return self._store.version

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
        con = ibis.duckdb.connect()
        known = known_by(self._store.read(con), known_on)
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
        con = ibis.duckdb.connect()
        events = known_by(self._store.read(con), known_on)
        return all_spells(con, events, self.own_codes, gap)

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
        con = ibis.duckdb.connect()
        known = known_by(self._store.read(con), known_on)
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
        con = ibis.duckdb.connect()
        return quality(
            con,
            known_by(self._store.read(con), known_on),
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
        con = ibis.duckdb.connect()
        return code_use(con, known_by(self._store.read(con), known_on), self.own_codes)

    @property
    def own_codes(self) -> OwnCodes:
        """What the own product codes of municipalities stand for; see :meth:`keep_own_codes`."""
        return kept_codes(self.folder)

    def keep_own_codes(self, table: str | os.PathLike[str]) -> OwnCodes:
        """Check a table of own product codes and keep it, in place of the last one.

        From then on :meth:`spells` gives what was told under these codes the form they stand for.

        Parameters
        ----------
        table
            A CSV file as :mod:`stelsel.system.own_codes` describes.

        Raises
        ------
        StelselError
            With every fault of the table; then the last one stays.
        """
        return keep_codes(self.folder, Path(table))

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
