"""The register: a folder that keeps events and gives spells."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from stelsel.errors import Fault, StelselError
from stelsel.ijw import Received, read
from stelsel.ijw.outside import Outside
from stelsel.register.access import log_access
from stelsel.register.arrivals import Paths
from stelsel.register.asking import Asking
from stelsel.register.checking import checked, see
from stelsel.register.forgetting import Forgetting, forget
from stelsel.register.ingest import Ingest, Outcome, Progress
from stelsel.register.key import Pseudonyms, key_file, make_key, read_key, refuse_open_key
from stelsel.register.marks import case_key
from stelsel.register.own_forms import keep_codes
from stelsel.register.quarantine import Quarantine
from stelsel.register.soundness import faults_of
from stelsel.register.store import refuse_unusable
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


class Register(Asking):
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
        super().__init__(folder)
        self._key_check = key_check
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
        """Take messages and deliveries in; both that it begins and what came of it are logged.

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
            When a path does not exist or holds no messages, when the key is missing, readable
            by others, or not the key of this register, or when the log cannot be written.
        """
        ingest = Ingest(self.folder, self._pseudonyms(), lang)
        # Before, so that nothing goes in that is not logged; and after, to tell what came of it.
        log_access(self.folder, "ingest")
        outcome = ingest.run(paths, progress)
        log_access(self.folder, "ingested", asked=asdict(outcome))
        return outcome

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

    def case_keys(self, organisation: str, numbers: Iterable[str]) -> list[str]:
        """Give the keys under which worklists show an organisation's own cases; needs the key.

        Parameters
        ----------
        organisation
            Its code, as it tells its steps.
        numbers
            Its own numbers of the cases.
        """
        names = self.pseudonyms_of(f"case/{organisation}/{number}" for number in numbers)
        return [case_key(organisation, name) for name in names]

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

    def faults(self) -> list[Fault]:
        """Look whether the register is sound, and tell all that is not; none is sound."""
        return faults_of(self.folder, self._key_check)

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
