"""The content of a JW317 (Verzoek om wijziging), as types.

Made from the tables by ``make reference``: change those, not this.
"""

from datetime import date
from typing import Literal, NotRequired, TypedDict

from stelsel.ijw.records import codes, shared


class Header(TypedDict):
    """Kop."""

    BerichtCode: Literal["486"]
    """Berichtcode: always 486."""
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


class OngewijzigdProduct(TypedDict):
    """Ongewijzigd product."""

    ToewijzingNummer: int
    """Toewijzingnummer: number, 0 to 999999999."""


class OngewijzigdeProducten(TypedDict):
    """Ongewijzigde producten."""

    OngewijzigdProduct: list[OngewijzigdProduct]


class TeWijzigenProduct(TypedDict):
    """Te wijzigen product."""

    ToewijzingNummer: int
    """Toewijzingnummer: number, 0 to 999999999."""
    GewensteIngangsdatum: date
    """Gewenste ingangsdatum: day."""
    Einddatum: NotRequired[date]
    """Einddatum: day."""
    Omvang: NotRequired[shared.Omvang]
    Budget: NotRequired[int]
    """Budget: eurocents, 0 to 99999999."""


class TeWijzigenProducten(TypedDict):
    """Te wijzigen producten."""

    TeWijzigenProduct: list[TeWijzigenProduct]


class NieuwProduct(TypedDict):
    """Nieuw product."""

    Product: NotRequired[shared.Product]
    GewensteIngangsdatum: date
    """Gewenste ingangsdatum: day."""
    Einddatum: NotRequired[date]
    """Einddatum: day."""
    Omvang: NotRequired[shared.Omvang]
    Budget: NotRequired[int]
    """Budget: eurocents, 0 to 99999999."""


class NieuweProducten(TypedDict):
    """Nieuwe producten."""

    NieuwProduct: list[NieuwProduct]


class Verzoek(TypedDict):
    """Verzoek."""

    ReferentieAanbieder: str
    """Referentie van de aanbieder: one line, 1 to 36 characters."""
    RedenVerzoek: codes.RedenVerzoek
    """Reden van het verzoek: code of WJ758."""
    OngewijzigdeProducten: NotRequired[OngewijzigdeProducten]
    TeWijzigenProducten: NotRequired[TeWijzigenProducten]
    NieuweProducten: NotRequired[NieuweProducten]


class Client(TypedDict):
    """Cliënt."""

    Bsn: str
    """Burgerservicenummer: nine digits."""
    Verzoek: Verzoek


class JW317(TypedDict):
    """What stands inside Bericht of a JW317."""

    Header: Header
    Client: Client
