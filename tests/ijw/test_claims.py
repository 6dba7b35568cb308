"""The rules on claims against slow, obviously right ones: sums, months, lines that occur twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from stelsel.ijw import Message, check
from stelsel.ijw.findings import MOST
from stelsel.ijw.grammar import message_type
from stelsel.ijw.rules import check_rules
from tests.ijw.table import made

amounts = st.tuples(st.integers(0, 3), st.sampled_from("DC"))
totals = st.tuples(st.integers(0, 9), st.sampled_from("DC"))
days = st.dates(date(2023, 12, 25), date(2024, 3, 6)) | st.sampled_from(
    [date(2020, 12, 31), date(2021, 1, 1), date(2023, 2, 28), date(2023, 3, 1), date(2024, 2, 29)]
)


def told(message: str, content: dict[str, Any]) -> set[tuple[str, str]]:
    """Rules and the places where they are broken."""
    found = check_rules(content, message_type(message))
    return {(breach.rule, "/".join(breach.path)) for breach in found}


def money(amount: int, side: str, name: str = "Bedrag") -> dict[str, Any]:
    return {name: amount, "DebetCredit": side}


def cents(amount: tuple[int, str]) -> int:
    return amount[0] if amount[1] == "D" else -amount[0]


def claim(clients: list[list[dict[str, Any]]]) -> dict[str, Any]:
    """The plain claim with other lines, as changes of its first line, per child."""
    content = made("JW323", {}).content
    (client, *_) = content["Declaratie"]["Clienten"]["Client"]
    line = client["Prestaties"]["Prestatie"][0]
    content["Declaratie"]["Clienten"]["Client"] = [
        {"Bsn": client["Bsn"], "Prestaties": {"Prestatie": [line | change for change in changes]}}
        for changes in clients
    ]
    return content


def place(client: int, line: int) -> str:
    return f"Declaratie/Clienten/Client[{client + 1}]/Prestaties/Prestatie[{line + 1}]"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(amounts, min_size=1, max_size=3), min_size=1, max_size=3), totals)
@example([[(1, "D"), (1, "C")]], (0, "D"))
def test_the_total_of_a_claim_is_the_sum_of_its_lines(
    clients: list[list[tuple[int, str]]], total: tuple[int, str]
) -> None:
    content = claim([[{"IngediendBedrag": money(*each)} for each in lines] for lines in clients])
    content["Declaratie"]["TotaalIngediendBedrag"] = money(*total, "TotaalBedrag")
    debit = sum(amount for lines in clients for amount, side in lines if side == "D")
    credit = sum(amount for lines in clients for amount, side in lines if side == "C")
    wrong = debit - credit != cents(total)
    found = told("JW323", content)
    assert (("TR358", "Declaratie/TotaalIngediendBedrag") in found) == wrong


codes = st.sampled_from(["0200", "0233", "8001", "9333", "9340"])


@settings(max_examples=500, deadline=None)
@given(
    st.none() | st.lists(st.tuples(amounts, codes), min_size=1, max_size=3),
    totals,
    totals,
    codes,
)
@example(None, (5, "D"), (0, "D"), "9333")
@example(None, (5, "D"), (5, "D"), "8001")
@example([((3, "D"), "9340"), ((1, "C"), "0233")], (5, "D"), (3, "D"), "0200")
def test_the_totals_of_an_answer_fit_the_lines_that_are_refused(
    lines: list[tuple[tuple[int, str], str]] | None,
    claimed: tuple[int, str],
    granted: tuple[int, str],
    code: str,
) -> None:
    content = made("JW325", {}).content
    answer = content["DeclaratieAntwoord"]
    answer["TotaalIngediendBedrag"] = money(*claimed, "TotaalBedrag")
    answer["TotaalToegekendBedrag"] = money(*granted, "TotaalBedrag")
    answer["RetourCodes"] = {"RetourCode": [code]}
    prestaties = answer["Clienten"]["Client"][0]["Prestaties"]
    prestaties["Prestatie"] = [
        prestaties["Prestatie"][0]
        | {"IngediendBedrag": money(*amount), "RetourCodes": {"RetourCode": [one]}}
        for amount, one in lines or ()
    ]
    if lines is None:
        del answer["Clienten"]
    as_a_whole = code not in ("0200", "8001")
    right = True
    if as_a_whole:
        right = cents(granted) == 0
    if lines is not None or not as_a_whole:
        refused = sum(cents(amount) for amount, _ in lines or ())
        right = right and cents(claimed) == cents(granted) + refused
    right = right and all(one not in ("0200", "8001") for _, one in lines or ())
    assert (("TR342", "DeclaratieAntwoord") in told("JW325", content)) == (not right)


def month_of(day: date) -> list[date]:
    """All days of the month of a day, by going through the calendar."""
    start, end = day - timedelta(40), day + timedelta(40)
    around = [start + timedelta(n) for n in range((end - start).days)]
    return [each for each in around if (each.year, each.month) == (day.year, day.month)]


def sixty_months_before(day: date) -> date:
    """The same day of the month sixty months earlier, or the last day of that month."""
    first = day.replace(day=1)
    for _ in range(60):
        first = (first - timedelta(1)).replace(day=1)
    month = month_of(first)
    return next((each for each in month if each.day == day.day), month[-1])


@settings(max_examples=500, deadline=None)
@given(days, days, days, days, days)
@example(*(date(2024, 2, d) for d in (1, 29, 1, 29, 29)))
def test_months(begin: date, end: date, claimed: date, until: date, now: date) -> None:
    content = claim([[{"ProductPeriode": {"Begindatum": begin, "Einddatum": end}}]])
    content["Header"]["BerichtIdentificatie"]["Dagtekening"] = now
    content["Declaratie"]["DeclaratiePeriode"] = {"Begindatum": claimed, "Einddatum": until}
    found = told("JW323", content)
    period = f"{place(0, 0)}/ProductPeriode"
    whole = "Declaratie/DeclaratiePeriode"
    assert (("CS337", period) in found) == (end not in month_of(begin))
    month = month_of(claimed)
    assert (("CS340", whole) in found) == ((claimed, until) != (month[0], month[-1]))
    assert (("TR319", place(0, 0)) in found) == (end > until)
    for first, last, at in ((begin, end, period), (claimed, until, whole)):
        assert (("CS100", at) in found) == (first.year < 2021 or last.year < 2021)
        assert (("TR134", f"{at}/Begindatum") in found) == (first > now)
        assert (("TR137", f"{at}/Einddatum") in found) == (last < first or last > now)


@settings(max_examples=300, deadline=None)
@given(st.dates(date(2022, 1, 1), date(2032, 12, 31)), st.integers(-3, 3))
@example(date(2028, 2, 29), 0)
@example(date(2028, 2, 29), -1)
def test_a_line_is_too_old_after_sixty_months(now: date, off: int) -> None:
    end = sixty_months_before(now) + timedelta(off)
    content = claim([[{"ProductPeriode": {"Begindatum": end, "Einddatum": end}}]])
    content["Declaratie"]["DeclaratieDagtekening"] = now
    found = told("JW323", content)
    assert (("TR335", f"{place(0, 0)}/ProductPeriode") in found) == (off < 0)


references = st.sampled_from(["P1", "P2", "P3"])
lines_of_claims = st.fixed_dictionaries(
    {
        "number": references,
        "previous": st.none() | references,
        "side": st.sampled_from("DC"),
        "allocation": st.integers(1, 2),
        "code": st.sampled_from(["45A01", "45A02"]),
        "begin": st.dates(date(2026, 4, 1), date(2026, 4, 2)),
        "end": st.dates(date(2026, 4, 29), date(2026, 4, 30)),
    }
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.lists(lines_of_claims, min_size=1, max_size=4), min_size=1, max_size=2))
def test_lines_that_occur_twice_are_those_that_comparing_every_pair_finds(
    clients: list[list[dict[str, Any]]],
) -> None:
    content = claim([[changes(line) for line in lines] for lines in clients])
    found = told("JW323", content)
    numbered = [
        (line, client, place(client, number))
        for client, lines in enumerate(clients)
        for number, line in enumerate(lines)
    ]
    expected = set()
    for at, (line, client, where) in enumerate(numbered):
        for earlier, other, _ in numbered[:at]:
            if line["previous"] is not None and line["previous"] == earlier["previous"]:
                expected.add(("TR315", f"{where}/ProductReferentie"))
            if client != other:
                continue
            if (line["number"], line["previous"]) == (earlier["number"], earlier["previous"]):
                expected.add(("TR101", where))
            same = ("allocation", "code", "begin", "end")
            debits = line["side"] == earlier["side"] == "D"
            if debits and all(line[name] == earlier[name] for name in same):
                expected.add(("TR416", where))
        for other_line, _, _ in numbered:
            taken_back = line["previous"] == other_line["number"]
            if line["side"] == "C" and other_line["side"] == "D" and taken_back:
                expected.add(("TR316", f"{where}/ProductReferentie"))
    rules = ("TR101", "TR315", "TR316", "TR416")
    assert {each for each in found if each[0] in rules} == expected | (
        {("TR101", "Declaratie/Clienten/Client[2]")} if len(clients) == 2 else set()
    )


def changes(line: dict[str, Any]) -> dict[str, Any]:
    """A line in the words of the message."""
    reference = {"ReferentieNummer": line["number"]}
    if line["previous"] is not None:
        reference["VorigReferentieNummer"] = line["previous"]
    return {
        "ProductReferentie": reference,
        "ToewijzingNummer": line["allocation"],
        "ProductCode": line["code"],
        "ProductPeriode": {"Begindatum": line["begin"], "Einddatum": line["end"]},
        "IngediendBedrag": money(1, line["side"]),
    }


def test_of_a_claim_full_of_faults_the_first_are_told_and_that_there_are_more() -> None:
    line = {"ProductTarief": 1, "Eenheid": "83", "GeleverdVolume": 5000}
    numbered = [{**line, "ToewijzingNummer": number} for number in range(MOST)]
    for many, more in ((MOST - 9, False), (MOST, True)):
        content = claim([numbered[:many]])
        references = (f"P{number}" for number in range(many))
        for each in content["Declaratie"]["Clienten"]["Client"][0]["Prestaties"]["Prestatie"]:
            each["ProductReferentie"] = {"ReferentieNummer": next(references)}
        found = check(Message("JW323", content))
        # Every line has a tariff it should not have, and the total is wrong.
        assert len(found) == (MOST if more else many + 1)
        assert [each.rule for each in found][-1] == ("message.more" if more else "CD087")
        assert str(MOST - 1) in found[-1].message or not more
