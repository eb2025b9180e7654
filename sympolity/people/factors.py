"""The second factor: how its secrets are kept, what a code proves, how it is shown to an app.

Codes by time are those of RFC 6238 (six digits, 30 seconds, SHA-1: what every app speaks).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import segno
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import pgettext_lazy

from sympolity.kit import clock
from sympolity.people.models import Person

__all__ = ["STEP", "Adapter", "Picture", "code_at", "current_code", "new_secret", "now_step", "picture", "proving_step", "sealed", "spelled", "step_of"]  # fmt: skip

STEP = 30  # seconds
_DRIFT = 1  # steps that a telephone's clock may be wrong, either way
_EXAMPLE_STEPS = 20  # persons of the demo read their code in a mail: it counts as long as the code that signs in
_QUIET = 4  # modules of white around a QR code (ISO/IEC 18004)
_SECRET = re.compile(r"[A-Z2-7]{32}")


class Picture(NamedTuple):
    """A square drawing: the length of its side, and the path of what is dark."""

    side: str
    path: str


@lru_cache(maxsize=2)
def _box(key: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"sympolity second factor").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


class Adapter(DefaultMFAAdapter):
    """What allauth asks of us about second factors. Secrets are kept under a key made from SECRET_KEY."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": pgettext_lazy("second factor", "This did not work. Try again."),
    }

    def encrypt(self, text: str) -> str:
        return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; raises InvalidToken when it was sealed under another SECRET_KEY."""
        return _box(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return "Sympolity"

    def _get_site_name(self) -> str:
        return "Sympolity"


def new_secret() -> str:
    """160 random bits in base 32."""
    return str(generate_totp_secret())


def sealed(secret: str) -> str:
    """A secret as it is kept."""
    return str(Adapter().encrypt(secret))


def spelled(secret: str) -> str:
    """A secret in groups of four, for whoever types it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def picture(person: Person, secret: str) -> Picture:
    """The QR code for an app, drawn in the page itself: no address holds the secret."""
    rows = segno.make_qr(Adapter().build_totp_url(person, secret), error="m").matrix
    dark = [f"M{x + _QUIET} {y + _QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, bit in enumerate(row) if bit]
    return Picture(str(len(rows) + 2 * _QUIET), "".join(dark))


def code_at(secret: str, step: int) -> str:
    """The code of a span of :data:`STEP` seconds."""
    return str(format_hotp_value(hotp_value(secret, step)))


def now_step() -> int:
    """The number of the present span."""
    return int(clock.now().timestamp()) // STEP


def current_code(authenticator: Authenticator) -> str:
    """The code that counts now; "" when the secret cannot be read."""
    secret = _opened(authenticator)
    return code_at(secret, now_step()) if secret else ""


def proving_step(secret: str, code: str, *, after: int = 0, slack: int = _DRIFT) -> int | None:
    """The span whose code this is, later than ``after`` (a code counts once); None when it is no code of now."""
    if not _SECRET.fullmatch(secret):
        return None
    steps = (step for step in _steps(slack) if step > after)
    return next((step for step in steps if compare_user_code(actual=code, expected=code_at(secret, step))), None)


def step_of(authenticator: Authenticator, code: str) -> int | None:
    """The span that ``code`` proves with this authenticator; None when it does not."""
    example = bool(authenticator.data.get("example"))
    slack = _EXAMPLE_STEPS if example else _DRIFT
    # Nobody can read the mail of an example twice in a second: theirs may be used again.
    after = 0 if example else int(authenticator.data.get("last", 0))
    return proving_step(_opened(authenticator), code, after=after, slack=slack)


def _steps(slack: int) -> Iterator[int]:
    """The present first."""
    now = now_step()
    yield now
    for far in range(1, slack + 1):
        yield from (now - far, now + far) if far <= _DRIFT else (now - far,)


def _opened(authenticator: Authenticator) -> str:
    try:
        return str(Adapter().decrypt(authenticator.data["secret"]))
    except (InvalidToken, KeyError):  # sealed under a SECRET_KEY that is gone: nothing proves it any more
        return ""
