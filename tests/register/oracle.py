"""Events to spells, slowly and plainly: one allocation at a time, no cleverness.

The database steps of ``stelsel.register.steps`` must give the same (``test_spells_of_events``).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from stelsel.system.regions import region_of

Event = dict[str, Any]
Key = tuple[Any, ...]
Row = tuple[Any, ...]
DAY = timedelta(days=1)
SLUGS = {"02": "ambulatory", "14": "residential"}
WAIT_EXITS = {
    "02": "died",
    "06": "other-domain",
    "07": "moved",
    "08": "personal-budget",
    "09": "other-provider",
    "12": "withdrawn",
}
CARE_EXITS = {"20": "paused", "31": "planned", "32": "client-stopped", "38": "other-provider"}


@dataclass
class Delivery:
    """A stretch of care under a line."""

    product: Row
    form: str | None
    start: date
    start_known: date
    key: Row
    end: date | None = None
    reason: str | None = None
    known: date = date.min


@dataclass
class Line:
    """What can be waited for: an allocation, a request without one, a delivery without one."""

    label: str
    product: Row
    child: str
    form: str | None
    allocated: bool
    referrer: str | None = None
    begin: date | None = None
    begin_known: date = date.min
    intended: date | None = None
    lapse: date | None = None
    lapse_reason: str | None = None
    lapse_known: date = date.min
    rejected: date | None = None
    rejected_known: date = date.min
    deliveries: list[Delivery] = field(default_factory=list)
    renews: bool = False
    episode: str = ""

    def comes(self, horizon: date) -> date | None:
        """The first day of care; without it the day until which it surely did not begin."""
        if self.deliveries:
            return min(d.start for d in self.deliveries)
        if self.intended is None:
            return None
        return max(self.intended, min(horizon, self.lapse or self.rejected or horizon))


def product_of(event: Event) -> Row:
    return tuple(event[n] for n in ("municipality", "provider", "child", "category", "code"))


def that_hold(events: Iterable[Event], names: tuple[str, ...]) -> dict[Key, list[Event]]:
    """The facts sent more often than they were withdrawn, with the events that sent them."""
    count: Counter[Row] = Counter()
    sent: dict[Row, list[Event]] = {}
    for event in events:
        key = tuple(event[name] for name in names)
        count[key] += -1 if event["status"] == "3" else 1
        if event["status"] != "3":
            sent.setdefault(key, []).append(event)
    return {key: sent[key] for key, number in count.items() if number > 0}


DELIVERY = ("municipality", "provider", "child", "allocation", "category", "code", "from_day")


def deliveries_of(events: list[Event]) -> list[Delivery]:
    """Run through the starts of one line; see what its stops did to each."""
    starts = that_hold([e for e in events if e["kind"] == "started"], DELIVERY)
    stops = that_hold(
        [e for e in events if e["kind"] == "stopped"], (*DELIVERY, "reason", "last_day")
    )
    found = []
    for key, sent in starts.items():
        known = max(e["known"] for e in sent)
        one = Delivery(product_of(sent[0]), sent[0]["form"], key[-1], known, key, known=known)
        mine = sorted(
            (max(e["known"] for e in told), stop[-1], stop[-2])
            for stop, told in stops.items()
            if stop[: len(DELIVERY)] == key
        )
        pauses = [s for s in mine if s[2] == "20"]
        ends = [s for s in mine if s[2] != "20"]
        for stop_known, last, reason in pauses[:1] + ends[:1]:
            one.end = one.end or last + DAY
            one.reason = reason
            one.known = max(one.known, stop_known)
        found.append(one)
    return found


def place(event: Event) -> Key:
    return (event["municipality"], event["provider"], event["child"])


def request_name(event: Event) -> Key:
    return (event["municipality"], event["provider"], event["reference"])


def by_day(event: Event) -> Key:
    return (event["about"], event["known"], event["event"])


def by_decision(event: Event) -> Key:
    return (event["decided"], event["known"], event["event"])


def allocation_line(mine: list[Event], label: str, requests: dict[Key, Event]) -> Line | None:
    """Tell the story of one allocation from all that was told about it; None where it is no more.

    Takes the request that it honours out of ``requests``' open ones by marking it.
    """
    versions = sorted((e for e in mine if e["kind"] == "allocated"), key=by_decision)
    care = deliveries_of(mine)
    if not versions:
        if not care:
            return None
        first = min(care, key=lambda d: (d.start, d.start_known, label_of(d)))
        return Line(label, first.product, mine[0]["child"], first.form, True, deliveries=care)
    now = next(e for e in versions if e["decided"] == versions[-1]["decided"])
    if now["reason"] == "13" or (now["reason"] == "01" and now["from_day"] == now["last_day"]):
        return None
    line = Line(label, product_of(now), now["child"], now["form"], True, deliveries=care)
    line.begin = min(e["about"] for e in versions)
    line.begin_known = min(e["known"] for e in versions)
    line.intended = now["from_day"]
    line.lapse = now["last_day"] and now["last_day"] + DAY
    line.lapse_reason, line.lapse_known = now["reason"], now["known"]
    referring = [version for version in versions if version["reference"] is not None]
    request = requests.get(request_name(referring[0])) if referring else None
    if request is not None and request["child"] == now["child"]:
        request["honoured"] = True
        line.begin = request["about"]
        line.begin_known = max(line.begin_known, request["known"])
        line.referrer = request["referrer"]
        line.form = line.form or request["form"]
    return line


def request_line(request: Event, answers: list[Event]) -> Line:
    """Tell the story of a request that no allocation honours."""
    label = "/".join(["R", *request_name(request)])
    line = Line(label, product_of(request), request["child"], request["form"], True)
    line.referrer, line.begin = request["referrer"], request["about"]
    line.begin_known, line.intended = request["known"], request["from_day"]
    mine = [e for e in answers if request_name(e) == request_name(request)]
    rejections = [by_day(e) for e in mine if e["reason"].split("/")[0] == "1"]
    if rejections:
        line.rejected, line.rejected_known, _ = min(rejections)
    return line


def lines_of(events: list[Event]) -> list[Line]:
    """Tell the story of every allocation, request and delivery without allocation in turn."""
    requests: dict[Key, Event] = {}
    for e in sorted((e for e in events if e["kind"] == "requested"), key=by_day):
        requests.setdefault(request_name(e), dict(e))
    stories: dict[Key, list[Event]] = {}
    loose = []
    for e in events:
        if e["kind"] in {"allocated", "started", "stopped"}:
            if e["allocation"] is None:
                loose.append(e)
            else:
                stories.setdefault((*place(e), e["allocation"]), []).append(e)
    found = [
        allocation_line(mine, "/".join(["A", *map(str, where)]), requests)
        for where, mine in stories.items()
    ]
    lines = [line for line in found if line is not None]
    answers = [e for e in events if e["kind"] == "answered"]
    lines += [request_line(r, answers) for r in requests.values() if "honoured" not in r]
    for one in deliveries_of(loose):
        municipality, provider, child, *what = one.product
        parts = ["T", municipality, provider, child, str(one.start), *(p or "" for p in what)]
        lines.append(Line("/".join(parts), one.product, child, one.form, False, deliveries=[one]))
    return lines


def label_of(delivery: Delivery) -> tuple[str, ...]:
    return (delivery.key[4] or "", str(delivery.start), delivery.key[5] or "")


def replace(lines: list[Line], gap: int) -> None:
    """Let an allocation that follows on one without care take over its wait."""
    given = [line for line in lines if line.label[0] == "A" and line.intended is not None]
    for product in {line.product for line in given}:
        mine = [line for line in given if line.product == product]
        mine.sort(key=lambda one: (one.intended, one.label))
        for old, new in itertools.pairwise(mine):
            assert old.begin is not None
            assert new.begin is not None
            assert new.intended is not None
            if old.deliveries or old.lapse is None or old.lapse_reason in WAIT_EXITS:
                continue
            if old.lapse <= new.intended <= old.lapse + gap * DAY:
                new.begin = min(old.begin, new.begin)
                new.begin_known = max(old.begin_known, new.begin_known)
                new.referrer = new.referrer or old.referrer
                lines.remove(old)


def bundle(lines: list[Line], gap: int, horizon: date) -> None:
    """Walk through the lines of a product in time; each renews what came before it, or does not."""
    care = [(line, d) for line in lines for d in line.deliveries]
    for product in {line.product for line in lines}:
        episode = ""
        mine = [line for line in lines if line.product == product and line.comes(horizon)]
        for line in sorted(mine, key=lambda one: (one.comes(horizon), one.label)):
            comes = line.comes(horizon)
            assert comes is not None
            before = [
                (d.start, other.label, label_of(d), d.end, d.reason)
                for other, d in care
                if other is not line and d.product == product and d.start < comes
            ]
            paused = not line.allocated and max(before, default=(None,))[-1] == "20"
            ends = [end for _, _, _, end, _ in before]
            near = [end for end in ends if end is None or comes <= end + gap * DAY]
            line.renews = bool(near) or paused
            episode = episode if line.renews else line.label
            line.episode = episode


def wait_of(line: Line, horizon: date) -> Row:
    """First day, end, exit and day known of the wait of a line that renews nothing."""
    assert line.begin is not None
    begin, known = line.begin, line.begin_known
    if line.deliveries:
        first = min(line.deliveries, key=lambda d: (d.start, d.start_known))
        return begin, first.start, "served", max(known, first.start_known)
    if line.rejected is not None:
        return begin, max(begin, line.rejected), "rejected", max(known, line.rejected_known)
    if line.lapse is not None and line.lapse <= horizon:
        why = WAIT_EXITS.get(line.lapse_reason or "", "lapsed")
        return begin, max(begin, line.lapse), why, max(known, line.lapse_known, line.lapse)
    return begin, None, None, known


def oracle(events: list[Event], gap: int = 14) -> list[Row]:
    """Every spell, as in COMPARED; episodes as labels."""
    refused = {e["answers"] for e in events if e["kind"] == "returned" and e["reason"]}
    events = [e for e in events if e["message"] not in refused]
    horizon = max((e["about"] for e in events), default=date.min)
    lines = lines_of(events)
    replace(lines, gap)
    bundle(lines, gap, horizon)
    found: list[tuple[Line, str, str | None, Row]] = []
    for line in lines:
        for d in line.deliveries:
            exit_ = CARE_EXITS[d.reason] if d.reason else None
            found.append((line, "care", d.form or line.form, (d.start, d.end, exit_, d.known)))
        if not line.renews and line.begin is not None:
            found.append((line, "wait", line.form, wait_of(line, horizon)))
    return [
        (
            *(line.child, line.episode, f"{kind}-{SLUGS[form]}", *days_),
            *(line.referrer, region_of(line.product[0], on=days_[0])),
        )
        for line, kind, form, days_ in found
        if form is not None
    ]
