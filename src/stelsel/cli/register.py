"""The commands ``register``: make one, look how it does, look after it, forget, show its log."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from stelsel.cli.options import LANG, day_of, language
from stelsel.cli.output import print_json, print_table, say, show_faults
from stelsel.errors import Fault, StelselError, refused

register = typer.Typer(
    name="register",
    help="Maak een register en zorg ervoor. (Make a register and look after it.)",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
Folder = Annotated[Path, typer.Option("--register", help="Map van het register.")]
Json = Annotated[bool, typer.Option("--json", help="Als JSON, met vaste veldnamen.")]
_PSEUDONYM = re.compile(r"[0-9a-f]{32}")

_WORDS: Final = {
    "nl": {
        "made": "Register gemaakt in {folder}; sleutel in {key}. Bewaar de sleutel apart.",
        "status": "Register {folder}",
        "field": "Wat",
        "value": "Hoeveel",
        "yes": "ja",
        "no": "nee",
        "sound": "Het register is in orde.",
        "compacted": "{files_fewer} bestanden minder, {old_removed} oude en {leftovers_removed} "
        "achtergebleven bestanden weg.",
        "copied": "Versie {version} gekopieerd naar {to}. De sleutel zit er niet bij.",
        "finished": "Een vergeten dat was afgebroken is afgemaakt.",
        "expired": "{n} jeugdigen verwijderd van wie de bewaartermijn voorbij is.",
        "forgotten": "{children} jeugdigen en {events} feiten verwijderd; zij blijven weg.",
        "removed": "{n} bestanden uit de quarantaine verwijderd.",
        "look": "Kijk zelf na of dit in {folder} over de jeugdige gaat:",
        "objects": "{n} jeugdigen maken nu bezwaar tegen ander gebruik dan de eigen hulp.",
        "time": "Tijd",
        "who": "Wie",
        "on_behalf_of": "Namens",
        "what": "Wat gedaan",
        "about": "Over wie",
        "ground": "Grond",
        "log": "Wie keek of iets deed",
        "whole": "De keten van {count} regels is heel; de laatste is {last}.",
    },
    "en": {
        "made": "Register made in {folder}; key in {key}. Keep the key elsewhere.",
        "status": "Register {folder}",
        "field": "What",
        "value": "How much",
        "yes": "yes",
        "no": "no",
        "sound": "The register is sound.",
        "compacted": "{files_fewer} files fewer, {old_removed} old files and {leftovers_removed} "
        "left over removed.",
        "copied": "Version {version} copied to {to}. The key is not in it.",
        "finished": "A forgetting that had broken off is finished.",
        "expired": "{n} children removed whose time of keeping is over.",
        "forgotten": "{children} children and {events} events removed; they stay out.",
        "removed": "{n} files removed from the quarantine.",
        "look": "See for yourself whether this in {folder} is about the child:",
        "objects": "{n} children now object to use for anything but their own care.",
        "time": "Time",
        "who": "Who",
        "on_behalf_of": "On behalf of",
        "what": "What was done",
        "about": "About whom",
        "ground": "Ground",
        "log": "Who looked or did something",
        "whole": "The chain of {count} lines is whole; the last is {last}.",
    },
}

_STATUS: Final = {
    "events": ("Feiten", "Events"),
    "messages": ("Berichten en aanleveringen", "Messages and deliveries"),
    "children": ("Jeugdigen", "Children"),
    "first_day": ("Eerste dag", "First day"),
    "last_day": ("Laatste dag", "Last day"),
    "last_known": ("Laatst bekend geworden op", "Last became known on"),
    "sources": ("Feiten per bron", "Events by source"),
    "made_up": ("Alle jeugdigen verzonnen", "All children made up"),
    "version": ("Versie", "Version"),
    "files": ("Bestanden", "Files"),
    "bytes": ("Bytes", "Bytes"),
    "bytes_old": ("Bytes van oude versies", "Bytes of old versions"),
    "set_aside": ("Apart gezet", "Set aside"),
    "forgotten": ("Vergeten op verzoek", "Forgotten on request"),
    "objections": ("Bezwaren", "Objections"),
    "expired": ("Bewaartermijn voorbij", "Time of keeping over"),
    "leftovers": ("Achtergebleven bestanden", "Files left over"),
    "unfinished": ("Vergeten dat afbrak", "Forgetting broken off"),
}


@register.command()
def init(folder: Folder, lang: LANG = "nl") -> None:
    """Maak een leeg register, met een sleutel ernaast (make an empty register)."""
    words = _words(lang)
    from stelsel.register import Register
    from stelsel.register.key import key_file

    Register.create(folder)
    say(words["made"].format(folder=folder, key=key_file(folder)))


@register.command()
def status(folder: Folder, json: Json = False, lang: LANG = "nl") -> None:
    """Toon hoe het register ervoor staat (show how the register is doing)."""
    words = _words(lang)
    from stelsel.register import Register
    from stelsel.register.status import status as look

    found = asdict(look(Register.open(folder).folder))
    if json:
        print_json(found)
        return
    shown: dict[str, object] = found | {
        "sources": ", ".join(f"{name} {count}" for name, count in found["sources"].items()) or None,
        "made_up": words["yes" if found["made_up"] else "no"],
        "unfinished": words["yes" if found["unfinished"] else "no"],
    }
    rows = [{"field": _STATUS[name][lang == "en"], "value": value} for name, value in shown.items()]
    headings = [("field", words["field"]), ("value", words["value"])]
    print_table(rows, headings, title=words["status"].format(folder=folder))


@register.command()
def check(folder: Folder, lang: LANG = "nl") -> None:
    """Kijk of het register in orde is; alle fouten tegelijk, dan code 1 (is it sound?)."""
    words = _words(lang)
    from stelsel.register import Register

    faults = Register.open(folder).faults()
    if faults:
        show_faults(StelselError(faults))
        raise typer.Exit(1)
    say(words["sound"])


@register.command()
def compact(
    folder: Folder,
    *,
    kept_hours: Annotated[
        int, typer.Option(min=0, help="Uren dat bestanden van oude versies nog blijven.")
    ] = 24,
    lang: LANG = "nl",
) -> None:
    """Voeg kleine bestanden samen en ruim oude versies op (merge small files, remove old ones).

    Wat in het register staat verandert niet. Een vergeten dat was afgebroken wordt afgemaakt.
    """
    words = _words(lang)
    from stelsel.register import Register, care
    from stelsel.register.forgetting import unfinished
    from stelsel.register.forgotten import Forgotten

    opened = Register.open(folder)
    broke_off = unfinished(folder)
    # Who was forgotten is there again if a copy from before that was put back.
    if broke_off or len(Forgotten(folder)):
        again = opened.forget([], ground="compact")
        if broke_off or again.children:
            say(words["finished"])
    done = care.compact(folder, timedelta(hours=kept_hours))
    say(words["compacted"].format(**asdict(done)))


@register.command()
def copy(
    folder: Folder,
    to: Annotated[Path, typer.Option(help="Map voor de kopie; mag nog niet bestaan.")],
    lang: LANG = "nl",
) -> None:
    """Maak een kopie die klopt, ook terwijl er berichten bij komen (make a sound copy)."""
    words = _words(lang)
    from stelsel.register import Register, care

    version = care.copy(Register.open(folder).folder, to)
    say(words["copied"].format(version=version, to=to))


@register.command()
def forget(
    folder: Folder,
    *,
    bsn_from: Annotated[
        Path | None,
        typer.Option(help="Bestand met een BSN per regel; - voor de standaardinvoer."),
    ] = None,
    pseudonym: Annotated[
        list[str] | None, typer.Option(help="Pseudoniem van een jeugdige; mag vaker.")
    ] = None,
    expired: Annotated[
        bool, typer.Option("--expired", help="Allen van wie de bewaartermijn voorbij is.")
    ] = False,
    objection: Annotated[
        bool,
        typer.Option("--objection", help="Niet vergeten: alleen bezwaar tegen ander gebruik."),
    ] = False,
    lift: Annotated[
        bool, typer.Option("--lift", help="Met --objection: het bezwaar is ingetrokken.")
    ] = False,
    ground: Annotated[
        str, typer.Option(envvar="STELSEL_GROUND", help="Grond, voor het logboek.")
    ] = "",
    lang: LANG = "nl",
) -> None:
    """Vergeet jeugdigen, of leg hun bezwaar vast (forget children, or note that they object).

    Een BSN staat nooit op de opdrachtregel, want die is voor anderen te zien.
    """
    words = _words(lang)
    _check_options(bsn_from, pseudonym or [], expired=expired, objection=objection, lift=lift)
    from stelsel.register import Register
    from stelsel.register.care import expired_children
    from stelsel.register.forgetting import refuse_unknown
    from stelsel.register.objections import Objections

    opened = Register.open(folder)
    if expired:
        done = opened.forget(expired_children(folder), ground=ground, keep_out=False)
        say(words["expired"].format(n=done.children))
        return
    numbers = _numbers(bsn_from) if bsn_from is not None else []
    children = [*opened.pseudonyms_of(numbers), *(pseudonym or [])]
    refuse_unknown(folder, pseudonym or [])
    if objection:
        list_ = Objections(folder)
        note = list_.lift if lift else list_.add
        note(children, ground)
        say(words["objects"].format(n=len(list_.children())))
        return
    done = opened.forget(children, ground=ground)
    say(words["forgotten"].format(children=done.children, events=done.events))
    if done.quarantine.removed:
        say(words["removed"].format(n=len(done.quarantine.removed)))
    if done.quarantine.to_look_at:
        say(words["look"].format(folder=folder))
        for name in done.quarantine.to_look_at:
            say(f"  {name}")


@register.command()
def log(
    folder: Folder,
    *,
    day: Annotated[str | None, typer.Option(help="Alleen deze dag, jjjj-mm-dd (UTC).")] = None,
    who: Annotated[str, typer.Option(help="Alleen van of namens deze gebruiker.")] = "",
    about: Annotated[str, typer.Option(help="Alleen over dit pseudoniem, en over allen.")] = "",
    verify: Annotated[
        bool, typer.Option("--verify", help="Kijk of er regels zijn veranderd of weggehaald.")
    ] = False,
    json: Json = False,
    lang: LANG = "nl",
) -> None:
    """Toon wie keek of iets deed, wanneer, over wie en waarom (show the access log)."""
    words = _words(lang)
    from stelsel.register import Register, access

    place = Register.open(folder).folder
    if verify:
        found = access.verify(place)
        if found.faults:
            show_faults(StelselError(found.faults))
            raise typer.Exit(1)
        say(words["whole"].format(count=found.count, last=found.last))
        return
    wanted = None if day is None else day_of(day, "--day")
    lines = access.entries(place, wanted, who, about)
    if json:
        print_json(lines)
        return
    columns = ("time", "who", "on_behalf_of", "what", "about", "ground")
    rows = [{name: line.get(name) or None for name in columns} for line in lines]
    print_table(rows, [(name, words[name]) for name in columns], title=words["log"])


def _words(lang: str) -> dict[str, str]:
    return _WORDS[language(lang)]


def _check_options(
    bsn_from: Path | None, pseudonyms: list[str], *, expired: bool, objection: bool, lift: bool
) -> None:
    faults = []
    ways = (bsn_from is not None or bool(pseudonyms)) + expired
    if ways != 1 or (expired and objection):
        faults.append(
            Fault(
                "It is not told whom this is about.",
                remedy="Give --bsn-from or --pseudonym, or --expired alone.",
                what_nl="Er staat niet bij over wie dit gaat.",
                remedy_nl="Geef --bsn-from of --pseudonym, of alleen --expired.",
            )
        )
    if lift and not objection:
        faults.append(
            Fault(
                "There is nothing to lift: who was forgotten cannot be brought back.",
                "--lift",
                remedy="Use it with --objection.",
                what_nl="Er valt niets in te trekken: vergeten is niet terug te draaien.",
                remedy_nl="Gebruik het met --objection.",
            )
        )
    for number, text in enumerate(pseudonyms, start=1):
        if not _PSEUDONYM.fullmatch(text):
            # The text itself is not told: it may be a number that should not be here.
            faults.append(
                Fault(
                    "This is no pseudonym.",
                    f"--pseudonym {number}",
                    rule="a pseudonym is 32 hexadecimal digits",
                    remedy="Copy it whole. A BSN goes into a file, with --bsn-from.",
                    what_nl="Dit is geen pseudoniem.",
                    rule_nl="een pseudoniem is 32 hexadecimale cijfers",
                    remedy_nl="Neem het in zijn geheel over. Een BSN hoort in een bestand, met "
                    "--bsn-from.",
                )
            )
    if faults:
        raise StelselError(faults)


def _numbers(place: Path) -> list[str]:
    """Read citizen service numbers, one a line; faults tell the line and not the number."""
    from stelsel.system.numbers import passes_eleven_test

    try:
        text = sys.stdin.read() if str(place) == "-" else place.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why, why_nl = "it is no text", "het is geen tekst"
        if isinstance(error, OSError):
            why, why_nl = refused(error), refused(error, "nl")
        raise StelselError(
            f"The numbers cannot be read: {why}.",
            where=str(place),
            remedy="Name a text file with a BSN on each line.",
            what_nl=f"De nummers zijn niet te lezen: {why_nl}.",
            remedy_nl="Noem een tekstbestand met een BSN op elke regel.",
        ) from None
    numbers, faults = [], []
    for line, given in enumerate(text.splitlines(), start=1):
        number = given.strip()
        if not number:
            continue
        if not re.fullmatch(r"[0-9]{9}", number) or not passes_eleven_test(number):
            faults.append(
                Fault(
                    "This line holds no citizen service number.",
                    f"{place}, line {line}",
                    rule="nine digits that pass the eleven test",
                    remedy="Mend or remove the line.",
                    what_nl="Op deze regel staat geen burgerservicenummer.",
                    where_nl=f"{place}, regel {line}",
                    rule_nl="negen cijfers die de elfproef doorstaan",
                    remedy_nl="Verbeter of verwijder de regel.",
                )
            )
        numbers.append(number)
    if not numbers:
        faults.append(
            Fault(
                "There is no number in it.",
                str(place),
                remedy="Put a BSN on each line.",
                what_nl="Er staat geen nummer in.",
                remedy_nl="Zet op elke regel een BSN.",
            )
        )
    if faults:
        raise StelselError(faults)
    return numbers
