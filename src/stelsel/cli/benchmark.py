"""``stelsel benchmark``: a municipality or youth region beside those like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stelsel.cli.benchmark_table import Answer, Question, show
from stelsel.cli.looking import Look, look
from stelsel.cli.options import AS_OF, DAYS, INTERNAL, JSON, KNOWN_ON, LANG, language
from stelsel.cli.output import print_json
from stelsel.errors import Fault, StelselError

if TYPE_CHECKING:
    from stelsel.monitor.benchmark import Area, Compared, Counted, Pattern
    from stelsel.monitor.indicators import Indicator

DEFAULT = ("care-used", "waiting-children")
"""Indicators that are compared unless asked otherwise."""


def benchmark(
    name: Annotated[
        str,
        typer.Argument(metavar="GEMEENTE|JEUGDREGIO", help="Code of naam, zoals Zwolle of JZ07."),
    ],
    *,
    register: Annotated[Path | None, typer.Option(help="Map van het register.")] = None,
    figures: Annotated[
        Path | None, typer.Option(help="In plaats van een register: CSV met cijfers per gemeente.")
    ] = None,
    indicator: Annotated[
        list[str] | None,
        typer.Option(help="Indicator die jeugdigen telt; zonder: care-used en waiting-children."),
    ] = None,
    among: Annotated[
        str,
        typer.Option(
            help="Alleen naast deze gemeenten of jeugdregio's: codes of namen met komma's; zonder: "
            "alles wat het register of bestand kent."
        ),
    ] = "",
    like: Annotated[
        Path | None,
        typer.Option(help="CSV met stedelijkheid en inwonertal per gemeente, om op te lijken."),
    ] = None,
    population: Annotated[
        Path | None,
        typer.Option(help="CSV met jongeren per gemeente en leeftijd; zonder: die van 1-1-2021."),
    ] = None,
    number: Annotated[
        int | None, typer.Option(help="Zoveel gebieden die het meest lijken; zonder: 20.")
    ] = None,
    as_of: AS_OF = "",
    known_on: KNOWN_ON = "",
    days: DAYS = 365,
    internal: INTERNAL = False,
    json: JSON = False,
    lang: LANG = "nl",
) -> None:
    """Leg een gemeente of jeugdregio naast die erop lijken (an area beside those like it).

    Gestandaardiseerd voor leeftijd, met intervallen en met een trechter die ervan uitgaat dat
    gebieden meer verschillen dan door toeval. Geen ranglijst.
    """
    from stelsel.monitor.benchmark import area, packaged, read_living, read_traits

    words = language(lang)
    _one_source(register, figures, number, days)
    asked = area(name)
    question = Question(
        asked,
        _named(among, asked),
        read_traits(like) if like else {},
        read_living(population) if population else packaged(),
        number,
        tuple(dict.fromkeys(indicator or ())),
        words,
    )
    if register is not None:
        looked = look(register, as_of, known_on, internal, lang)
        answers = list(_of_register(question, looked, days))
        foot = looked.foot()
    else:
        assert figures is not None
        answers, foot = list(_of_figures(question, figures)), []
    if json:
        print_json([one.told() for one in answers])
        return
    for one in answers:
        show(one, question, foot)


def _one_source(register: Path | None, figures: Path | None, number: int | None, days: int) -> None:
    """Refuse no source or two, and numbers that cannot be."""
    faults = []
    if (register is None) == (figures is None):
        faults.append(
            Fault(
                "A benchmark needs one source.",
                "--register",
                remedy="Give a register, or a file with --figures.",
                what_nl="Een vergelijking heeft één bron nodig.",
                remedy_nl="Geef een register, of een bestand met --figures.",
            )
        )
    if number is not None and number < 1:
        faults.append(
            Fault(
                f"{number} areas cannot be laid beside it.",
                "--number",
                remedy="Give 1 or more.",
                what_nl=f"{number} gebieden kunnen er niet naast worden gelegd.",
                remedy_nl="Geef 1 of meer.",
            )
        )
    if not 1 <= days <= 36500:
        faults.append(
            Fault(
                f"A period of {days} days does not exist.",
                "--days",
                remedy="Give 1 or more, such as 365.",
                what_nl=f"Een periode van {days} dagen bestaat niet.",
                remedy_nl="Geef 1 of meer, zoals 365.",
            )
        )
    if faults:
        raise StelselError(faults)


def _named(among: str, asked: Area) -> frozenset[str] | None:
    """Read ``--among``: areas of the level asked about; a region stands for its municipalities."""
    from stelsel.monitor.benchmark import area
    from stelsel.system.regions import municipalities

    names = [word for word in among.split(",") if word.strip()]
    found: set[str] = set()
    faults: list[Fault] = []
    for word in names:
        try:
            one = area(word)
        except StelselError as error:
            faults += error.faults
            continue
        if one.level == asked.level:
            found.add(one.code)
        elif one.level == "region":
            found |= {member.code for member in municipalities(region=one.code)}
        else:
            faults.append(
                Fault(
                    f"{one.name} is a municipality, and a youth region is asked about.",
                    "--among",
                    remedy="Name youth regions.",
                    what_nl=f"{one.name} is een gemeente, en er is een jeugdregio gevraagd.",
                    remedy_nl="Noem jeugdregio's.",
                )
            )
    if faults:
        raise StelselError(faults)
    return frozenset(found) if names else None


def _of_register(question: Question, looked: Look, days: int) -> Iterator[Answer]:
    """Compare what a register counts, after it went through the door."""
    from datetime import timedelta

    from stelsel.monitor.benchmark import count, refuse_uncountable
    from stelsel.monitor.indicators import named
    from stelsel.register.births import births_of

    chosen: list[Indicator] = []
    faults: list[Fault] = []
    for name in question.indicators or DEFAULT:
        try:
            chosen.append(named(name))
            refuse_uncountable(chosen[-1])
        except StelselError as error:
            faults += error.faults
    if faults:
        raise StelselError(faults)
    births = births_of(looked.register.events(looked.known_on))
    bands = question.living.bands
    level = question.asked.level
    for one in chosen:
        counted = count(one, looked.spells, births, bands, level, looked.as_of, days)
        far = question.beside(list(counted.cells))
        living = question.young_people(far)
        compared, pattern = _through(one, question, looked, counted, far, living, days)
        still = one.moment == "there"
        yield Answer(
            one.id,
            one.name_nl if question.lang == "nl" else one.name_en,
            looked.as_of if still else looked.as_of - timedelta(days=days - 1),
            looked.as_of,
            question.living.day,
            compared,
            pattern.groups if pattern else (),
            "group",
            True,
            counted.without_area if looked.exact else None,
            {"known_on": looked.known_on, "made_up": looked.made_up},
            (one.source,),
        )


def _through(
    one: Indicator,
    question: Question,
    looked: Look,
    counted: Counted,
    far: Mapping[str, float],
    living: Mapping[str, Mapping[str, int]],
    days: int,
) -> tuple[Compared, Pattern | None]:
    """Let totals and ages through the door, log that they leave, and compare what is left."""
    from stelsel.monitor.benchmark import compare, pattern_leaving, totals_leaving

    codes = list(living)
    asked = {"indicator": one.id, "area": question.asked.code, "as_of": looked.as_of, "days": days}
    looked.log_access("benchmark", asked)
    # Each is logged under the name by which what left of it before is found again.
    areas, ages = f"benchmark-{one.id}", f"benchmark-ages-{one.id}"
    totals = totals_leaving(counted.totals, codes, looked.through(areas))
    pattern, by_ages = pattern_leaving(counted, codes, living, looked.through(ages))
    looked.log_release(areas, totals, asked)
    looked.log_release(ages, by_ages, asked)
    shown = dict(zip(totals["area"].to_pylist(), totals["children"].to_pylist(), strict=True))
    if question.asked.code not in counted.cells:
        shown[question.asked.code] = None  # nothing told is not the same as nobody
    compared = compare(
        question.asked,
        far,
        shown,
        living,
        pattern,
        counted.cells if looked.exact else None,
        _names(question.asked),
    )
    return compared, pattern


def _of_figures(question: Question, file: Path) -> Iterator[Answer]:
    """Compare published figures; they have left already."""
    from stelsel.errors import did_you_mean
    from stelsel.monitor.benchmark import Pattern, compare, read_figures

    country = question.living.together()
    every = read_figures(file, list(country))
    known = list(dict.fromkeys(one.indicator for one in every))
    unknown = [name for name in question.indicators if name not in known]
    if unknown:
        raise StelselError(
            Fault(
                f"The file has no indicator {name}.",
                "--indicator",
                remedy=did_you_mean(name, known),
                what_nl=f"Het bestand heeft geen indicator {name}.",
                remedy_nl=did_you_mean(name, known, "nl"),
            )
            for name in unknown
        )
    for one in every:
        if question.indicators and one.indicator not in question.indicators:
            continue
        totals = one.by_area(question.asked.level)
        far = question.beside(list(totals))
        whole = set(one.by_ages) == set(country)
        pattern = (
            Pattern(tuple((band,) for band in country), one.by_ages, country) if whole else None
        )
        compared = compare(
            question.asked,
            far,
            dict(totals),
            question.young_people(far),
            pattern,
            None,
            _names(question.asked),
        )
        yield Answer(
            one.indicator,
            one.indicator,
            one.first,
            one.last,
            question.living.day,
            compared,
            pattern.groups if pattern else (),
            "country",
            False,
            None,
            {},
            tuple(one.sources),
        )


def _names(asked: Area) -> dict[str, str]:
    from stelsel.monitor.benchmark import areas

    return {one.code: one.name for one in areas(asked.level)}
