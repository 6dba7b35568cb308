"""Links between the documents lead somewhere; so do links to a heading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

# Fenced code and `code` hold no links.
CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(\s*<?([^()\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def links(text: str) -> list[str]:
    """Targets of the links in a Markdown text, those to the outside world left out."""
    plain = CODE.sub("", text)
    return [t for t in LINK.findall(plain) + REFERENCE.findall(plain) if not OUTSIDE.match(t)]


def anchors(text: str) -> set[str]:
    """The names by which headings can be linked to, as the usual forges make them."""
    headings = re.findall(r"^#{1,6}\s+(.*?)\s*#*$", CODE.sub(_keep_inline, text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def _keep_inline(code: re.Match[str]) -> str:
    return "" if code.group(1) else code.group().strip("`")


def broken(name: str, text: str, root: Path) -> list[str]:
    faults = []
    for target in links(text):
        path, _, anchor = target.partition("#")
        file = (root / name).parent / path if path else root / name
        if not file.exists():
            faults.append(f"{name}: {target} is not there")
        elif anchor and anchor not in anchors(file.read_text("utf-8")):
            faults.append(f"{name}: {target} has no such heading")
    return faults


def test_links_resolve(texts: dict[str, str], project: Path) -> None:
    documents = {name: text for name, text in texts.items() if name.endswith(".md")}
    assert "README.md" in documents
    assert [f for name, text in documents.items() for f in broken(name, text, project)] == []


def test_every_document_can_be_reached(texts: dict[str, str], project: Path) -> None:
    """By links alone one comes from README.md to every page beside it and under docs/."""
    documents = {name for name in texts if name.endswith(".md") and name.count("/") <= 3}
    wanted = {n for n in documents if n.startswith("docs/") or "/" not in n}
    reached, to_do = set(), ["README.md"]
    while to_do:
        name = to_do.pop()
        if name in reached or name not in documents:
            continue
        reached.add(name)
        for target in links(texts[name]):
            file = ((project / name).parent / target.partition("#")[0]).resolve()
            to_do.append(file.relative_to(project.resolve()).as_posix())
    assert wanted - reached == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("see [a](b.md)", "a.md: b.md is not there"),
        ("![a](images/b.png)", "a.md: images/b.png is not there"),
        ("see [a][1]\n\n[1]: c.md", "a.md: c.md is not there"),
        ("# One\n[x](#two)", "a.md: #two has no such heading"),
        ("[x](other.md#nowhere)", "a.md: other.md#nowhere has no such heading"),
    ],
)
def test_a_broken_link_is_found(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "other.md").write_text("# Here and `there`\n")
    (tmp_path / "a.md").write_text(text)
    assert broken("a.md", text, tmp_path) == [fault]


@pytest.mark.parametrize(
    "text",
    [
        "[x](other.md#here-and-there) [y](https://example.org/z) [m](mailto:a@example.org)",
        "`[a](b.md)`\n\n```\n[a](b.md)\n```\n",
        "# One\n[x](#one)",
    ],
)
def test_a_good_link_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.md").write_text("# Here and `there`\n")
    (tmp_path / "a.md").write_text(text)
    assert broken("a.md", text, tmp_path) == []
