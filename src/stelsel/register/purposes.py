"""Other pseudonyms for what leaves a register: a set of their own for every purpose.

What leaves for a purpose cannot be joined with the register, nor with what left for another
purpose, by who has not the key of the register.
"""

from __future__ import annotations

from stelsel.register.key import Pseudonyms
from stelsel.register.register import Register


def for_purpose(register: Register, purpose: str) -> Pseudonyms:
    """Give what makes the pseudonyms of a purpose; the same each time.

    Its key is made of two keyed digests. What they are digests of begins with a character that no
    message can hold, so that no text of a message ever gets one of them as its pseudonym.

    Parameters
    ----------
    register
        The register; its key is needed.
    purpose
        Name of the purpose.

    Raises
    ------
    StelselError
        When the key is missing, readable by others, or not the key of this register.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     register = Register.create(Path(folder) / "register")
    ...     one, other = for_purpose(register, "one"), for_purpose(register, "other")
    ...     again = for_purpose(Register.open(register.folder), "one")
    >>> one("a") == again("a"), one("a") == other("a")
    (True, False)
    """
    halves = register.pseudonyms_of(f"\0{purpose}\0{half}" for half in (1, 2))
    return Pseudonyms(bytes.fromhex("".join(halves)))
