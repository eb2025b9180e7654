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


class AskingState(TextChoices):
    """How far the asking of an organization has come (domain.md, Confirmation)."""

    ASKED = "asked"
    REMINDED = "reminded"
    SECOND = "second"
    CALLING = "calling"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Said(TextChoices):
    """What is said of a service that is asked about."""

    STILL_TRUE = "still_true"
    HOURS_CHANGED = "hours_changed"
    CHANGED = "changed"
    CLOSED = "closed"
    NO_ANSWER = "no_answer"


class NoticeState(TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Severity(TextChoices):
    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"


class ReportKind(TextChoices):
    """What is wrong: a fact (the first four), or what somebody did to a person (the others)."""

    CLOSED = "closed", pgettext_lazy("report", "It is closed or no longer there")
    WRONG_PHONE = "wrong_phone", pgettext_lazy("report", "The phone number is wrong")
    MOVED = "moved", pgettext_lazy("report", "It has moved")
    WRONG_HOURS = "wrong_hours", pgettext_lazy("report", "The hours are wrong")
    MONEY = "asked_for_money", pgettext_lazy("report", "I was asked for money or a favour")
    HARASSED = "harassed", pgettext_lazy("report", "I was harassed or threatened")
    REFUSED = "refused", pgettext_lazy("report", "I was refused help unfairly")
    UNSAFE = "unsafe", pgettext_lazy("report", "I do not feel safe there")


FACTS = (ReportKind.CLOSED, ReportKind.WRONG_PHONE, ReportKind.MOVED, ReportKind.WRONG_HOURS)
CONDUCT = (ReportKind.MONEY, ReportKind.HARASSED, ReportKind.REFUSED, ReportKind.UNSAFE)


class ReportState(TextChoices):
    """BEING_CHECKED: of a fact also a public mark on the service. CLOSED: set aside without an answer."""

    RECEIVED = "received"
    BEING_CHECKED = "being_checked"
    ANSWERED = "answered"
    CLOSED = "closed"


class ReportOutcome(TextChoices):
    """The answer. The first two are of facts, ACTED of conduct, NOT_OURS of both."""

    FIXED = "fixed", pgettext_lazy("answer to a report", "It was wrong. It is corrected now.")
    STILL_RIGHT = "still_right", pgettext_lazy("answer to a report", "We looked again. It is right as it stands.")
    ACTED = "acted", pgettext_lazy("answer to a report", "It was taken up, and something was done.")
    NOT_OURS = "not_ours", pgettext_lazy("answer to a report", "We cannot do this here. Somebody else can.")


class MissingState(TextChoices):
    """A line on the board. ANSWERED: there is such a help now, or it was there already."""

    OPEN = "open"
    TAKEN_UP = "taken_up"
    ANSWERED = "answered"
    DROPPED = "dropped"


class SlipAnswer(TextChoices):
    CAME = "came"
    COULD_NOT_HELP = "could_not_help"
    SENT_ON = "sent_on"
