"""What a region puts online: whole, readable, described, and safe; and that nothing goes around."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import typer.main

from stelsel.cli import app
from stelsel.disclosure import chained
from stelsel.disclosure.publications import read_publications
from stelsel.disclosure.reader import audit
from tests.monitor.filled import Wait, register_of, stelsel

LAST = date(2026, 6, 30)


def waits() -> list[Wait]:
    """Give 90 waits for ambulatory help, most of them served, and 6 for foster care."""
    found = []
    for child in range(96):
        asked = date(2026, 2, 1) + timedelta(days=child)
        started = asked + timedelta(days=20 + child % 30) if child % 5 else None
        if started and started > LAST:
            started = None
        form = "02" if child < 90 else "11"
        town = "0193" if child % 3 else "0150"
        found.append(Wait(child, asked, started, form=form, municipality=town))
    return found


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of "real" children."""
    return register_of(waits(), tmp_path_factory.mktemp("real") / "register", made_up=False)


@pytest.fixture(scope="module")
def folder(register: Path) -> Path:
    """What is published of it."""
    out = register.parent / "out"
    done = stelsel(
        *("publish", "--register", register, "--out", out),
        *("--publisher", "Jeugdregio IJsselland", "--contact", "cijfers@example.org"),
    )
    assert done.returncode == 0, done.stderr
    assert "vindt niets" in done.stdout
    return out


def test_the_attacker_finds_nothing_in_it_nor_in_the_next(folder: Path, register: Path) -> None:
    assert audit(read_publications([folder])).leaks == ()
    then = register.parent / "then"
    done = stelsel("publish", "--register", register, "--out", then, "--as-of", "2026-05-31")
    assert done.returncode == 0, done.stderr
    assert stelsel("disclosure", "audit", folder, then).returncode == 0


def test_no_small_or_exact_number_stands_in_a_table(folder: Path) -> None:
    files = sorted((folder / "tables").glob("*.csv"))
    assert len(files) > 20
    hidden = 0
    for file in files:
        said = json.loads(file.with_suffix(".json").read_text("utf-8"))
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for name in said["disclosure"]["counts"]:
                    hidden += name in row["protected"].split()
                    assert row[name] == "" or (int(row[name]) >= 10 and int(row[name]) % 5 == 0)
        assert said["source"]
    assert hidden


def test_the_page_can_be_read_by_everybody(folder: Path) -> None:
    text = (folder / "index.html").read_text("utf-8")
    page: Any = lxml.html.document_fromstring(text)
    assert page.get("lang") == "nl"
    assert page.xpath("//a[@class='skip']/@href") == ["#content"]
    for address in page.xpath("//@href | //@src"):
        inside = address.startswith(("#", "data:"))
        assert inside or (folder / address).is_file(), address
    assert not page.xpath("//script | //iframe | //img")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    figures = page.xpath("//figure")
    assert figures
    for figure in figures:
        name = figure.get("aria-labelledby")
        assert page.xpath(f"//h3[@id='{name}']")
        assert figure.xpath(".//details//table//th[@scope='col']"), name
        assert figure.xpath(".//div[@class='foot']/p")[-1].text.startswith("Definitie:")
        for drawing in figure.xpath(".//div[@class='wide']/svg"):
            assert drawing.get("role") == "img"
            assert drawing.get("aria-label")
    levels = [int(one.tag[1]) for one in page.xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert "afgerond op vijftallen" in " ".join(page.text_content().split())


def test_it_is_described_as_portals_ask(folder: Path) -> None:
    """What DCAT-AP makes mandatory, and the Dutch portal asks besides."""
    told = json.loads((folder / "catalogus.jsonld").read_text("utf-8"))
    assert {"dct:title", "dct:description", "dct:publisher"} <= told.keys()
    (dataset,) = told["dcat:dataset"]
    assert {
        *("dct:title", "dct:description", "dct:publisher", "dct:identifier", "dct:license"),
        *("dcat:contactPoint", "dcat:theme", "dct:language", "dct:accessRights", "dct:temporal"),
    } <= dataset.keys()
    files = {one["dcat:downloadURL"]["@id"] for one in dataset["dcat:distribution"]}
    assert files == {f"tables/{file.name}" for file in (folder / "tables").glob("*.csv")}
    assert all("dcat:accessURL" in one for one in dataset["dcat:distribution"])


def test_what_left_is_in_both_logs(folder: Path, register: Path) -> None:
    assert not chained.verify(folder / "releases.jsonl").faults
    there = {line["digest"] for line in chained.lines(folder / "releases.jsonl")}
    kept = {line["digest"] for line in chained.lines(register / "releases.jsonl")}
    assert there <= kept
    assert all((register / "releases" / f"{digest}.parquet").is_file() for digest in there)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Give every command with its name as it is typed."""
    for name, one in getattr(group, "commands", {}).items():
        if getattr(one, "commands", None):
            yield from commands(one, (*path, name))
        else:
            yield " ".join((*path, name)), one


DOOR = {
    "indicators waiting": ("--by", "form"),
    "indicators queue": (),
    "indicators run": ("care-begun", "waiting-entries", "waits-withdrawn"),
    "quality": (),
    "codes": (),
    "benchmark": (),
    "supervision": (),
    "chains": (),
    "warning": (),
    "publish": (),
    "report": (),
}
"""Commands that print or write counts of a register: the door logs each of them."""
EXACT = {
    "ingest": "takes in, and counts messages",
    "check": "what is wrong with messages, judged beside what the register knows",
    "indicators table": "whether an indicator runs, yes or no",
    "spells": "rows of children, for who has that right; written in the access log",
    "deliver": "what the law asks, to whom it asks it",
    "register": "looks after a register: messages, versions and files, not children",
    "worklist": "cases at a desk, for who works there; written in the access log",
    "link": "has its own two lists, and its own log",
    "serve": "the page of report",
    "fit": "the parameters of a plan, not a table of children",
    "simulate": "made-up children, drawn from a register",
}
"""Commands that do not pass the door, and why."""


def test_every_command_on_a_register_passes_the_door_or_says_why_not() -> None:
    on_register = {
        name
        for name, one in commands(typer.main.get_command(app))
        if name.startswith("register") or any(p.name == "register" for p in one.params)
    }
    unknown = {
        name
        for name in on_register - DOOR.keys()
        if not any(name == one or name.startswith(f"{one} ") for one in EXACT)
    }
    assert unknown == set()


@pytest.mark.parametrize("name", ["indicators waiting", "indicators run", "chains", "report"])
def test_what_prints_counts_goes_through_the_door(
    name: str, register: Path, tmp_path: Path
) -> None:
    before = len(list(chained.lines(register / "releases.jsonl")))
    more = ("--out", tmp_path / "page.html") if name == "report" else ()
    done = stelsel(*name.split(), *DOOR[name], "--register", register, *more)
    assert done.returncode == 0, done.stderr
    lines = list(chained.lines(register / "releases.jsonl"))[before:]
    assert lines
    assert not any(line["internal"] or line["made_up"] for line in lines)
    assert all((register / "releases" / f"{line['digest']}.parquet").is_file() for line in lines)
