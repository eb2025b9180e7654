"""Short codes that people tell each other: digits, readable aloud in every language.

A code is six digits and a check digit (eight and one where six were taken), shown in groups like a
phone number: "482 15 37". The check digit is Damm's: one wrong digit and two swapped neighbours are
always told as "not a code". Source: H. M. Damm, Total anti-symmetrische Quasigruppen (Marburg, 2004).
"""

from __future__ import annotations

import hashlib
import unicodedata
from uuid import UUID

__all__ = ["ATTEMPTS", "LENGTHS", "LONGEST", "check", "group", "make"]

ATTEMPTS = 9  # of one id: eight short codes, then a long one
LENGTHS = frozenset({7, 9})
LONGEST = max(LENGTHS)
_MOST = 60  # characters that are read of what somebody typed
_SEPARATORS = frozenset("-.·")

# Damm's quasigroup of order 10; the digit 0 on its diagonal makes the check simple.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def make(id: UUID, attempt: int = 0) -> str:
    """The code of ``id``: the same everywhere; the next ``attempt`` (0 to 8) is for when it is taken."""
    digits = 6 if attempt < ATTEMPTS - 1 else 8
    seed = hashlib.blake2s(id.bytes + bytes([attempt]), digest_size=8, person=b"code").digest()
    lowest = 10 ** (digits - 1)  # no zero in front: people leave it out
    number = str(lowest + int.from_bytes(seed) % (9 * lowest))
    return number + str(_damm(number))


def check(typed: str) -> str:
    """The bare code in what a person typed, in Latin, Arabic or Persian digits; "" when it is no code."""
    found: list[str] = []
    for char in typed.strip()[:_MOST]:
        digit = _digit(char)
        if digit is not None:
            found.append(str(digit))
        elif not _parts(char):
            return ""
    code = "".join(found)
    return code if len(code) in LENGTHS and code[0] != "0" and _damm(code) == 0 else ""


def group(code: str) -> str:
    """A code as it is shown and read aloud: "482 15 37", "482 153 704"."""
    cuts = (3, 6, 9) if len(code) == LONGEST else (3, 5, 7)
    return " ".join(code[start:end] for start, end in zip((0, *cuts), cuts, strict=False) if code[start:end])


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def _digit(char: str) -> int | None:
    """0 to 9 of the three rows of digits that keyboards here have; no superscripts, no other scripts."""
    known = "0" <= char <= "9" or "٠" <= char <= "٩" or "۰" <= char <= "۹"
    return unicodedata.digit(char) if known else None


def _parts(char: str) -> bool:
    """What people put between digits, and the invisible marks that come with copied text."""
    return char in _SEPARATORS or char.isspace() or unicodedata.category(char) in {"Pd", "Cf"}
