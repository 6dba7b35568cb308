"""The loop: one compiled pass over days through a network of services with waiting lists.

It knows no youth care: regions, services and classes are numbers. A day goes in a fixed order, so
that no place stands empty for a day (``docs/explanation/the-twin.md`` says why that matters):

1. on a week's first day families and staff move on; then what providers do: stop admitting, fall,
   admit again;
2. what is due today: stays end and free their place, terms are renewed; who moves on joins the
   next waiting list;
3. who leaves the wait today leaves the list;
4. new requests arrive, then who comes back;
5. once a week, who waits too long is handed to a provider with room;
6. every station admits while it has a free place: lower class first, then who came first;
7. on a week's last day stocks are counted.
"""

from stelsel.twin.compiled import compiled
from stelsel.twin.kernel.loop import simulate

__all__ = ["compiled", "simulate"]
