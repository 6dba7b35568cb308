"""From the short lines of a story about claims to the messages that are meant."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any

from stelsel.ijw import Message, check, header
from stelsel.ijw.ledger import Told
from stelsel.ijw.tellers import Path
from tests.ijw_events.messages import total
from tests.ijw_ledger import telling
from tests.ijw_ledger.telling import NUMBERS, Line, message_of, told

FINE = {"RetourCodes": {"RetourCode": ["0200"]}}
PRODUCT = "45A04"


def messages_of(lines: Sequence[Line]) -> list[Message]:
    """The messages of a story; each valid at levels 1 and 2."""
    claims: dict[str, tuple[Line, Message]] = {}
    made = []
    for line in lines:
        if line["send"] == "claim":
            message = _claim(line)
            claims[_name(line)] = line, message
        elif line["send"] == "assessment":
            message = _assessment(line, *claims[line["of"]])
        else:
            message = message_of(line)
        assert check(message) == (), (line, check(message))
        made.append(message)
    return made


def _name(line: Line) -> str:
    return str(line.get("name", line["claim"]))


def _header(kind: str, line: Line, name: str) -> dict[str, Any]:
    town, provider = line.get("municipality", "0193"), line.get("provider", "00000001")
    ends = (provider, town) if kind == "JW323" else (town, provider)
    return header(kind, *ends, name, line["day"])


def _period(month: str) -> dict[str, date]:
    year, of = (int(part) for part in month.split("-"))
    return {"Begindatum": date(year, of, 1), "Einddatum": date(year, of, monthrange(year, of)[1])}


def _specs(line: Line) -> list[Line]:
    """The lines of a claim with what a story leaves out; a line may be its reference only."""
    specs = [{"line": one} if isinstance(one, str) else one for one in line["lines"]]
    return [{"month": line["month"], "child": "a"} | spec for spec in specs]


def _row(spec: Line) -> dict[str, Any]:
    code, unit, volume = spec.get("code", PRODUCT), spec.get("unit", "04"), spec.get("volume", 4)
    period = _period(spec["month"])
    tariff = {} if unit == "83" else {"ProductTarief": spec.get("tariff", 10_000)}
    amount = spec.get("amount", volume * tariff.get("ProductTarief", 1))
    back = spec.get("takes_back")
    return {
        "ProductReferentie": {"ReferentieNummer": spec["line"]}
        | ({"VorigReferentieNummer": back} if back else {}),
        "ToewijzingNummer": spec.get("number", 1),
        "ProductCategorie": spec.get("category", code[:2]),
        "ProductCode": code,
        "ProductPeriode": {
            "Begindatum": spec.get("first", period["Begindatum"]),
            "Einddatum": spec.get("last", period["Einddatum"]),
        },
        "GeleverdVolume": volume,
        "Eenheid": unit,
        **tariff,
        "IngediendBedrag": {"Bedrag": amount, "DebetCredit": "C" if back else "D"},
    }


def _clients(specs: Sequence[Line], more: dict[str, Any], row: dict[str, Any]) -> Line:
    """The clients that have lines, in the order in which they first come."""
    children = dict.fromkeys(spec["child"] for spec in specs)
    return {
        "Client": [
            {
                "Bsn": NUMBERS[child],
                "Prestaties": {
                    "Prestatie": [_row(spec) | row for spec in specs if spec["child"] == child]
                },
            }
            | more
            for child in children
        ]
    }


def _claim(line: Line) -> Message:
    specs = _specs(line)
    body = {
        "DeclaratieNummer": line["claim"],
        "DeclaratiePeriode": _period(line["month"]),
        "DeclaratieDagtekening": line["day"],
        "TotaalIngediendBedrag": total(*map(_row, specs)),
        "Clienten": _clients(specs, {}, {}),
    }
    return Message("JW323", {"Header": _header("JW323", line, _name(line)), "Declaratie": body})


def _cents(amount: dict[str, Any]) -> int:
    cents: int = amount["TotaalBedrag"]
    return -cents if amount["DebetCredit"] == "C" else cents


def _with_sign(cents: int) -> dict[str, Any]:
    return {"TotaalBedrag": abs(cents), "DebetCredit": "C" if cents < 0 else "D"}


def _assessment(line: Line, about: Line, claim: Message) -> Message:
    """An answer: by default all lines of the claim are granted but those ``refused``."""
    sent = claim.content["Header"]
    identification = dict(sent["BerichtIdentificatie"])
    identification["Identificatie"] = line.get("names", identification["Identificatie"])
    versions = sent["XsdVersie"]
    if "schemas" in line:
        versions = dict.fromkeys(versions, line["schemas"])
    differs = line.get("differs", {})
    specs = [
        spec | differs.get(spec["line"], {})
        for spec in _specs(about)
        if spec["line"] in line.get("refused", ())
    ]
    specs += [{"month": about["month"], "child": "a"} | spec for spec in line.get("adds", ())]
    submitted = claim.content["Declaratie"]["TotaalIngediendBedrag"]
    granted = _cents(submitted) - _cents(total(*map(_row, specs)))
    whole = line.get("whole")
    body: dict[str, Any] = {
        "DeclaratieNummer": line.get("claim", about["claim"]),
        "TotaalIngediendBedrag": submitted,
        "TotaalToegekendBedrag": _with_sign(0 if whole else granted),
    }
    wrong = {"RetourCodes": {"RetourCode": [line.get("code", "9338")]}}
    if specs:
        body["Clienten"] = _clients(specs, FINE, wrong)
    body["RetourCodes"] = {"RetourCode": [whole or ("0200" if specs else "8001")]}
    head = _header("JW325", line, line.get("name", f"A{line['of']}"))
    head |= {"DeclaratieIdentificatie": identification, "XsdVersieDeclaratie": versions}
    if "header" in line:
        return Message(
            "JW325", {"Header": head | {"RetourCodes": {"RetourCode": [line["header"]]}}}
        )
    return Message("JW325", {"Header": head | FINE, "DeclaratieAntwoord": body})


def path(short: str, one: Told, paths: Sequence[Path]) -> str:
    """A path with its short name written out: P2/X is of the line with that reference.

    Where children share a reference the line of the first is P2, that of child b is P2@b; Client2
    is the second child of the message.
    """
    first, *rest = short.split("/")
    name, _, child = first.partition("@")
    for event, where in zip(one.events, paths, strict=True):
        if event["reference"] == name and event["child"] in (NUMBERS.get(child), *_any(child)):
            return "/".join([*where, *rest])
    if name.startswith("Client") and name[6:].isdigit():
        return "/".join([paths[0][0], "Clienten", f"Client[{name[6:]}]", *rest])
    return telling.path(short)


def _any(child: str) -> tuple[str, ...]:
    return () if child else tuple(NUMBERS.values())


__all__ = ["Line", "messages_of", "path", "told"]
