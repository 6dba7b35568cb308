"""The command ``check``: whether messages are right, and if not, what is wrong with them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from stelsel.cli.options import day_of
from stelsel.cli.output import say, screen

if TYPE_CHECKING:
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
        "answer": "Answer: {file}",
        "answers": "Answers written in {folder}: {n}.",
        "partly": "Without --register only structure and content were checked (levels 1 and 2), so "
        "the answers say nothing of earlier messages.",
    },
}


def check(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Berichten (.xml), mappen en zipbestanden.", show_default=False),
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
        bool, typer.Option("--json", help="Eén JSON-object per bericht, elk op één regel.")
    ] = False,
    lang: Annotated[
        str, typer.Option(envvar="STELSEL_LANG", help="Taal van de bevindingen: nl of en.")
    ] = "nl",
) -> None:
    """Toets iJw-berichten op structuur, inhoud en, met een register, op wat er al is.

    (Check iJw messages at levels 1 and 2; with a register at levels 3 and 4 too.)

    Eindigt met 0 als alles goed is, met 1 bij bevindingen, met 2 als iets niet te lezen is.
    """
    from stelsel.ijw import read
    from stelsel.ijw.sources import unchanged, without_content

    if on is not None:
        day_of(on, "--on")
    if register is None:
        # Only answers need to know what the messages say.
        kept = without_content if answers is None else unchanged
        received = read(paths, lang, workers, then=kept)
    else:
        from stelsel.ijw.outside import outside_of
        from stelsel.register import Register

        outside = outside_of(day_of(on, "--on"), tariffs=tariffs, own_codes=codes)
        received = Register.open(register).check(paths, outside, lang, workers)
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
    if not as_json:
        words = _WORDS[lang]
        one, many = words["files"]
        count = right + wrong
        files = one if count == 1 else many.format(n=count)
        line = str(words["sum"]).format(files=files, right=right, wrong=wrong, findings=told)
        screen.print(line, style="bold", markup=False, highlight=False, soft_wrap=True)
    if answers is not None:
        say(str(_WORDS[lang]["answers"]).format(n=owed, folder=answers))
        if register is None:
            say(str(_WORDS[lang]["partly"]))
    if unreadable:
        raise typer.Exit(2)
    if wrong:
        raise typer.Exit(1)


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
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


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

    def show(text: str, style: str = "") -> None:
        screen.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    show(f"{received.file}{f'  ({received.type})' if received.type else ''}", "bold red")
    for finding in received.findings:
        code = finding.return_code if finding.level > 2 else None
        places = [
            str(words["line"]).format(line=finding.line) if finding.line is not None else "",
            finding.path,
            str(words["code"]).format(code=code) if code else "",
        ]
        where = ", ".join(place for place in places if place)
        if where:
            show(f"  {where}", "cyan")
        show(f"    {finding.message} [{finding.rule}]")
        show("    " + str(words["remedy"]).format(remedy=finding.remedy), "dim")
    if answer is not None:
        show("  " + str(words["answer"]).format(file=answer), "green")
    show("")
