"""From spells to indicators, the same for real and for simulated ones."""

from stelsel.monitor.bundling import EPISODES, episodes
from stelsel.monitor.fields import BY, FIELDS, Field, field, schema, units
from stelsel.monitor.readers import for_readers, write_tables
from stelsel.monitor.waits import waiting

__all__ = [
    "BY",
    "EPISODES",
    "FIELDS",
    "Field",
    "episodes",
    "field",
    "for_readers",
    "schema",
    "units",
    "waiting",
    "write_tables",
]
