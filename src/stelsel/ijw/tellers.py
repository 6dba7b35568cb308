"""What each type of message tells, product by product: where it stands, and the event it makes.

A teller takes the content of a valid message and gives pairs of a path and the columns of an event
that are its own; :mod:`stelsel.ijw.events` adds what all events of a message share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from stelsel.events import Row
from stelsel.ijw.message import Content
from stelsel.system.codes import form_of

Path = tuple[str, ...]
Teller = Callable[[Content], Iterator[tuple[Path, Row]]]

FINE: Final = frozenset({"0200", "0233", "8001"})
"""Return codes that tell of no fault: no remark, not assessed, granted in full (WJ001)."""


def _items(holder: Content, path: Path, *names: str) -> Iterator[tuple[Path, Content]]:
    """Give every occurrence of the last of ``names``, with its path; none where a group is not."""
    for name in names[:-1]:
        found = holder.get(name)
        if found is None:
            return
        holder, path = found, (*path, name)
    for number, item in enumerate(holder[names[-1]], start=1):
        yield (*path, f"{names[-1]}[{number}]"), item


@lru_cache(maxsize=4096)
def _form(category: str, code: str | None) -> str | None:
    form = form_of(category, code)
    return form.code if form else None


def _with_product(row: Row, item: Content) -> Row:
    """Add which product it is, where that is told."""
    product = item.get("Product")
    if product is not None:
        row["category"] = category = product["Categorie"]
        row["code"] = code = product.get("Code")
        row["form"] = _form(category, code)
    return row


def _with_extent(row: Row, item: Content) -> Row:
    """Add how much help of which product it is: a volume, a budget or nothing."""
    volume = item.get("Omvang")
    if volume is not None:
        row["volume"] = volume.get("Volume")
        row["unit"] = volume.get("Eenheid")
        row["frequency"] = volume.get("Frequentie")
    row["budget"] = item.get("Budget")
    return _with_product(row, item)


def _day(content: Content) -> Any:
    return content["Header"]["BerichtIdentificatie"]["Dagtekening"]


def _allocated(content: Content) -> Iterator[tuple[Path, Row]]:
    where = ("ToegewezenProducten", "ToegewezenProduct")
    for path, item in _items(content["Client"], ("Client",), *where):
        day, at = item["Toewijzingsdatum"], item["Toewijzingstijd"]
        if at.microsecond:  # the table of events keeps milliseconds
            at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        row = {
            "kind": "allocated",
            "about": day,
            "decided": datetime.combine(day, at),
            "allocation": item["ToewijzingNummer"],
            "reference": item.get("ReferentieAanbieder"),
            "from_day": item["Ingangsdatum"],
            "last_day": item.get("Einddatum"),
            "reason": item.get("RedenWijziging"),
        }
        yield path, _with_extent(row, item)


def _started(content: Content) -> Iterator[tuple[Path, Row]]:
    for path, item in _items(content["Client"], ("Client",), "StartProducten", "StartProduct"):
        row = {
            "kind": "started",
            "about": item["Begindatum"],
            "allocation": item.get("ToewijzingNummer"),
            "from_day": item["Begindatum"],
            "status": item["StatusAanlevering"],
        }
        yield path, _with_product(row, item)


def _stopped(content: Content) -> Iterator[tuple[Path, Row]]:
    for path, item in _items(content["Client"], ("Client",), "StopProducten", "StopProduct"):
        row = {
            "kind": "stopped",
            "about": item["Einddatum"],
            "allocation": item.get("ToewijzingNummer"),
            "from_day": item["Begindatum"],
            "last_day": item["Einddatum"],
            "status": item["StatusAanlevering"],
            "reason": item["RedenBeeindiging"],
        }
        yield path, _with_product(row, item)


def _requested(content: Content) -> Iterator[tuple[Path, Row]]:
    where = ("AangevraagdeProducten", "AangevraagdProduct")
    for path, item in _items(content["Client"], ("Client",), *where):
        row = {
            "kind": "requested",
            "about": _day(content),
            "reference": item["ReferentieAanbieder"],
            "referrer": item["Verwijzer"]["Type"],
            "from_day": item["ToewijzingIngangsdatum"],
            "last_day": item.get("ToewijzingEinddatum"),
        }
        yield path, _with_extent(row, item)


def _change_requested(content: Content) -> Iterator[tuple[Path, Row]]:
    request = content["Client"]["Verzoek"]
    shared = {
        "kind": "change-requested",
        "about": _day(content),
        "reference": request["ReferentieAanbieder"],
        "reason": request["RedenVerzoek"],
    }
    for status, *where in (
        ("unchanged", "OngewijzigdeProducten", "OngewijzigdProduct"),
        ("changed", "TeWijzigenProducten", "TeWijzigenProduct"),
        ("new", "NieuweProducten", "NieuwProduct"),
    ):
        for path, item in _items(request, ("Client", "Verzoek"), *where):
            row = {
                "status": status,
                "allocation": item.get("ToewijzingNummer"),
                "from_day": item.get("GewensteIngangsdatum"),
                "last_day": item.get("Einddatum"),
            }
            yield path, _with_extent(shared | row, item)


def _answered(content: Content) -> Iterator[tuple[Path, Row]]:
    answer = content["Antwoord"]
    reason = answer.get("RedenAfwijzingVerzoek")
    yield (
        ("Antwoord",),
        {
            "kind": "answered",
            "about": _day(content),
            "reference": answer["ReferentieAanbieder"],
            "reason": answer["VerzoekAntwoord"] + (f"/{reason}" if reason else ""),
        },
    )


def _amount(of: Content, name: str = "Bedrag") -> int:
    """Give an amount in eurocents, below zero for a credit."""
    amount: int = of[name]
    return -amount if of["DebetCredit"] == "C" else amount


def _versions(versions: Content) -> str:
    return f"{versions['BasisschemaXsdVersie']}/{versions['BerichtXsdVersie']}"


def _lines(holder: Content, path: Path, kind: str) -> Iterator[tuple[Path, Row, Content, Content]]:
    """Give the lines of a claim: where, the event, the client and the line itself."""
    for inside, client in _items(holder, path, "Clienten", "Client"):
        for place, line in _items(client, inside, "Prestaties", "Prestatie"):
            reference, period = line["ProductReferentie"], line["ProductPeriode"]
            category, code = line["ProductCategorie"], line["ProductCode"]
            event = {
                "kind": kind,
                "about": period["Einddatum"],
                "reference": reference["ReferentieNummer"],
                "previous": reference.get("VorigReferentieNummer"),
                "allocation": line["ToewijzingNummer"],
                "category": category,
                "code": code,
                "form": _form(category, code),
                "from_day": period["Begindatum"],
                "last_day": period["Einddatum"],
                "volume": line["GeleverdVolume"],
                "unit": line["Eenheid"],
                "tariff": line.get("ProductTarief"),
                "amount": _amount(line["IngediendBedrag"]),
            }
            yield place, event | {"number": client["Bsn"]}, client, line


def _claimed(content: Content) -> Iterator[tuple[Path, Row]]:
    claim = content["Declaratie"]
    period, number = claim["DeclaratiePeriode"], claim["DeclaratieNummer"]
    yield (
        ("Declaratie",),
        {
            "kind": "declared",
            "about": period["Einddatum"],
            "claim": number,
            "from_day": period["Begindatum"],
            "last_day": period["Einddatum"],
            "amount": _amount(claim["TotaalIngediendBedrag"], "TotaalBedrag"),
            "schemas": _versions(content["Header"]["XsdVersie"]),
        },
    )
    for path, event, _, _ in _lines(claim, ("Declaratie",), "claimed"):
        yield path, event | {"claim": number}


def _faults(*holders: Content) -> str | None:
    """Give the return codes of some classes that tell of a fault, each once; None without one."""
    codes = [
        code
        for holder in holders
        for code in holder.get("RetourCodes", {}).get("RetourCode", ())
        if code not in FINE
    ]
    return " ".join(dict.fromkeys(codes)) or None


def _assessed(content: Content) -> Iterator[tuple[Path, Row]]:
    header = content["Header"]
    whole: Row = {
        "kind": "assessed",
        "about": _day(content),
        "schemas": _versions(header["XsdVersieDeclaratie"]),
    }
    answer = content.get("DeclaratieAntwoord")
    if answer is None:
        yield ("Header",), whole | {"reason": _faults(header)}
        return
    number = {"claim": answer["DeclaratieNummer"]}
    granted = _amount(answer["TotaalToegekendBedrag"], "TotaalBedrag")
    wrong = {"reason": _faults(header, answer)}
    yield ("DeclaratieAntwoord",), whole | number | {"amount": granted} | wrong
    lines = _lines(answer, ("DeclaratieAntwoord",), "line-rejected")
    for path, event, client, line in lines:
        yield path, event | number | {"reason": _faults(client, line)}


def _returned(content: Content) -> Iterator[tuple[Path, Row]]:
    wrong = _faults(*_classes(content))
    about = content["Header"]["DagtekeningRetour"]
    yield ("Header",), {"kind": "returned", "about": about, "reason": wrong}


def _classes(holder: Content) -> Iterator[Content]:
    """Give a group and every group inside it."""
    yield holder
    for value in holder.values():
        for inside in value if isinstance(value, list) else (value,):
            if isinstance(inside, dict):
                yield from _classes(inside)


TELLERS: Final[dict[str, Teller]] = {
    "JW301": _allocated,
    "JW305": _started,
    "JW307": _stopped,
    "JW315": _requested,
    "JW317": _change_requested,
    "JW319": _answered,
    "JW323": _claimed,
    "JW325": _assessed,
    **dict.fromkeys(("JW302", "JW306", "JW308", "JW316", "JW318", "JW320"), _returned),
}
"""What tells the events of each type of message."""
