"""The content of a JW323 (Declaratie), as types.

Made from the tables by ``make reference``: change those, not this.
"""

from datetime import date
from typing import Literal, NotRequired, TypedDict

from stelsel.ijw.records import codes, shared


class Header(TypedDict):
    """Kop."""

    BerichtCode: Literal["490"]
    """Berichtcode: always 490."""
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


class Prestaties(TypedDict):
    """Prestaties."""

    Prestatie: list[Prestatie]


class Client(TypedDict):
    """Cliënt."""

    Bsn: str
    """Burgerservicenummer: nine digits."""
    Prestaties: Prestaties


class Clienten(TypedDict):
    """Cliënten."""

    Client: list[Client]


class Declaratie(TypedDict):
    """Declaratie."""

    DeclaratieNummer: str
    """Declaratienummer: letters and digits, 1 to 12 characters."""
    DeclaratiePeriode: shared.GeslotenPeriode
    DeclaratieDagtekening: date
    """Dagtekening declaratie: day."""
    TotaalIngediendBedrag: shared.TotaalBedragMetDC
    Clienten: Clienten


class JW323(TypedDict):
    """What stands inside Bericht of a JW323."""

    Header: Header
    Declaratie: Declaratie
