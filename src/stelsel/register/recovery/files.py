"""The files that a made-up region would have: messages, deliveries for CBS, steps of processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stelsel.deliveries.cbs import Delivery, Period, of_spells, sorts, write
from stelsel.deliveries.process import write as write_steps
from stelsel.ijw.traffic import messages_of, write_traffic
from stelsel.register.recovery.stepped import steps_of, told_by_steps
from stelsel.register.register import Register
from stelsel.system import station
from stelsel.system.numbers import made_up_numbers
from stelsel.twin.runs.run import Run
from stelsel.twin.runs.telling import of_care

DELIVERED = timedelta(days=14)
"""Days after a period on which a delivery is made: an own choice, within the three weeks."""
BY_CBS = ("supervision", "guardianship", "probation")
"""Kinds of stations that certified institutions tell CBS of."""
INSTITUTION = "98{region}9901"
"""AGB code of the made-up certified institution of a region."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many messages, deliveries and steps were written, and of which stations none tells."""

    messages: int
    deliveries: int
    steps: int
    untold: tuple[str, ...]


def write_files(truth: Run, folder: Path, register: Register) -> Written:
    """Write all files that a made-up region would have over a run.

    Messages tell of care and the wait for it; deliveries for CBS of measures and
    probation; steps of all else that steps can tell: Veilig Thuis, board, court and its orders, the
    list of the institution.

    Parameters
    ----------
    truth
        What happened.
    folder
        Where to.
    register
        Which is to take them in: deliveries name a child by its pseudonym there.
    """
    spells, people = truth.spells(), truth.people()
    care = of_care(spells)
    told = messages_of(care, people, seed=truth.seed, until=truth.last)
    messages = sum(write_traffic(told, folder / "messages").values())
    kinds = {name: station(name).kind for name in spells["station"].unique().to_pylist()}
    measures = _at(spells, [name for name, kind in kinds.items() if kind in BY_CBS])
    others = [
        name for name, kind in kinds.items() if kind not in (*BY_CBS, "wait", "care", "access")
    ]
    untold = [name for name in others if not told_by_steps(name)]
    untold += [name for name, kind in kinds.items() if kind == "access"]
    stepped = _at(spells, [name for name in others if name not in untold])
    known = _known(people)
    # What a register could not know yet at the end of the run.
    stepped = _until(stepped, truth.last)
    (folder / "steps").mkdir(parents=True, exist_ok=True)
    rows = steps_of(stepped.to_pylist(), known, truth.where.regions[0], measures.to_pylist())
    rows = [row for row in rows if row.day <= truth.last]
    if rows:
        write_steps(rows, folder / "steps" / "steps.parquet")
    deliveries = _deliver(measures, known, truth, folder / "deliveries", register)
    return Written(messages, deliveries, len(rows), tuple(sorted(untold)))


def _known(people: pa.Table) -> dict[str, dict[str, Any]]:
    """Give number, birth and sex of each child; numbers in the order of messages."""
    rows = people.to_pylist()
    numbers = made_up_numbers(len(rows))
    return {row["child"]: row | {"number": n} for row, n in zip(rows, numbers, strict=True)}


def _at(spells: pa.Table, names: list[str]) -> pa.Table:
    return spells.filter(pc.is_in(spells["station"], pa.array(names, pa.string())))


def _until(spells: pa.Table, last: date) -> pa.Table:
    return spells.filter(pc.less_equal(spells["start"], pa.scalar(last, pa.date32())))


def _deliver(
    measures: pa.Table,
    known: Mapping[str, Mapping[str, Any]],
    truth: Run,
    folder: Path,
    register: Register,
) -> int:
    """Deliver measures, orders and probation, period after period, by one institution."""
    if not measures.num_rows:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    children = sorted(set(measures["child"].to_pylist()))
    pseudonyms = register.pseudonyms_of(known[child]["number"] for child in children)
    named = dict(zip(children, pseudonyms, strict=True))
    institution = INSTITUTION.format(region=truth.where.regions[0][2:])
    own = {
        "child": pa.array([named[child] for child in measures["child"].to_pylist()]),
        "provider": pa.array([institution] * measures.num_rows),
    }
    for name, column in own.items():
        place = measures.schema.get_field_index(name)
        measures = measures.set_column(place, measures.schema.field(name), column)
    people = pa.table(
        {
            "child": pa.array([named[child] for child in children]),
            "birth_month": pa.array([f"{known[child]['birth']:%Y-%m}" for child in children]),
            "sex": pa.array([known[child]["sex"] for child in children]),
        }
    )
    made = 0
    for sort, of_sort in sorts().items():
        if sort == "cbs-youth-care":
            continue
        period = Period.of(f"{truth.first.year}-{'Q' if of_sort.periods == 4 else 'H'}1")
        while period.last <= truth.last:
            delivery = Delivery(sort, institution, period, period.last + DELIVERED)
            records = of_spells(measures, people, delivery)
            write(records, delivery, "pseudonymised", folder / f"{sort}-{period}.csv")
            made += 1
            period = period.next
    return made
