"""What ``stelsel deliver`` does for the four deliveries to CBS."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stelsel.cli.output import print_json, print_table, say
from stelsel.errors import Fault, StelselError, refused

if TYPE_CHECKING:
    from stelsel.cli.deliver_order import Order
    from stelsel.deliveries.cbs import Delivery, Layout, Mirror, Record
    from stelsel.register import Register

PSEUDONYMISED: Final = "pseudonymised"
GROUND: Final = "Regeling Jeugdwet art. 7"
"""Why it is delivered, for the access log."""
_WORDS: Final = {
    "nl": {
        "findings": "Bevindingen",
        "rule": "Regel",
        "column": "Veld",
        "lines": "Records",
        "message": "Wat",
        "counts": "Aantallen, {period}",
        "code": "Code",
        "begin": "Begin",
        "started": "Gestart",
        "ended": "Geëindigd",
        "end": "Eind",
        "running": "Hele periode",
        "written": "Geschreven: {out} ({records} records, indeling {layout}).",
        "keyed": "Dit bestand heeft pseudoniemen in plaats van nummers en is zo geen levering "
        "voor CBS; geef met --keys een eigen tabel met nummers.",
        "unnumbered": "Niet in de tabel met nummers, en dus geleverd met onbekend nummer: {count}.",
        "incomplete": "Het register weet niet alles wat CBS vraagt: vul het aan en lever dan.",
        "secret": "INTERN: records over echte jeugdigen; dat u dit schreef is vastgelegd.",
    },
    "en": {
        "findings": "Findings",
        "rule": "Rule",
        "column": "Field",
        "lines": "Records",
        "message": "What",
        "counts": "Counts, {period}",
        "code": "Code",
        "begin": "Begin",
        "started": "Started",
        "ended": "Ended",
        "end": "End",
        "running": "Whole period",
        "written": "Written: {out} ({records} records, layout {layout}).",
        "keyed": "This file has pseudonyms in the place of numbers and so is no delivery for CBS; "
        "give a table of numbers of your own with --keys.",
        "unnumbered": "Not in the table of numbers, so delivered with an unknown number: {count}.",
        "incomplete": "The register does not know all that CBS asks: add it, then deliver.",
        "secret": "INTERNAL: records about real children; that you wrote this has been logged.",
    },
}


def deliver_cbs(order: Order) -> bool:
    """Write a delivery to CBS, with its counts and what is missing on the screen.

    Returns
    -------
    bool
        Whether it holds all that CBS asks.

    Raises
    ------
    StelselError
        With all that is wrong with the options, or when the register holds real children and the
        order does not say that it is for internal use.
    """
    from stelsel.deliveries.cbs import layout_of, mirror_of, read_keys, with_numbers, written
    from stelsel.register import Register
    from stelsel.register.access import log_access

    layout = layout_of(order.layout or _usual_layout(order))
    if layout.keyed == (order.keys is not None):
        raise StelselError(_no_match(layout))
    keys = read_keys(order.keys) if order.keys else None
    kept = Register.open(order.register)
    real = not kept.made_up
    if real and not order.internal:
        raise StelselError(_not_internal())
    delivery, records = _derived(kept, order)
    children = len({record.number for record in records})
    unnumbered = 0
    if keys is not None:
        unnumbered = len({record.number for record in records} - set(keys))
        records = with_numbers(records, keys)
    if real:
        asked = {"period": order.period, "provider": delivery.deliverer, "rows": len(records)}
        log_access(
            *(order.register, f"deliver {order.kind}"),
            about=children,
            ground=GROUND,
            asked=asked | {"numbers": keys is not None},
        )
    data = written(records, delivery, layout)
    _save(order.out, data, private=real)
    report = mirror_of(data, layout, delivery)
    if order.report is not None:
        from stelsel.deliveries.cbs import text_of

        _save(order.report, text_of(report, order.lang).encode(), private=real)
    told = {
        "file": str(order.out),
        "kind": order.kind,
        "period": str(delivery.period),
        "provider": delivery.deliverer,
        "layout": layout.name,
        "records": len(records),
        "without_number": unnumbered,
        "complete": report.valid,
        "counts": report.counts.to_pylist(),
        "findings": _summed(report, order.lang),
    }
    _show(order, told, keyed=layout.keyed, real=real)
    return report.valid


def _usual_layout(order: Order) -> str:
    if order.keys is None:
        return PSEUDONYMISED
    return {".csv": "csv", ".xlsx": "xlsx"}.get(order.out.suffix.lower(), "fixed")


def _derived(kept: Register, order: Order) -> tuple[Delivery, list[Record]]:
    import pyarrow.compute as pc

    from stelsel.deliveries.cbs import Delivery, Period, of_spells, people_of, sorts

    parts = sorts()[order.kind].periods
    faults = []
    try:
        period = Period.of(order.period)
        fits = period.parts == parts
    except ValueError:
        fits = False
    if not fits:
        faults.append(_no_period(order.period, "2024-Q3" if parts == 4 else "2024-H1"))
    spells = kept.spells()
    providers = sorted(set(pc.drop_null(pc.unique(spells["provider"])).to_pylist()))
    provider = order.provider or (providers[0] if len(providers) == 1 else "")
    if provider not in providers:
        faults.append(_no_provider(order.provider, len(providers)))
    if faults:
        raise StelselError(faults)
    delivery = Delivery(order.kind, provider, period, order.day)
    own = spells.filter(pc.equal(spells["provider"], provider))
    events = kept.events()
    people = people_of(events, set(own["child"].to_pylist()))
    return delivery, of_spells(spells, people, delivery, events)


def _no_period(text: str, example: str) -> Fault:
    return Fault(
        f"{text} is no period of this delivery.",
        "--period",
        remedy=f"Write for example {example}.",
        what_nl=f"{text} is geen periode van deze levering.",
        remedy_nl=f"Schrijf bijvoorbeeld {example}.",
    )


def _no_provider(text: str, count: int) -> Fault:
    if text:
        what = f"The register has no spells of provider {text}."
        what_nl = f"Het register heeft geen verblijven van aanbieder {text}."
    else:
        what = f"The register is about {count} providers."
        what_nl = f"Het register gaat over {count} aanbieders."
    return Fault(
        what,
        "--provider",
        remedy="Name the AGB code of who delivers.",
        what_nl=what_nl,
        remedy_nl="Noem de AGB-code van wie levert.",
    )


def _no_match(layout: Layout) -> Fault:
    if layout.keyed:
        return Fault(
            f"Layout {layout.name} has pseudonyms, so it needs no table of numbers.",
            "--layout",
            remedy="Leave out --keys, or choose another layout.",
            what_nl=f"Indeling {layout.name} heeft pseudoniemen en dus geen tabel met nummers.",
            remedy_nl="Laat --keys weg, of kies een andere indeling.",
        )
    return Fault(
        f"Layout {layout.name} has numbers, which the register does not know.",
        "--layout",
        remedy="Give a table of numbers with --keys, or leave out --layout.",
        what_nl=f"Indeling {layout.name} heeft nummers, en die kent het register niet.",
        remedy_nl="Geef met --keys een tabel met nummers, of laat --layout weg.",
    )


def _not_internal() -> Fault:
    return Fault(
        "The register holds real children, and a delivery is about each of them.",
        "--internal",
        remedy="Add --internal if you may deliver for them; that is written in the access log.",
        what_nl="Het register gaat over echte jeugdigen, en een levering over elk van hen.",
        remedy_nl="Voeg --internal toe als u over hen mag leveren; dat komt in het inzagelogboek.",
    )


def _save(path: Path, data: bytes, *, private: bool) -> None:
    """Write a file, readable for its owner only where the children are real."""
    try:
        path.touch(mode=0o600 if private else 0o666)
        if private:
            path.chmod(0o600)
        path.write_bytes(data)
    except OSError as error:
        raise StelselError(
            f"The file cannot be written: {refused(error)}.",
            where=str(path),
            remedy="Name a file in a folder that exists and that you may write in.",
            what_nl=f"Het bestand kan niet worden geschreven: {refused(error, 'nl')}.",
            remedy_nl="Noem een bestand in een map die bestaat en waarin u mag schrijven.",
        ) from error


def _summed(report: Mirror, lang: str) -> list[dict[str, Any]]:
    """Count findings by rule and field; each of them stands in the mirror report."""
    from stelsel.deliveries.cbs import findings

    counts = Counter((one.rule, one.column) for one in report.breaches)
    first = {(one.rule, one.column): one for one in reversed(report.breaches)}
    return [
        {"rule": rule, "column": column, "lines": count, "message": told.message}
        for (rule, column), count in sorted(counts.items())
        for told in findings([first[rule, column]], lang)
    ]


def _show(order: Order, told: dict[str, Any], *, keyed: bool, real: bool) -> None:
    words = _WORDS[order.lang]
    if order.json:
        print_json(told)
    else:
        names = ("code", "begin", "started", "ended", "end", "running")
        title = words["counts"].format(period=told["period"])
        print_table(told["counts"], [(name, words[name]) for name in names], title=title)
        if told["findings"]:
            columns = [(name, words[name]) for name in ("rule", "column", "lines", "message")]
            print_table(told["findings"], columns, title=words["findings"])
    say(words["written"].format(out=order.out, records=told["records"], layout=told["layout"]))
    if keyed:
        say(words["keyed"])
    if told["without_number"]:
        say(words["unnumbered"].format(count=told["without_number"]))
    if not told["complete"]:
        say(words["incomplete"])
    if real:
        say(words["secret"])
