"""Who is told by mail that a report has come. A mail says that something waits at the desk: never what, never of whom.

Mails lie open on telephones and are forwarded. That of a report of conduct goes only to those who may read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, pgettext

from sympolity.directory.models import Report
from sympolity.directory.queries import line_of
from sympolity.directory.reports.queries import readers_guarding
from sympolity.directory.truth.contacts import contacts
from sympolity.kit import clock
from sympolity.people.models import Person
from sympolity.post import kinds
from sympolity.post.actions import Outgoing, send
from sympolity.post.letters import Button, Letter
from sympolity.trail.journal import Journal

__all__ = ["KIND", "register_all", "tell_of"]

KIND = "report"  # of both: the trail keeps the kind of a message, and must not tell them apart


def tell_of(t: Journal, report: Report) -> None:
    """Write the mails, in the action that writes the report.

    Of facts one a day to the first contact of whoever runs the service; of conduct one an hour to each reader.
    """
    send(t, list(_to_guards(report) if report.conduct else _to_owner(report)))


def _to_owner(report: Report) -> Iterable[Outgoing]:
    organization = report.service.organization
    for contact in contacts([organization])[organization.id][:1]:
        key = f"report:{organization.id}:{clock.local_today()}"
        yield Outgoing(kind=KIND, to=contact.address, lang=contact.language, key=key)


def _to_guards(report: Report) -> Iterable[Outgoing]:
    hour = clock.now().strftime("%Y%m%d%H")
    ids = [guard.person for guard in readers_guarding(report.organization_id, line_of(report.area))]
    for person in Person.objects.filter(id__in=ids).order_by("id"):
        key = f"safeguarding:{person.id}:{hour}"
        yield Outgoing(kind=KIND, to=person.email, lang=person.language, facts={"conduct": True}, key=key)


def _composed(facts: Mapping[str, Any]) -> Letter:
    return _of_conduct() if facts.get("conduct") else _of_fact()


def _of_fact() -> Letter:
    return Letter(
        pgettext("mail about a report", "A visitor says that something is wrong on your page"),
        (
            pgettext("mail about a report", "Please look, correct it or answer. Whoever wrote it reads your answer; nobody knows who they are."),
            Button(pgettext("mail about a report", "Look at the reports"), f"/{get_language()}/desk/reports/"),
            pgettext("mail about a report", "When several people say the same, the page of the service says that it is being checked, until you answer."),
        ),
    )  # fmt: skip


def _of_conduct() -> Letter:
    return Letter(
        pgettext("mail about a report", "Something waits for you"),
        (
            pgettext("mail about a report", "Please sign in and look. This mail says nothing more, on purpose."),
            Button(pgettext("mail about a report", "Open"), f"/{get_language()}/desk/safeguarding/"),
        ),
    )


def register_all() -> None:
    """Register the kind of mail (called when Django is ready)."""
    kinds.register(_KIND)


_KIND = kinds.Kind(KIND, _composed, asks=True)
