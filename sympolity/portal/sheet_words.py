"""The words of a printed sheet, in the active language.

All of them have a context that begins with "sheet": languages without a catalogue of the interface
have at least these, so that a sheet can stand in them (``LANGUAGES``).
"""

from __future__ import annotations

from django.utils.translation import pgettext

from sympolity.directory.enums import Access, Cost, ForWhom, LegalStatus
from sympolity.directory.models import Service
from sympolity.languages import registry

__all__ = ["LANGUAGES", "PARTIAL", "access", "cost", "label_language", "labels", "whom"]

PARTIAL = ("fr", "fa", "ur")  # catalogues with the words of sheets only
LANGUAGES: tuple[str, ...] = tuple(dict.fromkeys((*(row.code for row in registry.INTERFACE), *PARTIAL)))


def label_language(code: str) -> str:
    """The language in which a sheet for readers of ``code`` has its labels."""
    return code if code in LANGUAGES else registry.FALLBACK


def labels() -> dict[str, str]:
    """What stands before facts and around them."""
    return {
        "call": pgettext("sheet, before a phone number", "Call"),
        "what": pgettext("sheet", "What it is"),
        "hours": pgettext("sheet", "Opening hours"),
        "next_dates": pgettext("sheet", "Next dates"),
        "closed": pgettext("sheet, hours", "Closed"),
        "holidays": pgettext("sheet, hours", "Public holidays"),
        "no_hours": pgettext("sheet, hours", "Not known. Call before you go."),
        "day_and_night": pgettext("sheet, hours", "Day and night"),
        "where": pgettext("sheet", "Address"),
        "unnamed": pgettext("sheet, instead of a name", "An organization that is not named"),
        "hidden": pgettext("sheet", "The address is told by phone, to keep people safe."),
        "from_anywhere": pgettext("sheet", "By phone or online, from anywhere"),
        "women_only": pgettext("sheet", "Women only"),
        "take": pgettext("sheet", "Take with you"),
        "whom": pgettext("sheet", "For whom"),
        "speak": pgettext("sheet", "They speak"),
        "interpreter": pgettext("sheet, before languages", "With an interpreter"),
        "how": pgettext("sheet", "How it works"),
        "door": pgettext("sheet", "Show this at the door"),
        "code": pgettext("sheet", "Code"),
        "printed": pgettext("sheet, before a date", "Printed on"),
        "confirmed": pgettext("sheet, before a date", "Confirmed on"),
        "never_confirmed": pgettext("sheet", "Not confirmed yet"),
        "call_first": pgettext("sheet", "Call before you go: hours or phone may have changed."),
        "closed_now": pgettext("sheet", "Closed for a time"),
        "ended": pgettext("sheet", "This service has ended"),
        "example": pgettext("sheet", "Example: invented, the number cannot ring"),
        "danger": pgettext("sheet, before the number 112", "In danger call"),
        "free_call": pgettext("sheet, after the number 112", "free, also without a SIM card"),
        "outdated": pgettext("sheet, state of a text", "outdated translation"),
        "machine": pgettext("sheet, state of a text", "Partly machine translation"),
    }  # fmt: skip


def cost(code: str) -> str:
    """What it costs, in words."""
    return {
        Cost.FREE.value: pgettext("sheet, cost", "Free"),
        Cost.CONTRIBUTION.value: pgettext("sheet, cost", "Small contribution"),
        Cost.PAID.value: pgettext("sheet, cost", "You pay"),
    }.get(code, pgettext("sheet, cost", "Ask about the cost"))


def access(codes: list[str]) -> str:
    """How one gets in, in words."""
    known = {
        Access.WALK_IN.value: pgettext("sheet, access", "No appointment"),
        Access.BY_APPOINTMENT.value: pgettext("sheet, access", "By appointment"),
        Access.REFERRAL_ONLY.value: pgettext("sheet, access", "An organization must send you"),
        Access.PHONE_FIRST.value: pgettext("sheet, access", "Call before you come"),
    }
    return joined([known[code] for code in codes if code in known])


def whom(service: Service) -> str:
    """For whom it is as far as codes and ages say; "" when nothing is said."""
    known = _people() | _statuses()
    return joined(
        [known[code] for code in (*service.for_whom, *service.legal_status) if code in known] + _ages(service)
    )


def _people() -> dict[str, str]:
    return {
        ForWhom.FAMILIES.value: pgettext("sheet, for whom", "Families"),
        ForWhom.WOMEN.value: pgettext("sheet, for whom", "Women"),
        ForWhom.MEN.value: pgettext("sheet, for whom", "Men"),
        ForWhom.MINORS_ALONE.value: pgettext("sheet, for whom", "Under 18, alone"),
        ForWhom.YOUTH.value: pgettext("sheet, for whom", "Young people"),
        ForWhom.OLDER_PEOPLE.value: pgettext("sheet, for whom", "Older people"),
        ForWhom.LGBTQI.value: pgettext("sheet, for whom", "LGBTQI+ people"),
        ForWhom.DISABLED.value: pgettext("sheet, for whom", "People with disabilities"),
        ForWhom.SURVIVORS.value: pgettext("sheet, for whom", "Survivors of violence"),
        ForWhom.PARENTS.value: pgettext("sheet, for whom", "Parents"),
    }


def _statuses() -> dict[str, str]:
    return {
        LegalStatus.ASYLUM_SEEKER.value: pgettext("sheet, for whom", "Asylum seekers"),
        LegalStatus.RECOGNIZED.value: pgettext("sheet, for whom", "Recognized refugees"),
        LegalStatus.SUBSIDIARY.value: pgettext("sheet, for whom", "People with subsidiary protection"),
        LegalStatus.RESIDENCE_PERMIT.value: pgettext("sheet, for whom", "People with a residence permit"),
        LegalStatus.UNDOCUMENTED.value: pgettext("sheet, for whom", "People without papers"),
    }


def _ages(service: Service) -> list[str]:
    low, high = service.min_age, service.max_age
    if low is not None and high is not None:
        return [pgettext("sheet, age", "from %(low)d to %(high)d years") % {"low": low, "high": high}]
    if low is not None:
        return [pgettext("sheet, age", "from %(low)d years") % {"low": low}]
    return [] if high is None else [pgettext("sheet, age", "up to %(high)d years") % {"high": high}]


def joined(parts: list[str]) -> str:
    """Words one after the other."""
    return pgettext("sheet, list", ", ").join(parts)
