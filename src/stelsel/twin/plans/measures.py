"""The pages of the measures in the documentation, made of the scenarios themselves.

``python -m stelsel.twin.plans.measures docs/explanation/measures`` writes them anew.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from stelsel.system.letters import letters
from stelsel.twin.plans.library import load, shipped
from stelsel.twin.plans.scenario import Change, Scenario

HOW = {"multiply": "times", "add": "plus", "set": "becomes"}
OTHER = "other"
"""The page of what is no measure of the letters."""
BEFORE = """\
# The measures

The letters to parliament announce measures. Each can be tried on the model: a scenario says what
it changes, what of that was measured and what is assumed, and what trying it shows and cannot show.
Dates are those of a start in 2022, the first year after the figures on which the plan rests; move
one with `NAME@DAY`. [Plans and scenarios](../../reference/plan.md) tells how to run, move and
combine them.

| | measure | letters | changes | of which measured |
|---|---|---|---|---|"""
AFTER = """
Hardly anything in them was measured. That is no flaw of the list but what is known: no effect on
waiting has been published for most of these measures. The ranges say how far a size may be off.
"""


def by_measure() -> dict[str, list[Scenario]]:
    """Give the scenarios of each measure, the one of its name first.

    Examples
    --------
    >>> [one.name for one in by_measure()["M15"]]
    ['M15', 'stronger-local-teams']
    """
    found: dict[str, list[Scenario]] = {}
    for name in shipped():
        one = load(name)
        found.setdefault(one.measure or OTHER, []).append(one)
    for measure, scenarios in found.items():
        scenarios.sort(key=lambda one: (one.name != measure, one.name))
    return dict(sorted(found.items()))


def page(measure: str) -> str:
    """Write the page of a measure in Markdown.

    Examples
    --------
    >>> page("M14").splitlines()[0]
    '# M14: Supervision with a plan per region'
    """
    scenarios = by_measure()[measure]
    title = f"{measure}: {scenarios[0].title_en}" if measure != OTHER else "Not of the letters"
    lines = [f"# {title}", ""]
    lines += ["Made by `make reference` of the scenarios themselves. [All measures](README.md)", ""]
    for scenario in scenarios:
        lines += _of(scenario, alone=len(scenarios) == 1)
    return "\n".join(lines)


def _of(scenario: Scenario, *, alone: bool) -> list[str]:
    lines = []
    if not alone:
        lines += [f"## {scenario.title_en}", ""]
    lines += [f"Dutch title: {scenario.title_nl}. Letters: {scenario.letter or 'none'}.", ""]
    lines += ["```sh", f"stelsel simulate --region JZ07 --years 5 --scenario {scenario.name} "
              "--replications 30 --out run"]  # fmt: skip
    if scenario.target:
        lever = f"capacity[{scenario.target.partition('[')[2].partition(']')[0]}]"
        lines += [f"stelsel seek --scenario {scenario.name} --region JZ07 --by '{lever}'"]
    lines += ["```", ""]
    if scenario.changes:
        lines += ["| what changes | how | from | of which | where that comes from |"]
        lines += ["|---|---|---|---|---|"]
        for _, changes in groupby(scenario.changes, key=lambda change: change.text_en):
            lines += [_row(list(changes))]
        lines += [""]
    else:
        lines += ["It changes nothing in the plan.", ""]
    for fall in scenario.falls:
        provider = f"provider {fall.provider} of {fall.service} in {fall.region}"
        lines += [f"On {fall.day} {provider} falls.", ""]
    if scenario.target:
        lines += [f"What it wants to reach: `{scenario.target}`.", ""]
    for words, text in (("shows", scenario.shows[1]), ("cannot show", scenario.cannot[1])):
        if text:
            lines += [f"**What it {words}.** {text}", ""]
    return lines


def _row(alike: list[Change]) -> str:
    change = alike[0]
    step = change.step
    names = ", ".join(f"`{one.parameter}`" for one in alike)
    how = f"{HOW[step.how]} {step.number:g}"
    if change.low is not None and change.high is not None:
        how += f" ({change.low:g} to {change.high:g})"
    since = step.since.isoformat() + (f", in full on {step.fully_by}" if step.fully_by else "")
    return f"| {change.text_en} {names} | {how} | {since} | {change.kind} | {change.source_en} |"


def overview() -> str:
    """Write the page that names all measures."""
    lines = [BEFORE]
    for measure, scenarios in by_measure().items():
        first = scenarios[0]
        changes = [change for one in scenarios for change in one.changes]
        measured = sum(change.kind == "measured" for change in changes)
        name = f"[{measure}]({measure}.md)"
        lines += [f"| {name} | {first.title_en} | {first.letter} | {len(changes)} | {measured} |"]
    lines += ["", "| letter | |", "|---|---|"]
    lines += [f"| {one.key} | {one.name_en} ({one.source}) |" for one in letters().values()]
    return "\n".join([*lines, AFTER])


def pages() -> dict[str, str]:
    """Give every page by file name.

    Examples
    --------
    >>> len(pages()) >= 26
    True
    """
    made = {f"{measure}.md": page(measure) for measure in by_measure()}
    return {"README.md": overview(), **made}


def main(folder: Path) -> None:
    """Write every page into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
