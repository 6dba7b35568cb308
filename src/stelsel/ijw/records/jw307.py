"""The content of a JW307 (Stop), as types.

Made from the tables by ``make reference``: change those, not this.
"""

from datetime import date
from typing import Literal, NotRequired, TypedDict

from stelsel.ijw.records import codes, shared


class Header(TypedDict):
    """Kop."""

    BerichtCode: Literal["440"]
    """Berichtcode: always 440."""
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


class StopProduct(TypedDict):
    """Gestopt product."""

    ToewijzingNummer: NotRequired[int]
    """Toewijzingnummer: number, 0 to 999999999."""
    Product: NotRequired[shared.Product]
    ToewijzingIngangsdatum: NotRequired[date]
    """Ingangsdatum toewijzing: day."""
    Begindatum: date
    """Begindatum: day."""
    RedenBeeindiging: codes.RedenBeeindiging
    """Reden van beëindiging: code of JZ588."""
    Einddatum: date
    """Einddatum: day."""
    StatusAanlevering: codes.StatusAanlevering
    """Status van de aanlevering: code of COD467."""


class StopProducten(TypedDict):
    """Gestopte producten."""

    StopProduct: list[StopProduct]


class Client(TypedDict):
    """Cliënt."""

    Bsn: str
    """Burgerservicenummer: nine digits."""
    Geboortedatum: shared.Geboortedatum
    Geslacht: codes.Geslacht
    """Geslacht: code of COD046."""
    Naam: shared.VerkorteNaam
    StopProducten: StopProducten


class JW307(TypedDict):
    """What stands inside Bericht of a JW307."""

    Header: Header
    Client: Client
