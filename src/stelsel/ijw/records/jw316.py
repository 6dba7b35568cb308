"""The content of a JW316 (Retour verzoek om toewijzing), as types.

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

    BerichtCode: Literal["447"]
    """Berichtcode: always 447."""
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
    IdentificatieRetour: str
    """Kenmerk van de retour: one line, 1 to 12 characters."""
    DagtekeningRetour: date
    """Dagtekening retour: day."""
    XsltVersie: NotRequired[str]
    """Versie van de controle: three numbers with points between, such as 1.0.0."""
    XsdVersieRetour: shared.XsdVersie
    RetourCodes: NotRequired[RetourCodes]


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
    RetourCodes: RetourCodes


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
    RetourCodes: RetourCodes


class JW316(TypedDict):
    """What stands inside Bericht of a JW316."""

    Header: Header
    Client: NotRequired[Client]
