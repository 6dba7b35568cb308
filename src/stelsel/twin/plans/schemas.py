"""The JSON schemas of the files that a user may give: a plan and a scenario.

They say the form of a file, so that an editor can help while it is written. What only the plan
knows (names of parameters, their units) is checked by ``stelsel plan check`` and when a scenario
is run.
"""

from __future__ import annotations

from typing import Any

from stelsel.twin.plans.plan_file import KEYS, VALUE_KEYS
from stelsel.twin.plans.scenario_file import CHANGE_KEYS, FALL_KEYS, FALLS, HOWS, KINDS
from stelsel.twin.plans.scenario_file import KEYS as SCENARIO_KEYS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = r"^[a-z][a-z0-9_.]*(\[[^\[\]]+\])?$"
"""Form of the name of a parameter, such as ``transfer[day-help>residential]``."""
DAY = {"type": "string", "format": "date", "description": "A day, such as 2022-07-01."}
TEXT: dict[str, Any] = {
    "description": "One text, or one in Dutch and one in English.",
    "oneOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {"nl": {"type": "string"}, "en": {"type": "string"}},
            "additionalProperties": False,
            "minProperties": 1,
        },
    ],
}
_NUMBER = {"type": "number"}
_KIND = {"enum": list(KINDS), "description": "Where the number comes from."}
_RANGE = {
    "low": {"type": "number", "description": "Low end of what it may be; with high."},
    "high": {"type": "number", "description": "High end of what it may be; with low."},
}


def plan_schema() -> dict[str, Any]:
    """Give the schema of a plan file in YAML.

    Examples
    --------
    >>> plan_schema()["required"]
    ['values']
    """
    value = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "pattern": NAME, "description": "Name of a parameter."},
            "value": {"type": "number", "minimum": 0},
            "dated": {
                "type": "object",
                "description": "Values by the day on which each is reached; a straight line "
                "between two days, and after the last it stays.",
                "propertyNames": {"pattern": r"^\d{4}-\d{2}-\d{2}$"},
                "additionalProperties": {"type": "number", "minimum": 0},
                "minProperties": 1,
            },
            "unit": {"type": "string", "description": "Unit of the parameter in the plan."},
            "kind": _KIND,
            **_RANGE,
            "source": {"type": "string", "minLength": 1},
            "source_nl": {"type": "string", "minLength": 1},
        },
        "required": ["name", "unit", "kind", "source"],
        "oneOf": [{"required": ["value"]}, {"required": ["dated"]}],
        "if": {"properties": {"kind": {"const": "assumed"}}},
        "then": {"required": ["low", "high"]},
        "additionalProperties": False,
    }
    return _schema(
        "A plan file of Stelsel",
        {
            "name": {"type": "string"},
            "title": TEXT,
            "values": {"type": "array", "items": value},
        },
        ["values"],
    )


def scenario_schema() -> dict[str, Any]:
    """Give the schema of a scenario file.

    Examples
    --------
    >>> sorted(scenario_schema()["properties"]["falls"]["items"]["required"])
    ['day', 'region', 'service']
    """
    name = {"type": "string", "pattern": NAME}
    change = {
        "type": "object",
        "properties": {
            "parameter": {
                "description": "What changes: one parameter, or several in the same way.",
                "oneOf": [name, {"type": "array", "items": name, "minItems": 1}],
            },
            **dict.fromkeys(HOWS, _NUMBER),
            "since": DAY,
            "fully_by": {
                **DAY,
                "description": "Grows to its full size by this day; without it at once.",
            },
            "kind": _KIND,
            **_RANGE,
            "effect": {"type": "string", "description": "Changes of one effect are drawn alike."},
            "source": TEXT,
            "text": TEXT,
        },
        "required": ["parameter", "since", "source"],
        "oneOf": [{"required": [how]} for how in HOWS],
        "dependentRequired": {"low": ["high"], "high": ["low"]},
        "additionalProperties": False,
    }
    fall = {
        "type": "object",
        "properties": {
            "region": {"type": "string", "description": "A youth region, such as JZ07."},
            "service": {"type": "string", "description": "Such as residential."},
            "provider": {"type": "integer", "minimum": 1, "description": "1 is the largest."},
            "day": DAY,
            "how": {"enum": list(FALLS)},
        },
        "required": ["region", "service", "day"],
        "additionalProperties": False,
    }
    return _schema(
        "A scenario of Stelsel",
        {
            "name": {"type": "string", "minLength": 1},
            "title": TEXT,
            "measure": {"type": "string", "description": "M01 to M25, or a key of one's own."},
            "letter": {"type": "string", "description": "Letter to parliament, such as L25."},
            "changes": {"type": "array", "items": change},
            "falls": {"type": "array", "items": fall},
            "target": {
                "type": "string",
                "description": "What it wants to reach, such as wait[guidance] mean <= 5 days.",
            },
            "shows": TEXT,
            "cannot": TEXT,
        },
        ["name", "title"],
    )


def _schema(title: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


KNOWN = {
    "plan": (KEYS, VALUE_KEYS),
    "scenario": (SCENARIO_KEYS, CHANGE_KEYS, FALL_KEYS),
}
"""The keys that the readers know; a test holds them and the schemas together."""
