"""From allocations, requests and care to lines: what can be waited for, and what it renews."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from stelsel.register import codes
from stelsel.register.relate import after, attach, first_of, latest

PAUSE = "20"
"""JZ588: delivery stopped for the time being."""

LINE = (
    *("line", "product", "municipality", "provider", "child", "form", "referrer", "reason"),
    *("begin", "known", "told", "from_day", "last_day", "first_start", "start_known"),
    *("comes", "allocated"),
)


def all_lines(
    allocations: ir.Table, requests: ir.Table, care: ir.Table, horizon: ir.Table
) -> ir.Table:
    """Put what can be waited for in one table, one row a line.

    ``begin`` is the first day of the wait (null where none can be told), ``first_start`` the
    first day of care, ``comes`` the day by which a renewal is recognised: the first day of care;
    while there is none the intended one, or the last day by which it is known that there was none
    (the end of the line, at most the horizon) where that is later.
    """

    def not_before(end: ir.DateValue) -> ir.DateValue:
        return ibis.greatest(_.from_day, ibis.least(_.horizon, end.fill_null(_.horizon)))

    no_day, no_text = ibis.null("date"), ibis.null("string")
    first_care = first_of(care, ["line"], [_.start, _.start_known, _.delivery]).select(
        "line", first_start=_.start, start_known=_.start_known
    )
    asked = requests.select(
        "request", "child", asked=_.about, asked_known=_.known, asker=_.referrer, asked_form=_.form
    )
    allocated = attach(
        attach(allocations.filter(~_.deleted), asked, ["request", "child"]), first_care, ["line"]
    ).cross_join(horizon)
    honoured = allocated.filter(_.asked.notnull()).select("request")
    unallocated = care.anti_join(allocations, "line")
    return ibis.union(
        allocated.mutate(
            told=_.known,
            begin=_.asked.coalesce(_.decision),
            known=latest(_.first_known, _.asked_known),
            referrer=_.asker,
            form=_.form.coalesce(_.asked_form),
            comes=_.first_start.coalesce(not_before(after(_.last_day))),
            allocated=True,
        ).select(*LINE),
        requests.anti_join(honoured, "request")
        .cross_join(horizon)
        .mutate(
            line=_.request,
            told=_.known,
            begin=_.about,
            first_start=no_day,
            start_known=no_day,
            last_day=no_day,
            comes=not_before(_.rejected),
            allocated=True,
        )
        .select(*LINE),
        first_of(unallocated, ["line"], [_.start, _.start_known, _.delivery])
        .mutate(
            told=_.start_known,
            begin=no_day,
            known=_.start_known,
            from_day=no_day,
            first_start=_.start,
            last_day=no_day,
            referrer=no_text,
            comes=_.start,
        )
        .select(*LINE),
    )


def without_replaced(lines: ir.Table, gap: int) -> ir.Table:
    """Leave out allocations that another one replaced before care began: the wait goes on.

    Another volume is another allocation, and the old one ends on the day before (OP257). The new
    one takes over the first day of the wait and the referrer, when it is of the same product and
    begins after the last day of the old one and no more than ``gap`` days later; not when the
    old one ended for a reason that ends a wait.
    """
    allocations = lines.filter(_.line.startswith("A"), _.from_day.notnull())
    stays = attach(allocations, codes.exits("wait"), ["reason"])
    in_order = ibis.window(group_by="product", order_by=["from_day", "line"])
    goes_on = _.first_start.isnull() & (_.exit.fill_null("lapsed") == "lapsed")
    free = ibis.ifelse(goes_on, after(_.last_day), None)
    follows = (_.from_day >= _.freed) & (_.from_day <= _.freed + ibis.interval(days=gap))
    chained = (
        stays.mutate(free=free)
        .mutate(freed=_.free.lag().over(in_order))
        .mutate(follows=follows.fill_null(False))
        .mutate(
            replaced=_.follows.lead().over(in_order).fill_null(False),
            chain=(~_.follows)
            .cast("int64")
            .sum()
            .over(ibis.cumulative_window(group_by="product", order_by=["from_day", "line"])),
        )
    )
    so_far = ibis.cumulative_window(group_by=["product", "chain"], order_by=["from_day", "line"])
    # The last referrer that was told: rows up to the next that tells one have the same number.
    since = ibis.window(group_by=["product", "chain", "told_by"])
    own = (
        chained.mutate(
            begin=_.begin.min().over(so_far),
            known=_.known.max().over(so_far),
            told_by=_.referrer.count().over(so_far),
        )
        .mutate(referrer=_.referrer.max().over(since))
        .filter(~_.replaced)
    )
    others = lines.filter(~_.line.startswith("A") | _.from_day.isnull())
    return ibis.union(own.select(*LINE), others.select(*LINE))


def with_renewals(lines: ir.Table, care: ir.Table, gap: int) -> ir.Table:
    """Add to every line whether it renews earlier care, and the episode that it belongs to.

    A line renews when the same child had earlier care of the same product from the same provider
    for the same municipality, under another line, that had not ended more than ``gap`` days
    before. Block-funded care that was last paused goes on however long the pause was, as it would
    within one allocation. A renewal belongs to the latest episode of that product.
    """
    following = ibis.window(group_by="product", order_by=["start", "delivery"])
    before = care.mutate(following=_.start.lead().over(following)).select(
        "product", "start", "end", "reason", "following", other=_.line
    )
    last = _.following.isnull() | (_.following >= _.comes)
    goes_on = (
        _.end.isnull()
        | (_.comes <= _.end + ibis.interval(days=gap))
        | (~_.allocated & last & (_.reason == PAUSE))
    )
    renewing = (
        lines.select("line", "product", "comes", "allocated")
        .join(before, "product")
        .filter(_.other != _.line, _.start < _.comes, goes_on)
        .select("line")
        .distinct()
        .mutate(renews=True)
    )
    flagged = attach(lines, renewing, ["line"]).mutate(renews=_.renews.fill_null(False))
    in_order = ibis.cumulative_window(group_by="product", order_by=[_.comes, _.line])
    return (
        flagged.mutate(number=(~_.renews).cast("int64").sum().over(in_order))
        .mutate(
            root=_.line.first().over(
                ibis.cumulative_window(group_by=["product", "number"], order_by=[_.comes, _.line])
            )
        )
        .mutate(episode=_.root.hexdigest("md5").left(16))
        .drop("root", "number")
    )
