"""Rules about a request and the answer to it: referrer, what is asked, rejection, residence."""

from __future__ import annotations

from datetime import date
from typing import Final

from stelsel.ijw.message import Content
from stelsel.ijw.rules.registry import element_rule

WITH_CODE: Final = ("02", "03", "04", "05")
"""Types of referrer that can have an AGB code (CD066, CD067, CD068)."""
RESIDENCE: Final = "8"
"""Reason to reject a request: another municipality is responsible (residence principle)."""


@element_rule("CD066")
def _name_beside_code(referrer: Content, element: str, _: Content, __: Content) -> bool:
    return referrer["Type"] in WITH_CODE and "ZorgverlenerCode" in referrer and element in referrer


@element_rule("CD067")
def _name_without_code(referrer: Content, element: str, _: Content, __: Content) -> bool:
    return (
        referrer["Type"] in WITH_CODE
        and "ZorgverlenerCode" not in referrer
        and element not in referrer
    )


@element_rule("CD068")
def _code_of_other(referrer: Content, element: str, _: Content, __: Content) -> bool:
    return referrer["Type"] not in WITH_CODE and element in referrer


@element_rule("CD085")
def _reason_required(answer: Content, element: str, _: Content, __: Content) -> bool:
    return answer["VerzoekAntwoord"] == "1" and element not in answer


@element_rule("CD086")
def _reason_too_early(answer: Content, element: str, _: Content, __: Content) -> bool:
    return answer["VerzoekAntwoord"] == "2" and element in answer


@element_rule("TR377")
def _residence_required(answer: Content, element: str, _: Content, __: Content) -> bool:
    return answer.get("RedenAfwijzingVerzoek") == RESIDENCE and element not in answer


@element_rule("TR409")
def _residence_without_reason(answer: Content, element: str, _: Content, __: Content) -> bool:
    return answer.get("RedenAfwijzingVerzoek") != RESIDENCE and element in answer


@element_rule("TR352")
def _names_nothing_that_runs(request: Content, _: str, __: Content, ___: Content) -> bool:
    return "OngewijzigdeProducten" not in request and "TeWijzigenProducten" not in request


@element_rule("TR353")
def _asks_nothing(request: Content, _: str, __: Content, ___: Content) -> bool:
    return "TeWijzigenProducten" not in request and "NieuweProducten" not in request


@element_rule("TR380")
def _not_in_the_future(product: Content, element: str, _: Content, header: Content) -> bool:
    told: date = header["BerichtIdentificatie"]["Dagtekening"]
    return bool(product[element] <= told)
