"""The page as a document: well-formed, self-contained, complete in both languages, true."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from stelsel.web.page import policy, render
from stelsel.web.report import Report
from stelsel.web.words import LANGUAGES, Language

# Elements that HTML closes by itself (HTML living standard, 13.1.2).
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
LOADING = {"src", "href", "action", "srcset", "data", "poster", "formaction", "ping", "background"}
Document = Any
"""An element of lxml, whose answers to XPath are of any type."""


def parse(page: str) -> Any:
    """Read HTML as a browser would."""
    return lxml.html.document_fromstring(page)


class Balance(HTMLParser):
    """Hears every tag; what is opened must be closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"{tag} has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at line {self.getpos()[0]}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return render(report)


@pytest.fixture(scope="module")
def document(page: str) -> Document:
    return parse(page)


def part(document: Document, lang: Language) -> Document:
    (found,) = document.xpath(f"//div[@data-title and @lang='{lang}']")
    return found


def words(element: Document) -> str:
    return " ".join(element.text_content().split())


def test_it_is_well_formed(page: str) -> None:
    balance = Balance()
    balance.feed(page)
    assert balance.faults == []
    assert balance.open == []


def test_it_is_small_enough_to_send(page: str) -> None:
    assert len(page.encode()) < 1_500_000


def test_it_refers_to_nothing_outside(page: str, document: Document) -> None:
    references = [
        value
        for element in document.iter()
        if isinstance(element.tag, str)
        for name, value in element.attrib.items()
        if name.rpartition(":")[2] in LOADING
    ]
    assert references
    assert [one for one in references if not one.startswith(("#", "data:"))] == []
    styles = " ".join(document.xpath("//style/text() | //@style | //@fill | //@stroke"))
    assert [u for u in re.findall(r"url\(([^)]*)\)", styles) if not u.startswith("#")] == []
    assert "@import" not in page
    assert "://" not in page, "not even the address of a namespace"


def test_ids_are_unique_and_what_is_referred_to_is_there(document: Document) -> None:
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = {one[1:] for one in document.xpath("//@href") if one.startswith("#")}
    named |= {one for both in document.xpath("//@aria-labelledby") for one in both.split()}
    for value in document.xpath("//@fill | //@stroke | //@clip-path"):
        named |= set(re.findall(r"url\(#([^)]*)\)", value))
    assert named
    assert named - set(ids) == set()


def test_its_policy_lets_only_its_own_script_run(document: Document) -> None:
    (script,) = document.xpath("//script/text()")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (meta,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.strip().partition(" ")[::2] for rule in meta.split(";"))
    assert meta == policy()
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert document.xpath("//@*[starts-with(name(), 'on')]") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_opens_in_the_language_asked_for(
    page: str, reports: Callable[..., Report], lang: Language
) -> None:
    document = parse(page if lang == "nl" else render(reports(), lang))
    assert document.get("lang") == lang
    shown = document.xpath("//*[@data-lang][not(@hidden)]/@data-lang")
    assert set(shown) == {lang}
    assert document.findtext(".//title") == part(document, lang).get("data-title")
    (button,) = document.xpath(f"//button[@data-lang='{lang}']")
    assert (button.get("data-to"), button.get("lang")) == (
        button.get("lang"),
        button.get("data-to"),
    )


def test_both_languages_hold_the_same(document: Document) -> None:
    def shape(lang: Language) -> list[tuple[str, str | None]]:
        return [
            (one.tag, one.get("class"))
            for one in part(document, lang).iter()
            if isinstance(one.tag, str) and not one.xpath("ancestor-or-self::svg")
        ]

    assert shape("nl") == shape("en")
    numbers = {
        lang: [
            re.sub("[.,]", "", text)
            for text in re.findall(r"\d[\d.,]*\d|\d", words(part(document, lang)))
        ]
        for lang in LANGUAGES
    }
    assert sorted(numbers["nl"]) == sorted(numbers["en"])


def test_every_drawing_says_what_it_shows(document: Document) -> None:
    drawings = document.xpath("//svg[not(@aria-hidden)]")
    assert len(drawings) > 40
    for drawing in drawings:
        assert drawing.get("role") == "img"
        assert len(drawing.get("aria-label")) > 40
        assert drawing.xpath(".//*[@role or @aria-label]") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_has_a_finding_a_question_a_table_and_its_source(
    document: Document, lang: Language
) -> None:
    figures = part(document, lang).xpath(".//figure")
    assert len(figures) == 8
    source = {"nl": "Bron: ", "en": "Source: "}[lang]
    unit = {"nl": "dagen|kinderen|wachttijden", "en": "days|children|waits"}[lang]
    for figure in figures:
        (title,) = figure.xpath("./h3")
        assert figure.get("aria-labelledby") == title.get("id")
        (question,) = figure.xpath("./p[@class='question']")
        assert words(question).endswith("?")
        (table,) = figure.xpath("./details//table")
        assert len(table.xpath("./tbody/tr")) > 2
        (foot,) = figure.xpath("./div[@class='foot']")
        assert source in words(foot)
        assert re.search(unit, words(figure), re.IGNORECASE)
        assert figure.xpath(".//svg[@role='img']")


def read(text: str) -> float:
    """Read a Dutch number."""
    return float(text.strip().replace(".", "").replace(",", ".").replace("−", "-"))


def rows_of(table: Document) -> list[list[str]]:
    return [
        ["".join(cell.xpath("./text()")).strip() for cell in row.xpath("./th | ./td")]
        for row in table.xpath("./tbody/tr")
    ]


def test_the_lists_are_those_of_the_monitor(document: Document, report: Report) -> None:
    (table,) = part(document, "nl").xpath(".//section[h2[@id='nl-lists']]//table")
    shown = rows_of(table)
    told = [(report.forms[row["form"]]["nl"], row) for row in report.by_form]
    told.append(("Alle hulpvormen", report.total))
    assert len(shown) == len(told)
    fields = (
        *("waiting_children", "waited_days_median", "completed", "median_days", "p80_days"),
        *("withdrawn", "negative"),
    )
    for (name, *cells), (form, row) in zip(shown, told, strict=True):
        assert name == form
        assert [read(cell) for cell in cells] == [round(row[field]) for field in fields]


def test_the_trend_is_that_of_the_monitor(document: Document, report: Report) -> None:
    (table,) = part(document, "nl").xpath(".//figure[h3[@id='nl-trend-waiting']]//table")
    assert [read(value) for _, value in rows_of(table)] == [
        row["waiting_children"] for row in report.by_month
    ]


def test_the_summary_tells_numbers_of_the_report(document: Document, report: Report) -> None:
    said = words(part(document, "nl").xpath(".//section[@class='summary']")[0])
    total, now = report.total, report.total["waiting_children"]
    assert report.year_ago
    change = now - report.year_ago["waiting_children"]
    low, high = (f"{total[key]:.0f}" for key in ("median_low", "median_high"))
    assert f"Op 31 december 2025 wachtten {now:,} kinderen".replace(",", ".") in said
    assert f"{change} meer dan een jaar eerder" in said
    assert f"binnen {total['median_days']:.0f} dagen (95 %\N{NON-BREAKING HYPHEN}interval " in said
    assert f"{low} tot {high})" in said


def test_the_slowest_form_comes_first(document: Document, report: Report) -> None:
    slowest = max(report.by_form, key=lambda row: float(row["median_days"]))
    name = f"“{report.forms[slowest['form']]['nl']}”"
    title = words(part(document, "nl").get_element_by_id("nl-waits-by-form"))
    assert name in title
    assert f"{slowest['median_days']:.0f} dagen" in title


def test_made_up_children_are_said_to_be_made_up(document: Document) -> None:
    said = words(document)
    assert "De kinderen op deze pagina bestaan niet" in said
    assert "The children on this page do not exist" in said


def test_real_children_and_no_what_if(reports: Callable[..., Report]) -> None:
    document = parse(render(reports(made_up=False)))
    said = words(document)
    assert "De kinderen op deze pagina bestaan niet" not in said
    assert "verzonnen berichten" not in said
    assert document.xpath("//*[@id='nl-whatif']") == []
    assert document.xpath("//a[@href='#nl-whatif']") == []
    assert len(document.xpath("//figure")) == 2 * 5


def test_names_from_outside_cannot_become_html(
    reports: Callable[..., Report], runs: Callable[..., Path], tmp_path: Path
) -> None:
    evil = "</svg><script>alert(1)</script><b onclick='x'>&amp;\"'"
    forms = {"02": {"nl": evil, "en": evil}}
    page = render(
        reports(
            forms=forms,
            sizes={"02": 300},
            regions={"JZ07": evil},
            run=runs(tmp_path / "run", title=evil),
        )
    )
    balance = Balance()
    balance.feed(page)
    document = parse(page)
    assert (balance.faults, balance.open) == ([], [])
    assert len(document.xpath("//script")) == 1
    assert document.xpath("//@onclick") == []
    assert evil in document.xpath("//figure//table//th/text()")
    assert any(evil in label for label in document.xpath("//svg/@aria-label"))


def test_a_day_beyond_the_data_is_warned_of(reports: Callable[..., Report]) -> None:
    early = dataclasses.replace(reports(sizes={"02": 200}), last_day=date(2025, 12, 1))
    said = words(parse(render(early)))
    assert "Het register weet niets van na 1 december 2025" in said
    assert "The register knows nothing after 1 December 2025" in said


def test_a_day_within_the_data_is_not(document: Document) -> None:
    assert "weet niets van na" not in words(document)


def months_without(report: Report, count: int) -> Report:
    return dataclasses.replace(
        report,
        year_ago=None,
        by_form_year_ago={},
        by_month=report.by_month[:count],
        by_form_and_month={form: rows[:count] for form, rows in report.by_form_and_month.items()},
    )


def blank(row: dict[str, Any]) -> dict[str, Any]:
    numbers = [name for name, value in row.items() if isinstance(value, int | float)]
    return row | dict.fromkeys(numbers) | {"protected": numbers}


@pytest.mark.parametrize("count", [0, 2, 3])
def test_a_young_register_has_a_page_too(reports: Callable[..., Report], count: int) -> None:
    document = parse(render(months_without(reports(), count)))
    assert bool(document.xpath("//*[@id='nl-trend']")) is (count > 2)


def test_a_page_without_any_number_that_may_be_shown(reports: Callable[..., Report]) -> None:
    report = reports(made_up=False)
    hidden = dataclasses.replace(
        report,
        total=blank(dict(report.total)),
        by_form=[blank(dict(row)) for row in report.by_form],
        year_ago=blank(dict(report.total)),
        by_form_year_ago={},
        by_month=[blank(dict(row)) for row in report.by_month],
        by_form_and_month={
            form: [blank(dict(row)) for row in rows]
            for form, rows in report.by_form_and_month.items()
        },
    )
    said = words(part(parse(render(hidden)), "nl"))
    assert "te weinig kinderen op jeugdhulp om het aantal te tonen" in said
    assert "– = niet getoond" in said
