"""The content of a JW318 (Retour verzoek om wijziging), as types.

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

    BerichtCode: Literal["487"]
    """Berichtcode: always 487."""
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


class OngewijzigdProduct(TypedDict):
    """Ongewijzigd product."""

    ToewijzingNummer: int
    """Toewijzingnummer: number, 0 to 999999999."""
    RetourCodes: RetourCodes


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
    RetourCodes: RetourCodes


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
    RetourCodes: RetourCodes


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
    RetourCodes: RetourCodes


class Client(TypedDict):
    """Cliënt."""

    Bsn: str
    """Burgerservicenummer: nine digits."""
    Verzoek: Verzoek
    RetourCodes: RetourCodes


class JW318(TypedDict):
    """What stands inside Bericht of a JW318."""

    Header: Header
    Client: NotRequired[Client]
