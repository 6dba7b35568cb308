"""Say what was run, so that anyone can run it again: no dates of today, no machine."""

from __future__ import annotations

import hashlib
from typing import Any

import stelsel
from stelsel.system.regions import region
from stelsel.twin.plans.plan import Plan
from stelsel.twin.plans.scenario import Scenario
from stelsel.twin.runs.ensemble import Ensemble
from stelsel.twin.runs.kept import world
from stelsel.twin.runs.results import weeks
from stelsel.twin.runs.task import given_plan, program_digest
from stelsel.twin.world.people import COUNTRY


def manifest(result: Ensemble) -> dict[str, Any]:
    """Give version, seed, place, period, inputs and scenarios of an ensemble, as JSON has it."""
    name = "Nederland" if result.region == COUNTRY else region(result.region).name
    return {
        "version": stelsel.__version__,
        "program_sha256": program_digest(),
        "seed": result.seed,
        "region": result.region,
        "region_name": name,
        "start": result.first.isoformat(),
        "end": weeks(result.first, result.days)[-1].isoformat(),
        "years": result.years,
        "replications": result.replications,
        "plan_file": result.given.name,
        "plan_sha256": plan_digest(given_plan(result.given)),
        "register_sha256": result.begun.digest if result.begun else None,
        "scenarios": [
            described(scenario) | {"runs": world(result.task(number))}
            for number, scenario in enumerate(result.scenarios)
        ],
    }


def plan_digest(plan: Plan) -> str:
    """Give the SHA-256 of all that a plan says in numbers.

    Examples
    --------
    >>> from stelsel.twin.country.baseline import baseline
    >>> plan_digest(baseline()) == plan_digest(baseline({"growth": 1.01}))
    False
    """
    content = "\n".join(
        f"{p.name}={p.value!r}{p.since!r}{p.dated!r}{p.low!r}{p.high!r}" for p in plan
    )
    return hashlib.sha256(content.encode()).hexdigest()


def described(scenario: Scenario) -> dict[str, Any]:
    """Tell a scenario in full.

    Examples
    --------
    >>> from stelsel.twin.plans.scenario import BASELINE
    >>> described(BASELINE)["changes"]
    []
    """
    return {
        "name": scenario.name,
        "title_nl": scenario.title_nl,
        "title_en": scenario.title_en,
        "measure": scenario.measure,
        "letter": scenario.letter,
        "target": scenario.target,
        "shows_nl": scenario.shows[0],
        "shows_en": scenario.shows[1],
        "cannot_nl": scenario.cannot[0],
        "cannot_en": scenario.cannot[1],
        "changes": [
            {
                "parameter": change.parameter,
                change.step.how: change.step.number,
                "since": change.step.since.isoformat(),
                "fully_by": change.step.fully_by and change.step.fully_by.isoformat(),
                "low": change.low,
                "high": change.high,
                "text_nl": change.text_nl,
                "text_en": change.text_en,
                "kind": change.kind,
                "source_nl": change.source_nl,
                "source_en": change.source_en,
            }
            for change in scenario.changes
        ],
        "falls": [
            {
                "region": fall.region,
                "service": fall.service,
                "provider": fall.provider,
                "day": fall.day.isoformat(),
                "how": fall.how,
            }
            for fall in scenario.falls
        ],
    }
