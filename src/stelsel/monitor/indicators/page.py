"""The reference page of the indicators, made of the definitions themselves.

``python -m stelsel.monitor.indicators.page docs/reference/indicators.md`` writes it anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from stelsel.monitor.indicators.definition import LEVELS, Indicator
from stelsel.monitor.indicators.library import SYSTEMS, known

BEFORE = """\
# Indicators

Made by `python -m stelsel.monitor.indicators.page docs/reference/indicators.md`; do not edit.

An indicator is a definition in a file: whom it counts, when, against what, and what to mind. Each
is a function of [spells](spells.md), so it runs on a register and on what the twin makes alike.
[Define an indicator](../how-to/define-an-indicator.md) tells how to add one of your own.

`stelsel indicators list` names them, `stelsel indicators show ID` tells what one is, and
`stelsel indicators run ID... --register DIR` works them out:

| option | |
|---|---|
| `--by` | rows per column of a spell or per `month`, with commas; `total` for one row |
| `--as-of`, `--days` | the day of looking, and the length of the period that ends on it |
| `--known-on` | as known on a day |
| `--engine` | `duckdb`, `oracle` (slow), [`spark`](../how-to/work-with-many-spells.md) |
| `--run` | instead of `--register`: the folder that `stelsel simulate --spells` left |
| `--format`, `--out` | `table`, `json`; into a folder `csv`, `parquet`, or `xlsx`: one workbook |
| `--definitions` | a file with definitions of your own |
| `--internal` | exact numbers of real children; the look is logged |

[What the letters ask to watch](watches.md) is by system of the letters, with where each runs.
A period with a break in it is told in two, for what changed does not compare. An indicator that is
told by country and region only is refused at a finer level, whoever asks.

Numbers about real children leave rounded to 5, small ones hidden; a share is worked out from the
rounded counts that are shown ([waiting](waiting.md) tells how hiding works).

## Measures

| measure | what it gives |
|---|---|
| count | how many spells, or how many children |
| share | of those the share that also belongs to a part, in percent, with Wilson's 95 % interval |
| ratio | how many for each one of another selection |
| length | until an end that counts: half and 80 percent (Kaplan and Meier), open spells counted |
| ends | how spells end within so many days: each way by Aalen and Johansen, the others competing |
| lasted | how long those that are there have been there so far |
| within | of spells that ended in time or went over their term, the share in time |
| beside | of the children there the share with two or more at once |
| again | of spells begun the share whose child had an earlier one |
| no-return | of spells ended the share without a new one by the end of the next half-year |
| follow | of spells ended the share whose child began another within so many days |
| days | how many days of the period the spells were there, all together |
| mark | of answers with a mark the mean, with its 95 % interval, and the median |

Indicators over *answers* count what children and parents answered about care that ended, as the
deliveries to CBS tell it; child and parent stand apart, and the response is told beside them.
"""


def page() -> str:
    """Write the page in Markdown.

    Examples
    --------
    >>> page().splitlines()[0]
    '# Indicators'
    """
    lines = [BEFORE, "## By system of the letters", "", "| system | indicators |", "|---|---|"]
    for system in SYSTEMS:
        names = [f"[{one.id}](#{one.id})" for one in known() if system in one.systems]
        if names:
            lines.append(f"| {system} | {', '.join(names)} |")
    lines += ["", "## Definitions", ""]
    for one in known():
        lines += _told(one)
    return "\n".join(lines).rstrip() + "\n"


def _told(one: Indicator) -> list[str]:
    what = [f"measure *{one.measure}*", f"in {one.unit}"]
    if one.reads != "spells":
        what.append(f"over {one.reads}")
    if one.by:
        what.append(f"by {', '.join(one.by)}")
    if one.direction != "none":
        what.append(f"{one.direction} is better")
    if one.norm:
        what.append(f"norm `{one.norm}`")
    if one.levels != LEVELS:
        what.append(f"told by {' and '.join(one.levels)} only")
    lines = [
        f"### {one.id}",
        "",
        f"{one.name_en} (*{one.name_nl}*). {one.question_en} {', '.join(one.systems)}; "
        f"{', '.join(what)}. Source: {one.source}.",
        "",
    ]
    lines += [f"- {caveat}" for caveat in one.caveats_en]
    lines += [f"- Break on {each.day}: {each.why_en}" for each in one.breaks]
    if one.companions:
        told = ", ".join(f"[{name}](#{name})" for name in one.companions)
        lines.append(f"- Told together with {told}")
    if one.caveats_en or one.breaks or one.companions:
        lines.append("")
    return lines


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
