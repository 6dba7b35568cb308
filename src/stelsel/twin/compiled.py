"""How the functions of the loop are compiled, and where what was compiled is kept.

Compiled code is kept between runs, since compiling takes half a minute. Numba looks only at the
file of a function to see whether it changed, not at the functions that it calls; so a newer version
could run on parts of an older one. The folder therefore bears a digest of all code of the twin that
is compiled, and of the named tuples and constants that such code is given.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numba
from numba import njit, types

_CODE = Path(__file__).parent
_KEPT = (_CODE / "__pycache__", Path.home() / ".cache" / "stelsel")
_NAME = "compiled-"
_config: Any = numba.config


_OF = (b"twin.compiled import", b"(NamedTuple)", b"njit")
"""What stands in a file that compiled code is made of. A file of constants that such code takes is
a layout, and has a tuple of its own."""


def digest_of(folder: Path) -> str:
    """Give a digest of the compiled code in a folder and below: of every name and every byte.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name:
    ...     folder = Path(name)
    ...     before = digest_of(folder)
    ...     _ = (folder / "page.py").write_text("TITLE = 7", "utf-8")
    ...     same = before == digest_of(folder)
    ...     _ = (folder / "loop.py").write_text("class Days(NamedTuple):", "utf-8")
    ...     same, before == digest_of(folder)
    (True, False)
    """
    found = blake2b(digest_size=8)
    for file in sorted(folder.rglob("*.py")):
        code = file.read_bytes()
        if any(word in code for word in _OF):
            found.update(f"{file.relative_to(folder).as_posix()}\0".encode())
            found.update(code)
    return found.hexdigest()


def _keep() -> None:
    """Choose the folder, and drop those of other versions."""
    asked = _config.CACHE_DIR  # set by NUMBA_CACHE_DIR: there then, apart by version all the same
    for kept in [Path(asked)] if asked else _KEPT:
        with suppress(OSError):  # code that was installed for all cannot be written beside
            chosen = kept / f"{_NAME}{digest_of(_CODE)}"
            chosen.mkdir(parents=True, exist_ok=True)
            for other in kept.glob(f"{_NAME}*"):
                if other != chosen:
                    shutil.rmtree(other, ignore_errors=True)
            _config.CACHE_DIR = str(chosen)
            return


if _NAME not in _config.CACHE_DIR:
    _keep()


def _widened(kind: Any) -> Any:
    """Give the widest kind of whole number for a whole number, else the kind itself."""
    kind = types.unliteral(kind)  # type: ignore[no-untyped-call]
    return types.int64 if isinstance(kind, types.Integer) and kind != types.uint64 else kind


def _compiled(**more: bool) -> Any:
    """Give a decorator that compiles a function, once for all widths of whole numbers.

    Numba would compile it anew for every width, and for every constant, that it is called with.
    Without Numba's reference counting, which cost more than the work itself: compiled code may then
    not allocate, so all memory comes from the Python that sets it aside.
    """
    options = {"cache": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}
    once: Any = partial(njit, **options, **more)

    def decorate(function: Any) -> Any:
        dispatcher = once()(function)
        of_kinds = dispatcher.get_call_template

        def get_call_template(args: Any, kws: Any) -> Any:
            return of_kinds(tuple(map(_widened, args)), kws)

        dispatcher.get_call_template = get_call_template
        return dispatcher

    return decorate


compiled: Any = _compiled()
"""Compiles a function that Python and compiled code call."""
inner: Any = _compiled(no_cpython_wrapper=True)
"""Compiles a function that only compiled code calls: the way in from Python, which takes as long to
compile as a small function, is left out."""
