"""The words of ``stelsel benchmark``."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "nl": {
        "title": "{indicator}: {area} naast {number} {kind} die erop lijken, {period}",
        "municipality": "gemeenten",
        "region": "jeugdregio's",
        "to": "tot",
        "from-to": "{first} tot en met {last}",
        "on": "op {last}",
        "area": "Gebied",
        "young_people": "Jongeren",
        "counted": "Geteld",
        "rate": "Per 1 000 (95%)",
        "ratio": "Verhouding (95%)",
        "limits": "Trechter 95%",
        "place": "Plaats",
        "inside": "erbinnen",
        "above 95": "erboven (95%)",
        "below 95": "eronder (95%)",
        "above 998": "ver erboven (99,8%)",
        "below 998": "ver eronder (99,8%)",
        "unjudged": "niet te zeggen",
        "order": "Geen rangorde: na het gevraagde gebied op code. Verhouding: geteld gedeeld door "
        "verwacht bij deze jongeren; per 1 000 jongeren van 0 tot 25.",
        "ages": "Gestandaardiseerd voor leeftijd (indirect), met het gebruik naar leeftijd van "
        "{whom} in de groepen {groups}.",
        "group": "deze gebieden samen",
        "country": "het hele land",
        "no-ages": "NIET gestandaardiseerd voor leeftijd: het gebruik naar leeftijd is niet "
        "bekend.",
        "spread": "Trechter: toeval en een spreiding tussen gebieden van {tau} op de wortel van de "
        "verhouding (phi {phi}); daarbuiten ligt 1 op 20, of 1 op 500, ook als er niets is.",
        "few": "Minder dan {least} gebieden met een getal: de spreiding tussen gebieden is niet te "
        "schatten, dus de grenzen zijn die van toeval alleen en er is geen plaats.",
        "alike": "Lijken: evenveel jongeren en even jong{more}. Jongeren op 1-1-2021 (het enige "
        "bekende jaar). Niet bekend: {unknown}.",
        "alike-more": ", en {things} uit uw tabel",
        "urbanity": "stedelijkheid",
        "inhabitants": "inwonertal",
        "unknown": "inkomen, gezinnen, scholen en aanbod{also}",
        "also": ", stedelijkheid en inwonertal (geef ze met --like)",
        "partial": "Let op: van een gemeente die maar een deel van haar berichten deelt met dit "
        "register klopt de verhouding niet; noem met --among welke volledig zijn.",
        "without": "Zonder gemeente van nu, dus niet meegeteld: {count} jeugdigen.",
        "figures": "Bron: {sources}.",
        "nobody": "Van {area} is voor {indicator} niets bekend.",
    },
    "en": {
        "title": "{indicator}: {area} beside {number} {kind} that are like it, {period}",
        "municipality": "municipalities",
        "region": "youth regions",
        "to": "to",
        "from-to": "{first} to {last}",
        "on": "on {last}",
        "area": "Area",
        "young_people": "Young people",
        "counted": "Counted",
        "rate": "Per 1,000 (95 %)",
        "ratio": "Ratio (95 %)",
        "limits": "Funnel 95 %",
        "place": "Place",
        "inside": "inside",
        "above 95": "above (95 %)",
        "below 95": "below (95 %)",
        "above 998": "far above (99.8 %)",
        "below 998": "far below (99.8 %)",
        "unjudged": "cannot be told",
        "order": "No ranking: after the area asked about by code. Ratio: counted over expected "
        "with these young people; per 1,000 young people aged 0 to 25.",
        "ages": "Standardised for age (indirectly), with the use by age of {whom} in the groups "
        "{groups}.",
        "group": "these areas together",
        "country": "the whole country",
        "no-ages": "NOT standardised for age: the use by age is not known.",
        "spread": "Funnel: chance and a spread between areas of {tau} on the root of the ratio "
        "(phi {phi}); outside it lies 1 in 20, or 1 in 500, even if nothing is the matter.",
        "few": "Fewer than {least} areas with a number: the spread between areas cannot be "
        "estimated, so the limits are those of chance alone and there is no place.",
        "alike": "Alike: as many young people, and as young{more}. Young people on 1-1-2021 (the "
        "only year known). Not known: {unknown}.",
        "alike-more": ", and {things} from your table",
        "urbanity": "urbanity",
        "inhabitants": "number of inhabitants",
        "unknown": "income, families, schools and supply{also}",
        "also": ", urbanity and number of inhabitants (give them with --like)",
        "partial": "Mind: of a municipality that shares only part of its messages with this "
        "register the ratio is wrong; name with --among which are whole.",
        "without": "Without a municipality of now, so not counted: {count} children.",
        "figures": "Source: {sources}.",
        "nobody": "Of {area} nothing is known for {indicator}.",
    },
}
