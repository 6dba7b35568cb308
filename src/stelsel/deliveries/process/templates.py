"""The template of an organisation: heading, example and explanation, made from the tables."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Final

from stelsel.deliveries.process.checks import OF_A_CHILD, subject
from stelsel.deliveries.process.sheets import COMMENT, write_sheet
from stelsel.deliveries.process.tables import Column, Lang, columns, written
from stelsel.errors import StelselError
from stelsel.system.read import look_up
from stelsel.system.steps import Organisation, Step, organisations, steps

EXAMPLE_DAY: Final = date(2026, 3, 2)
"""Day of the example; any would do."""
_WORDS: Final = {
    "nl": {
        "title": "Sjabloon voor stappen van: {name}",
        "how": "Vul één regel per stap in onder de kop. Regels die met # beginnen tellen niet mee; "
        "laat ze staan of haal ze weg. Wat bij een stap niet genoemd is, blijft leeg.",
        "wrong": "Klopt een eerdere regel niet, lever hem dan nog eens met ja in ingetrokken, en "
        "lever de goede regel erbij.",
        "columns": "Kolommen",
        "steps": "Stappen",
        "always": "altijd nodig",
        "child": "bsn of kind is nodig",
        "step": "als de stap het vraagt",
        "no": "mag leeg blijven",
        "needs": "vraagt: {names}",
        "may": "mag ook: {names}",
        "reasons": "reden is een van: {names}",
        "family": "Het dossier is hier het gezin, de aanbieder of de functie zelf: noem geen kind, "
        "behalve in verwijzing waar de stap dat vraagt.",
    },
    "en": {
        "title": "Template for steps of: {name}",
        "how": "Fill in one row a step under the heading. Rows that begin with # do not count; "
        "leave them or take them out. What is not named with a step stays empty.",
        "wrong": "If an earlier row is wrong, deliver it once more with yes in withdraws, and "
        "deliver the right row beside it.",
        "columns": "Columns",
        "steps": "Steps",
        "always": "always needed",
        "child": "child_bsn or child is needed",
        "step": "if the step asks for it",
        "no": "may stay empty",
        "needs": "needs: {names}",
        "may": "may also have: {names}",
        "reasons": "reason is one of: {names}",
        "family": "Here the case is the family, the provider or the post itself: name no child, "
        "but in reference where the step asks for it.",
    },
}


def template(organisation: str, path: str | os.PathLike[str], lang: Lang = "nl") -> None:
    """Write the template of a kind of organisation.

    Parameters
    ----------
    organisation
        Id of a kind of organisation of the map, such as ``veilig-thuis``.
    path
        The file; its name ends in ``.csv``, ``.xlsx`` or ``.parquet``.
    lang
        Language of heading, values and explanation, ``nl`` or ``en``.

    Raises
    ------
    StelselError
        When there is no such organisation, or the name of the file ends in something else.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "template.csv"
    ...     template("court", file, "en")
    ...     file.read_text("utf-8-sig").splitlines()[0]
    '# Template for steps of: Court'
    """
    known = {one.id: one for one in organisations()}
    which = look_up(known, organisation, "organisation", "organisatie")
    place = Path(path)
    if place.suffix == ".parquet":
        raise StelselError(
            "A template is filled in by hand, and a Parquet file cannot be.",
            where=place.name,
            remedy="Give the file a name that ends in .csv or .xlsx.",
            what_nl="Een sjabloon wordt met de hand ingevuld, en dat kan niet in Parquet.",
            remedy_nl="Geef het bestand een naam die eindigt op .csv of .xlsx.",
        )
    own = _columns(which)
    first = steps(which.id)[0]
    example = [_example(column, first, lang) for column in own]
    example[0] = f"{COMMENT} {example[0]}"
    write_sheet(place, [one.heading(lang) for one in own], [example], _remarks(which, lang))


def _columns(which: Organisation) -> list[Column]:
    """Give the columns that the steps of an organisation can have something in."""
    asked = {name for one in steps(which.id) for name in (*one.fields, *one.may)}
    about = {subject(one) for one in steps(which.id)}
    return [
        column
        for column in columns()
        if (column.needed != "step" or column.name in asked)
        and ("child" in about or column.name not in OF_A_CHILD)
    ]


def _example(column: Column, which: Step, lang: Lang) -> str:
    """Give what the example row has in a column: what the step needs or may have."""
    name = column.name
    if name == "step":
        return which.id
    if name in {"day", "told"}:
        return EXAMPLE_DAY.isoformat()
    if column.needed == "step" and name not in {*which.fields, *which.may}:
        return ""
    return written(name, column.example, lang) if name in {"sex", "priority"} else column.example


def _remarks(which: Organisation, lang: Lang) -> list[list[str]]:
    """Explain the template: what it is, its columns, its steps."""
    words = _WORDS[lang]
    headings = {column.name: column.heading(lang) for column in columns()}
    own = steps(which.id)
    rows = [
        [words["title"].format(name=which.name_nl if lang == "nl" else which.name_en)],
        [words["how"]],
        [words["wrong"]],
    ]
    if subject(own[0]) != "child":
        rows.append([words["family"]])
    rows.append([words["columns"]])
    rows += [
        [
            headings[column.name],
            words[column.needed],
            column.text_nl if lang == "nl" else column.text_en,
        ]
        for column in _columns(which)
    ]
    rows.append([words["steps"]])
    rows += [
        [one.id, one.name_nl if lang == "nl" else one.name_en, _asks(one, lang)] for one in own
    ]
    return rows


def _asks(which: Step, lang: Lang) -> str:
    """Tell which further columns a step needs, which it may have, and its reasons."""
    words = _WORDS[lang]
    headings = {column.name: column.heading(lang) for column in columns()}
    parts = [("needs", [headings[name] for name in which.fields])]
    parts += [("may", [headings[name] for name in which.may]), ("reasons", [*which.reasons])]
    return "; ".join(words[word].format(names=", ".join(names)) for word, names in parts if names)
