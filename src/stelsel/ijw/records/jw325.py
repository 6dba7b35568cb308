"""The content of a JW325 (Declaratie-antwoord), as types.

Made from the tables by ``make reference``: change those, not this.
"""

from typing import Literal, NotRequired, TypedDict

from stelsel.ijw.records import codes, shared


class RetourCodes(TypedDict):
    """Retourcodes."""

    RetourCode: list[str]
    """Retourcode: code of WJ001."""


class Header(TypedDict):
    """Kop."""

    BerichtCode: Literal["491"]
    """Berichtcode: always 491."""
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
    DeclaratieIdentificatie: shared.BerichtIdentificatie
    XsltVersie: NotRequired[str]
    """Versie van de controle: three numbers with points between, such as 1.0.0."""
    XsdVersieDeclaratie: shared.XsdVersie
    RetourCodes: RetourCodes


class Prestatie(TypedDict):
    """Prestatie."""

    ProductReferentie: shared.Referentie
    ToewijzingNummer: int
    """Toewijzingnummer: number, 0 to 999999999."""
    ProductCategorie: codes.ProductCategorie
    """Productcategorie: code of JZ020."""
    ProductCode: str
    """Productcode: one line, 1 to 5 characters."""
    ProductPeriode: shared.GeslotenPeriode
    GeleverdVolume: int
    """Geleverd volume: number, 0 to 99999999."""
    Eenheid: codes.Eenheid
    """Eenheid: code of WJ756."""
    ProductTarief: NotRequired[int]
    """Tarief: eurocents, 0 to 99999999."""
    IngediendBedrag: shared.BedragMetDC
    RetourCodes: RetourCodes


class Prestaties(TypedDict):
    """Prestaties."""

    Prestatie: list[Prestatie]


class Client(TypedDict):
    """Cliënt."""

    Bsn: str
    """Burgerservicenummer: nine digits."""
    Prestaties: Prestaties
    RetourCodes: RetourCodes


class Clienten(TypedDict):
    """Cliënten."""

    Client: list[Client]


class DeclaratieAntwoord(TypedDict):
    """Declaratie-antwoord."""

    DeclaratieNummer: str
    """Declaratienummer: text, 1 to 12 characters."""
    TotaalIngediendBedrag: shared.TotaalBedragMetDC
    TotaalToegekendBedrag: shared.TotaalBedragMetDC
    Clienten: NotRequired[Clienten]
    RetourCodes: RetourCodes


class JW325(TypedDict):
    """What stands inside Bericht of a JW325."""

    Header: Header
    DeclaratieAntwoord: NotRequired[DeclaratieAntwoord]
