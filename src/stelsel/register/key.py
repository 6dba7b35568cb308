"""The key of the pseudonyms: kept outside the register, readable by its owner alone.

A pseudonym is a keyed digest (HMAC-SHA256) of the citizen service number. Who has the key can
find out which pseudonym a number has, so the key is not in the folder of the register and is
needed only to take messages in, not to read what is there.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from pathlib import Path

from stelsel.errors import StelselError

VARIABLE = "STELSEL_KEY_FILE"
"""Environment variable with the path of the key."""
BYTES = 32
DIGEST_BYTES = 16
BLOCK_BYTES = 64
"""What SHA-256 digests at a time."""
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_RULE = "pseudonyms need a key outside the register that only its owner can read"
_RULE_NL = "pseudoniemen vragen een sleutel buiten het register die alleen de eigenaar kan lezen"
_PUT_BACK = f"Put the key back from where it is kept safe, or name its place in {VARIABLE}."
_PUT_BACK_NL = (
    f"Zet de sleutel terug van waar hij veilig wordt bewaard, of noem in {VARIABLE} waar hij ligt."
)


class Pseudonyms:
    """Turns texts into keyed digests, the same text always into the same.

    Parameters
    ----------
    key
        The secret.

    Examples
    --------
    >>> first, other = Pseudonyms(b"a" * 32), Pseudonyms(b"b" * 32)
    >>> first("999900006") == first("999900006"), first("999900006") == other("999900006")
    (True, False)
    >>> len(first("999900006"))
    32
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        # HMAC as RFC 2104 defines it. Both halves begin with the key, which is digested here once:
        # that takes a third of the time of hmac.digest, and nearly every message asks for three.
        block = hashlib.sha256(key).digest() if len(key) > BLOCK_BYTES else key
        block = block.ljust(BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(block.translate(_INNER))
        self._outer = hashlib.sha256(block.translate(_OUTER))

    def __call__(self, text: str) -> str:
        """Give the digest of a text, as hexadecimal digits."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.hexdigest()[: 2 * DIGEST_BYTES]

    def __reduce__(self) -> tuple[type[Pseudonyms], tuple[bytes]]:
        """Go to another process as the key alone: what was digested cannot be sent."""
        return type(self), (self._key,)

    @property
    def check(self) -> str:
        """What a register keeps to tell whether this is its key; tells nothing of the key."""
        return self("the key of this register")


def key_file(register: Path) -> Path:
    """Give the place of the key of a register: named by the environment, else beside its folder.

    Raises
    ------
    StelselError
        When that place is inside the register.

    Examples
    --------
    >>> key_file(Path("data/register")).name
    'register.key'
    """
    named = os.environ.get(VARIABLE)
    folder = register.resolve()
    place = Path(named).resolve() if named else folder.with_name(folder.name + ".key")
    if place.is_relative_to(folder):
        raise StelselError(
            "The key lies inside the register.",
            where=VARIABLE,
            rule=_RULE,
            remedy="Name a place outside the folder of the register.",
            what_nl="De sleutel ligt in het register.",
            rule_nl=_RULE_NL,
            remedy_nl="Noem een plaats buiten de map van het register.",
        )
    return place


def make_key(place: Path) -> Pseudonyms:
    """Make a new key at a place, or take the one that is there.

    Raises
    ------
    StelselError
        When a key is there and cannot be used (see :func:`read_key`).
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_key(place)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(BYTES) + "\n")
    return read_key(place)


def read_key(place: Path) -> Pseudonyms:
    """Read the key.

    Raises
    ------
    StelselError
        When it is missing, readable by others, or no key.
    """
    refuse_open_key(place)
    try:
        text = place.read_text("ascii")
    except FileNotFoundError:
        raise StelselError(
            "The key of the register is missing.",
            where=str(place),
            rule=_RULE,
            remedy=f"{_PUT_BACK} Without it no messages can be added; without a copy begin a new "
            "register and take all messages in again.",
            what_nl="De sleutel van het register ontbreekt.",
            rule_nl=_RULE_NL,
            remedy_nl=f"{_PUT_BACK_NL} Zonder sleutel kunnen er geen berichten bij; is er geen "
            "kopie, begin dan een nieuw register en neem alle berichten opnieuw op.",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise StelselError(
            f"The key of the register cannot be read ({type(error).__name__}).",
            where=str(place),
            rule=_RULE,
            remedy="Run the command as the owner of the key.",
            what_nl=f"De sleutel van het register is niet te lezen ({type(error).__name__}).",
            rule_nl=_RULE_NL,
            remedy_nl="Voer de opdracht uit als eigenaar van de sleutel.",
        ) from error
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) < BYTES:
        raise StelselError(
            "The file holds no key.",
            where=str(place),
            rule=f"a key is {2 * BYTES} hexadecimal digits",
            remedy=_PUT_BACK,
            what_nl="Het bestand bevat geen sleutel.",
            rule_nl=f"een sleutel is {2 * BYTES} hexadecimale cijfers",
            remedy_nl=_PUT_BACK_NL,
        )
    return Pseudonyms(key)


def refuse_open_key(place: Path) -> None:
    """Say so when others than its owner can read the key; a missing key is not open.

    Raises
    ------
    StelselError
        When group or others have any right to it.
    """
    if place.exists() and place.stat().st_mode & _OTHERS:
        raise StelselError(
            "The key of the register can be read by others than its owner.",
            where=str(place),
            rule=_RULE,
            remedy=f"Take the rights of others away: chmod 600 {place.name}",
            what_nl="Anderen dan de eigenaar kunnen de sleutel van het register lezen.",
            rule_nl=_RULE_NL,
            remedy_nl=f"Neem de rechten van anderen weg: chmod 600 {place.name}",
        )
