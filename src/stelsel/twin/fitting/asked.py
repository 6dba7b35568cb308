"""Who asks: requests from outside, who sends them, what the team solves, and who comes back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from stelsel.system import priorities, referrers
from stelsel.twin.country.baseline import TEAM
from stelsel.twin.fitting.estimate import LEAST, Estimate, Numbers, carried, share
from stelsel.twin.fitting.happened import MOVED_ON, Happened, Window
from stelsel.twin.fitting.visits import NOBODY, STILL, Days, Visits, numbers
from stelsel.twin.plans.plan import Plan
from stelsel.twin.services import services
from stelsel.twin.world.durations import Duration
from stelsel.twin.world.rules import return_after, returning
from stelsel.twin.world.senders import INSTITUTION

UNIT = "requests a year"
_RETURN = "return["
YEAR = 365.25
RESUMED = 183.0
"""Who reached the age limit may come back within half a year (Jeugdwet art. 1.1)."""


class Asked:
    """What a window tells of requests, and what a plan says of what it does not tell."""

    def __init__(self, visits: Visits, happened: Happened, window: Window) -> None:
        self.visits, self.happened, self.window = visits, happened, window
        plan = window.plan
        self.team = numbers()[TEAM]
        self.wanted = [
            k
            for k, one in enumerate(services())
            if one.form and one.slug != TEAM and f"demand[{one.slug}]" in plan.parameters
        ]
        self.told = [r.slug for r in referrers() if r.slug not in ("municipality", "none")]
        self.free = window.value("referrer[none]")
        self.crisis = np.array([window.value(f"crisis[{services()[k].slug}]") for k in self.wanted])
        self.institution = [r.slug for r in referrers()].index(INSTITUTION)
        self.oftener = returning(plan)
        self.before = {k: self._leavers(k) for k in range(len(services()))}
        self.found_back = self.returns()
        self.back = {name: p.value for name, p in plan.parameters.items() if _RETURN in name}
        self.back |= {one.name: one.value for one in self.found_back}
        self.outside = happened.first + np.where(self._left_before(), 0.0, happened.alone)
        self._asked_anew()
        new = np.flatnonzero((self.outside > 0) & window.holds(visits.begun))
        sent, part = visits.referrer[new], self.outside[new]
        order = [NOBODY, *(n for n, r in enumerate(referrers()) if r.slug in self.told)]
        self.counts = np.array(
            [
                [part[(visits.service[new] == k) & (sent == n)].sum() for n in order]
                for k in self.wanted
            ]
        )
        self.own = float(part[visits.service[new] == self.team].sum())
        self.others = {
            k: float(part[visits.service[new] == k].sum())
            for k, one in enumerate(services())
            if not one.form and f"demand[{one.slug}]" in plan.parameters
        }
        self.from_before = np.zeros(len(self.wanted))

    def values(self, flat: Numbers) -> Numbers:
        """Give requests by form, shares of referrers told, that of the municipality, and solved.

        The municipality sends a crisis straight on, and of the others it solves a share, which
        are then with the team. So of all that nobody is told to have sent, each form has had more
        than are seen of it, as many in all as the team has of them.
        """
        counts, own = flat[:-1].reshape(self.counts.shape), flat[-1]
        quiet, told = counts[:, 0], counts[:, 1:].sum(axis=1)
        solved = 0.4
        whole = quiet
        for _ in range(60):
            total = whole.sum() + told.sum()
            town = max(whole.sum() / max(total, 1.0) - self.free, 1e-9)
            of_town = town / (town + self.free)
            whole = quiet / (1 - solved * (1 - self.crisis) * of_town)
            asked = float((whole * (1 - self.crisis)).sum() * of_town)
            solved = min(own / max(asked, 1e-9), 0.999)
        shares = counts[:, 1:].sum(axis=0) / max(total, 1.0)
        return np.concatenate([whole + told, shares, [town, solved]])

    def estimates(self, weight: float, returned: Mapping[str, float]) -> list[Estimate]:
        """Estimate all of it; a plan keeps numbers of the country, of which a region has a part."""
        flat = np.append(self.counts.ravel(), self.own)
        values, errors = carried(self.values, flat)
        of_year = 1 / self.window.years / weight
        made = []
        for n, k in enumerate(self.wanted):
            slug = services()[k].slug
            back = self._unseen(k, returned.get(slug, 0.0))
            made.append(
                Estimate(
                    f"demand[{slug}]",
                    (values[n] - back) * of_year,
                    errors[n] * of_year,
                    int(self.counts[n].sum()),
                    UNIT,
                )
            )
        names = [*(f"referrer[{slug}]" for slug in self.told), "referrer[municipality]"]
        seen = [*self.counts[:, 1:].sum(axis=0).tolist(), self.counts[:, 0].sum() + self.own]
        names.append("access.solved")
        seen.append(self.own)
        at = len(self.wanted)
        for name, value, error, count in zip(
            names, values[at:].tolist(), errors[at:].tolist(), seen, strict=True
        ):
            made.append(Estimate(name, value, error, int(count), "share"))
        for k, count in self.others.items():
            name = f"demand[{services()[k].slug}]"
            count -= self._unseen(k, returned.get(services()[k].slug, 0.0))  # noqa: PLW2901
            made.append(
                Estimate(
                    name,
                    count * of_year,
                    float(np.sqrt(max(count, 1.0))) * of_year,
                    int(count),
                    UNIT,
                )
            )
        made += self._classes(values[: len(self.wanted)])
        return [one for one in made if one.seen >= LEAST]

    def _classes(self, requests: Numbers) -> list[Estimate]:
        """Estimate crises and the complex, where files tell the class of who came.

        A crisis is a share of all requests, those that the team solves among them; who is complex
        of those who are neither a crisis nor protected.
        """
        v, made = self.visits, []
        crisis, protection, complex_, _ = (one.id for one in priorities())
        first = self.happened.first
        new = np.flatnonzero((self.outside > 0) & self.window.holds(v.begun))
        for n, k in enumerate(self.wanted):
            slug = services()[k].slug
            mine = new[v.service[new] == k]
            sure = mine[(first[mine] > 0) & (v.priority[mine] != "")]
            if len(sure) < LEAST:
                continue
            part, known = first[sure], v.priority[sure]
            of = requests[n] * part.sum() / float(self.outside[mine].sum())
            rest = (known != crisis) & (known != protection)
            made.append(share(f"crisis[{slug}]", part[known == crisis].sum(), of))
            count = part[known == complex_].sum()
            made.append(share(f"complex[{slug}]", count, part[rest].sum()))
        return made

    def _leavers(self, k: int) -> Days:
        """Give the stays of who left a service for good, since the register began."""
        v, service = self.visits, services()[k]
        if f"return[{service.slug}]" not in self.window.plan.parameters:
            return np.zeros(0, np.int64)
        rows = np.flatnonzero((v.service == k) & v.served & (v.ended != STILL))
        rows = rows[~self.happened.of_age(rows, self.window.limits(service.slug))]
        ways = ("transfer", "broke-down")
        gone = [
            n
            for n in rows.tolist()
            if v.exit[n] != MOVED_ON
            and not any(how in ways for how, _, _ in self.happened.brought.get(n, []))
        ]
        return np.array(gone, np.int64)

    def _left_before(self) -> npt.NDArray[np.bool_]:
        """Say whose child had left the service before, and so may come back to it.

        Who comes to the team may come back to any form of care: it asked for that, and was solved.
        """
        v = self.visits
        forms = [k for k, one in enumerate(services()) if one.form]
        found = np.zeros(len(v), np.bool_)
        for k in range(len(services())):
            of = forms if k == self.team else [k]
            gone = np.concatenate([self.before[m] for m in of])
            left = self._first_left(gone)
            rows = np.flatnonzero(v.service == k)
            found[rows] = v.begun[rows] > left[self._whose(rows)]
            if self._sends(k) < 1:
                # Whom the institution sent before, another may send when it comes back.
                sent = gone[v.referrer[gone] == self.institution]
                since = np.full(int(v.child.max(initial=-1)) + 1, STILL)
                np.minimum.at(since, v.child[sent], v.ended[sent])
                found[rows] |= v.begun[rows] > since[v.child[rows]]
        return found

    def _sends(self, k: int) -> float:
        """Give which share of whom the institution sent it sends again, in the window."""
        return self.window.value(f"institution.sends[{services()[k].slug}]", 1.0)

    def _asked_anew(self) -> None:
        """Tell apart whom the institution asks for anew, among who left and came again.

        It asks for children that it knows, who left before more often than not: what is more than
        come back by themselves, it asked for.
        """
        v, alone, window = self.visits, self.happened.alone, self.window
        own = (v.referrer == self.institution) & window.holds(v.begun)
        for k in self.wanted:
            gone = self.before[k]
            gone = gone[v.referrer[gone] == self.institution]
            again = np.flatnonzero((v.service == k) & own & (alone > 0))
            again = again[self.outside[again] < alone[again]]
            seen = float(alone[again].sum())
            if not len(gone) or not seen:
                continue
            slug = services()[k].slug
            back = self.back.get(f"return[{slug}]", 0.0) * self._expected(
                k, gone, 1.0, window.first
            )
            back *= self._sends(k)
            self.outside[again] += alone[again] * max(1 - back / seen, 0.0)

    def _whose(self, rows: Days) -> Days:
        """Give a number to child and sender: who comes back is sent by whom it was sent before."""
        v = self.visits
        return np.asarray(v.child[rows] * (len(referrers()) + 1) + v.referrer[rows] + 1)

    def _first_left(self, gone: Days) -> Days:
        """Give the first day on which each child left, of some stays; ``STILL`` if none did."""
        every = self._whose(np.arange(len(self.visits)))
        left = np.full(int(every.max(initial=-1)) + 1, STILL)
        np.minimum.at(left, self._whose(gone), self.visits.ended[gone])
        return left

    def _unseen(self, k: int, back: float) -> float:
        """Expect how many left before the register began and came back in the window."""
        gone = self.before[k]
        if not len(gone) or back <= 0:
            return 0.0
        ended = self.visits.ended
        began = int(ended[ended != STILL].min())
        a_day = len(gone) / max(self.window.last - began + 1, 1)
        days = np.arange(self.window.first, self.window.last + 1) - began
        return float(
            a_day
            * back
            * self._sent_back(k, gone).mean()
            * (1 - _back(self.window.plan).below(np.asarray(days + 0.5, np.float64))).sum()
        )

    def _sent_back(self, k: int, gone: Days, again: float = 1.0) -> Numbers:
        """Give how much oftener than others who left comes back, by who sent it.

        Of whom nobody tells who sent it the municipality sent some, and nobody the others;
        ``again`` is the part of the first whom the team does not solve when it comes back.
        """
        window, sent = self.window, self.visits.referrer[gone]
        found = self.oftener[k, sent + 1]
        if services()[k].form and k != self.team:
            slugs = [r.slug for r in referrers()]
            town, free = (self.oftener[k, slugs.index(s) + 1] for s in ("municipality", "none"))
            crisis = window.value(f"crisis[{services()[k].slug}]")
            stays = 1 - window.value("access.solved") * (1 - crisis)
            of_town = window.value("referrer[municipality]") * stays
            quiet = (of_town * again * town + self.free * free) / (of_town + self.free)
            found = np.where(sent == NOBODY, quiet, found)
        elif k == self.team:
            found = np.full(len(gone), self.oftener[k, -1])
        return np.asarray(found)

    def returns(self) -> list[Estimate]:
        """Estimate who comes back, among all who left since the register began.

        Who comes back asks for what it had, and may be solved by the team. Whom the institution
        sent is left out: it asks anew for children that it knows, which looks the same.
        """
        plan, v = self.window.plan, self.visits
        made = []
        solved = self.window.value("access.solved")
        for k, service in enumerate(services()):
            name = f"return[{service.slug}]"
            if name not in plan.parameters:
                continue
            gone = self.before[k]
            gone = gone[v.referrer[gone] != self.institution]
            if not len(gone):
                continue
            stays = 1 - solved * (1 - self.window.value(f"crisis[{service.slug}]"))
            expected = self._expected(k, gone, stays)
            count = self._came_back(k, gone)
            if count >= LEAST and expected > 0:
                solved_again = self._solved_again() if k == self.team else 0.0
                value = max(count - solved_again, 0.0) / expected
                error = np.sqrt(count) / expected
                made.append(Estimate(name, value, float(error), int(count), "share"))
        return made

    def _solved_again(self) -> float:
        """Expect how many left the team and, coming back to another form, are with the team again.

        They ask for what they had, and the team solves a share of what the municipality sends.
        """
        window, v = self.window, self.visits
        after = _back(window.plan)
        slugs = [r.slug for r in referrers()]
        town = slugs.index("municipality")
        left = np.full(int(v.child.max(initial=-1)) + 1, STILL)
        np.minimum.at(left, v.child[self.before[self.team]], v.ended[self.before[self.team]])
        found = 0.0
        for k in self.wanted:
            gone = self.before[k]
            gone = gone[(v.referrer[gone] == NOBODY) & (left[v.child[gone]] != STILL)]
            if not len(gone):
                continue
            slug = services()[k].slug
            by_team = window.value("access.solved") * (1 - window.value(f"crisis[{slug}]"))
            of_town = window.value("referrer[municipality]") * (1 - by_team)
            sent = of_town / (of_town + self.free) * self.oftener[k, town + 1]
            until = np.minimum(window.last - v.ended[gone], self._not_too_old(k, gone))
            since = np.maximum(left[v.child[gone]] - v.ended[gone], 0.0)
            chance = after.below(np.maximum(until, since)) - after.below(since.astype(float))
            found += by_team * sent * window.value(f"return[{slug}]") * float(chance.sum())
        return found

    def _expected(self, k: int, gone: Days, again: float = 1.0, since: int = 0) -> float:
        """Expect how many of who left come back from a day to the end, if all as usual did."""
        plan, v = self.window.plan, self.visits
        care = bool(services()[k].form)
        delay = plan.value("access.delay") * ((v.referrer[gone] == NOBODY) & care)
        still, after = self._not_too_old(k, gone), _back(plan)
        early, late = (
            after.below(np.maximum(np.minimum(day - v.ended[gone] - delay, still), 0.0))
            for day in (since, self.window.last)
        )
        return float((self._sent_back(k, gone, again) * (late - early)).sum())

    def _not_too_old(self, k: int, gone: Days) -> Numbers:
        """Give for how many days who left may come back: until an age, or for half a year."""
        v, limits = self.visits, self.window.limits(services()[k].slug)
        days = np.full(len(gone), np.inf)
        if limits:
            born, ended = v.born[gone], v.ended[gone]
            until = np.where(born == STILL, np.inf, born + limits[0][1] * YEAR - ended)
            days = np.maximum(until, RESUMED if services()[k].form else 0.0)
        return days

    def _came_back(self, k: int, gone: Days) -> float:
        """Count the visits of who left before, that nothing on the same day brought."""
        v, alone = self.visits, self.happened.alone
        rows = np.flatnonzero((v.service == k) & (alone > 0))
        rows = rows[v.begun[rows] > self._first_left(gone)[self._whose(rows)]]
        return float(alone[rows].sum())


def _back(plan: Plan) -> Duration:
    """Days until who comes back does so."""
    return Duration(return_after(plan).astype(float))
