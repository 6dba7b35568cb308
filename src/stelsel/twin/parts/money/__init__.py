"""Money: days of care times price, wage index, own contribution, and the budget beside it."""

from stelsel.twin.parts.money.results import against_budget, costs, costs_of
from stelsel.twin.parts.money.volume import Volume, volume

__all__ = ["Volume", "against_budget", "costs", "costs_of", "volume"]
