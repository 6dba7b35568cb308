"""Recovery through files: what is estimated from the files of a made-up region, beside its plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from stelsel.register.births import births_of
from stelsel.register.recovery.files import Written, write_files
from stelsel.register.recovery.plan import made_up_plan
from stelsel.register.register import Register
from stelsel.twin.country.baseline import baseline
from stelsel.twin.examination.check import Check, number, percent
from stelsel.twin.fitting.estimate import Estimate, off, truth
from stelsel.twin.fitting.region import fit_region
from stelsel.twin.plans.plan import Plan
from stelsel.twin.runs.run import run

Progress = Callable[[int, int], None]

REGION = "JZ15"
LAST = date(2021, 12, 31)
WINDOW, BEFORE = 3, 3
"""Years that are estimated on, and years of files before them, that tell who came back."""
STEPS = 4
ERRORS = 2.0
WANTED = 0.9


@dataclass(frozen=True, slots=True)
class Recovered:
    """What the files of one made-up region gave back.

    ``off`` says of each estimate how many standard errors it is from the plan's value.
    """

    plan: Plan
    first: date
    last: date
    written: Written
    estimates: tuple[Estimate, ...]
    off: npt.NDArray[np.float64]

    @property
    def near(self) -> int:
        """How many estimates are within two standard errors."""
        return int((np.abs(self.off) <= ERRORS).sum())

    def rows(self) -> list[dict[str, object]]:
        """Give each estimate beside the plan's own value and the usual one, for a table."""
        usual = baseline()
        return [
            {
                "name": one.name,
                "usual": truth(usual, one.name, self.first, self.last),
                "plan": truth(self.plan, one.name, self.first, self.last),
                "value": float(one.value),
                "error": float(one.error),
                "off": float(z),
                "seen": one.seen,
            }
            for one, z in zip(self.estimates, self.off, strict=True)
        ]


def recover(
    folder: Path,
    seed: int = 1,
    size: float = 0.5,
    region: str = REGION,
    progress: Progress | None = None,
) -> Recovered:
    """Run a made-up region, write its files, take them into a register and estimate its plan.

    Parameters
    ----------
    folder
        An empty folder, for files and register.
    seed
        Decides the plan and the run.
    size
        Factor on the numbers of children of the region.
    region
        Whose municipalities and shares of the country are used.
    progress
        Called with the number of steps done and to do.
    """
    told = progress or (lambda _done, _of: None)
    first = date(LAST.year - WINDOW + 1, 1, 1)
    plan = made_up_plan(baseline(), size, seed)
    begin = date(first.year - BEFORE, 1, 1)
    happened = run(plan, region, WINDOW + BEFORE, seed, begin)
    told(1, STEPS)
    register = Register.create(folder / "register")
    written = write_files(happened, folder / "files", register)
    told(2, STEPS)
    register.ingest(folder / "files")
    told(3, STEPS)
    births = births_of(register.events())
    # The plan that is estimated on is the usual one: nothing of the region's own is known.
    estimates = fit_region(register.spells(), region, first, LAST, baseline(), births)
    told(4, STEPS)
    return Recovered(plan, first, LAST, written, estimates, off(estimates, plan, first, LAST))


def through_files(
    seeds: Sequence[int] = (1,), size: float = 0.5, progress: Progress | None = None
) -> list[Check]:
    """Check that the files of made-up regions give back their parameters.

    Parameters
    ----------
    seeds
        One region each.
    size
        As in :func:`recover`.
    progress
        Called with the number of steps done and to do, of all regions.
    """
    found = []
    for n, seed in enumerate(seeds):
        with TemporaryDirectory() as place:

            def told(done: int, of: int, before: int = n) -> None:
                if progress:
                    progress(before * of + done, len(seeds) * of)

            found.append(recover(Path(place), seed, size, progress=told))
    return [check_of(found)]


def check_of(found: Sequence[Recovered]) -> Check:
    """Say how many parameters were given back, and whether the standard errors are honest."""
    z = np.concatenate([one.off for one in found])
    near, share = sum(one.near for one in found), float((np.abs(z) <= ERRORS).mean())
    messages = number(sum(one.written.messages for one in found), 0)
    others = [sum(getattr(one.written, name) for one in found) for name in ("deliveries", "steps")]
    mean, spread = number(float(z.mean()), 2), number(float(z.std()), 2)
    return Check(
        "recovery",
        "Uit de bestanden van een verzonnen regio (berichten, leveringen aan CBS, stappen), "
        "gelezen in een register: minstens negen op de tien parameters binnen twee standaardfouten",
        "From the files of a made-up region (messages, deliveries to CBS, steps), read into a "
        "register: at least nine in ten parameters within two standard errors",
        f"{near} van {len(z)} ({percent(share)[0]}); afwijking in standaardfouten gemiddeld "
        f"{mean[0]}, spreiding {spread[0]}; {messages[0]} berichten, {others[0]} leveringen, "
        f"{others[1]} stappen",
        f"{near} of {len(z)} ({percent(share)[1]}); off by {mean[1]} standard errors on average, "
        f"spread {spread[1]}; {messages[1]} messages, {others[0]} deliveries, {others[1]} steps",
        share >= WANTED,
    )
