"""The twin: the same youth-care system, run forward.

``baseline()`` gives the plan, worked out from figures up to 2021; ``run()`` runs it once and
yields spells; ``ensemble()`` runs it many times beside scenarios, on the same chance.
``docs/explanation/the-twin.md`` tells what it contains and what it leaves out.
"""

from stelsel.twin.baseline import baseline
from stelsel.twin.ensemble import Ensemble, ensemble
from stelsel.twin.library import load
from stelsel.twin.plan import Parameter, Plan
from stelsel.twin.run import Run, run
from stelsel.twin.scenario import Scenario

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
