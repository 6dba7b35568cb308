"""Codes of the short lists, as types.

Made from the tables by ``make reference``: change those, not this.
"""

from typing import Literal

AanduidingWoonadres = Literal["AB", "BY", "TO", "WW"]
"""NUM061.

AB: Aan boord.
BY: Bij.
TO: Tegenover.
WW: Woonwagen.
"""

AdresSoort = Literal["01", "02", "03", "04"]
"""COD757.

01: BRP-adres.
02: Correspondentie-adres.
03: Verblijfadres.
04: Tijdelijk verblijfadres.
"""

Communicatievorm = Literal["1", "2", "3"]
"""COD747.

1: Tolk taal.
2: Doventolk.
3: Doofblindentolk.
"""

DatumGebruik = Literal["1", "2", "3"]
"""COD170.

1: dag onbekend; alleen maand en jaar gebruiken.
2: dag en maand onbekend; alleen jaar gebruiken.
3: dag, maand en jaar onbekend; onbekende datum.
"""

DebetCredit = Literal["C", "D"]
"""COD043.

C: Creditbedrag en aantal.
D: Debetbedrag en aantal.
"""

Eenheid = Literal["01", "04", "14", "16", "82", "83", "84"]
"""WJ756.

01: Minuut.
04: Uur.
14: Etmaal.
16: Dagdeel (4 uur).
82: Stuks (output).
83: Euro's.
84: Stuks (inspanning).
"""

Frequentie = Literal["1", "2", "4", "6"]
"""WMO757.

1: Per dag.
2: Per week.
4: Per maand.
6: Totaal binnen geldigheidsduur toewijzing.
"""

Geslacht = Literal["0", "1", "2"]
"""COD046.

0: Onbekend.
1: Mannelijk.
2: Vrouwelijk.
"""

JaNee = Literal["1", "2"]
"""COD260.

1: Ja.
2: Nee.
"""

JuridischeStatus = Literal["01", "02", "03", "04", "05", "11", "12"]
"""WJ232.

01: Rechterlijke machtiging (rm) voorlopig / voortgezette machtiging.
02: RM op eigen verzoek.
03: RM met voorwaardelijk ontslag.
04: Onder toezichtstelling (ots).
05: In bewaring stelling (ibs).
11: Strafrechterlijke justitiële contacten: tbs.
12: Strafrechterlijke justitiële contacten: overig.
"""

NaamGebruik = Literal["1", "2", "3", "4", "5", "6"]
"""COD700.

1: Eigen naam.
2: Naam echtgenoot of geregistreerd partner of alternatieve naam.
3: Naam echtgenoot of geregistreerd partner gevolgd door eigen naam.
4: Eigen naam gevolgd door naam echtgenoot of geregistreerd partner.
5: Pseudoniem.
6: Niet-natuurlijk persoon.
"""

ProductCategorie = Literal[
    "31",
    "32",
    "33",
    "34",
    "35",
    "36",
    "37",
    "38",
    "40",
    "41",
    "42",
    "43",
    "44",
    "45",
    "46",
    "47",
    "48",
    "49",
    "50",
    "51",
    "52",
    "53",
    "54",
    "55",
]
"""JZ020.

31: (2015) Zonder verblijf: uitgevoerd door wijk- of buurtteam.
32: (2015) Zonder verblijf: ambulante jeugdhulp op locatie van de aanbieder.
33: (2015) Zonder verblijf: daghulp op locatie van de aanbieder.
34: (2015) Zonder verblijf: jeugdhulp in het netwerk van de jeugdige.
35: (2015) Met verblijf: pleegzorg.
36: (2015) Met verblijf: gezinsgericht.
37: (2015) Met verblijf: gesloten plaatsing.
38: (2015) Met verblijf: overig residentieel.
40: Persoonlijke verzorging.
41: Dagbehandeling.
42: Vervoerdiensten.
43: Jeugdhulp verblijf (incl. behandeling).
44: Jeugdhulp verblijf (excl. behandeling).
45: Jeugdhulp ambulant.
46: Jeugdhulp crisis.
47: Jeugdreclassering.
48: Jeugdbescherming.
49: Activiteiten in het preventief justitieel kader.
50: Maatwerkarrangementen jeugd.
51: Generalistische basis-ggz.
52: Specialistische ggz.
53: Kindergeneeskunde.
54: Jeugd-ggz.
55: Landelijk ingekochte zorg.
"""

RedenAfwijzingVerzoek = Literal["1", "2", "3", "4", "5", "6", "7", "8", "9"]
"""WJ759.

1: Geen wijziging, maar nieuwe aanvraag.
2: Past niet binnen budget.
3: Geen contract.
4: Past niet binnen contract.
5: Andere gemeente.
6: Stapeling.
7: Zorginhoudelijke afkeur.
8: Woonplaatsbeginsel.
9: Leeftijdsgrens is bereikt.
"""

RedenBeeindiging = Literal["02", "20", "31", "32", "33", "34", "35", "36", "37", "38", "39"]
"""JZ588.

02: Overlijden.
20: Levering is tijdelijk beëindigd.
31: Levering is volgens plan beëindigd.
32: Voortijdig afgesloten: eenzijdig door de cliënt.
33: Voortijdig afgesloten: eenzijdig door de aanbieder.
34: Voortijdig afgesloten: in overeenstemming.
35: Voortijdig afgesloten: wegens externe omstandigheden.
36: Geïnitieerd door de gemeente.
37: In verband met wijzigingsverzoek.
38: Overstap naar andere aanbieder.
39: Uitstroom naar ander domein.
"""

RedenVerzoek = Literal["1", "2"]
"""WJ758.

1: Verandering cliëntsituatie.
2: Wijziging zorgplan.
"""

RedenWijziging = Literal[
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "07",
    "08",
    "09",
    "10",
    "11",
    "12",
    "13",
    "14",
]
"""JZ002.

01: Administratieve correctie (vervallen).
02: Cliënt overleden.
03: Contractwijziging.
04: Herbeoordeling: verlenging toewijzing.
05: Herbeoordeling: verkorting toewijzing.
06: Uitstroom naar ander domein.
07: Verhuizing naar een andere gemeente.
08: Wijziging leveringsvorm.
09: Overstap naar andere aanbieder.
10: Overgang naar nieuwe bekostigingssystematiek.
11: Gemeentelijke herindeling.
12: Geïnitieerd door de aanbieder.
13: Verwijderd.
14: Administratieve correctie.
"""

SoortRelatie = Literal[
    "03",
    "04",
    "05",
    "06",
    "07",
    "08",
    "09",
    "10",
    "11",
    "12",
    "13",
    "14",
    "15",
    "16",
    "17",
    "18",
    "19",
    "20",
    "21",
    "22",
    "23",
    "24",
    "25",
]
"""COD472.

03: Curator (juridisch).
04: Financieel (gemachtigd).
05: Financieel (toetsing).
06: Leefeenheid.
07: Hulpverlener.
08: Specialist.
09: Anders.
10: Ouder.
11: Voogd.
12: Partner/echtgeno(o)t(e).
13: Pleegouder.
14: Bewindvoerder.
15: Mentor.
16: Zoon/dochter.
17: Familielid.
18: Gezinslid.
19: Buur.
20: Vriend(in)/kennis.
21: Cliëntondersteuner.
22: Huisarts.
23: Erven van.
24: Werkgever.
25: Wijkcoach.
"""

StatusAanlevering = Literal["1", "2", "3", "9"]
"""COD467.

1: Eerste aanlevering.
2: Gewijzigde aanlevering.
3: Verwijderen aanlevering.
9: Niet van toepassing (ongewijzigd).
"""

TypeVerwijzer = Literal["01", "02", "03", "04", "05", "06", "08"]
"""COD327.

01: Gemeente.
02: Huisarts.
03: Jeugdarts.
04: Gecertificeerde instelling.
05: Medisch specialist.
06: Zelfverwijzer/geen verwijzer.
08: Rechter, Officier van Justitie, functionaris Justitiële jeugdinrichting.
"""

VerzoekAntwoord = Literal["1", "2"]
"""WJ760.

1: Verzoek afgewezen.
2: Aanvraag in onderzoek.
"""

WettelijkeVertegenwoordiging = Literal["06", "07", "08", "09", "10"]
"""WJ003.

06: Voogdij.
07: Bewindvoering.
08: Mentorschap.
09: Onder curatele stelling.
10: Zaakwaarneming.
"""
