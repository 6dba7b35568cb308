"""The mirror report of a file of any sort: how who takes it in sees it, for who delivers it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from stelsel.deliveries import cbs, process, statements
from stelsel.deliveries.taken import Finding
from stelsel.system.steps import step

CBS: Final = "cbs"
"""What sort of file a delivery to CBS is, whichever of the four it is."""


@dataclass(frozen=True, slots=True)
class MirrorReport:
    """A file as its receiver sees it; never holds what the file says of a child.

    Parameters
    ----------
    file
        Path of the file.
    kind
        What sort of file it is, such as ``"cbs-youth-care"``; ``"cbs"`` where its heading does not
        tell which of the four, empty where it is none that is known.
    valid
        Whether it can be taken in; what is only odd does not stop it.
    findings
        All that is wrong or odd.
    about
        Who delivers (``deliverer``), about which ``period``, on which ``day``, as far as known.
    records
        How many records or rows count.
    counts
        Rows of numbers by code or step.
    text
        The report for people, as Markdown.
    """

    file: str
    kind: str
    valid: bool
    findings: tuple[Finding, ...]
    about: Mapping[str, str | None]
    records: int
    counts: tuple[Mapping[str, Any], ...]
    text: str


def mirror_report(file: str | Path, kind: str, lang: str = "nl") -> MirrorReport:
    """Make the mirror report of a file.

    Parameters
    ----------
    file
        The file.
    kind
        What sort of file it is: :data:`CBS`, or the ``KIND`` of process steps or of statements.
    lang
        Language of the report, ``nl`` or ``en``.

    Raises
    ------
    StelselError
        When the file cannot be read at all.

    Examples
    --------
    >>> from datetime import date
    >>> from tempfile import TemporaryDirectory
    >>> from stelsel.deliveries.process import StepRow, write
    >>> day = date(2024, 3, 1)
    >>> row = StepRow("A1", "safety-reported", day, day, "VT-01", "0193", child="k1")
    >>> with TemporaryDirectory() as folder:
    ...     write([row], Path(folder) / "steps.csv")
    ...     report = mirror_report(Path(folder) / "steps.csv", "process", "en")
    >>> report.valid, report.records, report.about["deliverer"], report.counts[0]["rows"]
    (True, 1, 'VT-01', 1)
    """
    if kind == process.KIND:
        return _of_steps(str(file), lang)
    if kind == statements.KIND:
        return _of_statement(str(file), lang)
    return _of_cbs(str(file), lang)


def unknown_report(file: str | Path, found: Finding, lang: str = "nl") -> MirrorReport:
    """Make the report of a file of which nothing is known but what is wrong with it.

    Examples
    --------
    >>> wrong = Finding("file.unknown", None, "", "This is no delivery.", "Use a template.")
    >>> print(unknown_report("a.csv", wrong, "en").text.splitlines()[-1])
    - This is no delivery. Use a template. (file.unknown)
    """
    return _report(str(file), "", {}, (found,), (), (), lang)


def _of_cbs(file: str, lang: str) -> MirrorReport:
    report = cbs.mirror(file)
    told = report.delivery
    about = {} if told is None else _about(told.deliverer, str(told.period), told.day.isoformat())
    return MirrorReport(
        file,
        CBS if told is None else told.sort,
        report.valid,
        report.findings(lang),
        about,
        len(report.records),
        tuple(report.counts.to_pylist()),
        cbs.text_of(report, lang),
    )


def _of_steps(file: str, lang: str) -> MirrorReport:
    rows, findings = process.read_rows(file, "en" if lang == "en" else "nl")
    told = [row.told for row in rows]
    days = [row.day for row in rows]
    about = _about(", ".join(sorted({row.organisation for row in rows})), None, None)
    if rows:
        about["period"] = f"{min(days)} - {max(days)}"
        about["day"] = max(told).isoformat()
    counted = Counter((row.step, row.withdraws) for row in rows)
    counts = [
        {
            "step": name,
            "name": getattr(step(name), f"name_{lang}"),
            "rows": counted[name, False],
            "withdrawn": counted[name, True],
        }
        for name in sorted({name for name, _ in counted})
    ]
    return _report(file, process.KIND, about, findings, rows, counts, lang)


def _of_statement(file: str, lang: str) -> MirrorReport:
    found = statements.read_statement(file, lang)
    told = found.statement
    if told is None:
        return _report(file, statements.KIND, {}, found.findings, (), (), lang)
    about = _about(told.provider, told.period, told.dated.isoformat() if told.dated else None)
    counted = Counter(line.source for line in told.lines)
    counts = [
        {"source": name, "name": _WORDS[lang][name], "rows": counted[name]}
        for name in sorted(counted)
    ]
    return _report(file, statements.KIND, about, found.findings, told.lines, counts, lang)


def _about(deliverer: str, period: str | None, day: str | None) -> dict[str, str | None]:
    return {"deliverer": deliverer or None, "period": period, "day": day}


def _report(
    file: str,
    kind: str,
    about: Mapping[str, str | None],
    findings: tuple[Finding, ...],
    rows: Iterable[object],
    counts: Iterable[Mapping[str, Any]],
    lang: str,
) -> MirrorReport:
    words = _WORDS[lang]
    counts, number = tuple(counts), len(tuple(rows))
    lines = [f"# {words['title']}", ""]
    if about.get("deliverer"):
        lines += [words[f"about {kind}"].format_map(about), ""]
    verdict = words["set_aside"] if findings else words["taken"].format(rows=number)
    lines += [verdict, "", f"## {words['found']}", ""]
    lines += [f"- {_place(one, words)}{one.message} {one.remedy} ({one.rule})" for one in findings]
    lines += [] if findings else [words["nothing"]]
    if counts:
        names = [name for name in counts[0] if name not in {"step", "source"}]
        lines += ["", f"## {words['counts']}", ""]
        lines.append("| " + " | ".join(words[name] for name in names) + " |")
        lines.append("|---" + "|---:" * (len(names) - 1) + "|")
        lines += ["| " + " | ".join(str(row[name]) for name in names) + " |" for row in counts]
    text = "\n".join(lines) + "\n"
    return MirrorReport(file, kind, not findings, findings, about, number, counts, text)


def _place(one: Finding, words: Mapping[str, str]) -> str:
    line = f"{words['line']} {one.line}" if one.line is not None else ""
    place = ", ".join(part for part in (line, one.column) if part)
    return f"{place}: " if place else ""


_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "title": "Spiegelrapport",
        f"about {process.KIND}": "Processtappen van {deliverer}, {period}, vastgelegd tot en met "
        "{day}.",
        f"about {statements.KIND}": "Kwartaalopgave van {deliverer} over {period}, van {day}.",
        "taken": "Het bestand kan worden opgenomen; regels die tellen: {rows}.",
        "set_aside": "Het bestand kan zo niet worden opgenomen: herstel het en lever het opnieuw.",
        "found": "Bevindingen",
        "nothing": "Geen.",
        "line": "regel",
        "counts": "Aantallen",
        "name": "Wat",
        "rows": "Regels",
        "withdrawn": "Ingetrokken",
        "register": "uit het register",
        "provider": "van de aanbieder",
    },
    "en": {
        "title": "Mirror report",
        f"about {process.KIND}": "Steps of processes of {deliverer}, {period}, recorded up to "
        "{day}.",
        f"about {statements.KIND}": "Quarterly statement of {deliverer} about {period}, of {day}.",
        "taken": "The file can be taken in; rows that count: {rows}.",
        "set_aside": "The file cannot be taken in as it is: mend it and deliver it again.",
        "found": "Findings",
        "nothing": "None.",
        "line": "line",
        "counts": "Counts",
        "name": "What",
        "rows": "Rows",
        "withdrawn": "Withdrawn",
        "register": "from the register",
        "provider": "from the provider",
    },
}
