"""Imports go down the floors only (docs/architecture.md); read from the source, not from a run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

# Lowest first. A part may import itself and what lies on a lower floor, never a neighbour.
FLOORS = (
    {"errors"},
    {"tables", "marked"},
    {"system"},
    {"spells", "events", "marks", "disclosure"},
    {"ijw", "deliveries", "twin"},
    {"register", "monitor"},
    {"web"},
    {"cli"},
)
FLOOR_OF = {part: number for number, parts in enumerate(FLOORS) for part in parts}
# Lower, and yet not to be known: indicators run on spells alone, whoever made them.
STRANGERS = {
    ("monitor", "twin"),
    ("monitor", "register"),
    ("ijw", "deliveries"),
    ("deliveries", "ijw"),
}
# The door of `python -m stelsel`.
FREE = {"__main__", "__init__"}


def imported_parts(source: str, depth: int) -> Iterator[tuple[int, str]]:
    """Yield line and part of stelsel of every import in a module, those in functions too.

    ``depth`` is how many folders below ``stelsel`` the module lies: a relative import with more
    dots than that leaves its part.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        given = [alias.name for alias in node.names]
        if isinstance(node, ast.Import):
            names = given
        elif not node.level:
            # `from stelsel import twin` imports stelsel.twin
            names = [f"{node.module}.{name}" for name in given]
        elif node.level > depth:
            names = [f"stelsel.{node.module or name}" for name in given]
        else:
            names = []
        for name in names:
            head, _, rest = name.partition(".")
            if head == "stelsel" and rest:
                yield node.lineno, rest.split(".")[0]


def climbing_imports(root: Path) -> list[str]:
    """Every import under ``root`` (the folder ``stelsel``) that goes up, aside or to a stranger."""
    faults = []
    for file in sorted(root.rglob("*.py")):
        place = file.relative_to(root)
        part = place.parts[0].removesuffix(".py")
        if part in FREE:
            continue
        if part not in FLOOR_OF:
            faults.append(f"{place}: {part} has no floor")
            continue
        for line, other in imported_parts(file.read_text("utf-8"), len(place.parts) - 1):
            if other in {part, "__version__"}:
                continue
            higher = FLOOR_OF.get(other, len(FLOORS)) >= FLOOR_OF[part]
            if higher or (part, other) in STRANGERS:
                faults.append(f"{place}:{line}: {part} imports {other}")
    return faults


def test_imports_go_down(project: Path) -> None:
    assert climbing_imports(project / "src" / "stelsel") == []


@pytest.mark.parametrize(
    ("file", "line", "fault"),
    [
        ("system/a.py", "import stelsel.spells", "system imports spells"),
        ("monitor/a.py", "from stelsel import twin", "monitor imports twin"),
        ("monitor/a.py", "from stelsel.register import Register", "monitor imports register"),
        ("twin/a.py", "def f():\n    from stelsel.ijw import write", "twin imports ijw"),
        ("register/a.py", "from stelsel.cli.output import screen", "register imports cli"),
        ("web/a.py", "from ..cli import output", "web imports cli"),
        ("web/deep/a.py", "from ... import cli", "web imports cli"),
        ("spells.py", "from . import events", "spells imports events"),
        (
            "errors.py",
            "if True:\n    from stelsel.tables import read_table",
            "errors imports tables",
        ),
        ("cellar/a.py", "x = 1", "cellar has no floor"),
    ],
)
def test_a_climb_is_found(tmp_path: Path, file: str, line: str, fault: str) -> None:
    place = tmp_path / file
    place.parent.mkdir(exist_ok=True, parents=True)
    place.write_text(line)
    (found,) = climbing_imports(tmp_path)
    assert found.endswith(fault)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("monitor/a.py", "from stelsel.monitor.waiting import waiting\nfrom stelsel import spells"),
        ("monitor/a.py", "from . import waiting\nfrom .waiting import f\nimport pyarrow as pa"),
        ("twin/plan/a.py", "from .. import kernel\nfrom ..ijw import alike_by_name_only"),
        ("cli/report.py", "from stelsel.web import page\nfrom stelsel import __version__"),
        ("ijw/events.py", "from stelsel.system import forms\nfrom stelsel import events"),
        ("__main__.py", "from stelsel.cli import main"),
    ],
)
def test_the_way_down_is_free(tmp_path: Path, file: str, line: str) -> None:
    place = tmp_path / file
    place.parent.mkdir(exist_ok=True, parents=True)
    place.write_text(line)
    assert climbing_imports(tmp_path) == []
