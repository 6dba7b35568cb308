"""publiccode.yml, the glossary, the licence and the decisions say what they have to."""

from __future__ import annotations

import doctest
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from stelsel import __version__

# Mandatory keys of the publiccode.yml standard (core schema 0.4), as paths.
MANDATORY = (
    "publiccodeYmlVersion",
    "name",
    "url",
    "releaseDate",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal/license",
    "maintenance/type",
    "maintenance/contacts",
    "localisation/localisationReady",
    "localisation/availableLanguages",
)
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}


@pytest.fixture
def publiccode(texts: dict[str, str]) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(texts["publiccode.yml"])
    return loaded


def test_publiccode_has_what_the_standard_asks(publiccode: dict[str, Any]) -> None:
    for path in MANDATORY:
        here: Any = publiccode
        for key in path.split("/"):
            assert key in here, path
            here = here[key]
        assert here is not None, path
    assert publiccode["publiccodeYmlVersion"] == "0.4"
    assert publiccode["developmentStatus"] in STATUSES
    assert str(publiccode["releaseDate"]) == publiccode["releaseDate"].isoformat()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_descriptions_fit(publiccode: dict[str, Any], language: str) -> None:
    described = publiccode["description"][language]
    assert len(described["shortDescription"].strip()) <= 150
    assert 500 <= len(described["longDescription"]) <= 10_000
    assert described["features"]
    assert all(len(feature) <= 100 for feature in described["features"])
    assert language in publiccode["localisation"]["availableLanguages"]


def test_publiccode_and_package_agree(publiccode: dict[str, Any], texts: dict[str, str]) -> None:
    package = tomllib.loads(texts["pyproject.toml"])["project"]
    assert publiccode["softwareVersion"] == package["version"] == __version__
    assert publiccode["legal"]["license"] == package["license"]


def test_licence_is_whole(texts: dict[str, str]) -> None:
    licence = texts["LICENSE"]
    articles = re.findall(r"^(\d+)\.\s*[A-Z]", licence, re.MULTILINE)
    assert articles == [str(n) for n in range(1, 16)]
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in licence
    assert licence.rstrip().endswith("require the production of a new EUPL version.")
    assert "LiLiQ-R+" in licence


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table in a Markdown text."""
    lines = (line for line in text.splitlines() if line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.shared
def test_glossary_holds_the_binding_words(texts: dict[str, str], shared: Path) -> None:
    """Each pair of the table under "Words" stands in GLOSSARY.md as one row."""
    words = (shared / "design.md").read_text("utf-8").split("## Words")[1].split("\n## ")[0]
    binding = {pair for row in rows(words)[2:] for pair in (tuple(row[:2]), tuple(row[3:5]))}
    assert len(binding) > 20
    told = {tuple(row[:2]) for row in rows(texts["GLOSSARY.md"])}
    split = {
        (dutch.strip(), english.strip())
        for pair in binding
        for dutch, english in zip(pair[0].split(" / "), pair[1].split(" / "), strict=True)
    }
    assert split - told == set()


def test_glossary_has_one_word_for_one_thing(texts: dict[str, str]) -> None:
    told = [row[:2] for row in rows(texts["GLOSSARY.md"]) if not row[0].startswith("---")]
    told = [row for row in told if row[0] != "Dutch"]
    assert all(dutch and english for dutch, english in told)
    for column in (0, 1):
        words = [row[column].lower() for row in told]
        assert sorted(w for w in set(words) if words.count(w) > 1) == []


def test_decisions_have_their_form(texts: dict[str, str]) -> None:
    decisions = {n: t for n, t in texts.items() if re.match(r"docs/decisions/\d{4}-.*\.md", n)}
    numbers = sorted(int(Path(name).name[:4]) for name in decisions)
    assert numbers == list(range(1, len(numbers) + 1))
    for name, text in decisions.items():
        number = int(Path(name).name[:4])
        assert text.startswith(f"# {number}. "), name
        headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
        assert headings == ["Context", "Decision", "Status", "Consequences"], name
        assert Path(name).name in texts["docs/decisions/README.md"], name


def test_examples_beside_the_readme_run(texts: dict[str, str], project: Path) -> None:
    """README.md and docs/ are collected by pytest itself; the pages beside them are run here."""
    pages = [name for name in texts if re.fullmatch(r"[A-Z_]+\.md", name) and name != "README.md"]
    results = {name: doctest.testfile(str(project / name), module_relative=False) for name in pages}
    assert {name: r.failed for name, r in results.items() if r.failed} == {}
    assert results["CONTRIBUTING.md"].attempted
