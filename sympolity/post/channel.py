"""The channel of mails: hands messages to the mail server, and says which failures pass and which stay.

An answer of 4xx passes. One of 5xx to the recipient stays, and is noted at the recipient; one of 5xx to the words
stays too. One to the sender, to the password or to the greeting concerns every mail: the server is *away* for us.

What happens when the connection breaks after the words were sent and before they were acknowledged, nobody knows. The
mail goes out again with the same Message-ID: one too many is better than a confirmation that nobody was asked for.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.core import mail

from sympolity.kit.bidi import clean_line
from sympolity.post import actions
from sympolity.post.cleaning import is_reserved
from sympolity.post.mailing import mail_of
from sympolity.post.models import Message, Recipient
from sympolity.trail.couriers import Away, Carry, Channel, Later, Never
from sympolity.trail.models import Delivery

__all__ = ["MAIL"]

_OUR_FAULT = ("5.7.", "4.7.")  # RFC 3463: policy and security, not the address


@contextmanager
def _open() -> Iterator[Carry]:
    connection = mail.get_connection()
    _connect(connection)
    try:
        yield lambda row: _carry(connection, row)
    finally:
        _drop(connection)


def _connect(connection: Any) -> None:
    try:
        connection.open()
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        _drop(connection)
        raise Away(_said(error)) from error


def _drop(connection: Any) -> None:
    with suppress(smtplib.SMTPException, OSError):
        connection.close()


def _carry(connection: Any, row: Delivery) -> str:
    message = Message.objects.select_related("recipient").filter(id=row.noun_id).first()
    if message is None:
        return "the message was erased"
    if settings.SMTP and is_reserved(message.recipient.address):
        return "nobody can have this address"
    whole = mail_of(message, row.key)
    _connect(connection)
    try:
        connection.send_messages([whole])
    except (smtplib.SMTPException, OSError) as error:
        _failed(connection, error, message.recipient)
    if message.recipient.refused_at is not None:
        actions.note_reached(recipient=message.recipient)
    return ""


def _failed(connection: Any, error: Exception, recipient: Recipient) -> None:
    """Raises what the courier understands."""
    said = _said(error)
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, _ = next(iter(error.recipients.values()), (0, b""))
            if 500 <= code < 600:
                if not any(mark in said for mark in _OUR_FAULT):
                    actions.note_refused(recipient=recipient, words=said)
                raise Never("address_refused", said) from error
            raise Later("later", said) from error
        case smtplib.SMTPSenderRefused() if 500 <= error.smtp_code < 600:
            raise Away(said) from error
        case smtplib.SMTPDataError() if 500 <= error.smtp_code < 600:
            raise Never("words_refused", said) from error
        case smtplib.SMTPNotSupportedError():
            raise Never("not_supported", said) from error
        case smtplib.SMTPResponseException():
            raise Later("later", said) from error
    _drop(connection)
    raise Later("broken_off", said) from error


def _said(error: Exception) -> str:
    """The words of the mail server, or the name of what went wrong."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return "; ".join(_words(code, words) for code, words in error.recipients.values())
        case smtplib.SMTPResponseException():
            return _words(error.smtp_code, error.smtp_error)
    return clean_line(f"{type(error).__name__} {error}", 300)


def _words(code: int, words: bytes | str) -> str:
    plain = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return clean_line(f"{code} {plain}", 300)


MAIL = Channel("mail", _open)
