"""The content of a JW315 (Verzoek om toewijzing), as types.

Made from the tables by ``make reference``: change those, not this.
"""

from datetime import date
from typing import Literal, NotRequired, TypedDict

from stelsel.ijw.records import codes, shared


class Header(TypedDict):
    """Kop."""

    BerichtCode: Literal["446"]
    """Berichtcode: always 446."""
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


class AangevraagdProduct(TypedDict):
    """Aangevraagd product."""

    ReferentieAanbieder: str
    """Referentie van de aanbieder: one line, 1 to 36 characters."""
    BeschikkingNummer: NotRequired[int]
    """Nummer beschikking: number, 0 to 999999999."""
    Product: NotRequired[shared.Product]
    BeschikkingIngangsdatum: NotRequired[date]
    """Ingangsdatum beschikking: day."""
    ToewijzingIngangsdatum: date
    """Ingangsdatum toewijzing: day."""
    ToewijzingEinddatum: NotRequired[date]
    """Einddatum toewijzing: day."""
    Omvang: NotRequired[shared.Omvang]
    Budget: NotRequired[int]
    """Budget: eurocents, 0 to 99999999."""
    Verwijzer: shared.Verwijzer
    Raamcontract: NotRequired[codes.JaNee]
    """Raamcontract: code of COD260."""
    Commentaar: NotRequired[str]
    """Commentaar: text."""


class AangevraagdeProducten(TypedDict):
    """Aangevraagde producten."""

    AangevraagdProduct: list[AangevraagdProduct]


class Client(TypedDict):
    """Cliënt."""

    Bsn: str
    """Burgerservicenummer: nine digits."""
    Geboortedatum: shared.Geboortedatum
    Geslacht: codes.Geslacht
    """Geslacht: code of COD046."""
    Naam: shared.VerkorteNaam
    GezagsdragerBekend: NotRequired[codes.JaNee]
    """Gezagsdrager bekend: code of COD260."""
    Commentaar: NotRequired[str]
    """Commentaar: text."""
    AangevraagdeProducten: AangevraagdeProducten


class JW315(TypedDict):
    """What stands inside Bericht of a JW315."""

    Header: Header
    Client: Client
