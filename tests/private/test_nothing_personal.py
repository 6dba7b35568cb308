"""A run of everything: no data about a person is left anywhere but where a law or a page says so.

All sources about three children are taken in, together with files of each sort that are refused and
have names, numbers and addresses in the wrong places. Every command is run as its user would run
it, and all that it printed and wrote is searched: the store, the logs, temporary files, copies,
deliveries and pages. Three things are excepted, and no others:

- files that were set aside lie whole in ``quarantine/`` (``docs/reference/register.md``);
- a delivery to CBS with ``--keys`` holds number, day of birth and postcode, as Regeling Jeugdwet
  art. 7 asks (``docs/reference/cbs.md``);
- a return that ``check --answers`` writes repeats its message, as the standard asks
  (``docs/reference/check.md``).
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from stelsel.register import Register
from tests.private import sources
from tests.private.secrets import PEOPLE, SECRETS, found_in, leaks

SET_ASIDE = (
    *("quarantine/*.xml", "quarantine/*.zip", "quarantine/*.csv", "quarantine/*.txt"),
    *("quarantine/*.xlsx", "quarantine/*.bin"),
)
BY_LAW = ("levering.csv", "levering.txt", "levering.xlsx")
RETURNS = "antwoorden/JW3*.xml"


@dataclass
class Run:
    """A folder in which everything happened, and the input beside it."""

    inbox: Path
    here: Path
    done: int = 0
    log: list[dict[str, Any]] = field(default_factory=list)

    def stelsel(self, *words: str | Path, ends: int = 0, given: str = "", lang: str = "") -> str:
        """Run a command, keep what it printed in the folder, and give it.

        What ends with 1 has findings, with 2 could not begin; -1 stands for 0 or 1.
        """
        self.done += 1
        (self.here / "tmp").mkdir(exist_ok=True)
        kept = {
            name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ
        }
        ran = subprocess.run(
            [sys.executable, "-m", "stelsel", *map(str, words)],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.here,
            env=kept
            | {"HOME": str(self.here), "TMPDIR": str(self.here / "tmp"), "LOGNAME": "beheer"}
            | {"STELSEL_LANG": lang or ("nl", "en")[self.done % 2]},
        )
        name = f"{self.done:02}-{words[0]}"
        (self.here / f"{name}.out").write_text(ran.stdout, "utf-8")
        (self.here / f"{name}.err").write_text(ran.stderr, "utf-8")
        assert ran.returncode in ({0, 1} if ends < 0 else {ends}), (
            name,
            found_in(ran.stderr) or ran.stderr[-2000:],
        )
        assert "Traceback" not in ran.stderr
        return ran.stdout


def take_in(run: Run) -> None:
    """Have everything checked and taken in, and the wrong files set aside."""
    good, bad = run.inbox / "goed", run.inbox / "fout"
    told = sources.messages(good / "berichten") + sources.deliveries(good / "cbs")
    told += sources.steps(good / "stappen") + sources.statement(good / "opgave")
    wrong = sources.wrong_files(bad)
    run.stelsel("check", bad, ends=1, lang="nl")
    run.stelsel("check", bad, "--json", ends=1, lang="en")
    outcome = json.loads(run.stelsel("ingest", good, "--register", "register", "--json"))
    assert outcome == {"read": told, "new": told, "known": 0, "set_aside": 0}
    outcome = json.loads(
        run.stelsel("ingest", bad, "--register", "register", "--json", ends=1, lang="nl")
    )
    assert outcome == {"read": wrong, "new": 0, "known": 0, "set_aside": wrong}
    messages = good / "berichten"
    run.stelsel("check", messages, "--register", "register", "--answers", "antwoorden", ends=1)


def look(run: Run) -> None:
    """Look at everything, as exactly as there is."""
    at = ("--register", "register")
    run.stelsel("spells", *at, "--out", "nooit.csv", ends=2)
    run.stelsel("spells", *at, "--out", "verblijven.csv", "--internal")
    run.stelsel("quality", *at, "--internal", "--json")
    run.stelsel("codes", "register", "--internal")
    run.stelsel("indicators", "waiting", *at, "--internal", "--out", "wachten")
    run.stelsel("report", *at, "--out", "bladzijde.html")


def link(run: Run) -> None:
    """Link waiting lists with each other and with the register."""
    lists = sources.waiting_lists(run.inbox / "lijsten")
    run.stelsel("link", *lists, "--register", "register", "--out", "lijst.parquet", "--internal")
    wrong = sources.wrong_lists(run.inbox / "foute-lijsten")
    run.stelsel("link", *wrong, "--out", "nooit.csv", ends=2)


def deliver(run: Run) -> None:
    """Write deliveries; those to CBS with numbers hold what the law asks."""
    at = ("--register", "register", "--day", "2024-10-15", "--internal")
    keys = run.inbox / "sleutels.csv"
    names = Register.open(run.here / "register").pseudonyms_of(one.number for one in PEOPLE)
    rows = [
        f"{name};{one.number};{one.born:%Y%m%d};{one.postcode}"
        for name, one in zip(names, PEOPLE, strict=True)
    ]
    keys.write_text("\n".join(["child;number;birth;place", *rows]) + "\n", "utf-8")
    half = ("--period", "2024-H1", "--provider", sources.GI)
    for kind, suffix in (
        *(("cbs-youth-care", "csv"), ("cbs-protection", "txt"), ("cbs-placement", "xlsx")),
    ):
        more = ("--keys", keys, "--report", f"{kind}.md", "--json", "--out", f"levering.{suffix}")
        # Whether it knows all that CBS asks does not matter here.
        run.stelsel("deliver", kind, *half, *at, *more, ends=-1)
    bare = ("--out", "zonder-nummers.csv")
    run.stelsel("deliver", "cbs-youth-care", *half, *at, *bare, ends=-1)
    one = PEOPLE[0]
    keys.write_text(f"child;number;birth;place\n{one.first};{one.last};{one.mail};{one.street}\n")
    never = ("--out", "nooit.csv", "--keys", keys)
    run.stelsel("deliver", "cbs-placement", *half, *at, *never, ends=2)
    own = (run.inbox / "goed" / "opgave" / "nza-quarter.csv").read_text("utf-8")
    (run.inbox / "eigen.csv").write_text(own.replace(",no,", f",{one.last},"), "utf-8")
    quarter = ("nza-quarter", "--period", "2024-Q3", "--provider", sources.PROVIDER, *at)
    run.stelsel("deliver", *quarter, "--out", "opgave.xlsx", ends=1)
    wrong = ("--own", run.inbox / "eigen.csv", "--out", "nooit.csv")
    run.stelsel("deliver", *quarter, *wrong, ends=2)
    first = ("--period", "2024-Q1", "--out", "uittreksel.xlsx")
    run.stelsel("deliver", "nza-extract", *first, *at)


def look_after(run: Run) -> None:
    """Do what there is to do to a register, with a number where none belongs too."""
    at = ("--register", "register")
    one = PEOPLE[1]
    run.stelsel("register", "status", *at, "--json")
    run.stelsel("register", "compact", *at, "--kept-hours", "0")
    run.stelsel("register", "copy", *at, "--to", "kopie")
    run.stelsel("register", "forget", *at, "--pseudonym", one.number, ends=2)
    run.stelsel("register", "forget", *at, "--bsn-from", "-", given=f"{one.last}\n", ends=2)
    objects = ("--objection", "--bsn-from", "-")
    run.stelsel("register", "forget", *at, *objects, given=f"{PEOPLE[2].number}\n")
    run.stelsel("register", "forget", *at, "--bsn-from", "-", given=f"{one.number}\n")
    run.stelsel("register", "check", *at)
    run.stelsel("register", "log", *at, "--verify")
    run.log = json.loads(run.stelsel("register", "log", *at, "--json"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    place = tmp_path_factory.mktemp("everything")
    run = Run(place / "inbox", place / "here")
    run.inbox.mkdir()
    run.here.mkdir()
    take_in(run)
    look(run)
    link(run)
    deliver(run)
    look_after(run)
    return run


def test_no_personal_data_is_left_anywhere(run: Run) -> None:
    assert leaks(run.here, *SET_ASIDE, *BY_LAW, RETURNS) == {}
    looked_at = [file for file in run.here.rglob("*") if file.is_file()]
    assert {".parquet", ".jsonl", ".json", ".html", ".xlsx", ".md", ".out", ".err"} <= {
        file.suffix for file in looked_at
    }


def test_what_is_set_aside_is_whole_and_its_owners_alone(run: Run) -> None:
    """The exception: the quarantine keeps files as they came, and nobody else may look into it."""
    for register in ("register", "kopie"):
        place = run.here / register / "quarantine"
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        found = leaks(place)
        assert found
        assert [name for name in found if name.endswith("json")] == []


def test_returns_are_their_owners_alone(run: Run) -> None:
    files = list(run.here.glob(RETURNS))
    assert len(files) == 6
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_only_a_delivery_that_the_law_asks_names_children(run: Run) -> None:
    """The other exception holds what art. 7 asks, nothing beside it, for the owner alone."""
    for name in BY_LAW:
        kinds = {what for _, what in leaks(run.here, *SET_ASIDE)[name]}
        assert kinds == {"number", "day of birth", "postcode"}
        assert stat.S_IMODE((run.here / name).stat().st_mode) == 0o600


def test_every_look_at_single_children_is_in_the_log(run: Run) -> None:
    """The five questions of NEN 7513 have an answer in each line."""
    assert [line["what"] for line in run.log] == [
        *("ingest", "ingested", "ingest", "ingested", "check"),
        *("spells", "quality", "codes", "waiting", "link"),
        *("deliver cbs-youth-care", "deliver cbs-protection", "deliver cbs-placement"),
        *("deliver cbs-youth-care", "deliver nza-quarter", "deliver nza-extract"),
        *("copy", "objection", "forget"),
    ]
    for line in run.log:
        assert datetime.fromisoformat(line["time"]).tzinfo == UTC
        assert line["who"] == line["on_behalf_of"] == "beheer"
        assert line["about"] == "all" or line["about"] > 0
    by_law = [line["ground"] for line in run.log if line["what"].startswith("deliver")]
    assert all(ground.startswith("Regeling Jeugdwet art. ") for ground in by_law)
    taken = [line["asked"] for line in run.log if line["what"] == "ingested"]
    assert [(one["new"], one["set_aside"]) for one in taken] == [(26, 0), (0, 28)]


def test_the_input_holds_everything_that_is_looked_for(run: Run) -> None:
    found = {key for keys in leaks(run.inbox).values() for key in keys}
    assert found == {key for key in SECRETS if key[1] != "number without its key"}


@pytest.mark.parametrize("key", list(SECRETS), ids=str)
def test_whatever_is_planted_is_found(tmp_path: Path, key: tuple[int, str]) -> None:
    """The search can fail: in every sort of file it finds every value in each way it is written."""
    for text in SECRETS[key]:
        here = tmp_path / text[:12].replace("/", "")
        here.mkdir()
        (here / "a.out").write_text(f"één {text.upper()}!", "utf-8")
        (here / "b.txt").write_bytes(text.encode("utf-16"))
        (here / "c.jsonl").write_text('{"a": 1}\n' + json.dumps({"a": text.title()}), "utf-8")
        table = pa.table({"a": ["x", text]})
        pq.write_table(table, here / "d.parquet", compression="zstd")
        write_deltalake(str(here / "delta"), table)
        book = openpyxl.Workbook()
        book.active.append(["a", text])
        book.save(here / "e.xlsx")
        with zipfile.ZipFile(here / "f.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("g.txt", text)
        found = leaks(here)
        for name in ("a.out", "b.txt", "c.jsonl", "d.parquet", "e.xlsx", "f.zip"):
            assert key in found[name], name
        assert any(name.startswith("delta/") and key in keys for name, keys in found.items())
        shutil.rmtree(here)


def test_days_and_numbers_are_found_as_values(tmp_path: Path) -> None:
    one = PEOPLE[2]
    table = pa.table({"day": [date(2024, 1, 1), one.born], "number": [1, int(one.number)]})
    pq.write_table(table, tmp_path / "a.parquet")
    (tmp_path / one.last).mkdir()
    assert leaks(tmp_path) == {
        one.last: [(2, "surname")],
        "a.parquet": [(2, "day of birth"), (2, "number")],
    }
