"""The content of a JW320 (Retour antwoord), as types.

Made from the tables by ``make reference``: change those, not this.
"""

from datetime import date
from typing import Literal, NotRequired, TypedDict

from stelsel.ijw.records import codes, shared


class RetourCodes(TypedDict):
    """Retourcodes."""

    RetourCode: list[str]
    """Retourcode: code of WJ001."""


class Header(TypedDict):
    """Kop."""

    BerichtCode: Literal["489"]
    """Berichtcode: always 489."""
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
    IdentificatieRetour: str
    """Kenmerk van de retour: one line, 1 to 12 characters."""
    DagtekeningRetour: date
    """Dagtekening retour: day."""
    XsltVersie: NotRequired[str]
    """Versie van de controle: three numbers with points between, such as 1.0.0."""
    XsdVersieRetour: shared.XsdVersie
    RetourCodes: NotRequired[RetourCodes]


class Woonplaatsbeginsel(TypedDict):
    """Woonplaatsbeginsel."""

    Gemeente: str
    """Gemeente: four digits."""
    RetourCodes: RetourCodes


class Antwoord(TypedDict):
    """Antwoord."""

    ReferentieAanbieder: str
    """Referentie van de aanbieder: one line, 1 to 36 characters."""
    VerzoekAntwoord: codes.VerzoekAntwoord
    """Antwoord op het verzoek: code of WJ760."""
    RedenAfwijzingVerzoek: NotRequired[codes.RedenAfwijzingVerzoek]
    """Reden van afwijzing: code of WJ759."""
    Woonplaatsbeginsel: NotRequired[Woonplaatsbeginsel]
    RetourCodes: RetourCodes


class JW320(TypedDict):
    """What stands inside Bericht of a JW320."""

    Header: Header
    Antwoord: NotRequired[Antwoord]
