"""Words of the directory. Labels are public wording and go through gettext."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class ServiceStatus(TextChoices):
    """HSDS 3 ``status``."""

    ACTIVE = "active", pgettext_lazy("service status", "Active")
    INACTIVE = "inactive", pgettext_lazy("service status", "Paused")
    TEMPORARILY_CLOSED = "temporarily_closed", pgettext_lazy("service status", "Closed for a time")
    DEFUNCT = "defunct", pgettext_lazy("service status", "No longer exists")


class Audience(TextChoices):
    """Who may see a thing: everybody · members of approved organizations · curators and administrators."""

    PUBLIC = "public"
    MEMBERS = "members"
    STAFF = "staff"


class LocationKind(TextChoices):
    """HSDS 3 ``location_type``, and mobile units."""

    PHYSICAL = "physical"
    VIRTUAL = "virtual"
    MOBILE = "mobile"


class AddressVisibility(TextChoices):
    """For AREA_ONLY and HIDDEN everything but a page that ``visible_to`` allows knows the area's centre only."""

    FULL = "full"
    AREA_ONLY = "area_only"
    HIDDEN = "hidden"


class Cost(TextChoices):
    FREE = "free", pgettext_lazy("cost", "Free")
    CONTRIBUTION = "contribution", pgettext_lazy("cost", "Small contribution")
    PAID = "paid", pgettext_lazy("cost", "You pay")
    UNKNOWN = "unknown", pgettext_lazy("cost", "Ask about the cost")


class Access(TextChoices):
    WALK_IN = "walk_in", pgettext_lazy("access", "No appointment")
    BY_APPOINTMENT = "by_appointment", pgettext_lazy("access", "By appointment")
    REFERRAL_ONLY = "referral_only", pgettext_lazy("access", "An organization must send you")
    PHONE_FIRST = "phone_first", pgettext_lazy("access", "Call before you come")


class ForWhom(TextChoices):
    FAMILIES = "families", pgettext_lazy("for whom", "Families")
    WOMEN = "women", pgettext_lazy("for whom", "Women")
    MEN = "men", pgettext_lazy("for whom", "Men")
    MINORS_ALONE = "minors_alone", pgettext_lazy("for whom", "Under 18, alone")
    YOUTH = "youth", pgettext_lazy("for whom", "Young people")
    OLDER_PEOPLE = "older_people", pgettext_lazy("for whom", "Older people")
    LGBTQI = "lgbtqi", pgettext_lazy("for whom", "LGBTQI+ people")
    DISABLED = "disabled", pgettext_lazy("for whom", "People with disabilities")
    SURVIVORS = "survivors", pgettext_lazy("for whom", "Survivors of violence")
    PARENTS = "parents", pgettext_lazy("for whom", "Parents")


class LegalStatus(TextChoices):
    ASYLUM_SEEKER = "asylum_seeker", pgettext_lazy("legal status", "Asylum seekers")
    RECOGNIZED = "recognized", pgettext_lazy("legal status", "Recognized refugees")
    SUBSIDIARY = "subsidiary", pgettext_lazy("legal status", "People with subsidiary protection")
    RESIDENCE_PERMIT = "residence_permit", pgettext_lazy("legal status", "People with a residence permit")
    UNDOCUMENTED = "undocumented", pgettext_lazy("legal status", "People without papers")


class CapacityState(TextChoices):
    OPEN = "open", pgettext_lazy("capacity", "Places are free")
    WAITING_LIST = "waiting_list", pgettext_lazy("capacity", "Waiting list")
    FULL = "full", pgettext_lazy("capacity", "Full")


class FieldGroup(TextChoices):
    """What one confirmation speaks of (domain.md, Confirmation)."""

    CONTACT = "contact"
    HOURS = "hours"
    ELIGIBILITY = "eligibility"
    CAPACITY = "capacity"
    REST = "rest"


class ConfirmedHow(TextChoices):
    LINK = "link"
    DESK = "desk"
    PHONE = "phone"
    VISIT = "visit"
    PARTNER = "partner"


class NoticeState(TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Severity(TextChoices):
    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"


class ReportKind(TextChoices):
    CLOSED = "closed"
    WRONG_PHONE = "wrong_phone"
    MOVED = "moved"
    WRONG_HOURS = "wrong_hours"
    MONEY = "asked_for_money"
    HARASSED = "harassed"
    REFUSED = "refused"
    UNSAFE = "unsafe"


class ReportState(TextChoices):
    RECEIVED = "received"
    BEING_CHECKED = "being_checked"
    ANSWERED = "answered"
    CLOSED = "closed"


class SlipAnswer(TextChoices):
    CAME = "came"
    COULD_NOT_HELP = "could_not_help"
    SENT_ON = "sent_on"
