"""The commands ``ijw``: one message in readable form, a made-up message, the rules."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stelsel.cli.options import LANG, language
from stelsel.cli.output import print_json, say, screen
from stelsel.errors import StelselError, refused

if TYPE_CHECKING:
    from rich.console import JustifyMethod

    from stelsel.ijw import Finding
    from stelsel.ijw.showing.plain import Line
    from stelsel.ijw.showing.rulebook import Entry
    from stelsel.ijw.showing.show import Shown

ijw = typer.Typer(
    name="ijw",
    help="Lees, maak en begrijp iJw-berichten. (Read, make and understand iJw messages.)",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

NARROW: Final = 100
"""On a screen narrower than this, in characters, a table of rules is told rule by rule."""
WIDEST_HEADING: Final = 0.45
"""Headings take at most this share of the screen."""
MESSAGES_WIDTH: Final = 15
"""Four numbers of messages fit in it."""
MARK: Final = "✗ "

_WORDS: Final = {
    "nl": {
        "remedy": "Doe: {remedy}",
        "found": ("1 bevinding", "{n} bevindingen"),
        "right": "Geen bevindingen.",
        "hides": "Wat over een persoon gaat is verborgen; --personal toont het.",
        "written": "Geschreven in {file}",
        "rules": "{n} regels",
        "one": "Eén regel: stelsel ijw rules NUMMER",
        "rule": "Regel",
        "level": "Niveau",
        "code": "Retour",
        "return_code": "Retourcode",
        "messages": "Berichten",
        "elements": "Elementen",
        "text": "Melding",
        "do": "Te doen",
        "source": "Bron",
        "all": "alle",
    },
    "en": {
        "remedy": "Do: {remedy}",
        "found": ("1 finding", "{n} findings"),
        "right": "No findings.",
        "hides": "What is about a person is hidden; --personal shows it.",
        "written": "Written to {file}",
        "rules": "{n} rules",
        "one": "One rule: stelsel ijw rules NUMBER",
        "rule": "Rule",
        "level": "Level",
        "code": "Return",
        "return_code": "Return code",
        "messages": "Messages",
        "elements": "Elements",
        "text": "What is told",
        "do": "To do",
        "source": "Source",
        "all": "all",
    },
}


@ijw.command()
def show(
    file: Annotated[
        Path,
        typer.Argument(
            help="Eén bericht: een bestand, of een onderdeel van een zipbestand "
            "(archief.zip/bericht.xml).",
            show_default=False,
        ),
    ],
    personal: Annotated[
        bool, typer.Option("--personal", help="Toon ook wat over een persoon gaat.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Het bericht als JSON, met de namen van de standaard.")
    ] = False,
    lang: LANG = "nl",
) -> None:
    """Toon één iJw-bericht leesbaar, met de bevindingen erbij (show one message in plain words).

    Eindigt met 0 als alles goed is, met 1 bij bevindingen, met 2 als iets niet te lezen is.
    """
    from stelsel.ijw.showing.show import show as read_one

    shown = read_one(file, language(lang), personal=personal)
    if as_json:
        print_json(
            {
                "file": shown.file,
                "message": shown.type or None,
                "content": shown.content,
                "findings": [asdict(finding) for finding in shown.findings],
            }
        )
    else:
        _print_message(shown, lang)
    if shown.findings:
        raise typer.Exit(1)


@ijw.command()
def example(
    message: Annotated[str, typer.Argument(help="Soort bericht, zoals JW317.", show_default=False)],
    seed: Annotated[
        int,
        typer.Option(
            min=0,
            help="Toevalsgetal: hetzelfde getal geeft hetzelfde bericht, en berichten met "
            "hetzelfde getal horen bij elkaar.",
        ),
    ] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Bestand om te schrijven; zonder: naar het scherm.")
    ] = None,
    lang: LANG = "nl",
) -> None:
    """Maak een verzonnen bericht dat aan alle regels voldoet (make a valid made-up message)."""
    from stelsel.ijw import write
    from stelsel.ijw.example import example as made_up

    words = _WORDS[language(lang)]
    data = write(made_up(_type_name(message), seed))
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(data)
    except OSError as error:
        raise StelselError(
            f"The message cannot be written: {refused(error)}.",
            where=str(out),
            remedy="Choose with --out a file in a folder in which you may write.",
            what_nl=f"Het bericht kan niet worden geschreven: {refused(error, 'nl')}.",
            remedy_nl="Kies met --out een bestand in een map waarin u mag schrijven.",
        ) from error
    say(str(words["written"]).format(file=out))


@ijw.command()
def rules(
    rule: Annotated[
        str | None,
        typer.Argument(
            help="Nummer van een regel, zoals TR302, of een soort bericht, zoals JW305; "
            "zonder: alle regels."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Regels als JSON, met vaste veldnamen.")
    ] = False,
    lang: LANG = "nl",
) -> None:
    """Toon de regels waaraan berichten worden getoetst (show the rules)."""
    from stelsel.ijw.grammar import message_types
    from stelsel.ijw.showing.rulebook import look_up, rulebook

    language(lang)
    message = _type_name(rule or "")
    if rule is None or message in message_types():
        entries = rulebook(lang, message if rule else "")
        if as_json:
            print_json([asdict(entry) for entry in entries])
        else:
            _print_rules(entries, lang)
        return
    entry = look_up(rule, lang)
    if as_json:
        print_json(asdict(entry))
    else:
        _print_rule(entry, lang)


def _type_name(text: str) -> str:
    """Give the name of a message type as it was meant: jw317 and 317 are JW317.

    Examples
    --------
    >>> _type_name("jw317"), _type_name("317"), _type_name("JW317")
    ('JW317', 'JW317', 'JW317')
    """
    return f"JW{text}" if text.isdigit() else text.upper()


def _print_message(shown: Shown, lang: str) -> None:
    """Print a message: title, who to whom, what it says with what is wrong, and the sum."""
    words = _WORDS[lang]
    screen.print(Text(shown.title, "bold"), soft_wrap=True)
    screen.print(Text(shown.file, "dim"), soft_wrap=True)
    _print_findings(shown.elsewhere, 0, lang)
    for lines in (shown.envelope, shown.head, shown.lines):
        if lines:
            screen.print()
            _print_lines(lines, lang)
    screen.print()
    if shown.findings:
        one, many = words["found"]
        count = len(shown.findings)
        told = one if count == 1 else many.format(n=count)
        screen.print(Text(f"{told}.", "bold red"))
    else:
        screen.print(Text(str(words["right"]), "bold"))
    if shown.hides:
        screen.print(Text(str(words["hides"]), "dim"))


def _print_lines(lines: tuple[Line, ...], lang: str) -> None:
    """Print lines as headings and values beside each other, what is wrong below each."""
    widest = max(len(line.heading) + 2 * line.depth for line in lines)
    width = min(widest, int(screen.width * WIDEST_HEADING))
    for line in lines:
        indent = (0, 0, 0, 2 * line.depth)
        if line.value:
            table = Table.grid(padding=(0, 2))
            table.add_column(width=width)
            table.add_column(overflow="fold")
            style = "dim" if line.hidden else ""
            heading = Text(line.heading, overflow="fold")
            table.add_row(Padding(heading, indent), Text(line.value, style))
            screen.print(table)
        else:
            if line.path.endswith("]"):  # one of several: somewhat apart
                screen.print()
            screen.print(Padding(Text(line.heading, "bold"), indent, expand=False))
        _print_findings(line.findings, line.depth + 1, lang)


def _print_findings(findings: tuple[Finding, ...], depth: int, lang: str) -> None:
    for finding in findings:
        told = Text.assemble((MARK, "red"), (f"{finding.message} [{finding.rule}]", "red"))
        remedy = Text(str(_WORDS[lang]["remedy"]).format(remedy=finding.remedy), "dim")
        screen.print(Padding(told, (0, 0, 0, 2 * depth)))
        screen.print(Padding(remedy, (0, 0, 0, 2 * depth + len(MARK))))


def _print_rules(entries: tuple[Entry, ...], lang: str) -> None:
    """Print all rules: as a table, or one below the other where that would be squeezed."""
    words = _WORDS[lang]
    title = str(words["rules"]).format(n=len(entries))
    if screen.width < NARROW:
        screen.print(Text(title, "bold"))
        for entry in entries:
            screen.print()
            code = f", {entry.return_code}" if entry.return_code else ""
            place = f"{words['level']} {entry.level}{code}: {_messages(entry, lang)}"
            screen.print(Text.assemble((entry.rule, "bold"), (f"  {place}", "dim")))
            screen.print(Padding(Text(entry.text), (0, 0, 0, 2)))
    else:
        table = Table(title=Text(title, "bold"), title_justify="left", caption_justify="left")
        for name in ("rule", "level", "code", "messages", "text"):
            justify: JustifyMethod = "right" if name == "level" else "left"
            widest = MESSAGES_WIDTH if name == "messages" else None
            table.add_column(str(words[name]), justify=justify, max_width=widest)
        for entry in entries:
            cells = (entry.rule, str(entry.level), entry.return_code or "–")
            table.add_row(*map(Text, (*cells, _messages(entry, lang), entry.text)))
        screen.print(table)
    screen.print(Text(str(words["one"]), "dim"))


def _messages(entry: Entry, lang: str) -> str:
    """Give the numbers of the messages that a rule holds for; without elements that is all."""
    return " ".join(name[2:] for name in entry.messages) or str(_WORDS[lang]["all"])


def _print_rule(entry: Entry, lang: str) -> None:
    """Print one rule with all that is known of it."""
    words = _WORDS[lang]
    screen.print(Text(entry.rule, "bold"))
    screen.print(Text(entry.text))
    screen.print()
    code = f"{entry.return_code} {entry.meaning}" if entry.return_code else "–"
    rows = (
        ("do", entry.remedy),
        ("level", f"{entry.level}: {entry.checked}"),
        ("return_code", code),
        ("messages", _messages(entry, lang)),
        ("elements", "\n".join(entry.elements)),
        ("source", entry.source),
    )
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in rows:
        if value:
            table.add_row(Text(str(words[name]), "dim"), Text(value))
    screen.print(table)
