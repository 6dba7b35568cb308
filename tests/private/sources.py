"""Every source about three made-up children, right and wrong, with all that is told of them."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stelsel.deliveries.cbs import CLASSES, Delivery, Period, Record, write
from stelsel.deliveries.process import StepRow
from stelsel.deliveries.process import write as write_steps
from stelsel.deliveries.statements import Line, Statement, write_statement
from stelsel.ijw import Message
from stelsel.ijw import write as written
from tests.ijw_events import messages as by_hand
from tests.private.secrets import PEOPLE, Person

PROVIDER, GI = "00000001", "00000002"
KEY = "eigen sleutel"
"""How an organisation names a child whose number it does not know."""


def client(one: Person) -> dict[str, Any]:
    return by_hand.child(one.number, {"Datum": one.born}) | {
        "Naam": {"Geslachtsnaam": {"Achternaam": one.last}, "Voornamen": one.first},
    }


def contact(one: Person) -> dict[str, Any]:
    """Where a child lives and how it is reached."""
    return {
        "Soort": "01",
        "Adres": {
            "Huis": {"Huisnummer": one.house},
            "Postcode": one.postcode,
            "Straatnaam": one.street,
            "LandCode": "NL",
        },
        "Telefoon": {"Telefoon01": {"Telefoonnummer": one.phone, "Landnummer": "+31"}},
        "Emailadres": one.mail,
    }


def messages_about(one: Person, number: int, day: date) -> Iterator[Message]:
    """A request, its allocation, a start, a stop, a claim, and the answers to them."""
    who = client(one)
    asked = by_hand.requested(
        day, who=who, ReferentieAanbieder=f"{one.last[:10]}", Commentaar=one.story
    )
    yield asked
    yield by_hand.returned(day, asked)
    allocated = by_hand.allocated(
        day + timedelta(9), number=number, who=who, Commentaar=f"{one.first}: {one.story}"
    )
    allocated.content["Client"]["Contactgegevens"] = {"Contact": [contact(one)]}
    yield allocated
    begin = day + timedelta(30)
    yield by_hand.started(begin, (begin, "1"), number=number, who=who)
    claim = by_hand.claimed(
        date(2024, 5, 5),
        by_hand.line(one.number, number=number),
        claim=one.number,
        who=one.number,
    )
    yield claim
    yield by_hand.assessed(date(2024, 5, 9), claim, {one.number: "9074"})


def messages(folder: Path) -> int:
    """Write messages as files and in an archive; give how many."""
    folder.mkdir(parents=True)
    told = [
        written(message)
        for number, one in enumerate(PEOPLE, start=1)
        for message in messages_about(one, number, date(2024, 1, 10) + timedelta(number))
    ]
    with zipfile.ZipFile(folder / "berichten.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for at, data in enumerate(told):
            if at % 2:
                archive.writestr(f"{at:02}.xml", data)
            else:
                (folder / f"{at:02}.xml").write_bytes(data)
    return len(told)


OF_SORT: dict[str, dict[str, Any]] = {
    "cbs-youth-care": {"referrer": "02", "form": "14", "crisis": "02"},
    "cbs-protection": {"measure": "11"},
    "cbs-placement": {"order": "72"},
    "cbs-probation": {"probation": "41", "intervention": "02"},
}
"""What the records of each delivery hold beside the child and its days."""


def records(sort: str) -> list[Record]:
    return [
        CLASSES[sort](
            number=one.number,
            birth=one.born.isoformat(),
            sex="V",
            place=one.postcode,
            start=date(2024, 2, 5 + place),
            **OF_SORT[sort],
        )
        for place, one in enumerate(PEOPLE)
    ]


LAYOUTS = {
    "cbs-youth-care": ("csv", "csv"),
    "cbs-protection": ("fixed", "txt"),
    "cbs-placement": ("xlsx", "xlsx"),
    "cbs-probation": ("csv", "csv"),
}


def deliveries(folder: Path) -> int:
    """Write the four deliveries to CBS, each in another layout; give how many."""
    folder.mkdir(parents=True)
    for sort, (layout, suffix) in LAYOUTS.items():
        period = Period.of("2024-Q1" if sort == "cbs-probation" else "2024-H1")
        delivery = Delivery(sort, GI, period, period.last + timedelta(9))
        write(records(sort), delivery, layout, folder / f"{sort}.{suffix}")
    return len(LAYOUTS)


def steps(folder: Path) -> int:
    """Write steps of cases as three sorts of table, the texts in them as personal as can be."""
    folder.mkdir(parents=True)
    day = date(2024, 3, 4)
    for one, suffix in zip(PEOPLE, ("csv", "xlsx", "parquet"), strict=True):
        shared: dict[str, Any] = {
            "case": f"{one.last} {one.number}",
            "organisation": "VT-01",
            "municipality": "0193",
            "birth_month": one.born.isoformat()[:7],
            "sex": "2",
        }
        rows = [
            StepRow(step="safety-reported", day=day, told=day, child_bsn=one.number, **shared),
            StepRow(
                step="safety-reported",
                day=day + timedelta(1),
                told=day + timedelta(2),
                child=f"{one.first} {one.last} {one.born:%d-%m-%Y}",
                **shared | {"case": f"{one.street} {one.house}"},
            ),
        ]
        write_steps(rows, folder / f"stappen.{suffix}")
    return len(PEOPLE)


def statement(folder: Path) -> int:
    """Write the statement of a provider that is a person, with its children in the free texts."""
    folder.mkdir(parents=True)
    one, other, third = PEOPLE
    money = (
        *("result", "revenue", "other-costs", "working-capital", "payroll", "hired"),
        *("youth-act-revenue", "non-declarable"),
    )
    lines = [
        Line("dated", value="2024-10-15", source="provider"),
        Line("name", value=f"Praktijk {one.first} {one.last}", source="provider"),
        Line("kvk", value="12345678", source="provider"),
        Line("contact", value=f"{other.mail}, {other.phone}, {one.street} 1", source="provider"),
        Line("liquidity", value=Decimal("1.1"), unit="ratio", source="provider"),
        Line("risk", value="no", source="provider"),
        Line("subcontractor", value=f"87654321 {third.first} {third.last}", source="provider"),
        Line("offered-form", "02", value="yes", source="register"),
        *(Line(name, value=Decimal(100), unit="eur", source="provider") for name in money),
    ]
    for name, unit in (("waiting-form", "children"), ("wait-form", "days")):
        lines.append(Line(name, "02", None, "JZ07", Decimal(3), unit, "register"))
    write_statement(Statement(PROVIDER, "2024-Q3", tuple(lines)), folder / "nza-quarter.csv")
    return 1


COLUMNS = (
    *("aanbieder", "hulpvorm", "opgemaakt_op", "op_lijst_sinds", "voornaam", "achternaam"),
    *("geboortedatum", "geslacht", "postcode"),
)


def waiting_list(file: Path, rows: Sequence[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, delimiter=";")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def waiting_lists(folder: Path) -> list[Path]:
    """Write two waiting lists with the same children, one of them with typing errors."""
    folder.mkdir(parents=True)
    files = []
    for place, provider in enumerate(("98070201", "98070202")):
        rows = [
            (
                *(provider, "02", "2024-03-31", f"2024-01-{10 + place + at}"),
                *(one.first[place:], one.last, one.born.isoformat(), "v", one.postcode),
            )
            for at, one in enumerate(PEOPLE)
        ]
        files.append(folder / f"lijst-{place}.csv")
        waiting_list(files[-1], rows)
    return files


def right(make: Callable[[Path], int], name: str) -> str:
    """Give the text of a file that is right."""
    with TemporaryDirectory() as place:
        make(Path(place) / "goed")
        return (Path(place) / "goed" / name).read_text("utf-8-sig")


def wrong_files(folder: Path) -> int:
    """Write files of each sort that are refused, with what is personal in places where it may
    not be: a name for a code, a number for a reference, an address in the heading."""
    folder.mkdir(parents=True)
    one, other, third = PEOPLE
    made = 0

    def put(name: str, data: bytes | str) -> None:
        nonlocal made
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        made += 1

    whole = written(next(messages_about(one, 7, date(2024, 6, 1)))).decode()
    put("code.xml", whole.replace("Type>02<", f"Type>{one.first}<"))
    put("day.xml", whole.replace(f"{one.born}", f"{one.born:%d-%m-%Y}"))
    put("number.xml", whole.replace(one.number, f"{one.last} {one.number}"))
    put("sex.xml", whole.replace("Geslacht>2", f"Geslacht x='{one.street}'>{one.mail}"))
    put("header.xml", whole.replace("00000001", one.number).replace("0193", one.postcode))
    put("torn.xml", whole[: whole.index(one.last) + len(one.last)])
    put("wide.xml", whole.encode("utf-16"))
    put("spoken.xml", f"{one.first} {one.last}, {one.street} {one.house}: {one.story}")
    with zipfile.ZipFile(folder / "archief.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", whole.replace("Type>02<", f"Type>{one.phone}<"))
    made += 1
    put("torn.zip", (folder / "archief.zip").read_bytes()[:-40])

    text = right(deliveries, "cbs-youth-care.csv")
    put("cbs-code.csv", text.replace(";14;", f";{other.first};"))
    put("cbs-number.csv", text.replace(other.number, other.number[:-1] + other.last))
    put("cbs-birth.csv", text.replace(f"{other.born:%Y%m%d}", f"{other.born:%d-%m-%Y}"))
    put("cbs-heading.csv", text.replace(GI, f"{other.mail} {other.phone}"))
    put("cbs-cells.csv", text.rstrip("\n") + f";{other.street} {other.house};{other.story}\n")
    text = right(deliveries, "cbs-protection.txt")
    put("cbs-fixed.txt", text.replace("11", other.first[:2]).replace(other.number, other.last[:9]))

    text = right(steps, "stappen.csv")
    put("stap-heading.csv", text.replace("geslacht", third.last).replace("verwijzing", third.mail))
    put("stap-value.csv", text.replace("safety-reported", third.story[:20]))
    put("stap-day.csv", text.replace("2024-03-04", f"{third.born:%d/%m/%y} {third.first}"))
    put("stap-code.csv", text.replace("VT-01", f"{third.street} {third.house}"))
    put("stap-town.csv", text.replace("0193", third.postcode).replace(";v;", f";{third.first};"))
    put("stap-number.csv", text.replace("VT-01", third.number))

    text = right(statement, "nza-quarter.csv")
    put("opgave-value.csv", text.replace("100", f"{third.last} {third.number}"))
    put("opgave-item.csv", text.replace("payroll", third.first).replace("hired", third.mail))
    put("opgave-who.csv", text.replace(PROVIDER, third.number).replace("2024-Q3", third.last))
    put("opgave-about.csv", text.replace("JZ07", third.postcode).replace(",02,", f",{third.last},"))

    put("brief.csv", f"{one.first};{one.last};{one.number}\n{one.street};{one.house};{one.story}\n")
    put("brief.txt", f"Beste {other.first} {other.last}, geboren {other.born:%d-%m-%Y}")
    return made


def wrong_lists(folder: Path) -> list[Path]:
    """Write waiting lists that are refused."""
    folder.mkdir(parents=True)
    one, other, third = PEOPLE
    good = ("98070201", "02", "2024-03-31", "2024-01-10")
    rows = [
        (*good, one.first, one.last, one.born.strftime("%d %m %Y"), one.first, one.street),
        (other.number, other.last, other.mail, other.phone, "", "", "", "", ""),
        (*good, third.first, third.last, f"{third.born}", "v", third.postcode, third.story),
    ]
    waiting_list(folder / "fout.csv", rows)
    bare = folder / "zonder-kop.csv"
    bare.write_text(";".join((one.first, one.last, one.number, one.mail)) + "\n", "utf-8")
    return [folder / "fout.csv", bare]
