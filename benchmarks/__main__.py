"""Run one benchmark by name."""

from __future__ import annotations

import argparse
import json
import sys

from benchmarks import kernel

BENCHMARKS = {"kernel": kernel.measure}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("name", choices=sorted(BENCHMARKS))
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    result = BENCHMARKS[chosen.name]()
    if chosen.json:
        print(json.dumps(result))
    else:
        width = max(map(len, result))
        for name, value in result.items():
            print(f"{name:{width}}  {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
