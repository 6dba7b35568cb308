"""The page of a publication: every indicator with its drawing, its tables and what to mind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from stelsel import __version__
from stelsel.monitor.indicators import Indicator
from stelsel.web.page import environment, file_text, policy
from stelsel.web.publish.files import LOG
from stelsel.web.publish.gathering import Publication, Published
from stelsel.web.publish.shown import Shown, shown
from stelsel.web.texts import Texts
from stelsel.web.words import Language, listed

CATALOGUE = "catalogus.jsonld"
_TOPICS: Mapping[str, tuple[str, ...]] = {
    "waiting": ("Y03", "Y15", "Y27"),
    "access": ("Y01",),
    "care": ("Y02",),
    "outcomes": ("Y06",),
    "protection": ("Y07", "Y08", "Y09", "Y10", "Y11", "Y18", "Y25"),
    "placement": ("Y12", "Y13", "Y14"),
}
"""The topics of the page, by the systems of the letters that indicators watch."""
_FEW = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """A part of the page."""

    name: str
    heading: str
    shown: Sequence[Shown]


def title_of(publication: Publication, t: Texts) -> str:
    """Give the title of a publication."""
    names = list(publication.regions.values())
    region = listed(names, t.lang) if len(names) <= _FEW else t("page.regions", n=str(len(names)))
    return t("publication.title", region=region or t("page.no_region"))


def render(
    publication: Publication,
    *,
    publisher: str,
    lang: Language = "nl",
    say: Callable[[int, int], None] | None = None,
) -> str:
    """Write the page as HTML: styles and drawings inside, nothing from elsewhere, no script.

    Parameters
    ----------
    publication
        What is published.
    publisher
        Who publishes it.
    lang
        Its language.
    say
        Is told how many indicators are drawn, and of how many.
    """
    t = Texts(lang)
    per: dict[str, list[Published]] = {}
    for one in publication.tables:
        per.setdefault(one.indicator.id, []).append(one)
    drawn: list[tuple[Indicator, Shown]] = []
    for number, tables in enumerate(per.values()):
        if say:
            say(number, len(per))
        drawn.append((tables[0].indicator, shown(tables[0].indicator, tables, t)))
    topics = [
        Topic(name, t(f"publication.topic_{name}"), [one for _, one in members])
        for name in (*_TOPICS, "rest")
        if (members := [pair for pair in drawn if topic_of(pair[0]) == name])
    ]
    return (
        environment()
        .get_template("publication.html.j2")
        .render(
            lang=lang,
            t=t,
            title=title_of(publication, t),
            subtitle=t(
                "publication.subtitle",
                start=t.day(publication.start),
                end=t.day(publication.as_of),
                known_on=t.day(publication.known_on),
                publisher=publisher,
            ),
            made_up=publication.made_up,
            about=_about(publication, t),
            topics=topics,
            empty=[one.name_nl if lang == "nl" else one.name_en for one in publication.empty],
            footer=t("page.footer", version=__version__),
            style=Markup(file_text("page.css")),
            policy=policy(),
        )
    )


def topic_of(indicator: Indicator) -> str:
    """Give the topic that an indicator belongs to.

    Examples
    --------
    >>> from stelsel.monitor.indicators import named
    >>> topic_of(named("crisis-wait")), topic_of(named("complaints"))
    ('waiting', 'rest')
    """
    first = indicator.systems[0]
    return next((name for name, systems in _TOPICS.items() if first in systems), "rest")


def _about(publication: Publication, t: Texts) -> list[str]:
    cost = publication.cost
    if not cost:
        kept = [t("publication.about_exact")]
    else:
        share = 100 * cost["hidden"] / max(cost["told"], 1)
        kept = [
            t("publication.about_door"),
            t(
                "publication.about_kept",
                told=t.number(cost["told"]),
                hidden=t.number(cost["hidden"]),
                share=f"{t.number(share)}\N{NO-BREAK SPACE}%",
                simple=t.number(cost["simple"]),
            ),
        ]
    return [
        *kept,
        t("publication.about_uncertain"),
        t("publication.about_files", catalogue=CATALOGUE, log=LOG),
    ]
