"""What the access log of a register tells beside the taking in, which every story begins with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stelsel.register.access import entries


def looks(folder: Path) -> list[dict[str, Any]]:
    return [line for line in entries(folder) if line["what"] not in {"ingest", "ingested"}]
