"""Product categories and codes, and the care form each belongs to.

Sources: code list JZ020 and product list JZ21 of iJw 3.2. Municipalities may agree on codes of
their own; then only the category is comparable, and the form follows from the category by the
rule written in ``product_categories.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stelsel.system.entries import Form, form, forms
from stelsel.system.read import read_entries, yes_or_no


@dataclass(frozen=True, slots=True)
class Category:
    """A product category (list JZ020).

    ``form`` is the CBS code of the form that a product of it is counted under when its own code
    does not tell, empty where no form fits; ``basis`` says why: ``list`` (the 2015 category is the
    form), ``most`` (more than half of its national codes), ``alike`` (as a like category) or empty.
    """

    category: str
    name_nl: str
    form: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Product:
    """A national product code (list JZ21).

    ``generic`` tells the codes that stand for a whole category. ``variant`` is ``output``,
    ``effort`` or empty. ``cbs_form`` is a care form (``01`` to ``14``) or empty; ``cbs_measure``
    a protection, probation or preventive measure (``11`` is a supervision order there) or empty.
    """

    code: str
    category: str
    generic: bool
    description: str
    variant: str
    cbs_form: str
    cbs_measure: str
    source: str


@cache
def categories() -> tuple[Category, ...]:
    """Give the product categories.

    Examples
    --------
    >>> len(categories())
    24
    """
    return read_entries(
        "product_categories.csv",
        ["category", "name_nl", "form", "basis"],
        lambda row: Category(**row),
        key=["category"],
        refers={"form": [form.code for form in forms()]},
    )


@cache
def _categories() -> dict[str, Category]:
    return {one.category: one for one in categories()}


def category(name: str) -> Category | None:
    """Give a product category, or None when the list does not hold it.

    Examples
    --------
    >>> category("45").name_nl
    'Jeugdhulp ambulant'
    """
    return _categories().get(name)


@cache
def products() -> tuple[Product, ...]:
    """Give the national product codes.

    Examples
    --------
    >>> len(products())
    450
    """

    def make(row: dict[str, str]) -> Product:
        return Product(**row | {"generic": yes_or_no(row["generic"])})  # type: ignore[arg-type]

    columns = ["code", "category", "generic", "description", "variant", "cbs_form", "cbs_measure"]
    refers = {"category": list(_categories()), "cbs_form": [form.code for form in forms()]}
    return read_entries("products.csv", columns, make, key=["code"], refers=refers)


@cache
def _products() -> dict[str, Product]:
    return {one.code: one for one in products()}


def product(code: str) -> Product | None:
    """Give a national product code, or None for a code of a municipality's own.

    Examples
    --------
    >>> product("45A01").category
    '45'
    >>> product("LOKAL") is None
    True
    """
    return _products().get(code)


def form_of(category: str | None, code: str | None = None) -> Form | None:
    """Give the care form that a product is counted under.

    A national code tells its form. A generic code, an own code or no code at all falls back on
    the category. Transport, supplements, tailored arrangements, protection and probation have no
    care form: None.

    Parameters
    ----------
    category
        Product category (list JZ020), or None.
    code
        Product code, or None.

    Examples
    --------
    >>> form_of("43", "43A12").slug
    'secure-care'
    >>> form_of("45", "OWN1").slug     # an own code: by its category
    'ambulatory'
    >>> form_of("42", "42A01") is None   # transport
    True
    """
    listed = _products().get(code or "")
    if listed is not None and not listed.generic:
        return form(listed.cbs_form) if listed.cbs_form else None
    fallback = _categories().get(listed.category if listed is not None else category or "")
    return form(fallback.form) if fallback is not None and fallback.form else None
