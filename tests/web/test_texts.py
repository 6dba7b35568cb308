"""The words of the page: complete in both languages, all used, none missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stelsel.errors import StelselError
from stelsel.web.texts import Texts, catalogue, read_catalogue

# Whose two languages may read alike: they only set other texts in order.
ALIKE = re.compile(r"[^a-z]*|(\W*\{\w+\}\W*)+|Parameter")


def named_in(file: Path) -> Iterator[str]:
    """Yield every text in a file that could be a key, with a pattern for what is filled in."""
    source = file.read_text(encoding="utf-8")
    if file.suffix == ".j2":
        yield from map(re.escape, re.findall(r"""\bt\(["']([^"']+)["']""", source))
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"
                for part in node.values
            )


def test_every_text_differs_between_the_languages() -> None:
    same = [
        key
        for key, entry in catalogue().items()
        if entry["nl"] == entry["en"] and not ALIKE.fullmatch(entry["nl"])
    ]
    assert same == []


def test_every_text_is_used(project: Path) -> None:
    folder = project / "src/stelsel/web"
    files = [*folder.rglob("*.py"), *folder.rglob("*.j2")]
    named = {re.compile(f"{name}(_one|_many)?") for file in files for name in named_in(file)}
    assert {key for key in catalogue() if not any(one.fullmatch(key) for one in named)} == set()


def test_no_text_leans_on_html() -> None:
    assert [
        key for key, entry in catalogue().items() if re.search("[<>&]", "".join(entry.values()))
    ] == []


def test_a_count_of_one_is_singular() -> None:
    t = Texts("nl")
    assert "wachtte 1 kind" in t.count("summary.waiting", 1, as_of="vandaag")
    assert "wachtten 2 kinderen" in t.count("summary.waiting", 2, as_of="vandaag")


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("a: {nl: 'x'}", "does not have exactly the languages"),
        ("a: 'x'", "does not have exactly the languages"),
        ("a: {nl: 'x', en: 'y', de: 'z'}", "does not have exactly the languages"),
        ("a: {nl: 'x', en: ''}", "empty"),
        ("a: {nl: 'x', en: 3}", "empty or no text"),
        ("a: {nl: '{n} x', en: '{m} y'}", "different values"),
        ("a: {nl: '{n} x', en: 'y'}", "different values"),
    ],
)
def test_a_bad_text_is_refused(source: str, fault: str) -> None:
    with pytest.raises(StelselError, match=fault):
        read_catalogue({"page": source})


def test_all_bad_texts_are_named_at_once() -> None:
    with pytest.raises(StelselError) as caught:
        read_catalogue({"one": "a: {nl: 'x'}\nb: {nl: 'x', en: 'y'}", "two": "c: {en: 'x'}"})
    assert [fault.where for fault in caught.value.faults] == ["one.a", "two.c"]


def test_an_unknown_key_is_an_error_that_names_near_ones() -> None:
    with pytest.raises(StelselError, match=r"page\.title"):
        Texts("nl")("page.titel")
