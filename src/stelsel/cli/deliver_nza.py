"""What ``stelsel deliver`` does for the health authority: the quarterly statement, the extract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stelsel.cli.output import print_json, print_table, say
from stelsel.errors import Fault, StelselError

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from stelsel.cli.deliver_order import Order
    from stelsel.deliveries.statements import FromRegister, Known, Period, Statement
    from stelsel.register import Register

ESTIMATE_DAYS: Final = 365
"""Days over which the waiting time is estimated, up to the end of the quarter.

Own choice: the regulation says nothing of how it is estimated; a quarter has few waits, and 365 is
what :func:`stelsel.monitor.waiting` takes by itself.
"""
_WORDS: Final = {
    "nl": {
        "written": "Geschreven: {out} ({rows} regels).",
        "open": "Nog in te vullen, in het bestand zelf of met --own",
        "rule": "Regel",
        "message": "Wat",
        "left_out": "Weggelaten omdat de jeugdregio of de hulpvorm niet bekend is: {count} sommen.",
        "objections": "Wie bezwaar maakt is weggelaten; pseudoniemen zijn van dit doel alleen.",
        "secret": "INTERN: exacte gegevens over echte jeugdigen; dat u dit schreef is vastgelegd.",
    },
    "en": {
        "written": "Written: {out} ({rows} rows).",
        "open": "Still to fill in, in the file itself or with --own",
        "rule": "Rule",
        "message": "What",
        "left_out": "Left out, as the youth region or care form is not known: {count} sums.",
        "objections": "Who objects is left out; pseudonyms are of this purpose alone.",
        "secret": "INTERNAL: exact data about real children; that you wrote this has been logged.",
    },
}


def deliver_quarter(order: Order) -> bool:
    """Write the quarterly statement, with what is still to be filled in on the screen.

    Returns
    -------
    bool
        Whether it holds all that the law asks.

    Raises
    ------
    StelselError
        With all that is wrong with the options or the provider's own file, or when the register
        holds real children and the order does not say that it is for internal use.
    """
    from stelsel.deliveries.statements import fill_in, period, read_statement, write_statement

    days = period(order.period)
    own = _own_lines(order.own) if order.own is not None else None
    kept, real = _opened(order)
    events = kept.events()
    provider = _provider(order, events)
    made = _from_register(kept, events, provider, days, order)
    statement = made.statement if own is None else fill_in(made.statement, own)
    _log(order, real, "Regeling Jeugdwet art. 8g", provider, len(statement.lines))
    _make_private(order.out, real)
    write_statement(statement, order.out)
    lacking = read_statement(order.out, order.lang).findings
    told = {
        "file": str(order.out),
        "kind": order.kind,
        "period": order.period,
        "provider": provider,
        "rows": len(statement.lines),
        "left_out": made.left_out,
        "complete": not lacking,
        "open": [{"rule": one.rule, "message": one.message} for one in lacking],
    }
    words = _WORDS[order.lang]
    if order.json:
        print_json(told)
    elif lacking:
        print_table(
            [{"rule": one.rule, "message": one.message} for one in lacking],
            [("rule", words["rule"]), ("message", words["message"])],
            title=words["open"],
        )
    say(words["written"].format(out=order.out, rows=len(statement.lines)))
    if made.left_out:
        say(words["left_out"].format(count=made.left_out))
    if real:
        say(words["secret"])
    return not lacking


def deliver_extract(order: Order) -> bool:
    """Write the pseudonymised extract.

    Returns
    -------
    bool
        True: nothing of it is left to fill in.

    Raises
    ------
    StelselError
        With all that is wrong with the options, when the key is missing, or when the register
        holds real children and the order does not say that it is for internal use.
    """
    import ibis
    import pyarrow.compute as pc

    from stelsel.deliveries.statements import PURPOSE, extract, period, write_extract
    from stelsel.register.allocations import allocations_in
    from stelsel.register.purposes import for_purpose

    days = period(order.period)
    kept, real = _opened(order)
    events = kept.events()
    con = ibis.duckdb.connect()
    told = allocations_in(con, ibis.memtable(events), kept.own_codes, days)
    if order.provider:
        told = told.filter(pc.equal(told["provider"], _provider(order, events)))
    rows = extract(told, for_purpose(kept, PURPOSE), kept.objections)
    children = len(set(rows["child"].to_pylist()))
    _log(order, real, "Regeling Jeugdwet art. 8f", order.provider, rows.num_rows, children)
    _make_private(order.out, real)
    write_extract(rows, order.out, days, order.day, order.lang)
    words = _WORDS[order.lang]
    if order.json:
        print_json(
            {
                "file": str(order.out),
                "kind": order.kind,
                "period": order.period,
                "provider": order.provider,
                "rows": rows.num_rows,
                "complete": True,
            }
        )
    say(words["written"].format(out=order.out, rows=rows.num_rows))
    say(words["objections"])
    if real:
        say(words["secret"])
    return True


def _from_register(
    kept: Register, events: pa.Table, provider: str, days: Period, order: Order
) -> FromRegister:
    """Ask the register and the monitor what they know of a provider's quarter."""
    import ibis
    import pyarrow.compute as pc

    from stelsel.deliveries.statements import from_register
    from stelsel.register.allocations import claimed_in
    from stelsel.register.measures import measure_spells

    def own(table: pa.Table) -> pa.Table:
        return table.filter(pc.equal(table["provider"], provider))

    con = ibis.duckdb.connect()
    claimed = own(claimed_in(con, ibis.memtable(events), kept.own_codes, days))
    help_ = _known(own(kept.spells()), days)
    measures = _known(own(measure_spells(events)), days)
    return from_register(provider, str(days), order.day, help_, measures, claimed)


def _known(spells: pa.Table, days: Period) -> Known:
    from stelsel.deliveries.statements import Known, care_days
    from stelsel.monitor import waiting

    by = ("form", "region")
    return Known(
        waiting(spells, days.last, by, days.days),
        waiting(spells, days.last, by, ESTIMATE_DAYS),
        care_days(spells, days),
    )


def _own_lines(file: Path) -> Statement:
    """Read what the provider tells, with every finding as a fault in both languages."""
    from stelsel.deliveries.statements import read_statement

    english, dutch = (read_statement(file, lang, whole=False) for lang in ("en", "nl"))
    if english.statement is None:
        raise StelselError(
            Fault(
                en.message,
                f"{file.name}, line {en.line}, {en.column}" if en.line else file.name,
                en.rule,
                en.remedy,
                what_nl=nl.message,
                remedy_nl=nl.remedy,
                where_nl=f"{file.name}, regel {nl.line}, {nl.column}" if nl.line else file.name,
            )
            for en, nl in zip(english.findings, dutch.findings, strict=True)
        )
    return english.statement


def _opened(order: Order) -> tuple[Register, bool]:
    """Open the register; tell whether its children are real, which the order must allow."""
    from stelsel.register import Register

    kept = Register.open(order.register)
    real = not kept.made_up
    if real and not order.internal:
        raise StelselError(
            "The register holds real children, and a delivery holds exact data.",
            where="--internal",
            remedy="Add --internal if you may deliver it; that is written in the access log.",
            what_nl="Het register gaat over echte jeugdigen, en een levering heeft exacte "
            "gegevens.",
            remedy_nl="Voeg --internal toe als u dit mag leveren; dat komt in het inzagelogboek.",
        )
    return kept, real


def _provider(order: Order, events: pa.Table) -> str:
    """Give the provider that the order is about: the one it names, or the only one there is."""
    import pyarrow.compute as pc

    providers = sorted(set(pc.unique(events["provider"]).to_pylist()))
    provider = order.provider or (providers[0] if len(providers) == 1 else "")
    if provider not in providers:
        raise StelselError(
            f"The register knows {len(providers)} providers, and not which one is meant.",
            where="--provider",
            remedy="Name the AGB code of a provider that is in the register.",
            what_nl=f"Het register kent {len(providers)} aanbieders, en niet wie wordt bedoeld.",
            remedy_nl="Noem de AGB-code van een aanbieder die in het register staat.",
        )
    return str(provider)


def _log(
    order: Order, real: bool, ground: str, provider: str, rows: int, about: int | str = "all"
) -> None:
    """Write in the access log that a delivery leaves; made-up children need none."""
    from stelsel.register.access import log_access

    if real:
        asked = {"period": order.period, "provider": provider, "rows": rows}
        log_access(order.register, f"deliver {order.kind}", about=about, ground=ground, asked=asked)


def _make_private(file: Path, real: bool) -> None:
    """Make the file readable by its owner alone before anything is in it."""
    if not real:
        return
    try:
        file.touch(mode=0o600)
        file.chmod(0o600)
    except OSError:
        return  # the writing that follows tells why
