"""``stelsel warning``: which provider may fall, who depends on it, who could take over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stelsel.cli.looking import Look, look
from stelsel.cli.options import AS_OF, INTERNAL, JSON, KNOWN_ON, LANG, REGISTER
from stelsel.cli.output import print_json
from stelsel.cli.warning_table import show_all, show_one
from stelsel.cli.warning_words import WORDS
from stelsel.errors import StelselError, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

    from stelsel.monitor.warning import Provider


def warning(
    provider: Annotated[
        str,
        typer.Argument(
            metavar="[AANBIEDER]",
            help="AGB-code; zonder: een regel per aanbieder van het register.",
        ),
    ] = "",
    *,
    register: REGISTER,
    as_of: AS_OF = "",
    known_on: KNOWN_ON = "",
    internal: INTERNAL = False,
    json: JSON = False,
    lang: LANG = "nl",
) -> None:
    """Toon welke aanbieder om kan vallen en wie ervan afhangt (early warning per provider).

    Uit de kwartaalopgaven: recente cijfers, hun richting en signalen, elk gemerkt als wet,
    afspraak of eigen keuze. Met een aanbieder ook wie ervan afhangt en wie hetzelfde biedt.
    """
    from stelsel.monitor.warning import Provider, leaving, providers, settings, told_by
    from stelsel.register.statements import kept_statements

    looked = look(register, as_of, known_on, internal, lang)
    told = told_by(kept_statements(looked.kept.folder, looked.known_on), looked.as_of)
    rows = providers(looked.spells, looked.as_of)
    codes = sorted({*told, *filter(None, rows["provider"].to_pylist())})
    if provider and provider not in codes:
        raise StelselError(
            WORDS["en"]["unknown-provider"].format(provider=provider),
            where="PROVIDER",
            remedy=did_you_mean(provider, codes),
            what_nl=WORDS["nl"]["unknown-provider"].format(provider=provider),
            where_nl="AANBIEDER",
            remedy_nl=did_you_mean(provider, codes, "nl"),
        )
    asked = {"provider": provider, "as_of": looked.as_of, "known_on": looked.known_on}
    looked.log_access("warning", asked)
    left = leaving(told, looked.through("warning-statements"))
    if provider:
        found = _one(provider, left.get(provider, Provider(provider)), looked, asked)
        found["settings"] = [asdict(one) for one in settings().values()]
        if json:
            print_json(found)
        else:
            show_one(found, looked)
        return
    counted = _released("warning", rows, looked, asked)
    by_code = {row["provider"]: row for row in counted}
    answers = [
        {
            "provider": code,
            **_judged(left.get(code, Provider(code)), looked),
            **_counts(by_code.get(code)),
        }
        for code in codes
    ]
    if json:
        print_json(answers)
    else:
        show_all(answers, looked)


def _one(provider: str, told: Provider, looked: Look, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Give all that is known of one provider."""
    from stelsel.monitor.warning import alternatives, depend, towns

    needed = depend(looked.spells, provider, looked.as_of)
    groups = list(zip(needed["form"].to_pylist(), needed["region"].to_pylist(), strict=True))
    others = alternatives(looked.spells, groups, looked.as_of)
    depends = _released(f"warning-depends-{provider}", needed, looked, asked)
    for row in depends:
        here, every = row["here"], row["children"]
        row["share"] = here / every if here is not None and every else None
    return {
        "provider": provider,
        **_judged(told, looked),
        "depends": depends,
        "municipalities": _released(
            f"warning-towns-{provider}", towns(looked.spells, provider, looked.as_of), looked, asked
        ),
        "alternatives": [
            row
            for row in _released("warning-alternatives", others, looked, asked)
            if row["provider"] != provider
        ],
    }


def _judged(told: Provider, looked: Look) -> dict[str, Any]:
    from stelsel.monitor.warning import judge, without_numbers

    found = judge(told, looked.as_of)
    return found if looked.exact else without_numbers(found)


def _released(
    what: str, rows: pa.Table, looked: Look, asked: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Let rows through the door, log that they leave, and give them as plain data."""
    from stelsel.monitor.readers import named_rows

    named = named_rows(rows, known_on=looked.known_on, made_up=looked.made_up, lang=looked.lang)
    left = looked.through(what)(named)
    looked.log_release(what, left, asked)
    found: list[dict[str, Any]] = left.to_pylist()
    return found


def _counts(row: Mapping[str, Any] | None) -> dict[str, Any]:
    names = ("in_care_children", "waiting_children")
    return {name: None if row is None else row[name] for name in names}
