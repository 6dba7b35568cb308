"""The map: stations, forms, norms, regions, calendar and published figures, as data with sources.

Everything of the outside world that the other floors read is a table in ``data/``, checked when
it is first read. See ``docs/reference/map.md`` for the tables and their columns.
"""

from stelsel.system.clocks import Clock, clock, clocks
from stelsel.system.entries import (
    Exit,
    Form,
    Norm,
    Priority,
    Referrer,
    Station,
    exit_of,
    exits,
    form,
    forms,
    norm,
    norms,
    priorities,
    priority,
    referrer,
    referrers,
    station,
    stations,
)
from stelsel.system.steps import Organisation, Step, organisations, step, steps

__all__ = [
    "Clock",
    "Exit",
    "Form",
    "Norm",
    "Organisation",
    "Priority",
    "Referrer",
    "Station",
    "Step",
    "clock",
    "clocks",
    "exit_of",
    "exits",
    "form",
    "forms",
    "norm",
    "norms",
    "organisations",
    "priorities",
    "priority",
    "referrer",
    "referrers",
    "station",
    "stations",
    "step",
    "steps",
]
