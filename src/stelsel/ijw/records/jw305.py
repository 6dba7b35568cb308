"""The content of a JW305 (Start), as types.

Made from the tables by ``make reference``: change those, not this.
"""

from datetime import date
from typing import Literal, NotRequired, TypedDict

from stelsel.ijw.records import codes, shared


class Header(TypedDict):
    """Kop."""

    BerichtCode: Literal["438"]
    """Berichtcode: always 438."""
    BerichtVersie: Literal[3]
    """Versie: always 3."""
    BerichtSubversie: Literal[2]
    """Subversie: always 2."""
    Afzender: str
    """Afzender: eight digits."""
    Ontvanger: str
    """Ontvanger: four digits."""
    BerichtIdentificatie: shared.BerichtIdentificatie
    XsdVersie: shared.XsdVersie


class StartProduct(TypedDict):
    """Gestart product."""

    ToewijzingNummer: NotRequired[int]
    """Toewijzingnummer: number, 0 to 999999999."""
    Product: NotRequired[shared.Product]
    ToewijzingIngangsdatum: NotRequired[date]
    """Ingangsdatum toewijzing: day."""
    Begindatum: date
    """Begindatum: day."""
    StatusAanlevering: codes.StatusAanlevering
    """Status van de aanlevering: code of COD467."""


class StartProducten(TypedDict):
    """Gestarte producten."""

    StartProduct: list[StartProduct]


class Client(TypedDict):
    """Cliënt."""

    Bsn: str
    """Burgerservicenummer: nine digits."""
    Geboortedatum: shared.Geboortedatum
    Geslacht: codes.Geslacht
    """Geslacht: code of COD046."""
    Naam: shared.VerkorteNaam
    StartProducten: StartProducten


class JW305(TypedDict):
    """What stands inside Bericht of a JW305."""

    Header: Header
    Client: Client
