"""What a writer hands to an action: the whole of a thing as it should be, checked before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import TextChoices

from sympolity.directory import enums
from sympolity.directory.reaching import EMAIL, PHONE, URL
from sympolity.kit.bidi import clean_line, clean_text
from sympolity.kit.hours import BadHours, DatedException
from sympolity.kit.hours import check as check_hours
from sympolity.kit.refusals import Refusal
from sympolity.languages import registry
from sympolity.languages.texts import HUMAN, Provenance, tidied

__all__ = ["ConfirmationDraft", "DocumentDraft", "ExceptionDraft", "LocationDraft", "ServiceDraft", "Texts"]

Texts = Mapping[str, Mapping[str, str]]  # field -> language -> words

_LINES = {"name": 200, "summary": 300, "cost_note": 300, "capacity_note": 200, "response_delay": 200, "nationality": 200,
          "phone": 40, "whatsapp": 40, "direct_line": 40, "email": 254, "url": 400, "origin": 80}  # fmt: skip
_BLOCKS = ("description", "eligibility", "how", "referral")
_CODES: Mapping[str, type[TextChoices]] = {
    "for_whom": enums.ForWhom,
    "legal_status": enums.LegalStatus,
    "access": enums.Access,
}


@dataclass(slots=True)
class DocumentDraft:
    """What to take along."""

    id: UUID
    name: str
    note: str = ""
    icon: str = "file-text"
    texts: Texts = field(default_factory=dict)


@dataclass(slots=True)
class ExceptionDraft:
    """Other hours from ``first`` to ``last`` (both in)."""

    id: UUID
    first: date
    last: date
    hours: str
    note: str = ""
    texts: Texts = field(default_factory=dict)


@dataclass(slots=True)
class ConfirmationDraft:
    """Somebody confirmed ``group`` at a moment."""

    group: str
    at: datetime
    how: str
    by_organization: UUID | None = None


@dataclass(slots=True)
class ServiceDraft:
    """A service as it should be. ``columns`` are named as in the model; source texts among them."""

    id: UUID
    organization: UUID
    lang: str
    columns: dict[str, Any]
    texts: Texts = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    locations: tuple[UUID, ...] = ()
    opening_hours: str = ""
    exceptions: tuple[ExceptionDraft, ...] = ()
    documents: tuple[DocumentDraft, ...] = ()
    confirmations: tuple[ConfirmationDraft, ...] = ()
    provenance: Provenance = HUMAN  # of the texts

    def checked(self) -> ServiceDraft:
        """The draft with clean values; :class:`Refusal` names the first thing that is wrong."""
        self.provenance.check()
        self.texts = tidied("service", self.texts)
        for row in self.documents:
            row.texts = tidied("required_document", row.texts)
        for other in self.exceptions:
            other.texts = tidied("schedule_exception", other.texts)
        if registry.canonical(self.lang) != self.lang:
            raise Refusal("unknown_language", where="lang", facts={"value": self.lang})
        out = _cleaned(self.columns)
        if not out.get("name"):
            raise Refusal("name_missing", where="name")
        _check_contact(out)
        for name, choices in _CODES.items():
            out[name] = _codes(name, out.get(name, ()), set(choices.values))
        for name in ("languages", "interpretation"):
            out[name] = _codes(name, out.get(name, ()), set(registry.LANGUAGES))
        _check_ages(out)
        self.columns = out
        if not self.categories:
            raise Refusal("category_missing", where="categories")
        self._check_hours()
        return self

    def _check_hours(self) -> None:
        try:
            self.opening_hours = check_hours(self.opening_hours)
            for row in self.exceptions:
                DatedException(row.first, row.last, row.hours)
        except BadHours as error:
            raise Refusal("bad_hours", where="opening_hours", facts={"value": error.reason}) from error


def _cleaned(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns with lines and blocks made clean."""
    out = dict(columns)
    for name, limit in _LINES.items():
        if name in out:
            out[name] = clean_line(str(out[name] or ""), limit)
    for name in _BLOCKS:
        if name in out:
            out[name] = clean_text(str(out[name] or ""))[:20000]
    return out


def _check_contact(out: dict[str, Any]) -> None:
    patterns = (("phone", PHONE), ("whatsapp", PHONE), ("direct_line", PHONE), ("email", EMAIL), ("url", URL))
    for name, pattern in patterns:
        if out.get(name) and not pattern.match(out[name]):
            raise Refusal(f"bad_{name}", where=name, facts={"value": out[name][:80]})


def _codes(name: str, values: Iterable[str], known: set[str]) -> list[str]:
    kept = list(dict.fromkeys(values))
    for code in kept:
        if code not in known:
            raise Refusal("unknown_code", where=name, facts={"value": str(code)[:40]})
    return kept


def _check_ages(out: Mapping[str, Any]) -> None:
    low, high = out.get("min_age"), out.get("max_age")
    for name, value in (("min_age", low), ("max_age", high)):
        if value is not None and not 0 <= value <= 120:
            raise Refusal("bad_age", where=name, facts={"value": str(value)})
    if low is not None and high is not None and high < low:
        raise Refusal("ages_swapped", where="max_age")


@dataclass(slots=True)
class LocationDraft:
    """A location as it should be."""

    id: UUID
    organization: UUID
    area: UUID
    lang: str
    columns: dict[str, Any]
    texts: Texts = field(default_factory=dict)
    provenance: Provenance = HUMAN  # of the texts

    def checked(self) -> LocationDraft:
        """The draft with clean values; :class:`Refusal` names the first thing that is wrong."""
        self.provenance.check()
        self.texts = tidied("location", self.texts)
        out = dict(self.columns)
        limits = {"name": 200, "address": 300, "locality": 120, "postal_code": 12, "nearest_stop": 200}
        for name, limit in limits.items():
            if name in out:
                out[name] = clean_line(str(out[name] or ""), limit)
        lat, lon = out.get("lat"), out.get("lon")
        if (lat is None) != (lon is None):
            raise Refusal("half_a_point", where="point")
        if lat is not None and lon is not None:
            if not (-90 <= lat <= 90 and -180 <= lon <= 180):
                raise Refusal("point_outside_the_world", where="point", facts={"value": f"{lat}, {lon}"})
            if lat == 0 and lon == 0:
                raise Refusal("point_zero", where="point")
        if out.get("kind") == enums.LocationKind.VIRTUAL and lat is not None:
            raise Refusal("virtual_with_point", where="point")
        self.columns = out
        return self
