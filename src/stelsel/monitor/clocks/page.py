"""The reference page of the clocks, made of the tables themselves.

``python -m stelsel.monitor.clocks.page docs/reference/clocks.md`` writes it anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from stelsel.monitor.clocks.moments import tellable
from stelsel.monitor.clocks.ofstays import of_age
from stelsel.monitor.clocks.sequences import in_sequence
from stelsel.monitor.clocks.terms import terms
from stelsel.monitor.clocks.worklist import desk_name, desk_of, term_words
from stelsel.system import Clock, clocks, norm, station
from stelsel.system.moments import told

BEFORE = """\
# Clocks

Made by `python -m stelsel.monitor.clocks.page docs/reference/clocks.md`; do not edit.

A clock measures the term of a norm in a case: from what, to what, at which desk. Which there are
is data: terms in `system/data/norms.csv`, what starts and stops them in `system/data/clocks.csv`,
each row with its source ([the map](map.md#steps-and-clocks)). [Work through a
worklist](../how-to/work-through-a-worklist.md) tells how to use them.

## stelsel worklist

```sh
stelsel worklist board-start --register register --on 2026-06-30
stelsel worklist Y22 --register register --format csv
```

| option | |
|---|---|
| `NORM` | a norm of this page, or a system of the letters such as `Y22`; all without |
| `--on` | the day; the last day of the register without |
| `--known-on` | as known on a day |
| `--organisation` | only of this organisation, provider or municipality |
| `--format` | `table` (the first 40), `csv` or `json` (all) |
| `--internal` | needed where children are real; the look is logged |
| `--ground` | why you look, for the access log |

`stelsel indicators run kept-NORM late-NORM`, or `run terms` for all norms, counts them: the share
of terms kept in a period, of those that were met or missed in it, and how many cases are over their
term on a day. Counts about real children leave rounded, as all others do.

## States

| state | |
|---|---|
| met | stopped on the last day or before |
| missed | stopped after it |
| dropped | the case went another way within the term, or a right lapsed: neither met nor missed |
| running | not stopped, and not yet due |
| due | not stopped, and the last day is near: how near is in `ahead`, an own choice |
| overdue | not stopped, and the last day is over |

The first day is not counted and the last is. Working days leave out weekends and the holidays of
the Algemene termijnenwet. That law also moves the last day of a term that a law sets and in which
something must be done, of at most twelve weeks, to the next day that is no weekend or holiday
(*moved* below); agreements, lengths of measures and longer terms stay as they are counted. A birth
is known by its month: an age counts on the last day on which it can be reached, so nobody is too
late before it is sure.

*Runs on*: **steps** of processes that organisations tell, **messages**, **deliveries** to CBS, or
**spells** (then also on a run of the twin).
"""


def runs_on(clock: Clock) -> str:
    """Tell what data a clock runs on.

    Examples
    --------
    >>> from stelsel.system import clock
    >>> [runs_on(clock(name)) for name in ("board-start", "ijw-start", "supervision-provisional")]
    ['steps, spells', 'messages', 'spells']
    """
    if not in_sequence(clock):
        if of_age(clock):
            return "steps, spells, births"
        return "spells, births" if clock.since else "spells"
    first = clock.from_steps[0]
    if first == "period-ended":
        return "deliveries"
    if clock.norm.startswith("ijw-"):
        return "messages"
    return "steps, spells" if tellable(clock) else "steps"


def page() -> str:
    """Write the page in Markdown.

    Examples
    --------
    >>> page().splitlines()[0]
    '# Clocks'
    """
    lines = [BEFORE, "## Clocks that run", ""]
    lines += ["| norm | term | kind | starts | stops | due | who must act | runs on |"]
    lines += ["|---|---|---|---|---|---|---|---|"]
    running = [one for one in clocks() if one.runs]
    for one in running:
        held = norm(one.norm)
        who = desk_name(desk_of(one), "en")
        days = "day" if one.ahead == 1 else "days"
        due = "–" if one.sense == "at-least" else f"{one.ahead} {days} before"
        cells = [f"[`{one.norm}`](#{one.norm})", term_words(one, "en"), held.kind]
        cells += [*_ends(one), due, who, runs_on(one)]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "## Terms without data", ""]
    lines += ["No message or delivery tells what these would run on.", ""]
    lines += ["| norm | term | kind | what is missing | source |", "|---|---|---|---|---|"]
    for one in clocks():
        if not one.runs:
            held = norm(one.norm)
            lines.append(
                f"| `{one.norm}`: {held.name_en} | {term_words(one, 'en')} | {held.kind} "
                f"| {one.missing_en} | {one.source} |"
            )
    lines += ["", "## Each clock", ""]
    for one in running:
        lines += _told(one)
    lines += ["## The constants of the rules", ""]
    lines += ["| constant | number | norm, or why it has none |", "|---|---|---|"]
    for term in terms():
        lines.append(f"| {term.term} | {term.value} | {_norm(term.norm) or term.why_en} |")
    return "\n".join(lines).rstrip() + "\n"


def _norm(name: str) -> str:
    return f"`{name}`" if name else ""


def _ends(one: Clock) -> tuple[str, str]:
    """Tell what starts and what stops a clock."""
    if in_sequence(one):
        starts, stops = _named(one.from_steps), _named(one.to_steps)
    else:
        at = ", ".join(_place(name) for name in one.at or (one.station,))
        starts = f"stay: {at}" if len(one.at) < 4 else "stay at one of the stations below"
        stops = _named(one.to_steps) or "end of the stay"
    if one.since:
        starts += f"; counted from: {_named(one.since)}"
    return starts, stops


def _named(names: tuple[str, ...]) -> str:
    words = list(dict.fromkeys(told(name, "en") for name in names))
    return ", ".join(words if len(words) < 6 else [*words[:5], "…"])


def _place(name: str) -> str:
    return station(name).name_en


def _told(one: Clock) -> list[str]:
    held = norm(one.norm)
    at = ", ".join(f"`{name}`" for name in one.at)
    parts = [f"{held.name_en} (*{held.name_nl}*): {term_words(one, 'en')}, {held.kind}."]
    if one.share:
        parts.append(f"Wanted for {one.share:.0%} of cases.")
    if held.moved:
        parts.append("Moved over weekends and holidays.")
    if one.repeats:
        parts.append("Begins again each time.")
    if at:
        parts.append(f"For who is at {at}.")
    if one.else_steps:
        parts.append(f"Dropped at: {_named(one.else_steps)}.")
    parts.append(f"{one.note_en} {', '.join(one.systems)}. Source: {one.source}.".strip())
    return [f"### {one.norm}", "", " ".join(parts), ""]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
