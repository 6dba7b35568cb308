"""A register filled by a run of the twin with files of every sort, and that run's own folder.

What the twin does not run through (families, escalation, plans for the future, complaints, staff,
continuity) is told by made-up cases: chance walks over the map. So is what children and parents
answer about care that has ended. It is to try everything on: no number in it means anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

import pyarrow.compute as pc

from stelsel.deliveries.cbs import Delivery, Period, of_spells, write
from stelsel.deliveries.cbs.deriving import people_of
from stelsel.deliveries.cbs.records import YouthCare
from stelsel.deliveries.made_up import Child, made_up_steps
from stelsel.deliveries.process import write as write_steps
from stelsel.register.recovery.files import DELIVERED, write_files
from stelsel.register.recovery.plan import made_up_plan
from stelsel.register.register import Register
from stelsel.system.numbers import made_up_numbers
from stelsel.system.steps import steps
from stelsel.twin.country.baseline import baseline
from stelsel.twin.runs.run import Run, run

REGION = "JZ15"
FIRST = date(2021, 1, 1)
TELLERS = (
    *("municipality", "safety-team", "certified-institution", "foster-care", "expert-team"),
    *("complaints", "health-authority", "employer"),
)
"""Organisations of which the twin runs nothing through."""
CASES, CHILDREN = 40, 30
ANSWERED = 0.4
"""Share of ended care about which somebody answers: an own choice."""
CRISIS = 0.05
"""Share of care that begins with a crisis: an own choice."""
YOUTH_CARE = "cbs-youth-care"


@dataclass(frozen=True, slots=True)
class Filled:
    """A register, and the run that filled it."""

    register: Register
    truth: Run


def fill(folder: Path, size: float = 0.3, years: int = 3, seed: int = 7) -> Filled:
    """Run a made-up region, write every sort of file that it would have, and take them in.

    Parameters
    ----------
    folder
        Where to: ``files``, and ``register``.
    size
        Factor on all that counts children.
    years
        How long.
    seed
        Decides every chance.
    """
    truth = run(made_up_plan(baseline(), size, seed), REGION, years, seed, FIRST)
    register = Register.create(folder / "register")
    write_files(truth, folder / "files", register)
    numbers = made_up_numbers(truth.people().num_rows + CHILDREN)[-CHILDREN:]
    town = truth.spells()["municipality"][0].as_py()
    children = [
        Child(number, f"20{10 + n % 8}-0{1 + n % 9}", "12"[n % 2], town)
        for n, number in enumerate(numbers)
    ]
    rows, _ = made_up_steps(children, FIRST, truth.last, CASES, seed)
    tells = {one.id: one.organisation for one in steps()}
    rows = [row for row in rows if tells[row.step] in TELLERS]
    write_steps(rows, folder / "files" / "steps" / "made-up.parquet")
    register.ingest([folder / "files"])
    _answers(register, folder / "answers", truth.last, seed)
    register.ingest([folder / "answers"])
    return Filled(register, truth)


def _answers(register: Register, folder: Path, last: date, seed: int) -> None:
    """Let each provider deliver the care that ended, with what is answered about some of it."""
    folder.mkdir(parents=True, exist_ok=True)
    spells = register.spells()
    spells = spells.filter(pc.equal(spells["source"], "ijw"))
    people = people_of(register.events(), spells["child"].unique().to_pylist())
    chance = Random(seed)
    for provider in sorted(spells["provider"].unique().to_pylist()):
        period = Period.of(f"{FIRST.year + 1}-H1")
        while period.last + DELIVERED <= last:
            delivery = Delivery(YOUTH_CARE, provider, period, period.last + DELIVERED)
            records = [
                _answered(one, chance)
                for one in of_spells(spells, people, delivery)
                if isinstance(one, YouthCare)
            ]
            if records:
                write(records, delivery, "pseudonymised", folder / f"{provider}-{period}.csv")
            period = period.next


def _answered(record: YouthCare, chance: Random) -> YouthCare:
    """Fill in what no spell tells, as the deliverer has to, and of some care two answers."""
    crisis = "01" if chance.random() < CRISIS else "02"
    record = replace(record, referrer=record.referrer or "01", crisis=crisis)
    if record.end is None or chance.random() > ANSWERED:
        return record
    return replace(
        record,
        satisfaction=chance.randint(4, 10),
        further_help=chance.choice(["01", "02", "03", "04", "04"]),
        informant="01",
        satisfaction_2=chance.randint(4, 10),
        further_help_2=chance.choice(["01", "02", "03", "04", "04"]),
        informant_2="02",
    )
