"""Stelsel sees, explains and foresees the Dutch youth-care system.

Floors, from the ground up (imports go down only):

``errors`` and ``tables`` (what a fault looks like, how a checked table is read);
``system`` (the map: stations, forms, regions, calendar, published figures);
``spells`` and ``events`` (the two schemas everything meets at) and ``disclosure`` (the door out);
``ijw`` (messages) and ``twin`` (simulation); ``register`` (events to spells, kept) and
``monitor`` (spells to indicators); ``cli`` and ``web``.
"""

__version__ = "0.4.0"
