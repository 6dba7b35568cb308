"""What ``stelsel benchmark`` asks and finds, and how that looks on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from stelsel.cli.benchmark_words import WORDS
from stelsel.cli.options import Language, day_words
from stelsel.cli.output import cell, notes, print_table
from stelsel.errors import StelselError

if TYPE_CHECKING:
    from stelsel.monitor.benchmark import Area, Compared, Living
    from stelsel.monitor.benchmark.areas import Traits


@dataclass(frozen=True)
class Question:
    """What is asked: which area, beside which, how many, on which indicators."""

    asked: Area
    among: frozenset[str] | None
    traits: Mapping[str, Traits]
    living: Living
    number: int | None
    indicators: tuple[str, ...]
    lang: Language

    def beside(self, known: Sequence[str]) -> dict[str, float]:
        """Give the areas that are most like the one asked about, of those that are known."""
        from stelsel.monitor.benchmark import like, settings

        chosen = [
            code
            for code in known
            if (self.among is None or code in self.among)
            and self.living.of(code, self.asked.level) is not None
        ]
        most = self.number or int(settings()["like"].value)
        return like(self.asked, chosen, most, self.traits)

    def young_people(self, far: Mapping[str, float]) -> dict[str, dict[str, int]]:
        """Give the young people of the area asked about and of those beside it.

        Raises
        ------
        StelselError
            When those of the area asked about are not known.
        """
        found = {
            code: ages
            for code in (self.asked.code, *sorted(far))
            if (ages := self.living.of(code, self.asked.level)) is not None
        }
        if self.asked.code not in found:
            raise StelselError(
                f"The young people of {self.asked.name} are not in the file.",
                where="--population",
                remedy="Add its rows, of a youth region those of all its municipalities.",
                what_nl=f"De jongeren van {self.asked.name} staan niet in het bestand.",
                remedy_nl="Voeg de regels toe, van een jeugdregio die van al haar gemeenten.",
            )
        return found


@dataclass(frozen=True)
class Answer:
    """What is found for one indicator and period."""

    indicator: str
    name: str
    first: date
    last: date
    population_day: date
    compared: Compared
    groups: Sequence[Sequence[str]]
    whose_ages: str
    register: bool
    without_area: int | None
    notes: Mapping[str, Any]
    sources: Sequence[str]

    def told(self) -> dict[str, Any]:
        """Give it as plain data."""
        from stelsel.monitor.benchmark import settings

        of = self.compared.of
        return {
            "indicator": self.indicator,
            "period_start": self.first,
            "period_end": self.last,
            "population_day": self.population_day,
            "standardised": self.compared.standardised,
            "ages": [list(group) for group in self.groups],
            "ages_of": self.whose_ages,
            "funnel": None if of is None else asdict(of),
            "rows": self.compared.rows,
            "without_area": self.without_area,
            "sources": list(self.sources),
            "settings": [asdict(one) for one in settings().values()],
            **self.notes,
        }


def show(one: Answer, question: Question, foot: Sequence[str]) -> None:
    """Print one comparison as a table, with what to mind under it."""
    words, lang = WORDS[question.lang], question.lang
    rows = one.compared.rows
    if rows[0]["counted"] is None:
        notes.print(words["nobody"].format(area=question.asked.name, indicator=one.name))
    if len(rows) == 1:
        notes.print(words["alone"].format(kind=words[question.asked.level]))
    shown = [
        {
            "area": row["area_name"],
            "counted": "." if row["counted"] is None else cell(round(row["counted"]), lang),
            "rate": _told(row, "rate", 0, lang),
            "ratio": _told(row, "ratio", 2, lang),
            "limits": _between(row["low95"], row["high95"], lang),
            "place": words[row["place"] or "unjudged"],
        }
        for row in rows
    ]
    first, last = day_words(one.first), day_words(one.last)
    period = words["on" if one.first == one.last else "from-to"].format(first=first, last=last)
    print_table(
        shown,
        [(column, words[column]) for column in shown[0]],
        title=words["title"].format(
            indicator=one.name,
            area=question.asked.name,
            number=len(rows) - 1,
            kind=words[question.asked.level],
            period=period,
        ),
        caption="\n".join([*_remarks(one, question), *foot]),
        lang=lang,
        right=("counted", "rate", "ratio", "limits"),
    )


def _remarks(one: Answer, question: Question) -> Iterator[str]:
    """Say how it was compared and what is not known."""
    from stelsel.monitor.benchmark import settings
    from stelsel.monitor.benchmark.standard import name_of

    words, lang = WORDS[question.lang], question.lang
    yield words["order"]
    if one.compared.standardised:
        groups = ", ".join(name_of(group) for group in one.groups)
        yield words["ages"].format(whom=words[one.whose_ages], groups=groups)
    else:
        yield words["no-ages"]
    of = one.compared.of
    if of is None:
        yield words["few"].format(least=int(settings()["least-areas"].value))
    else:
        yield words["spread"].format(tau=_number(of.tau, 2, lang), phi=_number(of.phi, 1, lang))
    given = [
        words[name]
        for name in ("urbanity", "inhabitants")
        if any(getattr(each, name) is not None for each in question.traits.values())
    ]
    both = " en " if lang == "nl" else " and "
    yield words["alike"].format(
        day=day_words(one.population_day),
        more=words["alike-more"].format(things=both.join(given)) if given else "",
        unknown=words["unknown"].format(also="" if given else words["also"]),
    )
    if one.register:
        yield words["partial"]
        if one.without_area:
            yield words["without"].format(count=one.without_area)
    else:
        yield words["figures"].format(sources="; ".join(one.sources))


def _told(row: Mapping[str, Any], name: str, digits: int, lang: Language) -> str:
    if row[name] is None:
        return "."
    between = _between(row[f"{name}_low"], row[f"{name}_high"], lang, digits)
    return f"{_number(row[name], digits, lang)} ({between})"


def _between(low: float | None, high: float | None, lang: Language, digits: int = 2) -> str:
    if low is None or high is None:
        return "–"
    return f"{_number(low, digits, lang)}–{_number(high, digits, lang)}"


def _number(value: float, digits: int, lang: Language) -> str:
    text = f"{value:.{digits}f}"
    return text if lang == "en" else text.replace(".", ",")
