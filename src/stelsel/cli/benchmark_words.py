"""The words of ``stelsel benchmark``."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "nl": {
        "title": "{indicator}: {area} naast {number} {kind} die erop lijken, {period}",
        "municipality": "gemeenten",
        "region": "jeugdregio's",
        "from-to": "{first} tot en met {last}",
        "on": "op {last}",
        "area": "Gebied",
        "counted": "Geteld",
        "rate": "Per 1 000",
        "ratio": "Verhouding",
        "limits": "Trechter",
        "place": "Plaats",
        "inside": "erbinnen",
        "above 95": "erboven",
        "below 95": "eronder",
        "above 998": "ver erboven",
        "below 998": "ver eronder",
        "unjudged": "–",
        "order": "Geen rangorde: na het gevraagde gebied op code. Verhouding: geteld gedeeld door "
        "verwacht bij deze jongeren; per 1 000 jongeren; tussen haakjes het "
        "95%-interval.",
        "ages": "Gestandaardiseerd voor leeftijd (indirect), met het gebruik naar leeftijd van "
        "{whom} in de groepen {groups}.",
        "group": "deze gebieden samen",
        "country": "het hele land",
        "no-ages": "NIET gestandaardiseerd voor leeftijd: het gebruik naar leeftijd is niet "
        "bekend.",
        "spread": "Trechter: toeval en een spreiding tussen gebieden van {tau} op de wortel van de "
        "verhouding (phi {phi}); erboven of eronder ligt 1 op 20, ver erboven of eronder 1 op "
        "500, ook als er niets is.",
        "few": "Minder dan {least} gebieden met een getal: de spreiding tussen gebieden is niet te "
        "schatten, dus de grenzen zijn die van toeval alleen en er is geen plaats.",
        "alike": "Lijken: evenveel jongeren en even jong{more}. Jongeren op {day} (--population "
        "voor een andere dag). Niet bekend: {unknown}.",
        "alike-more": ", en {things} uit uw tabel",
        "urbanity": "stedelijkheid",
        "inhabitants": "inwonertal",
        "unknown": "inkomen, gezinnen, scholen en aanbod{also}",
        "also": ", stedelijkheid en inwonertal (geef ze met --like)",
        "partial": "Let op: van een gemeente die maar een deel van haar berichten deelt met dit "
        "register klopt de verhouding niet; noem met --among welke volledig zijn.",
        "without": "Zonder gemeente van nu, dus niet meegeteld: {count} jeugdigen.",
        "figures": "Bron: {sources}.",
        "nobody": "{area}: voor '{indicator}' is hier geen getal bekend, of het is te klein om te "
        "tonen.",
        "alone": "Er zijn hier geen andere {kind} bekend om naast te leggen.",
    },
    "en": {
        "title": "{indicator}: {area} beside {number} {kind} that are like it, {period}",
        "municipality": "municipalities",
        "region": "youth regions",
        "from-to": "{first} to {last}",
        "on": "on {last}",
        "area": "Area",
        "counted": "Counted",
        "rate": "Per 1,000",
        "ratio": "Ratio",
        "limits": "Funnel",
        "place": "Place",
        "inside": "inside",
        "above 95": "above",
        "below 95": "below",
        "above 998": "far above",
        "below 998": "far below",
        "unjudged": "–",
        "order": "No ranking: after the area asked about by code. Ratio: counted over expected "
        "with these young people; per 1,000 young people; the 95 % interval in "
        "brackets.",
        "ages": "Standardised for age (indirectly), with the use by age of {whom} in the groups "
        "{groups}.",
        "group": "these areas together",
        "country": "the whole country",
        "no-ages": "NOT standardised for age: the use by age is not known.",
        "spread": "Funnel: chance and a spread between areas of {tau} on the root of the ratio "
        "(phi {phi}); above or below lies 1 in 20, far above or below 1 in 500, even if nothing is "
        "the matter.",
        "few": "Fewer than {least} areas with a number: the spread between areas cannot be "
        "estimated, so the limits are those of chance alone and there is no place.",
        "alike": "Alike: as many young people, and as young{more}. Young people on {day} "
        "(--population for another day). Not known: {unknown}.",
        "alike-more": ", and {things} from your table",
        "urbanity": "urbanity",
        "inhabitants": "number of inhabitants",
        "unknown": "income, families, schools and supply{also}",
        "also": ", urbanity and number of inhabitants (give them with --like)",
        "partial": "Mind: of a municipality that shares only part of its messages with this "
        "register the ratio is wrong; name with --among which are whole.",
        "without": "Without a municipality of now, so not counted: {count} children.",
        "figures": "Source: {sources}.",
        "nobody": "{area}: for '{indicator}' no number is known here, or it is too small to show.",
        "alone": "There are no other {kind} known here to lay beside it.",
    },
}
