"""Words of the room: kinds and states. Labels go through gettext where pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from sympolity.kit.actor import Role


class OrganizationKind(TextChoices):
    MUNICIPALITY = "municipality", pgettext_lazy("organization kind", "Municipality")
    COORDINATION_CENTRE = "coordination_centre", pgettext_lazy("organization kind", "Coordination centre")
    NGO = "ngo", pgettext_lazy("organization kind", "Non-governmental organization")
    INTERNATIONAL = "international_organization", pgettext_lazy("organization kind", "International organization")
    STATE_BODY = "state_body", pgettext_lazy("organization kind", "State body")
    UNIVERSITY = "university", pgettext_lazy("organization kind", "University")
    COMPANY = "company", pgettext_lazy("organization kind", "Company")
    CITIZENS_GROUP = "citizens_group", pgettext_lazy("organization kind", "Citizens’ group")
    COMMUNITY = (
        "community_organization",
        pgettext_lazy("organization kind", "Community organization run by migrants and refugees"),
    )
    SUPPORTER = "individual_supporter", pgettext_lazy("organization kind", "Individual supporter")


class OrganizationState(TextChoices):
    PENDING = "pending"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class StatementState(TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class RequestState(TextChoices):
    """Of somebody who asks to join an organization."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class InvitationState(TextChoices):
    """Of an invitation. That it has expired is told by its date, not by a state."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


ROLE_WORDS: Mapping[Role, Any] = {
    Role.EDITOR: pgettext_lazy("role", "Editor of the organization"),
    Role.CURATOR: pgettext_lazy("role", "Curator"),
    Role.SAFEGUARDING: pgettext_lazy("role", "Contact for safeguarding"),
    Role.OFFICER: pgettext_lazy("role", "Municipality officer"),
    Role.SECRETARIAT: pgettext_lazy("role", "Secretariat"),
    Role.SUPPORTER: pgettext_lazy("role", "Supporter"),
    Role.TRANSLATOR: pgettext_lazy("role", "Translator"),
    Role.ADMINISTRATOR: pgettext_lazy("role", "Administrator of this installation"),
}
