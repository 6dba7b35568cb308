"""The mirror report: what a delivery looks like to who receives it.

What is wrong or odd per record and field, counts per code, and books that balance. It names lines
and fields, never a child, so that it can be kept and sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from stelsel.deliveries.cbs.checking import in_period, judged
from stelsel.deliveries.cbs.findings import Breach, findings
from stelsel.deliveries.cbs.layouts import Layout
from stelsel.deliveries.cbs.merging import merge, told, youth_care
from stelsel.deliveries.cbs.reading import contents_of
from stelsel.deliveries.cbs.records import Delivery, Record
from stelsel.deliveries.cbs.tables import codes, fields, sort_of
from stelsel.deliveries.taken import Finding
from stelsel.errors import StelselError, refused

COUNTS = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("begin", pa.int64(), nullable=False),
        pa.field("started", pa.int64(), nullable=False),
        pa.field("ended", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("running", pa.int64(), nullable=False),
    ]
)
"""Counts of records by code.

=======  ==================================================================================
code     code of form, measure, order or probation
begin    stock at the beginning: started before the period, not ended before it
started  first day in the period
ended    last day in the period
end      stock at the end; what ends on the last day of the period is not in it
running  neither started nor ended in the period
=======  ==================================================================================

``begin + started - ended = end``, for each code.
"""


@dataclass(frozen=True, slots=True)
class Mirror:
    """A delivery as its receiver sees it.

    Parameters
    ----------
    delivery
        What its heading tells; None if that cannot be read.
    breaches
        All that is wrong or odd, in the order of the file.
    records
        Lines and records as they count: right in themselves, and merged by the rules; none if
        the file is set aside.
    counts
        Columns of :data:`COUNTS`.
    keyed
        Whether children are named by pseudonyms.
    """

    delivery: Delivery | None
    breaches: tuple[Breach, ...]
    records: tuple[tuple[int, Record], ...]
    counts: pa.Table
    keyed: bool

    @property
    def valid(self) -> bool:
        """Whether the file is taken in; what is odd stops nothing."""
        return not any(breach.stops for breach in self.breaches)

    def findings(self, lang: str = "nl", *, stopping: bool = False) -> tuple[Finding, ...]:
        """Give what is wrong and odd in words, or only what stops the file."""
        return findings([one for one in self.breaches if one.stops or not stopping], lang)


def mirror_of(
    data: bytes, layout: Layout | None = None, delivery: Delivery | None = None
) -> Mirror:
    """Make the mirror report of a file.

    Parameters
    ----------
    data
        The file.
    layout
        Its layout; without it the shipped one that it shows.
    delivery
        What the heading would tell, for a layout without one.
    """
    contents = contents_of(data, layout, delivery)
    breaches = list(contents.breaches)
    if contents.delivery is None:
        return Mirror(None, tuple(breaches), (), COUNTS.empty_table(), contents.keyed)
    breaches += judged(contents.delivery, contents.records)
    records: Sequence[tuple[int, Record]] = contents.records
    valid = not any(breach.stops for breach in breaches)
    if valid and contents.delivery.sort == "cbs-youth-care":
        merged = merge(youth_care(records))
        breaches += told(merged)
        records = sorted(merged.records, key=lambda row: row[0])
    # Who has to mend a file wants to see its counts too, of what could be read.
    counts = counts_of([record for _, record in records], contents.delivery)
    records = records if valid else ()
    return Mirror(contents.delivery, tuple(breaches), tuple(records), counts, contents.keyed)


def mirror(
    path: str | Path, layout: Layout | None = None, delivery: Delivery | None = None
) -> Mirror:
    """Make the mirror report of a file at a path; see :func:`mirror_of`.

    Raises
    ------
    StelselError
        When the file cannot be read at all.
    """
    return mirror_of(data_of(path), layout, delivery)


def data_of(path: str | Path) -> bytes:
    """Read a file whole.

    Raises
    ------
    StelselError
        When it cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise StelselError(
            f"The file cannot be read: {refused(error)}.",
            where=str(path),
            what_nl=f"Het bestand is niet te lezen: {refused(error, 'nl')}.",
        ) from error


def counts_of(records: Sequence[Record], delivery: Delivery) -> pa.Table:
    """Count records by code.

    Parameters
    ----------
    records
        Records of one delivery; those outside its period or without a code do not count.
    delivery
        Which delivery.

    Returns
    -------
    pa.Table
        Columns of :data:`COUNTS`, one row for each code that there is, in order.

    Examples
    --------
    >>> from datetime import date
    >>> from stelsel.deliveries.periods import Period
    >>> from stelsel.deliveries.cbs.records import Placement
    >>> delivery = Delivery("cbs-placement", "00000001", Period.of("2024-H1"), date(2024, 7, 9))
    >>> order = Placement(order="72", start=date(2024, 1, 1), end=date(2024, 6, 30))
    >>> counts_of([order], delivery).to_pylist()
    [{'code': '72', 'begin': 0, 'started': 1, 'ended': 1, 'end': 0, 'running': 0}]
    """
    field, period = sort_of(delivery.sort).code_field, delivery.period
    rows: dict[str, dict[str, int]] = {}
    for record in records:
        code = getattr(record, field)
        first, last = record.first, record.last
        if code is None or first is None or not in_period(record, period):
            continue
        row = rows.setdefault(code, dict.fromkeys(COUNTS.names[1:], 0))
        started = first >= period.first
        ended = last is not None and last <= period.last
        row["begin"] += not started
        row["started"] += started
        row["ended"] += ended
        row["end"] += not ended
        row["running"] += not (started or ended)
    return pa.Table.from_pylist([{"code": code} | rows[code] for code in sorted(rows)], COUNTS)


def text_of(report: Mirror, lang: str = "nl") -> str:
    """Tell a mirror report to people, as Markdown.

    Parameters
    ----------
    report
        The report.
    lang
        ``nl`` or ``en``.

    Examples
    --------
    >>> print(text_of(mirror_of(b"nothing of the kind"), "en").splitlines()[0])
    # Mirror report
    """
    words = _WORDS[lang]
    lines = [f"# {words['title']}", ""]
    if report.delivery is not None:
        lines += [_about(report.delivery, lang), ""]
    found = report.findings(lang)
    verdict = "taken" if report.valid else "set_aside"
    lines += [words[verdict].format(records=len(report.records)), "", f"## {words['found']}", ""]
    lines += [f"- {_place(one, words)}{one.message} {one.remedy} ({one.rule})" for one in found]
    lines += [] if found else [words["nothing"]]
    if report.delivery is not None and report.counts.num_rows:
        lines += ["", f"## {words['counts']}", "", *_table(report, lang), "", words["stock"]]
    return "\n".join(lines) + "\n"


def _about(delivery: Delivery, lang: str) -> str:
    sort = sort_of(delivery.sort)
    return _WORDS[lang]["about"].format(
        name=sort.name_nl if lang == "nl" else sort.name_en,
        deliverer=delivery.deliverer,
        period=delivery.period,
        day=delivery.day.isoformat(),
    )


def _place(one: Finding, words: dict[str, str]) -> str:
    line = f"{words['line']} {one.line}" if one.line is not None else ""
    place = ", ".join(part for part in (line, one.column) if part)
    return f"{place}: " if place else ""


def _table(report: Mirror, lang: str) -> list[str]:
    if report.delivery is None:
        return []
    field = fields(report.delivery.sort)[sort_of(report.delivery.sort).code_field]
    names = {
        code.code: code.name_nl if lang == "nl" else code.name_en
        for code in codes()[field.list].values()
    }
    rows = report.counts.to_pylist()
    total = {name: sum(row[name] for row in rows) for name in COUNTS.names[1:]}
    lines = ["| " + " | ".join(_WORDS[lang]["columns"].split(";")) + " |"]
    lines.append("|---|" + "---:|" * len(total))
    named = [(f"{row['code']} {names[row['code']]}", row) for row in rows]
    for name, row in [*named, (_WORDS[lang]["total"], total)]:
        lines.append(f"| {name} | " + " | ".join(str(row[column]) for column in total) + " |")
    return lines


_WORDS = {
    "nl": {
        "title": "Spiegelrapport",
        "about": "{name}, periode {period}, van {deliverer}, geleverd op {day}.",
        "taken": "Het bestand kan worden opgenomen; records die tellen: {records}.",
        "set_aside": "Het bestand kan zo niet worden opgenomen: herstel het en lever het opnieuw.",
        "found": "Bevindingen",
        "nothing": "Geen.",
        "line": "regel",
        "counts": "Aantallen",
        "columns": "Code;Begin;Gestart;Geëindigd;Eind;Hele periode",
        "total": "Totaal",
        "stock": "Begin + gestart - geëindigd = eind. Wat op de laatste dag eindigt, telt niet "
        "mee in de stand aan het eind.",
    },
    "en": {
        "title": "Mirror report",
        "about": "{name}, period {period}, of {deliverer}, delivered on {day}.",
        "taken": "The file can be taken in; records that count: {records}.",
        "set_aside": "The file cannot be taken in as it is: mend it and deliver it again.",
        "found": "Findings",
        "nothing": "None.",
        "line": "line",
        "counts": "Counts",
        "columns": "Code;Begin;Started;Ended;End;Whole period",
        "total": "Total",
        "stock": "Begin + started - ended = end. What ends on the last day is not in the stock "
        "at the end.",
    },
}
