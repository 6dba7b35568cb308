"""Run one benchmark by name."""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module

BENCHMARKS = ("coverage", "curve", "decade", "indicators", "ingest", "kernel", "many", "reading")
"""Modules with a function ``measure``; one that is not asked for need not be imported."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("name", choices=BENCHMARKS)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    result = import_module(f"benchmarks.{chosen.name}").measure()
    if chosen.json:
        print(json.dumps(result))
    else:
        width = max(map(len, result))
        for name, value in result.items():
            print(f"{name:{width}}  {_text(value)}")
    return 0


def _text(value: object) -> str:
    if not isinstance(value, dict):
        return str(value)
    return "  ".join(f"{name} {each}" for name, each in value.items())


if __name__ == "__main__":
    sys.exit(main())
