"""The benchmark: an area beside those like it, with what makes a comparison fair.

Compared are rates standardised for age, with their intervals, in a funnel whose limits allow for
areas differing by more than chance. Nothing is ranked.
"""

from stelsel.monitor.benchmark.areas import (
    POPULATION_DAY,
    Area,
    Level,
    area,
    areas,
    like,
    read_traits,
    young_people,
)
from stelsel.monitor.benchmark.comparing import Compared, Pattern, compare
from stelsel.monitor.benchmark.counting import Counted, count, refuse_uncountable
from stelsel.monitor.benchmark.given import Given, read_figures
from stelsel.monitor.benchmark.leaving import pattern_leaving, totals_leaving
from stelsel.monitor.benchmark.living import Living, packaged, read_living
from stelsel.monitor.benchmark.settings import settings

__all__ = [
    "POPULATION_DAY",
    "Area",
    "Compared",
    "Counted",
    "Given",
    "Level",
    "Living",
    "Pattern",
    "area",
    "areas",
    "compare",
    "count",
    "like",
    "packaged",
    "pattern_leaving",
    "read_figures",
    "read_living",
    "read_traits",
    "refuse_uncountable",
    "settings",
    "totals_leaving",
    "young_people",
]
