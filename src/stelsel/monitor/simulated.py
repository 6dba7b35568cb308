"""The spells that a run of the twin leaves in its folder, to be looked at as a register is.

The folder is that of ``stelsel simulate --out FOLDER --spells``: ``manifest.json`` says what was
run, ``spells.parquet`` holds what happened in the run without draws (replication 0).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stelsel import spells as spell
from stelsel.errors import Fault, StelselError, refused
from stelsel.monitor.simulated_posts import posts_of

MANIFEST, SPELLS, STAFF = "manifest.json", "spells.parquet", "staff.parquet"


@dataclass(frozen=True)
class Simulated:
    """A run of the twin as its folder tells it; made by :func:`simulated`.

    Parameters
    ----------
    folder
        The folder.
    last_day
        Last day of the run.
    made_up
        Whether all children are made up: not in a run that began with those of a register.
    seed, replications
        Chance, and how many runs the band of ``summary.csv`` is over.
    """

    folder: Path
    last_day: date
    made_up: bool
    seed: int
    replications: int

    def spells(self, known_on: date | None = None) -> pa.Table:
        """Give the spells, those of posts too; a run knows all that happens in it at once.

        Raises
        ------
        StelselError
            When asked as known on a day, or when the file is no table of spells.
        """
        if known_on is not None:
            raise StelselError(
                "A run is not known bit by bit.",
                where="--known-on",
                remedy="Leave it out, or ask a register.",
                what_nl="Een simulatie wordt niet stukje bij beetje bekend.",
                remedy_nl="Laat dit weg, of vraag het een register.",
            )
        file = self.folder / SPELLS
        try:
            told = spell.check(pq.read_table(file))
            file = self.folder / STAFF
            if not file.is_file():  # the part is off
                return told
            staff = pq.read_table(file)
            if "scenario" in staff.column_names and staff.num_rows:  # spells are of the first
                staff = staff.filter(pc.equal(staff["scenario"], staff["scenario"][0]))
            return pa.concat_tables([told, posts_of(staff)])
        except (OSError, KeyError, pa.ArrowException) as error:
            raise StelselError(
                "The file cannot be read.",
                where=str(file),
                what_nl="Het bestand is niet te lezen.",
            ) from error

    def answers(self, known_on: date | None = None) -> pa.Table:
        """Give the answers of children and parents: none, for nobody is asked."""
        assert known_on is None
        return spell.SCHEMA.empty_table()


def simulated(folder: Path) -> Simulated:
    """Open the folder of a run.

    Raises
    ------
    StelselError
        When it is none, or holds no spells.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> told = {"end": "2021-12-31", "seed": 5, "replications": 1, "register_sha256": None}
    >>> with TemporaryDirectory() as name:
    ...     _ = (Path(name) / MANIFEST).write_text(json.dumps(told))
    ...     pq.write_table(spell.SCHEMA.empty_table(), Path(name) / SPELLS)
    ...     run = simulated(Path(name))
    ...     run.last_day, run.made_up, run.spells().num_rows
    (datetime.date(2021, 12, 31), True, 0)
    """
    told = _manifest(folder / MANIFEST)
    if not (folder / SPELLS).is_file():
        raise StelselError(
            "This run has left no spells.",
            where=str(folder / SPELLS),
            remedy="Run it again with: stelsel simulate --out FOLDER --spells.",
            what_nl="Deze simulatie heeft geen verblijven achtergelaten.",
            remedy_nl="Draai haar opnieuw met: stelsel simulate --out MAP --spells.",
        )
    try:
        return Simulated(
            folder,
            date.fromisoformat(told["end"]),
            told.get("register_sha256") is None,
            int(told["seed"]),
            int(told["replications"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StelselError([_no_run(folder / MANIFEST)]) from error


def _manifest(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text("utf-8"))
    except OSError as error:
        why = refused(error), refused(error, "nl")
        raise StelselError([_no_run(file, *why)]) from error
    except ValueError as error:
        raise StelselError([_no_run(file)]) from error
    if not isinstance(told, dict):
        raise StelselError([_no_run(file)])
    return told


def _no_run(file: Path, why: str = "", why_nl: str = "") -> Fault:
    return Fault(
        f"This is not the folder of a run{': ' + why if why else ''}.",
        str(file),
        remedy="Make one with: stelsel simulate --out FOLDER --spells.",
        what_nl=f"Dit is geen map van een simulatie{': ' + why_nl if why_nl else ''}.",
        remedy_nl="Maak er een met: stelsel simulate --out MAP --spells.",
    )
