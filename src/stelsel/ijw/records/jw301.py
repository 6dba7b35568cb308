"""The content of a JW301 (Toewijzing), as types.

Made from the tables by ``make reference``: change those, not this.
"""

from datetime import date, time
from typing import Literal, NotRequired, TypedDict

from stelsel.ijw.records import codes, shared


class Header(TypedDict):
    """Kop."""

    BerichtCode: Literal["436"]
    """Berichtcode: always 436."""
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


class Contact(TypedDict):
    """Contact."""

    Soort: codes.AdresSoort
    """Soort: code of COD757."""
    Adres: NotRequired[shared.Adres]
    Organisatie: NotRequired[str]
    """Organisatie: one line, 1 to 35 characters."""
    Telefoon: NotRequired[shared.Telefoonnummers]
    Emailadres: NotRequired[str]
    """E-mailadres: one line, 1 to 80 characters."""
    Periode: NotRequired[shared.OpenPeriode]


class Relatie(TypedDict):
    """Relatie."""

    Nummer: str
    """Nummer: one line, 1 to 20 characters."""
    Volgorde: NotRequired[int]
    """Volgorde: number, 0 to 99."""
    Soort: codes.SoortRelatie
    """Soort: code of COD472."""
    Geboortedatum: NotRequired[shared.Geboortedatum]
    Geslacht: NotRequired[codes.Geslacht]
    """Geslacht: code of COD046."""
    Naam: shared.VolledigeNaam
    Contact: Contact


class Relaties(TypedDict):
    """Relaties."""

    Relatie: list[Relatie]


class Contactgegevens(TypedDict):
    """Contactgegevens."""

    Contact: list[Contact]


class ToegewezenProduct(TypedDict):
    """Toegewezen product."""

    ToewijzingNummer: int
    """Toewijzingnummer: number, 0 to 999999999."""
    ReferentieAanbieder: NotRequired[str]
    """Referentie van de aanbieder: one line, 1 to 36 characters."""
    Product: NotRequired[shared.Product]
    Toewijzingsdatum: date
    """Toewijzingsdatum: day."""
    Toewijzingstijd: time
    """Toewijzingstijd: time."""
    Ingangsdatum: date
    """Ingangsdatum: day."""
    Einddatum: NotRequired[date]
    """Einddatum: day."""
    RedenWijziging: NotRequired[codes.RedenWijziging]
    """Reden van wijziging: code of JZ002."""
    Omvang: NotRequired[shared.Omvang]
    Budget: NotRequired[int]
    """Budget: eurocents, 0 to 99999999."""
    Commentaar: NotRequired[str]
    """Commentaar: text."""


class ToegewezenProducten(TypedDict):
    """Toegewezen producten."""

    ToegewezenProduct: list[ToegewezenProduct]


class Client(TypedDict):
    """Cliënt."""

    Bsn: str
    """Burgerservicenummer: nine digits."""
    Geboortedatum: shared.Geboortedatum
    Geslacht: codes.Geslacht
    """Geslacht: code of COD046."""
    Naam: shared.VolledigeNaam
    Communicatie: NotRequired[shared.Communicatie]
    JuridischeStatus: NotRequired[codes.JuridischeStatus]
    """Juridische status: code of WJ232."""
    WettelijkeVertegenwoordiging: NotRequired[codes.WettelijkeVertegenwoordiging]
    """Wettelijke vertegenwoordiging: code of WJ003."""
    Commentaar: NotRequired[str]
    """Commentaar: text."""
    Relaties: NotRequired[Relaties]
    Contactgegevens: Contactgegevens
    ToegewezenProducten: ToegewezenProducten


class JW301(TypedDict):
    """What stands inside Bericht of a JW301."""

    Header: Header
    Client: Client
