"""The command ``check``: whether messages are right, and if not, what is wrong with them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stelsel.cli.output import screen

if TYPE_CHECKING:
    from stelsel.ijw import Finding, Received

UNREADABLE: Final = "file.open"
"""The finding on a file that exists but could not be opened."""

_WORDS: Final = {
    "nl": {
        "line": "regel {line}",
        "remedy": "Doe: {remedy}",
        "sum": "{files} gelezen: {right} goed, {wrong} met bevindingen ({findings} in totaal).",
        "files": ("1 bericht", "{n} berichten"),
    },
    "en": {
        "line": "line {line}",
        "remedy": "Do: {remedy}",
        "sum": "{files} read: {right} right, {wrong} with findings ({findings} in all).",
        "files": ("1 message", "{n} messages"),
    },
}


def check(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Berichten (.xml), mappen en zipbestanden.", show_default=False),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Eén JSON-object per bericht, elk op één regel.")
    ] = False,
    lang: Annotated[
        str, typer.Option(envvar="STELSEL_LANG", help="Taal van de bevindingen: nl of en.")
    ] = "nl",
) -> None:
    """Toets iJw-berichten op structuur en inhoud (check iJw messages at levels 1 and 2).

    Eindigt met 0 als alles goed is, met 1 bij bevindingen, met 2 als iets niet te lezen is.
    """
    from stelsel.ijw import read

    right = wrong = told = 0
    unreadable = False
    for received in read(paths, lang):
        right += received.valid
        wrong += not received.valid
        told += len(received.findings)
        unreadable |= any(finding.rule == UNREADABLE for finding in received.findings)
        if as_json:
            _print_object(received)
        elif not received.valid:
            _print_block(received, lang)
    if not as_json:
        words = _WORDS[lang]
        one, many = words["files"]
        count = right + wrong
        files = one if count == 1 else many.format(n=count)
        line = str(words["sum"]).format(files=files, right=right, wrong=wrong, findings=told)
        screen.print(line, style="bold", markup=False, highlight=False, soft_wrap=True)
    if unreadable:
        raise typer.Exit(2)
    if wrong:
        raise typer.Exit(1)


def _print_object(received: Received) -> None:
    """Print what became of a file as one line of JSON."""
    value = {
        "file": received.file,
        "message": received.type or None,
        "valid": received.valid,
        "findings": [_fields(finding) for finding in received.findings],
    }
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


def _print_block(received: Received, lang: str) -> None:
    """Print the findings of one file for a reader."""
    words = _WORDS[lang]

    def show(text: str, style: str = "") -> None:
        screen.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    show(f"{received.file}{f'  ({received.type})' if received.type else ''}", "bold red")
    for finding in received.findings:
        places = [
            str(words["line"]).format(line=finding.line) if finding.line is not None else "",
            finding.path,
        ]
        where = ", ".join(place for place in places if place)
        if where:
            show(f"  {where}", "cyan")
        show(f"    {finding.message} [{finding.rule}]")
        show("    " + str(words["remedy"]).format(remedy=finding.remedy), "dim")
    show("")
