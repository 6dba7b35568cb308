"""The twin: the same youth-care system, run forward.

``baseline()`` gives the plan, worked out from figures up to 2021; ``run()`` runs it once and
yields spells; ``ensemble()`` runs it many times beside scenarios, on the same chance.
``docs/explanation/the-twin.md`` tells what it contains and what it leaves out.
"""

from stelsel.twin.country.baseline import baseline
from stelsel.twin.plans.library import load
from stelsel.twin.plans.plan import Parameter, Plan
from stelsel.twin.plans.scenario import Scenario
from stelsel.twin.runs.ensemble import Ensemble, ensemble
from stelsel.twin.runs.run import Run, run

__all__ = [
    "Ensemble",
    "Parameter",
    "Plan",
    "Run",
    "Scenario",
    "baseline",
    "ensemble",
    "load",
    "run",
]
