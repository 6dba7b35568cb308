"""One self-contained page, in both languages: no address outside, no fonts, nothing remembered."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from stelsel import __version__
from stelsel.web.report import Report
from stelsel.web.sections import lists, sources, summary, trend, waits, whatif
from stelsel.web.sections.shared import dates, region_name
from stelsel.web.texts import Texts
from stelsel.web.words import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class _Page:
    """The page in one language, ready to be set out."""

    lang: Language
    other: Language
    t: Texts
    title: str
    subtitle: str
    notices: Sequence[tuple[str, str]]
    contents: Sequence[tuple[str, str]]
    summary: summary.Summary
    lists: lists.Lists
    waits: waits.Waits
    trend: trend.Trend
    whatif: whatif.WhatIf | None
    sources: sources.Sources
    footer: str


def render(report: Report, lang: Language = "nl") -> str:
    """Write the report as one HTML page that holds everything it needs.

    Parameters
    ----------
    report
        What it tells; see :func:`stelsel.web.gather.gather`.
    lang
        The language that shows first; a button on the page shows the other.

    Returns
    -------
    str
        A whole HTML document, with its styles, drawings and script inside, and a content security
        policy that lets it load nothing from elsewhere.
    """
    template = environment().get_template("page.html.j2")
    return template.render(
        lang=lang,
        pages={one: _page(report, one) for one in LANGUAGES},
        style=Markup(file_text("page.css")),
        script=Markup(file_text("page.js")),
        policy=policy(),
    )


@cache
def policy() -> str:
    """Give the content security policy of the page: its own style and script, nothing else.

    Examples
    --------
    >>> policy().split(";")[0]
    "default-src 'none'"
    """
    digest = base64.b64encode(hashlib.sha256(file_text("page.js").encode()).digest()).decode()
    return "; ".join(
        [
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            f"script-src 'sha256-{digest}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


@cache
def file_text(name: str) -> str:
    """Give the text of a file beside the templates."""
    return (files("stelsel.web") / "templates" / name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """Give what sets pages out: everything escaped, no name left undefined."""
    return Environment(
        loader=PackageLoader("stelsel.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _notices(report: Report, region: str, t: Texts) -> list[tuple[str, str]]:
    """Tell what must be known before anything else is read, each with its heading."""
    found = []
    if report.made_up:
        found.append((t("page.made_up_title"), t("page.made_up", region=region)))
    if report.as_of > report.last_day:
        found.append((t("page.after_title"), t("page.after", day=t.day(report.last_day))))
    return found


def _page(report: Report, lang: Language) -> _Page:
    t = Texts(lang)
    region = region_name(report, t)
    trends = trend.build(report, t)
    what_if = whatif.build(report, t)
    shown = {
        "lists": True,
        "waits": True,
        "trend": trends.figures,
        "whatif": what_if,
        "sources": True,
    }
    return _Page(
        lang=lang,
        other="en" if lang == "nl" else "nl",
        t=t,
        title=t("page.title", region=region),
        subtitle=t("page.subtitle", **dates(report, t)),
        notices=_notices(report, region, t),
        contents=[(name, t(f"{name}.heading")) for name, there in shown.items() if there],
        summary=summary.build(report, t),
        footer=t("page.footer", version=__version__),
        lists=lists.build(report, t),
        waits=waits.build(report, t),
        trend=trends,
        whatif=what_if,
        sources=sources.build(report, t),
    )
