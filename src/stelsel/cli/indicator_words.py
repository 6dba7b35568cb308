"""The words of ``stelsel indicators`` on the screen, in Dutch and in English."""

from __future__ import annotations

from collections.abc import Mapping

from stelsel.cli.options import Language

UNITS: Mapping[Language, Mapping[str, str]] = {
    "nl": {
        "children": "jeugdigen",
        "spells": "aantal",
        "percent": "%",
        "days": "dagen",
        "ratio": "per stuk",
    },
    "en": {
        "children": "children",
        "spells": "number",
        "percent": "%",
        "days": "days",
        "ratio": "for each",
    },
}
PARTS: Mapping[Language, dict[str, str]] = {
    "nl": {"median": "helft binnen", "p80": "80 % binnen"},
    "en": {"median": "half within", "p80": "80 % within"},
}
HEADS: Mapping[Language, Mapping[str, str]] = {
    "nl": {
        "list": "Indicatoren",
        "more": "Meer over een: stelsel indicators show ID; uitwerken: stelsel indicators run ID.",
        "id": "Id",
        "name": "Naam",
        "question": "Vraag",
        "systems": "Systeem",
        "unit": "Eenheid",
        "measure": "Maat",
        "by": "Per",
        "direction": "Beter is",
        "norm": "Norm",
        "source": "Bron",
        "break": "Breuk op",
        "part": "Wat",
        "value": "Waarde",
        "numerator": "Teller",
        "denominator": "Noemer",
        "region_name": "Jeugdregio",
        "municipality_name": "Gemeente",
        "provider": "Aanbieder",
        "form_name": "Hulpvorm",
        "referrer_name": "Verwijzer",
        "priority_name": "Urgentie",
        "station_name": "Halte",
        "exit": "Afloop",
        "month": "Maand",
        "definition": "Definitie",
        "none": "Niets om te tellen in deze periode.",
        "to": "tot en met",
    },
    "en": {
        "list": "Indicators",
        "more": "More about one: stelsel indicators show ID; work out: stelsel indicators run ID.",
        "id": "Id",
        "name": "Name",
        "question": "Question",
        "systems": "System",
        "unit": "Unit",
        "measure": "Measure",
        "by": "By",
        "direction": "Better is",
        "norm": "Norm",
        "source": "Source",
        "break": "Break on",
        "part": "What",
        "value": "Value",
        "numerator": "Numerator",
        "denominator": "Denominator",
        "region_name": "Youth region",
        "municipality_name": "Municipality",
        "provider": "Provider",
        "form_name": "Care form",
        "referrer_name": "Referrer",
        "priority_name": "Priority",
        "station_name": "Station",
        "exit": "Ending",
        "month": "Month",
        "definition": "Definition",
        "none": "Nothing to count in this period.",
        "to": "to",
    },
}
