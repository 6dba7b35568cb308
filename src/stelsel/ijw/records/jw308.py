"""The content of a JW308 (Retour stop), as types.

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

    BerichtCode: Literal["441"]
    """Berichtcode: always 441."""
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
    RetourCodes: RetourCodes


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
    RetourCodes: RetourCodes


class JW308(TypedDict):
    """What stands inside Bericht of a JW308."""

    Header: Header
    Client: NotRequired[Client]
