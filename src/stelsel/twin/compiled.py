"""How the functions of the loop are compiled: one decorator, for the kernel and its parts."""

from __future__ import annotations

from numba import njit

compiled = njit(cache=True, _nrt=False)  # type: ignore[call-overload]
"""Without Numba's reference counting, which cost more than the work itself: compiled code may then
not allocate, so all memory comes from the Python that sets it aside."""
