"""Groups of elements that several messages have, as types.

Made from the tables by ``make reference``: change those, not this.
"""

from datetime import date
from typing import NotRequired, TypedDict

from stelsel.ijw.records import codes


class BerichtIdentificatie(TypedDict):
    """Kenmerk van het bericht."""

    Identificatie: str
    """Kenmerk: one line, 1 to 12 characters."""
    Dagtekening: date
    """Dagtekening: day."""


class XsdVersie(TypedDict):
    """Versie van de schema's."""

    BasisschemaXsdVersie: str
    """Versie basisschema: three numbers with points between, such as 1.0.0."""
    BerichtXsdVersie: str
    """Versie berichtschema: three numbers with points between, such as 1.0.0."""


class Geboortedatum(TypedDict):
    """Geboortedatum."""

    Datum: date
    """Datum: day."""
    DatumGebruik: NotRequired[codes.DatumGebruik]
    """Bekende delen van de datum: code of COD170."""


class Achternaam(TypedDict):
    """Achternaam."""

    Achternaam: str
    """Achternaam: one line, 1 to 200 characters."""
    Voorvoegsel: NotRequired[str]
    """Voorvoegsel: one line, 1 to 10 characters."""


class VolledigeNaam(TypedDict):
    """VolledigeNaam."""

    Geslachtsnaam: Achternaam
    Partnernaam: NotRequired[Achternaam]
    Voornamen: NotRequired[str]
    """Voornamen: one line, 1 to 200 characters."""
    Voorletters: NotRequired[str]
    """Voorletters: one to six letters, without points."""
    NaamGebruik: codes.NaamGebruik
    """Gebruik van de namen: code of COD700."""


class Communicatie(TypedDict):
    """Communicatie."""

    Vorm: codes.Communicatievorm
    """Vorm: code of COD747."""
    Taal: NotRequired[str]
    """Taal: one line, 1 to 25 characters."""


class Huis(TypedDict):
    """Huis."""

    Huisnummer: int
    """Huisnummer: number, 0 to 99999."""
    Huisletter: NotRequired[str]
    """Huisletter: one character."""
    HuisnummerToevoeging: NotRequired[str]
    """Toevoeging huisnummer: one line, 1 to 4 characters."""
    AanduidingWoonadres: NotRequired[codes.AanduidingWoonadres]
    """Aanduiding bij woonadres: code of NUM061."""


class Adres(TypedDict):
    """Adres."""

    Huis: NotRequired[Huis]
    Postcode: NotRequired[str]
    """Postcode: one line, 1 to 8 characters."""
    Straatnaam: NotRequired[str]
    """Straat: one line, 1 to 24 characters."""
    Plaatsnaam: NotRequired[str]
    """Plaats: one line, 1 to 80 characters."""
    LandCode: NotRequired[str]
    """Land: code of COD032."""


class Telefoon(TypedDict):
    """Telefoon."""

    Telefoonnummer: str
    """Telefoonnummer: digits only, at most 15."""
    Landnummer: str
    """Landnummer: one line, 1 to 4 characters."""


class Telefoonnummers(TypedDict):
    """Telefoonnummers."""

    Telefoon01: Telefoon
    Telefoon02: NotRequired[Telefoon]


class OpenPeriode(TypedDict):
    """OpenPeriode."""

    Begindatum: NotRequired[date]
    """Begindatum: day."""
    Einddatum: NotRequired[date]
    """Einddatum: day."""


class Product(TypedDict):
    """Product."""

    Categorie: codes.ProductCategorie
    """Productcategorie: code of JZ020."""
    Code: NotRequired[str]
    """Productcode: one line, 1 to 5 characters."""


class Omvang(TypedDict):
    """Omvang."""

    Volume: int
    """Volume: number, 0 to 99999999."""
    Eenheid: codes.Eenheid
    """Eenheid: code of WJ756."""
    Frequentie: codes.Frequentie
    """Frequentie: code of WMO757."""


class VerkorteNaam(TypedDict):
    """VerkorteNaam."""

    Geslachtsnaam: Achternaam
    Voornamen: NotRequired[str]
    """Voornamen: one line, 1 to 200 characters."""
    Voorletters: NotRequired[str]
    """Voorletters: one to six letters, without points."""


class Verwijzer(TypedDict):
    """Verwijzer."""

    Type: codes.TypeVerwijzer
    """Type: code of COD327."""
    Naam: NotRequired[str]
    """Naam: one line, 1 to 64 characters."""
    ZorgverlenerCode: NotRequired[str]
    """AGB-code van de verwijzer: eight digits."""


class GeslotenPeriode(TypedDict):
    """GeslotenPeriode."""

    Begindatum: date
    """Begindatum: day."""
    Einddatum: date
    """Einddatum: day."""


class TotaalBedragMetDC(TypedDict):
    """TotaalBedragMetDC."""

    TotaalBedrag: int
    """Totaalbedrag: eurocents, 0 to 999999999999."""
    DebetCredit: codes.DebetCredit
    """Debet of credit: code of COD043."""


class Referentie(TypedDict):
    """Referentie."""

    ReferentieNummer: str
    """Referentienummer: text, 1 to 20 characters."""
    VorigReferentieNummer: NotRequired[str]
    """Vorig referentienummer: text, 1 to 20 characters."""


class BedragMetDC(TypedDict):
    """BedragMetDC."""

    Bedrag: int
    """Bedrag: eurocents, 0 to 99999999."""
    DebetCredit: codes.DebetCredit
    """Debet of credit: code of COD043."""
