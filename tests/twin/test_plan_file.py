"""Plan files: a difference from the baseline is taken over, and every fault has its line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.twin import baseline
from stelsel.twin.plans.plan_file import PlanFile, read_plan
from stelsel.twin.plans.scenario import BASELINE
from stelsel.twin.plans.schemas import plan_schema
from stelsel.twin.runs.task import Task, given_plan, plan_of

jsonschema = pytest.importorskip("jsonschema")

OWN = """\
name: own
title: {nl: Onze regio, en: Our region}
values:
  - name: wait[ambulatory]
    value: 50
    unit: days
    kind: measured
    source: own register, 2021
  - name: capacity[day-help]
    dated: {2021-01-01: 9000, 2022-01-01: 9500}
    unit: plekken op 1 januari
    kind: derived
    source: own contracts
  - name: transfer[day-help>family-home]
    value: 0.02
    low: 0.01
    high: 0.03
    unit: share
    kind: assumed
    source: own choice
"""
TABLE = """\
name;since;value;unit;kind;low;high;source
wait[ambulatory];;50;days;measured;;;own register, 2021
capacity[day-help];2021-01-01;9000;places on 1 January;derived;;;own contracts
capacity[day-help];2022-01-01;9500;places on 1 January;derived;;;own contracts
transfer[day-help>family-home];;0,02;share;assumed;0,01;0,03;own choice
"""


def given(tmp_path: Path, text: str, name: str = "own.yaml") -> PlanFile:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return read_plan(file, baseline())


@pytest.mark.parametrize(("text", "name"), [(OWN, "own.yaml"), (TABLE, "own.csv")])
def test_values_take_the_place_of_the_baseline(tmp_path: Path, text: str, name: str) -> None:
    own = given(tmp_path, text, name)
    plan, base = given_plan(own), baseline()
    assert plan.value("wait[ambulatory]") == 50
    assert plan["wait[ambulatory]"].kind == "measured"
    beds = plan["capacity[day-help]"]
    assert (beds.since, beds.dated) == (date(2021, 1, 1), ((date(2022, 1, 1), 9500.0),))
    assert plan.value("transfer[day-help>family-home]") == 0.02
    assert set(plan.parameters) - set(base.parameters) == {"transfer[day-help>family-home]"}
    same = [p.name for p in base if plan[p.name] == p]
    assert "capacity[residential]" in same


def test_what_is_derived_follows_an_assumption_of_ones_own(tmp_path: Path) -> None:
    text = OWN.replace("wait[ambulatory]", "withdrawn[ambulatory]").replace("value: 50", "value: 0")
    own = given(tmp_path, text.replace("unit: days", "unit: share"))
    # Nobody gives up, so all who ask start: fewer requests make the same starts.
    assert given_plan(own).value("demand[ambulatory]") < baseline().value("demand[ambulatory]")


def test_what_is_measured_is_not_drawn_and_what_is_assumed_is(tmp_path: Path) -> None:
    own = given(tmp_path, OWN)
    plans = [
        plan_of(Task("JZ15", 1, date(2021, 1, 1), 7, BASELINE, replication, own))
        for replication in range(12)
    ]
    assert {plan.value("wait[ambulatory]") for plan in plans} == {50.0}
    moves = [plan.value("transfer[day-help>family-home]") for plan in plans]
    assert moves[0] == 0.02
    assert len(set(moves)) == 12
    assert all(0.01 <= share <= 0.03 for share in moves)
    assert len({plan.value("wait[residential]") for plan in plans}) == 12


WRONG = [
    # what the file says; where; a word of what is wrong; a word of the remedy
    ("- name: wait[ambulant]\n    value: 5\n    unit: days\n    kind: measured\n    source: s",
     "own.yaml, line 2", "no parameter wait[ambulant]", "wait[ambulatory]"),
    ("- name: transfer[day-help>moon]\n    value: 0.1\n    unit: share\n    kind: derived\n"
     "    source: s", "own.yaml, line 2", "no parameter", "transfer[day-help>"),
    ("- name: wait[ambulatory]\n    value: 5\n    unit: weeks\n    kind: measured\n    source: s",
     "own.yaml, line 2", "not in weeks", "days"),
    ("- name: wait[ambulatory]\n    value: -5\n    unit: days\n    kind: measured\n    source: s",
     "own.yaml, line 2", "negative", ""),
    ("- name: access.solved\n    value: 1.5\n    unit: share\n    kind: measured\n    source: s",
     "own.yaml, line 2", "above 1", ""),
    ("- name: access.solved\n    value: .inf\n    unit: share\n    kind: measured\n    source: s",
     "own.yaml, line 2", "value is not a number", ""),
    ("- name: wait[ambulatory]\n    value: 5\n    unit: days\n    kind: assumed\n    source: s",
     "own.yaml, line 2", "range does not hold", "low <= value <= high"),
    ("- name: wait[ambulatory]\n    value: 5\n    unit: days\n    kind: guessed\n    source: s",
     "own.yaml, line 2", "guessed is not a kind", "measured"),
    ("- name: wait[ambulatory]\n    value: 5\n    unit: days\n    kind: measured",
     "own.yaml, line 2", "source is missing", ""),
    ("- name: wait[ambulatory]\n    unit: days\n    kind: measured\n    source: s",
     "own.yaml, line 2", "either value or dated", "2021-07-01"),
    ("- name: wait[ambulatory]\n    value: 5\n    units: days\n    unit: days\n    kind: measured\n"
     "    source: s", "own.yaml, line 4", "units is not known", "unit"),
    ("- name: wait[ambulatory]\n    dated: {2022-01-01: 5, 2021-01-01: 6}\n    unit: days\n"
     "    kind: measured\n    source: s", "own.yaml, line 2", "do not follow", "earliest first"),
    ("- name: wait[ambulatory]\n    dated: {2022-01-01: 5, soon: 6}\n    unit: days\n"
     "    kind: measured\n    source: s", "own.yaml, line 2", "has a day", "2022-07-01"),
    ("- just a word", "own.yaml, line 2", "not a value", ""),
    ("- name: transfer[day-help>ambulatory]\n    value: 0.99\n    unit: share\n    kind: measured\n"
     "    source: s", "own.yaml", "would move on", "1 or less"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "what", "remedy"), WRONG)
def test_a_fault_has_its_line_and_its_remedy(
    tmp_path: Path, text: str, where: str, what: str, remedy: str
) -> None:
    with pytest.raises(StelselError) as error:
        given(tmp_path, f"values:\n  {text}\n")
    (fault,) = error.value.faults
    assert fault.where == where
    assert what in fault.what
    assert remedy in fault.remedy
    assert fault.where_nl == where.replace("line", "regel") or "line" not in where


def test_all_faults_of_a_file_at_once(tmp_path: Path) -> None:
    values = [text for text, where, _, _ in WRONG if where != "own.yaml"]
    with pytest.raises(StelselError) as error:
        given(tmp_path, "extra: 1\nvalues:\n" + "".join(f"  {text}\n" for text in values))
    assert len(error.value.faults) >= len(values) + 1
    lines = {fault.where for fault in error.value.faults}
    assert len(lines) >= len(values) + 1


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (TABLE.replace("days", "weeks"), 2, "not in weeks"),
        (TABLE.replace(";9500;", ";many;"), 3, "value is not a number"),
        (TABLE.replace("2022-01-01", "2020-01-01"), 3, "do not follow"),
        (TABLE.replace("0,01;", "0,05;"), 5, "range does not hold"),
        (TABLE + TABLE.splitlines()[1] + "\n", 6, "named twice"),
        (TABLE.replace(";own choice", ";"), 5, "source is empty"),
    ],
)
def test_a_fault_of_a_table_has_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    with pytest.raises(StelselError) as error:
        given(tmp_path, text, "own.csv")
    (fault,) = error.value.faults
    assert fault.where == f"own.csv, line {line}"
    assert what in fault.what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("values: [", "not valid YAML"),
        ("- 1", "Is not a plan file"),
        ("values: 3", "Is not a plan file"),
        ("values: []\nvalues: []", "stands on line 1 too"),
        ("[" * 20_000, "not valid YAML"),
        ("? [a]\n: 1", "not valid YAML"),
    ],
)
def test_odd_files_are_refused(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(StelselError, match=what):
        given(tmp_path, text)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="cannot be read"):
        read_plan(tmp_path / "nowhere.yaml", baseline())
    (tmp_path / "latin.yaml").write_bytes("name: caf\xe9".encode("latin-1"))
    with pytest.raises(StelselError, match="not valid YAML"):
        read_plan(tmp_path / "latin.yaml", baseline())


def test_what_the_reader_takes_fits_the_schema_and_what_it_refuses_does_not() -> None:
    def fits(text: str) -> bool:
        content = yaml.load(text, yaml.BaseLoader)
        for value in content["values"]:
            for key in ("value", "low", "high"):
                if key in value:
                    value[key] = float(value[key])
            if "dated" in value:
                value["dated"] = {day: float(n) for day, n in value["dated"].items()}
        return bool(jsonschema.Draft202012Validator(plan_schema()).is_valid(content))

    assert fits(OWN)
    for cut in ("    unit: days\n", "    source: own choice\n", "    low: 0.01\n"):
        assert not fits(OWN.replace(cut, "", 1))
    assert not fits(OWN.replace("kind: measured", "kind: guessed"))


def test_the_commands_check_and_show(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")
    runner = CliRunner()
    rows = json.loads(runner.invoke(app, ["plan", "check", str(file), "--json"]).output)
    assert [row["value"] for row in rows] == [50, 9000, 0.02]
    assert rows[0]["baseline"] == baseline().value("wait[ambulatory]")
    shown = json.loads(runner.invoke(app, ["plan", "show", "--json"]).output)
    assert {row["parameter"] for row in shown} == set(baseline().parameters)
    assumed = json.loads(runner.invoke(app, ["plan", "show", "--assumed", "--json"]).output)
    assert {row["kind"] for row in assumed} == {"assumed"}
    own = runner.invoke(app, ["plan", "show", "--plan", str(file), "--json"]).output
    told = {row["parameter"] for row in json.loads(own)}
    assert told > {row["parameter"] for row in shown}
    file.write_text("values: 1", encoding="utf-8")
    assert isinstance(runner.invoke(app, ["plan", "check", str(file)]).exception, StelselError)
