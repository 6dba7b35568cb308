"""Made-up tables with the fields of the monitor, and a made-up run folder."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stelsel import spells as spell_table
from stelsel import system
from stelsel.ijw.traffic import messages_of, write_traffic
from stelsel.register import Register
from stelsel.web.report import Report
from stelsel.web.run import read_run

FORMS: dict[str, dict[str, str]] = {
    "01": {"nl": "Uitgevoerd door het wijk- of buurtteam", "en": "Help by the local team"},
    "02": {"nl": "Ambulant op locatie van de aanbieder", "en": "Ambulatory help at the provider"},
    "03": {"nl": "Daghulp op locatie van de aanbieder", "en": "Day help at the provider"},
    "04": {
        "nl": "Jeugdhulp in het netwerk van de jeugdige",
        "en": "Help in the network of the child",
    },
    "11": {"nl": "Pleegzorg", "en": "Foster care"},
    "12": {"nl": "Gezinsgericht (gezinshuis)", "en": "Family home"},
    "13": {"nl": "Gesloten plaatsing", "en": "Secure care"},
    "14": {"nl": "Ander verblijf bij een aanbieder", "en": "Other residential care"},
}
SIZES = {"01": 140, "02": 610, "03": 45, "04": 320, "11": 84, "12": 31, "13": 12, "14": 66}
WAITS = {"01": 24, "02": 61, "03": 48, "04": 52, "11": 133, "12": 118, "13": 39, "14": 87}
AS_OF = date(2025, 12, 31)

Row = dict[str, Any]


def month_ends(last: date, count: int) -> list[tuple[date, date]]:
    """The last ``count`` months up to ``last``: first and last day of each."""
    found = []
    start = last.replace(day=1)
    end = last
    for _ in range(count):
        found.append((start, end))
        end = start - timedelta(days=1)
        start = end.replace(day=1)
    return found[::-1]


def row(waiting: int, median: float, start: date, end: date, **more: Any) -> Row:
    """A row as the monitor gives it, about so many who wait and such a median."""
    completed = round(waiting * 365 / max(median, 1) * ((end - start).days + 1) / 365)
    withdrawn = completed // 9
    half = median * 2.2 / max(completed, 4) ** 0.5
    return {
        **more,
        "as_of": AS_OF,
        "period_start": start,
        "period_end": end,
        "waiting": waiting,
        "waiting_children": waiting - waiting // 40,
        "waited_days_median": median * 0.8,
        "completed": completed,
        "withdrawn": withdrawn,
        "negative": completed // 30,
        "median_days": float(round(median)),
        "median_low": float(round(median - half)),
        "median_high": float(round(median + half)),
        "p80_days": float(round(2.3 * median)),
        "p80_low": float(round(2.3 * median - 2 * half)),
        "p80_high": float(round(2.3 * median + 2.4 * half)),
        "inflow": completed + withdrawn + waiting // 30,
        "outflow": completed + withdrawn,
        "in_care": waiting * 5,
        "in_care_children": waiting * 4,
        "care_started": completed,
        "care_ended": completed,
        "protected": [],
    }


def write_run(folder: Path, *, title: str = "tien procent meer ambulante plaatsen") -> Path:
    """Write a run folder as ``stelsel simulate --out`` leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    start, end = date(2025, 1, 1), date(2027, 12, 31)
    changes = {
        "more-ambulatory": [
            {
                "parameter": "capacity.ambulatory",
                "text_nl": "Tien procent meer plaatsen in de ambulante hulp vanaf 1 januari 2025",
                "text_en": "Ten percent more ambulatory places from 1 January 2025",
                "kind": "assumed",
                "source_nl": "L22, 613 miljoen, eigen aanname over het aandeel",
                "source_en": "L22, 613 million, own assumption on the share",
            }
        ],
        "stronger-teams": [
            {
                "parameter": "access.solved",
                "text_nl": "Lokale teams lossen vijftien procent meer vragen zelf op",
                "text_en": "Local teams solve fifteen percent more requests by themselves",
                "kind": "assumed",
                "source_nl": "L25, geen getal in de brief",
                "source_en": "L25, no number in the letter",
            }
        ],
    }
    manifest = {
        "version": "0.1.0",
        "seed": 20210101,
        "region": "JZ07",
        "region_name": "IJsselland",
        "start": start.isoformat(),
        "end": end.isoformat(),
        "replications": 20,
        "scenarios": [
            {"name": "baseline", "title_nl": "zonder maatregel", "title_en": "without a measure"}
            | {"measure": "", "letter": "", "changes": []},
            {
                "name": "more-ambulatory",
                "title_nl": title,
                "title_en": "ten percent more ambulatory places",
            }
            | {"measure": "M07", "letter": "L22", "changes": changes["more-ambulatory"]},
            {
                "name": "stronger-teams",
                "title_nl": "sterkere lokale teams",
                "title_en": "stronger local teams",
            }
            | {"measure": "M15", "letter": "L25", "changes": changes["stronger-teams"]},
        ],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    slopes = {"baseline": 0.18, "more-ambulatory": 0.02, "stronger-teams": 0.07}
    weekly = []
    for form, size in {**SIZES, "all": sum(SIZES.values())}.items():
        for name, slope in slopes.items():
            here = slope if form in ("02", "04", "all") else 0.1
            level, draw = float(size), random.Random(f"{form}{name}")
            for week in range(157):
                level += size * here / 157 + draw.gauss(0, size / 200)
                wide = size * 0.12 * (week / 157) ** 0.5
                weekly.append(
                    {
                        "scenario": name,
                        "form": form,
                        "day": start + timedelta(days=6 + 7 * week),
                        "measure": "waiting",
                        "value": level,
                        "low": level - wide,
                        "high": level + wide,
                    }
                )
    pq.write_table(pa.Table.from_pylist(weekly), folder / "weekly.parquet")
    compare = []
    for name, effect in (("more-ambulatory", -0.12), ("stronger-teams", -0.05)):
        for form, size in {**SIZES, "all": sum(SIZES.values())}.items():
            share = effect if form in ("02", "all") else effect / 8
            for measure, unit, base in (
                ("waiting", "children", float(size)),
                ("wait_days", "days", WAITS.get(form, 58) * 1.3),
                ("started", "episodes", size * 6.0),
                ("in_care", "children", size * 5.0),
            ):
                change = base * share * (1 if measure in ("waiting", "wait_days") else -0.4)
                stock = measure in ("waiting", "in_care")
                compare.append(
                    {
                        "scenario": name,
                        "form": form,
                        "measure": measure,
                        "unit": unit,
                        "period_start": end if stock else date(2027, 1, 1),
                        "period_end": end,
                        "baseline": base,
                        "value": base + change,
                        "difference": change,
                        "low": change - abs(change) * 0.4 - (2 if form != "02" else 0),
                        "high": change + abs(change) * 0.5 + (2 if form != "02" else 0),
                    }
                )
    pq.write_table(pa.Table.from_pylist(compare), folder / "compare.parquet")
    plan = [
        (
            "capacity.ambulatory",
            "2350",
            "2115",
            "2585",
            "places",
            "derived",
            "CBS 84135NED; stock over flow",
        ),
        (
            "withdrawal.ambulatory",
            "0.0011",
            "0.0005",
            "0.0022",
            "per day",
            "assumed",
            "own estimate: no national figure",
        ),
        (
            "access.solved",
            "0.33",
            "0.2",
            "0.45",
            "share",
            "assumed",
            "kst-31839-699, a third comes through GPs",
        ),
        ("worsening.regular", "0.0002", "0.0001", "0.0005", "per day", "assumed", "own estimate"),
        ("arrivals.02", "41.2", "", "", "children per week", "measured", "CBS 85098NED"),
    ]
    with (folder / "plan.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        told = [f"{one}_{lang}" for lang in ("nl", "en") for one in ("label", "unit", "source")]
        writer.writerow(["parameter", "since", "value", "low", "high", "kind", *told])
        for name, value, low, high, unit, kind, source in plan:
            writer.writerow([name, "", value, low, high, kind, *[name, unit, source] * 2])
    return folder


def make_report(
    *,
    run: Path | None = None,
    made_up: bool = True,
    regions: Mapping[str, str] | None = None,
    sizes: Mapping[str, int] = SIZES,
    forms: Mapping[str, Mapping[Any, str]] = FORMS,
) -> Report:
    """A report of a region where waits grow slowly."""
    year = (AS_OF.replace(month=1, day=1), AS_OF)
    months = month_ends(AS_OF, 36)
    by_form = [row(size, WAITS[form], *year, form=form) for form, size in sizes.items()]
    earlier = [
        row(round(0.92 * size), WAITS[form], *year, form=form) for form, size in sizes.items()
    ]
    wave = [0.82 + 0.005 * i + 0.03 * ((i * 7) % 5 - 2) / 2 for i in range(36)]
    return Report(
        regions={"JZ07": "IJsselland"} if regions is None else regions,
        forms=forms,
        made_up=made_up,
        last_day=AS_OF,
        known_on=date(2026, 1, 9),
        total=row(sum(sizes.values()), 58, *year),
        by_form=by_form,
        year_ago=row(round(0.92 * sum(sizes.values())), 57, *year),
        by_form_year_ago={one["form"]: one for one in earlier},
        by_month=[
            row(round(sum(sizes.values()) * w), 50 + 8 * w, *period)
            for w, period in zip(wave, months, strict=True)
        ],
        by_form_and_month={
            form: [
                row(round(size * w), WAITS[form] * w, *period, form=form)
                for w, period in zip(wave, months, strict=True)
            ]
            for form, size in sizes.items()
        },
        run=read_run(run) if run else None,
    )


FIRST, LAST = date(2023, 1, 1), date(2024, 11, 20)
"""First and last day of what happens to the children in the register."""
CHILDREN = 160
PROVIDER = "98070201"


def made_up_spells() -> Iterator[dict[str, Any]]:
    """Yield the spells of children who wait for help: most start, some leave, some wait."""
    draw = random.Random("gather")
    for number in range(CHILDREN):
        one = system.form(draw.choices(["02", "11", "13"], [8, 3, 1])[0])
        day = FIRST + timedelta(draw.randrange((LAST - FIRST).days))
        until = day + timedelta(draw.randrange(10, 200))
        plain = dict.fromkeys(spell_table.SCHEMA.names) | {
            "child": f"c{number}",
            "episode": f"c{number}-0",
            "form": one.code,
            "municipality": "0193",
            "provider": PROVIDER,
            "referrer": "02",
            "known": day,
            "source": "twin",
        }
        left = draw.random() < 0.15
        over = until <= LAST
        ending = ("withdrawn" if left else "served") if over else None
        yield plain | {
            "station": f"wait-{one.slug}",
            "start": day,
            "end": until if over else None,
            "exit": ending,
        }
        if ending == "served":
            yield plain | {"station": f"care-{one.slug}", "start": until}


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of made-up children, made of the messages that would have told of them."""
    place = tmp_path_factory.mktemp("register")
    people = [
        {"child": f"c{n}", "birth": date(2012, 3, 1), "sex": "1", "municipality": "0193"}
        for n in range(CHILDREN)
    ]
    messages = messages_of(
        pa.Table.from_pylist(list(made_up_spells()), schema=spell_table.SCHEMA),
        pa.Table.from_pylist(people),
        seed=1,
        until=LAST,
    )
    write_traffic(messages, place / "messages")
    Register.create(place / "register").ingest([place / "messages"])
    return place / "register"


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with a baseline and two scenarios."""
    return write_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="session")
def report(run_folder: Path) -> Report:
    """A report on IJsselland with a what-if, about made-up children."""
    return make_report(run=run_folder)


@pytest.fixture(scope="session")
def reports(run_folder: Path) -> Callable[..., Report]:
    """Make another report."""
    return make_report


@pytest.fixture(scope="session")
def runs() -> Callable[..., Path]:
    """Write another run folder."""
    return write_run
