"""What the questions to the twin say on the screen, in Dutch and in English."""

from __future__ import annotations

SAID = {
    "nl": {
        "waiting": "wachtend",
        "wait_days": "wachttijd (dagen)",
        "wait_p80": "80 % wacht hooguit (dagen)",
        "in_care": "in hulp",
        "cost": "kosten (euro)",
    },
    "en": {
        "waiting": "waiting",
        "wait_days": "wait (days)",
        "wait_p80": "80 % wait at most (days)",
        "in_care": "in care",
        "cost": "cost (euro)",
    },
}
"""The measures that a comparison on the screen shows, and what they are called."""
CAUSES = {
    "nl": {
        "under way": "was al onderweg",
        "demand": "vraag",
        "capacity": "plekken",
        "duration": "duur",
        "priority": "voorrang en lijsten",
        "other": "het overige",
    },
    "en": {
        "under way": "was under way",
        "demand": "demand",
        "capacity": "places",
        "duration": "duration",
        "priority": "priority and lists",
        "other": "the rest",
    },
}
WORDS = {
    "nl": {
        "service": "Dienst",
        "measure": "Maat",
        "difference": "Verschil",
        "band": "80 %-band",
        "carried": "Band vooral door",
        "beside": "{second} naast {first}, {times} herhalingen",
        "paired": "Gepaard: dezelfde kinderen, dezelfde kans. Alleen wat buiten toeval verschilt "
        "staat er; --json heeft alles. "
        "'Band vooral door' noemt een aanname die meer dan toevallig meebeweegt.",
        "seeking": "Zoeken",
        "parameter": "Parameter",
        "now": "Nu",
        "needed": "Nodig",
        "needed for": "Nodig voor {aim}",
        "reached": "Haalbaar in {reached} van {times} herhalingen, met ten hoogste maal {high}. "
        "Nu {now}, dan {then}. De band is die van werelden met andere aannames en ander toeval.",
        "explaining": "Verklaren",
        "cause": "Oorzaak",
        "part": "Deel van de verandering",
        "changed": "{of}: van {before} naar {after}",
        "parts": "De delen tellen op tot {whole} (Shapley, gepaarde runs).",
        "moving": "Aannames verschuiven",
        "runs": "{number} aannames, {runs} runs",
        "assumption": "Aanname",
        "effect": "Effect",
        "spread": "Spreiding",
        "error": "±",
        "alone": "Alleen",
        "together": "Met andere",
        "most": "{of}: welke aanname maakt het meest uit",
        "effects": "Effect: gemiddelde verandering over het hele bereik, in de eenheid van de "
        "maat. Alleen, met andere: deel van de spreiding.",
    },
    "en": {
        "service": "Service",
        "measure": "Measure",
        "difference": "Difference",
        "band": "80 % band",
        "carried": "Band mostly by",
        "beside": "{second} beside {first}, {times} replications",
        "paired": "Paired: the same children, the same chance. Only what differs beyond chance is "
        "here; --json has all. "
        "'Band mostly by' names an assumption that moves along more than by chance.",
        "seeking": "Seeking",
        "parameter": "Parameter",
        "now": "Now",
        "needed": "Needed",
        "needed for": "Needed for {aim}",
        "reached": "Reached in {reached} of {times} replications, with at most {high} times as "
        "much. Now {now}, then {then}. The band is that of worlds with other assumptions and "
        "other chance.",
        "explaining": "Explaining",
        "cause": "Cause",
        "part": "Part of the change",
        "changed": "{of}: from {before} to {after}",
        "parts": "The parts add up to {whole} (Shapley, paired runs).",
        "moving": "Moving assumptions",
        "runs": "{number} assumptions, {runs} runs",
        "assumption": "Assumption",
        "effect": "Effect",
        "spread": "Spread",
        "error": "±",
        "alone": "Alone",
        "together": "With others",
        "most": "{of}: which assumption matters most",
        "effects": "Effect: mean change over the whole range, in the unit of the measure. Alone, "
        "with others: share of the spread.",
    },
}
