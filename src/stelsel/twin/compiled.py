"""How the functions of the loop are compiled: the same way for the kernel and its parts."""

from __future__ import annotations

from numba import njit

compiled = njit(cache=True, _nrt=False, error_model="numpy")  # type: ignore[call-overload]
"""Without Numba's reference counting, which cost more than the work itself: compiled code may then
not allocate, so all memory comes from the Python that sets it aside."""
small = njit(  # type: ignore[call-overload]
    cache=True, _nrt=False, error_model="numpy"
)
"""The same for functions so small, or called from so few places, that they belong in their
caller: the network is many arrays, and handing them over takes time."""
