"""The words of the command ``quality``, in both languages."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, dict[str, str]]] = {
    "nl": {
        "measures": "Wat er ontbreekt, te laat, los of onwaarschijnlijk is",
        "measure": "Maat",
        "found": "Gevonden",
        "share": "%",
        "of": "van",
        "measures_note": "Hoe minder gevonden, hoe beter. Wat een ontvanger weigerde telt niet "
        "mee, behalve bij de berichten zelf.",
        "todo": "Wat u kunt doen",
        "most": "Het meest bij: {parties}.",
        "lateness": "Hoe laat het bekend wordt",
        "kind": "Gebeurtenis",
        "facts": "Aantal",
        "median": "Mediaan (dagen)",
        "p90": "90 % binnen (dagen)",
        "lateness_note": "Dagen tussen wat er gebeurde en het bericht erover; onder nul: vooraf "
        "gemeld. Per aanbieder en per maand staat het in --json.",
        "silences": "Maanden waarin een aanbieder niets meldde",
        "provider": "Aanbieder",
        "silent": "Stille maanden",
        "months": "Maanden",
        "last_told": "Laatste bericht",
        "which": "Stil, laatste drie",
        "silences_note": "Alleen aanbieders die in ten minste de helft van de maanden iets melden. "
        "Vraag of er niets te melden was, of dat er berichten ontbreken.",
        "more": "En nog {more}; --json geeft ze allemaal.",
        "rules": "Regels die berichten breken",
        "rule": "Regel",
        "meaning": "Wat er mis is",
        "broken": "Berichten",
        "rules_note": "Regels over wat er eerder is gemeld. Wat op zichzelf al fout is staat in de "
        "map quarantine van het register.",
        "revisions": "Wat late berichten veranderden",
        "told_by": "Bron",
        "what": "Telling",
        "period": "Halfjaar",
        "first_count": "Eerst bekend",
        "last_count": "Nu bekend",
        "change": "Verschil (%)",
        "started": "begonnen",
        "ended": "geëindigd",
        "there": "op de laatste dag",
        "revisions_note": "Eerst bekend: drie weken na het halfjaar. Eerste tellingen zijn bijna "
        "altijd te laag: vergelijk halfjaren pas als ze even lang geleden zijn.",
    },
    "en": {
        "measures": "What is missing, late, loose or unlikely",
        "measure": "Measure",
        "found": "Found",
        "share": "%",
        "of": "of",
        "measures_note": "The fewer found, the better. What a receiver refused does not count, "
        "save with the messages themselves.",
        "todo": "What you can do",
        "most": "Most with: {parties}.",
        "lateness": "How late it becomes known",
        "kind": "Event",
        "facts": "Number",
        "median": "Median (days)",
        "p90": "90 % within (days)",
        "lateness_note": "Days between what happened and the message about it; under nought: told "
        "ahead. By provider and by month it is in --json.",
        "silences": "Months in which a provider told nothing",
        "provider": "Provider",
        "silent": "Silent months",
        "months": "Months",
        "last_told": "Last message",
        "which": "Silent, last three",
        "silences_note": "Only providers that tell something in at least half of the months. Ask "
        "whether there was nothing to tell or messages are missing.",
        "more": "And {more} more; --json gives them all.",
        "rules": "Rules that messages break",
        "rule": "Rule",
        "meaning": "What is wrong",
        "broken": "Messages",
        "rules_note": "Rules about what was told before. What is wrong in itself is in the folder "
        "quarantine of the register.",
        "revisions": "What late messages changed",
        "told_by": "Source",
        "what": "Count",
        "period": "Half-year",
        "first_count": "First known",
        "last_count": "Known now",
        "change": "Change (%)",
        "started": "started",
        "ended": "ended",
        "there": "on the last day",
        "revisions_note": "First known: three weeks after the half-year. First counts are almost "
        "always too low: compare half-years only when they are as long ago.",
    },
}
KINDS: Final = {
    "nl": {
        "allocated": "Besluit tot toewijzing",
        "started": "Start van hulp",
        "stopped": "Einde van hulp",
        "declared": "Declaratie",
        "stayed": "Regel van een CBS-levering",
        "delivered": "Levering aan het CBS",
        "step": "Stap van een proces",
    },
    "en": {
        "allocated": "Decision to allocate",
        "started": "Start of care",
        "stopped": "End of care",
        "declared": "Claim",
        "stayed": "Record of a CBS delivery",
        "delivered": "Delivery to CBS",
        "step": "Step of a process",
    },
}
"""Kinds of events; another one is shown by its own name."""
STATIONS: Final = {
    "nl": {"wait": "Wachten", "care": "Hulp", "list": "Wachtlijst", "investigation": "Onderzoek"},
    "en": {"wait": "Waiting", "care": "Care", "list": "List", "investigation": "Investigation"},
}
"""Kinds of stations; another one is shown by its own name."""
