"""The content of a JW319 (Antwoord), as types.

Made from the tables by ``make reference``: change those, not this.
"""

from typing import Literal, NotRequired, TypedDict

from stelsel.ijw.records import codes, shared


class Header(TypedDict):
    """Kop."""

    BerichtCode: Literal["488"]
    """Berichtcode: always 488."""
    BerichtVersie: Literal[3]
    """Versie: always 3."""
    BerichtSubversie: Literal[2]
    """Subversie: always 2."""
    Afzender: str
    """Afzender: four digits."""
    Ontvanger: str
    """Ontvanger: eight digits."""
    BerichtIdentificatie: shared.BerichtIdentificatie
    XsdVersie: shared.XsdVersie


class Woonplaatsbeginsel(TypedDict):
    """Woonplaatsbeginsel."""

    Gemeente: str
    """Gemeente: four digits."""


class Antwoord(TypedDict):
    """Antwoord."""

    ReferentieAanbieder: str
    """Referentie van de aanbieder: one line, 1 to 36 characters."""
    VerzoekAntwoord: codes.VerzoekAntwoord
    """Antwoord op het verzoek: code of WJ760."""
    RedenAfwijzingVerzoek: NotRequired[codes.RedenAfwijzingVerzoek]
    """Reden van afwijzing: code of WJ759."""
    Woonplaatsbeginsel: NotRequired[Woonplaatsbeginsel]


class JW319(TypedDict):
    """What stands inside Bericht of a JW319."""

    Header: Header
    Antwoord: Antwoord
