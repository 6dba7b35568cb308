"""The words of ``stelsel supervision``."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "nl": {
        "title": "{name}: jeugdigen per jeugdregio op {moments} momenten, {first} tot en met "
        "{last}",
        "region": "Jeugdregio",
        "went": "Van → naar",
        "slope": "Per jaar (95%)",
        "q": "q",
        "power": "Kracht",
        "verdict": "Uitkomst",
        "falls": "daalt",
        "rises": "stijgt",
        "none": "geen trend gebleken",
        "too few": "te weinig om te zeggen",
        "hidden": "te klein om te tonen",
        "no-count": "Van '{name}' vertelt dit register niets.",
        "no-moments": "Er is geen meetmoment tot en met {as_of}: het eerste ligt een half jaar na "
        "het begin van het register. Kies --since of --every.",
        "without": "Buiten beschouwing, omdat de jeugdregio niet bekend is: {count} wachttijden.",
        "method": "Per jaar: mediaan van de hellingen tussen alle momenten (Theil-Sen). q: kans op "
        "vals alarm over de regio's (Benjamini-Hochberg) van de exacte toets van Kendall, voor de "
        "kant waar het heen gaat; dat "
        "dezelfde jeugdigen meermaals meetellen is verrekend. Kracht: kans dat een daling van "
        "{fall} per jaar zou zijn gebleken; minder als er meer dan toeval speelt.",
        "own": "Grenzen zijn eigen keuzes: uitkomst bij q tot en met {alpha} en {least} momenten; "
        "'geen trend gebleken' pas bij kracht vanaf {power}.",
        "turned": "Let op: {region} steeg tussen de laatste twee momenten met {share}.",
    },
    "en": {
        "title": "{name}: children by youth region at {moments} moments, {first} to {last}",
        "region": "Youth region",
        "went": "From → to",
        "slope": "A year (95 %)",
        "q": "q",
        "power": "Power",
        "verdict": "Outcome",
        "falls": "falls",
        "rises": "rises",
        "none": "no trend shown",
        "too few": "too few to tell",
        "hidden": "too small to show",
        "no-count": "Of '{name}' this register tells nothing.",
        "no-moments": "There is no measuring moment up to {as_of}: the first is half a year after "
        "the register begins. Choose --since or --every.",
        "without": "Left out, as the youth region is not known: {count} waits.",
        "method": "A year: median of the slopes between all moments (Theil-Sen). q: rate of false "
        "alarms over the regions (Benjamini-Hochberg) of Kendall's exact test, of the way it goes; "
        "that the same children count several times is allowed for. Power: the chance that a fall "
        "of {fall} a year would have shown; less if more than chance plays.",
        "own": "Limits are own choices: an outcome at q up to {alpha} and {least} moments; 'no "
        "trend shown' only with a power from {power}.",
        "turned": "Mind: {region} rose by {share} between the last two moments.",
    },
}
