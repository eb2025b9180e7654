"""Words of the room: kinds, roles, states. Labels go through gettext where pages show them."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

__all__ = ["AccessionState", "AgreementKind", "AgreementState", "ExchangeState", "PartyRole", "Precision"]


class AgreementKind(TextChoices):
    MOU = "mou", pgettext_lazy("agreement kind", "Memorandum of understanding")
    COOPERATION = "cooperation", pgettext_lazy("agreement kind", "Cooperation")
    DATA_SHARING = "data_sharing", pgettext_lazy("agreement kind", "Data sharing")
    TRIPARTITE = "tripartite", pgettext_lazy("agreement kind", "Cooperation of three")


class AgreementState(TextChoices):
    DRAFT = "draft", pgettext_lazy("agreement state", "Draft")
    OPEN = "open_for_accession", pgettext_lazy("agreement state", "Open for accession")
    IN_FORCE = "in_force", pgettext_lazy("agreement state", "In force")
    ENDED = "ended", pgettext_lazy("agreement state", "Ended")


class AccessionState(TextChoices):
    REQUESTED = "requested", pgettext_lazy("accession state", "Requested")
    DOCUMENTS = "documents", pgettext_lazy("accession state", "Documents handed in")
    SIGNED = "signed", pgettext_lazy("accession state", "Signed")
    IN_FORCE = "in_force", pgettext_lazy("accession state", "In force")
    SUSPENDED = "suspended", pgettext_lazy("accession state", "Suspended")
    ENDED = "ended", pgettext_lazy("accession state", "Ended")


class PartyRole(TextChoices):
    FOUNDER = "founder", pgettext_lazy("party role", "Founder")
    MEMBER = "member", pgettext_lazy("party role", "Member")
    COORDINATOR = "coordinator", pgettext_lazy("party role", "Coordinator")
    PARTNER = "partner", pgettext_lazy("party role", "Partner")
    SUPPORTER = "supporter", pgettext_lazy("party role", "Supporter")


class Precision(TextChoices):
    """How exactly a beginning is documented."""

    DAY = "day"
    MONTH = "month"
    NO_LATER_THAN = "no_later_than"
    UNKNOWN = "unknown"


class ExchangeState(TextChoices):
    """What this installation itself exchanges under an agreement."""

    NONE = "none", pgettext_lazy("exchange on this site", "Nothing is exchanged yet")
    PLANNED = "planned", pgettext_lazy("exchange on this site", "An exchange is planned")
    ACTIVE = "active", pgettext_lazy("exchange on this site", "Records are exchanged")
