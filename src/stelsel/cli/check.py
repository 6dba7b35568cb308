"""The command ``check``: whether messages and deliveries are right, and if not, what is wrong."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from stelsel.cli.options import day_of
from stelsel.cli.output import say, screen

if TYPE_CHECKING:
    from stelsel.deliveries.mirrors import MirrorReport
    from stelsel.ijw import Finding, Received

UNREADABLE: Final = "file.open"
"""The finding on a file that exists but could not be opened."""

_WORDS: Final = {
    "nl": {
        "line": "regel {line}",
        "code": "retourcode {code}",
        "remedy": "Doe: {remedy}",
        "sum": "{files} gelezen: {right} goed, {wrong} met bevindingen ({findings} in totaal).",
        "files": ("1 bericht", "{n} berichten"),
        "deliveries": "Aanleveringen: {count}, waarvan {wrong} zo niet kunnen worden opgenomen.",
        "answer": "Antwoord: {file}",
        "answers": "Antwoorden geschreven in {folder}: {n}.",
        "partly": "Zonder --register is alleen getoetst op structuur en inhoud (niveau 1 en 2); "
        "de antwoorden zeggen dus niets over eerdere berichten.",
    },
    "en": {
        "line": "line {line}",
        "code": "return code {code}",
        "remedy": "Do: {remedy}",
        "sum": "{files} read: {right} right, {wrong} with findings ({findings} in all).",
        "files": ("1 message", "{n} messages"),
        "deliveries": "Deliveries: {count}, of which {wrong} cannot be taken in as they are.",
        "answer": "Answer: {file}",
        "answers": "Answers written in {folder}: {n}.",
        "partly": "Without --register only structure and content were checked (levels 1 and 2), so "
        "the answers say nothing of earlier messages.",
    },
}


def check(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Berichten (.xml), aanleveringen (CBS, processtappen, kwartaalopgaven), mappen en "
            "zipbestanden.",
            show_default=False,
        ),
    ],
    register: Annotated[
        Path | None,
        typer.Option(help="Toets ook tegen dit register en wat daarbuiten ligt (niveau 3 en 4)."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            help="Schrijf in deze map de retourberichten en JW325 die de ontvanger moet sturen."
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            help="De dag van vandaag volgens de toets en de antwoorden, als jjjj-mm-dd.",
            show_default="vandaag",
        ),
    ] = None,
    tariffs: Annotated[
        Path | None, typer.Option(help="CSV met de tarieven uit de contracten (bij --register).")
    ] = None,
    codes: Annotated[
        Path | None, typer.Option(help="CSV met eigen productcodes (bij --register).")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Met zoveel processen tegelijk lezen.")] = 1,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Eén JSON-object per bericht of aanlevering, elk op één regel."
        ),
    ] = False,
    lang: Annotated[
        str, typer.Option(envvar="STELSEL_LANG", help="Taal van de bevindingen: nl of en.")
    ] = "nl",
) -> None:
    """Toets berichten en aanleveringen; elk bestand wordt aan zijn inhoud herkend.

    iJw-berichten op structuur, inhoud en, met een register, op wat er al is; van aanleveringen aan
    CBS, processtappen en kwartaalopgaven het spiegelrapport. (Check messages at levels 1 and 2,
    with a register at 3 and 4 too; give the mirror report of deliveries.)

    Eindigt met 0 als alles goed is, met 1 bij bevindingen, met 2 als iets niet te lezen is.
    """
    if on is not None:
        day_of(on, "--on")
    messages, deliveries = _apart(paths)
    received = _received(messages, register, on, tariffs, codes, workers, lang, answers is not None)
    pairs: Iterator[tuple[Received, str | None]] = ((each, None) for each in received)
    if answers is not None:
        from stelsel.ijw.answered import answered

        pairs = answered(received, answers, day_of(on, "--on"))
    right = wrong = told = owed = 0
    unreadable = False
    for each, answer in pairs:
        right += each.valid
        wrong += not each.valid
        told += len(each.findings)
        owed += answer is not None
        unreadable |= any(finding.rule == UNREADABLE for finding in each.findings)
        if as_json:
            _print_object(each, answer)
        elif not each.valid:
            _print_block(each, answer, lang)
    reports = _mirrored(deliveries, lang, as_json=as_json)
    refused = sum(not each.valid for each in reports)
    words = _WORDS[lang]
    if not as_json and (messages or not deliveries):
        one, many = words["files"]
        count = right + wrong
        files = one if count == 1 else many.format(n=count)
        _show(
            str(words["sum"]).format(files=files, right=right, wrong=wrong, findings=told), "bold"
        )
    if not as_json and deliveries:
        _show(str(words["deliveries"]).format(count=len(reports), wrong=refused), "bold")
    if answers is not None:
        say(str(words["answers"]).format(n=owed, folder=answers))
        if register is None:
            say(str(words["partly"]))
    unreadable |= any(one.rule == UNREADABLE for each in reports for one in each.findings)
    if unreadable:
        raise typer.Exit(2)
    if wrong or refused:
        raise typer.Exit(1)


def _apart(paths: list[Path]) -> tuple[list[str], list[Path]]:
    """Tell messages from files of other sorts.

    What knows those is loaded only where there may be any: it takes long, and it starts threads,
    which had better not be there when the processes begin that read messages.
    """
    from stelsel.deliveries import SUFFIXES
    from stelsel.ijw.sources import SUFFIXES as MESSAGES

    def may_be_other(path: Path) -> bool:
        if path.is_dir():
            names = (name for _, _, inside in os.walk(path) for name in inside)
            return any(name.lower().endswith(SUFFIXES) for name in names)
        return path.suffix.lower() not in MESSAGES

    if not any(map(may_be_other, paths)):
        return [str(path) for path in paths], []
    from stelsel.register.arrivals import apart

    return apart(paths)


def _received(
    paths: list[str],
    register: Path | None,
    on: str | None,
    tariffs: Path | None,
    codes: Path | None,
    workers: int,
    lang: str,
    whole: bool,
) -> Iterator[Received]:
    """Read and check messages, with a register against that too."""
    from stelsel.ijw import read
    from stelsel.ijw.sources import unchanged, without_content

    if register is None:
        # Only answers need to know what the messages say.
        kept = unchanged if whole else without_content
        return read(paths, lang, workers, then=kept)
    from stelsel.ijw.outside import outside_of
    from stelsel.register import Register
    from stelsel.register.access import log_access

    outside = outside_of(day_of(on, "--on"), tariffs=tariffs, own_codes=codes)
    opened = Register.open(register)
    if not opened.made_up:
        # What is found tells of what was known of these children.
        log_access(register, "check", asked={"paths": len(paths)})
    return opened.check(paths, outside, lang, workers)


def _mirrored(files: list[Path], lang: str, *, as_json: bool) -> list[MirrorReport]:
    """Look at files of other sorts than messages, and print the mirror report of each."""
    reports: list[MirrorReport] = []
    if not files:
        return reports
    from stelsel.register.arrivals import look

    for file in files:
        report = look(file, lang)
        reports.append(report)
        if as_json:
            _print_line(_report_fields(report))
        else:
            _show(f"{report.file}{f'  ({report.kind})' if report.kind else ''}", "bold")
            _show(report.text)
    return reports


def _report_fields(report: MirrorReport) -> dict[str, Any]:
    return {
        "file": report.file,
        "message": None,
        "kind": report.kind or None,
        "valid": report.valid,
        **{name: report.about.get(name) for name in ("deliverer", "period", "day")},
        "records": report.records,
        "counts": list(report.counts),
        "findings": [asdict(finding) for finding in report.findings],
    }


def _print_line(value: dict[str, Any]) -> None:
    """Print an object as one line of JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _show(text: str, style: str = "") -> None:
    screen.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _print_object(received: Received, answer: str | None) -> None:
    """Print what became of a file as one line of JSON, with the file of its answer if any."""
    value: dict[str, Any] = {
        "file": received.file,
        "message": received.type or None,
        "valid": received.valid,
        "findings": [_fields(finding) for finding in received.findings],
    }
    if answer is not None:
        value["answer"] = answer
    _print_line(value)


def _fields(finding: Finding) -> dict[str, str | int | None]:
    return {
        "level": finding.level,
        "rule": finding.rule,
        "return_code": finding.return_code,
        "path": finding.path,
        "line": finding.line,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def _print_block(received: Received, answer: str | None, lang: str) -> None:
    """Print the findings of one file for a reader."""
    words = _WORDS[lang]
    _show(f"{received.file}{f'  ({received.type})' if received.type else ''}", "bold red")
    for finding in received.findings:
        code = finding.return_code if finding.level > 2 else None
        places = [
            str(words["line"]).format(line=finding.line) if finding.line is not None else "",
            finding.path,
            str(words["code"]).format(code=code) if code else "",
        ]
        where = ", ".join(place for place in places if place)
        if where:
            _show(f"  {where}", "cyan")
        _show(f"    {finding.message} [{finding.rule}]")
        _show("    " + str(words["remedy"]).format(remedy=finding.remedy), "dim")
    if answer is not None:
        _show("  " + str(words["answer"]).format(file=answer), "green")
    _show("")
