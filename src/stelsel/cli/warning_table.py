"""How ``stelsel warning`` looks on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stelsel.cli.looking import Look
from stelsel.cli.options import Language, day_words
from stelsel.cli.output import cell, notes, print_table
from stelsel.cli.warning_words import WORDS

Row = Mapping[str, Any]


def show_all(answers: Sequence[Row], looked: Look) -> None:
    """Print a row a provider: the signals that are there, and who depends on it."""
    words, lang = WORDS[looked.lang], looked.lang
    if not answers:
        notes.print(words["nothing"])
        return
    shown = [
        {
            "provider": one["provider"],
            "quarter": one["quarter"] or words["no-statement"],
            "known": day_words(one["known"]) if one["known"] else None,
            "signals": "; ".join(_there(one, lang)) or words["no-signals"],
            "unknown": sum(each["state"] == "unknown" for each in one["signals"]),
            "in_care": _count(one["in_care_children"], lang),
            "waiting": _count(one["waiting_children"], lang),
        }
        for one in answers
    ]
    print_table(
        shown,
        [(column, words[column]) for column in shown[0]],
        title=words["overview"].format(day=day_words(looked.as_of)),
        caption="\n".join([words["score"], *looked.foot()]),
        lang=lang,
        right=("known", "in_care", "waiting"),
    )


def show_one(found: Row, looked: Look) -> None:
    """Print all of one provider: numbers, signals, who depends on it, who offers the same."""
    words, lang = WORDS[looked.lang], looked.lang
    _show_numbers(found, looked)
    signals = [
        {
            "signal": each[f"name_{lang}"],
            "state": words["maybe" if each["state"] == "unknown" else each["state"]],
            "kind": words[each["kind"]],
        }
        for each in (*found["signals"], *found["combinations"])
    ]
    for row in signals[len(found["signals"]) :]:
        row["signal"] = f"{words['together']}: {row['signal']}"
    print_table(
        signals,
        [(column, words[column]) for column in signals[0]],
        caption=words["score"],
        lang=lang,
    )
    if found["depends"]:
        _show_depends(found, looked)
        _show_others(found, looked)


def _show_numbers(found: Row, looked: Look) -> None:
    """Print what is watched, a year and a quarter ago and now, with where it went."""
    words, lang = WORDS[looked.lang], looked.lang
    quarters = found["indicators"][0]["quarters"] if looked.exact else []
    places = [place for place in (-5, -2, -1) if len(quarters) >= -place]
    shown = []
    for each in found["indicators"]:
        values = {
            quarters[place]: _value(each["values"][place], each["unit"], lang) for place in places
        }
        shown.append({"indicator": each[f"name_{lang}"], **values, "went": _went(each, lang)})
    print_table(
        shown,
        [
            ("indicator", words["indicator"]),
            *((quarters[place], quarters[place]) for place in places),
            ("went", words["went"]),
        ],
        title=words["one"].format(provider=found["provider"], day=day_words(looked.as_of)),
        caption="\n".join([*_about(found, looked), *looked.foot()]),
        lang=lang,
        right=[quarters[place] for place in places],
    )


def _went(each: Row, lang: Language) -> str:
    """Say where a number went since a quarter ago, and since a year ago if that is otherwise."""
    words = WORDS[lang]
    ways = [each["since_quarter"], each["since_year"]]
    told = ["–" if way == "unknown" else words[way] for way in ways]
    return told[0] if told[0] == told[1] else " / ".join(told)


def _about(found: Row, looked: Look) -> Iterator[str]:
    words, lang = WORDS[looked.lang], looked.lang
    if found["quarter"]:
        yield f"{words['quarter']} {found['quarter']}; {words['known'].lower()} " + (
            day_words(found["known"]) + "."
        )
    else:
        yield words["no-statement"].capitalize() + "."
    if found["missing"]:
        yield words["missing"].format(quarters=", ".join(found["missing"]))
    if not looked.exact:
        yield words["hidden"]
    elif found["in_scope"] is not None:
        (scope,) = (one["value"] for one in found["settings"] if one["id"] == "scope")
        yield words["scope"].format(
            amount=cell(int(scope), lang), answer=words["yes" if found["in_scope"] else "no"]
        )


def _show_depends(found: Row, looked: Look) -> None:
    words, lang = WORDS[looked.lang], looked.lang
    shown = [
        {
            "form": row["form_name"],
            "region": row["region_name"],
            "here": _count(row["here"], lang),
            "share": "." if row["share"] is None else f"{100 * row['share']:.0f}%",
            "waiting_here": _count(row["waiting_here"], lang),
        }
        for row in found["depends"]
    ]
    print_table(
        shown,
        [(column, words[column]) for column in shown[0]],
        title=words["depends"],
        caption=words["places"],
        lang=lang,
        right=("here", "share", "waiting_here"),
    )
    shown = [
        {"municipality": row["municipality_name"], "children": _count(row["children"], lang)}
        for row in found["municipalities"]
    ]
    print_table(
        shown,
        [(column, words[column]) for column in shown[0]],
        title=words["towns"],
        caption="\n".join(looked.foot()),
        lang=lang,
        right=("children",),
    )


def _show_others(found: Row, looked: Look) -> None:
    """Print who else offers each form in each region, and say where nobody does."""
    words, lang = WORDS[looked.lang], looked.lang
    shown = [
        {
            "form": row["form_name"],
            "region": row["region_name"],
            "provider": row["provider"] or words["unknown-region"],
            "in_care": _count(row["in_care_children"], lang),
            "waiting": _count(row["waiting_children"], lang),
            "wait": _wait(row, lang),
        }
        for row in found["alternatives"]
    ]
    if shown:
        print_table(
            shown,
            [(column, words[column]) for column in shown[0]],
            title=words["others"],
            caption="\n".join([words["waits"], *looked.foot()]),
            lang=lang,
            right=("in_care", "waiting", "wait"),
        )
    there = {(row["form"], row["region"]) for row in found["alternatives"]}
    for row in found["depends"]:
        if (row["form"], row["region"]) not in there:
            notes.print(words["no-others"].format(form=row["form_name"], region=row["region_name"]))


def _there(one: Row, lang: Language) -> list[str]:
    """Name the signals and combinations that are there, with what each rests on."""
    return [
        f"{each[f'name_{lang}']} ({WORDS[lang][each['kind']]})"
        for each in (*one["signals"], *one["combinations"])
        if each["state"] == "yes"
    ]


def _count(value: int | None, lang: Language) -> str:
    return "." if value is None else cell(value, lang)


def _wait(row: Row, lang: Language) -> str:
    if "median_days" in row["protected"]:
        return "."
    if row["median_days"] is None:
        return "–"
    low, high = (
        "…" if row[name] is None else cell(int(row[name]), lang)
        for name in ("median_low", "median_high")
    )
    return f"{cell(int(row['median_days']), lang)} ({low}–{high})"


def _value(value: float | None, unit: str, lang: Language) -> str:
    """Write a number of a provider in its unit."""
    if value is None:
        return "–"
    if unit == "yes-no":
        return WORDS[lang]["yes" if value else "no"]
    if unit == "share":
        text = f"{100 * value:.1f}%"
    elif unit == "ratio":
        text = f"{value:.2f}"
    else:
        return cell(round(value), lang)
    return text if lang == "en" else text.replace(".", ",")
