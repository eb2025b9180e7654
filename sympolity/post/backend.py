"""Where mails go on a machine without a mail server: into the mailbox of this machine.

What is sent at once, past the outbox, may hold a sign-in code. To an example address it is kept, since the
demonstration needs it; to any other it is printed on the console of the server and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as Console

from sympolity.kit import clock
from sympolity.post.cleaning import is_reserved
from sympolity.post.mailing import OutboxMail
from sympolity.post.models import KeptMail

__all__ = ["LocalMailbox"]

_HEADS = ("Message-ID", "From", "To", "Date", "Content-Language", "List-Unsubscribe", "List-Unsubscribe-Post")


class LocalMailbox(BaseEmailBackend):
    """Keeps each Message-ID once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            address = parseaddr(mail.to[0])[1].lower() if mail.to else ""
            if isinstance(mail, OutboxMail) or is_reserved(address):
                _keep(mail, address)
            else:
                Console().send_messages([mail])
        return len(email_messages)


def _keep(mail: EmailMessage, address: str) -> None:
    whole = mail.message()
    heads = {name: str(whole[name]) for name in _HEADS if whole[name]}
    html = [str(body) for body, kind in getattr(mail, "alternatives", ()) if kind == "text/html"]
    KeptMail.objects.get_or_create(
        message_id=heads["Message-ID"],
        defaults={
            "address": address,
            "subject": str(mail.subject)[:300],
            "lang": heads.get("Content-Language", ""),
            "text": str(mail.body),
            "html": html[0] if html else "",
            "headers": heads,
            "at_once": not isinstance(mail, OutboxMail),
            "at": clock.now(),
        },
    )
