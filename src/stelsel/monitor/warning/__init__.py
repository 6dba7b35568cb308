"""Early warning: which provider may fall, who depends on it, and who could take over.

From the quarterly statement (article 8g of the Regeling Jeugdwet): few, recent numbers, their
direction, and stated signals. There is no score.
"""

from stelsel.monitor.warning.definitions import combinations, settings, signals, watches
from stelsel.monitor.warning.depending import alternatives, depend, providers, towns
from stelsel.monitor.warning.judging import judge, without_numbers
from stelsel.monitor.warning.values import Provider, leaving, told_by

__all__ = [
    "Provider",
    "alternatives",
    "combinations",
    "depend",
    "judge",
    "leaving",
    "providers",
    "settings",
    "signals",
    "told_by",
    "towns",
    "watches",
    "without_numbers",
]
