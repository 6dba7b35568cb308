"""The description of a publication for data portals: DCAT-AP, as JSON-LD.

Properties as in DCAT-AP 3.0 (SEMIC, semiceu.github.io/DCAT-AP): a catalogue with one dataset, whose
distributions are the tables. Addresses are relative to the file, so that the folder can stand
anywhere; a portal resolves them against where it found it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from stelsel import __version__
from stelsel.web.publish.files import LOG, TABLES
from stelsel.web.publish.gathering import Publication, Published

_EU = "http://publications.europa.eu/resource/authority"
LICENCE = "http://creativecommons.org/licenses/by/4.0/"
"""CC BY 4.0, unless the publisher says otherwise: an own choice."""
CONTEXT: Mapping[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def catalogue(
    publication: Publication,
    *,
    title: str,
    publisher: str,
    contact: str,
    today: date,
    licence: str = LICENCE,
) -> Mapping[str, Any]:
    """Describe a publication in DCAT-AP.

    Parameters
    ----------
    publication
        What is published.
    title
        Its title, in Dutch.
    publisher, contact
        Who publishes it, and a mail address for questions; empty where there is none.
    today
        The day on which it is published.
    licence
        Address of the licence.
    """
    agent = {"@type": "foaf:Agent", "foaf:name": publisher}
    hidden = (
        "De jeugdigen zijn verzonnen."
        if publication.made_up
        else "Aantallen zijn afgerond op 5; kleine aantallen, en wat die zou verraden, ontbreken."
    )
    dataset: dict[str, Any] = {
        "@id": "#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": f"stelsel-{'-'.join(publication.regions) or 'onbekend'}",
        "dct:title": _nl(title),
        "dct:description": _nl(
            f"Wachttijden, hulp, maatregelen en uitkomsten in de jeugdhulp, berekend met Stelsel "
            f"{__version__}. {hidden}"
        ),
        "dct:publisher": agent,
        "dct:issued": _day(today),
        "dct:modified": _day(today),
        "dct:language": {"@id": f"{_EU}/language/NLD"},
        "dct:spatial": [
            {"@type": "dct:Location", "dct:identifier": code, "dct:title": _nl(name)}
            for code, name in publication.regions.items()
        ],
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(publication.start),
            "dcat:endDate": _day(publication.as_of),
        },
        "dct:accessRights": {"@id": f"{_EU}/access-right/PUBLIC"},
        "dct:license": {"@id": licence},
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/IRREG"},
        "dcat:theme": [{"@id": f"{_EU}/data-theme/{name}"} for name in ("HEAL", "SOCI")],
        "dcat:keyword": [_nl(word) for word in ("jeugdhulp", "wachttijden", "jeugdbescherming")],
        "dcat:landingPage": {"@id": "index.html"},
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "dct:description": _nl(LOG)},
        "dcat:distribution": [_distribution(one, licence) for one in publication.tables],
    }
    if contact:
        dataset["dcat:contactPoint"] = {
            "@type": "vcard:Organization",
            "vcard:fn": publisher,
            "vcard:hasEmail": {"@id": f"mailto:{contact}"},
        }
    return {
        "@context": CONTEXT,
        "@id": "#catalogus",
        "@type": "dcat:Catalog",
        "dct:title": _nl(title),
        "dct:description": _nl("Alles wat in deze map staat."),
        "dct:publisher": agent,
        "dct:license": {"@id": licence},
        "dcat:dataset": [dataset],
    }


def _distribution(one: Published, licence: str) -> Mapping[str, Any]:
    file = f"{TABLES}/{one.name}.csv"
    return {
        "@id": f"#{one.name}",
        "@type": "dcat:Distribution",
        "dct:title": _nl(f"{one.indicator.name_nl} ({one.name})"),
        "dct:description": _nl(one.indicator.question_nl),
        "dcat:accessURL": {"@id": file},
        "dcat:downloadURL": {"@id": file},
        "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
        "dct:format": {"@id": f"{_EU}/file-type/CSV"},
        "dct:conformsTo": {"@id": f"{TABLES}/{one.name}.json"},
        "dct:license": {"@id": licence},
    }


def _nl(text: str) -> Mapping[str, str]:
    return {"@value": text, "@language": "nl"}


def _day(day: date) -> Mapping[str, str]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
