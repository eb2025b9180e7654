"""The faces of a service: for a newcomer, and beside it the facts for members of approved organizations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.utils.translation import pgettext

from sympolity.directory import enums, rules
from sympolity.directory.queries import Dossier, Place, Seal, area_line
from sympolity.kit import clock
from sympolity.kit.actor import Actor
from sympolity.kit.hours import Day, Hours, State
from sympolity.languages.texts import Bundle, Said
from sympolity.portal import mapping, words
from sympolity.portal.site import Site

__all__ = ["context", "sees_protected"]

DAY = 24 * 60  # minutes: the hour bars show a whole day on 140 units


@dataclass(frozen=True, slots=True)
class Row:
    """One day of the week in the table of hours."""

    name: str
    today: bool
    times: list[str]
    note: str
    bars: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Where:
    """A place as the page may show it. Only what everybody may know, unless ``full``."""

    name: Said
    address: Said
    address_local: Said
    locality: Said
    locality_local: Said
    area: Said
    postal_code: str
    stop: Said
    kind: str
    visibility: str
    geo: str
    access: list[str]
    women_only: bool
    shown: bool  # False: only the area may be told


def context(dossier: Dossier, *, actor: Actor, lang: str, here: Site | None, now: datetime) -> dict[str, Any]:
    """Everything ``portal/service.html`` shows."""
    service, said = dossier.service, dossier.texts
    today = now.astimezone(clock.ATHENS).date()
    places = [
        _where(place, lang, here, protected=sees_protected(place, actor), example=service.example)
        for place in dossier.places
    ]
    state, hours = _state(dossier, now)
    return {
        "service": service,
        "name": said.said("name", lang),
        "summary": said.said("summary", lang),
        "description": said.said("description", lang),
        "organization": dossier.organization.said("name", lang),
        "organization_url": f"/{lang}/organization/{service.organization_id}/" if dossier.named else "",
        "organization_hides": service.organization.anonymous,
        "example": service.example,
        "state": state,
        "phone": service.phone,
        "tel": _digits(service.phone),
        "reachable": bool(service.phone or service.whatsapp or service.email or service.url),
        "whatsapp": _digits(service.whatsapp).lstrip("+"),
        "facts": _facts(dossier, lang, today),
        "documents": [
            (row.icon, bundle.said("name", lang), bundle.said("note", lang)) for row, bundle in dossier.documents
        ],
        "week": _week(hours, today) if hours.known else [],
        "exceptions": _exceptions(dossier, lang, today),
        "places": places,
        "hidden": any(place.visibility != "full" for place in places),
        "by_phone": bool(places) and all(place.kind == "virtual" for place in places),
        "door": _door(dossier, lang, here),
        "seals": _seals(dossier, today),
        "doubted": words.labels(enums.ReportKind, dossier.doubted),
        "must_call": dossier.standing.must_call(today),
        "ended": dossier.standing.has_ended(today),
        "ends_soon": _ends_soon(service.ends_on, today),
        "crumbs": _crumbs(dossier, lang, here),
        "professional": _professional(dossier, lang) if rules.may_see_professional(actor) else None,
        "audience": service.audience,
        "is_public": actor.is_public,
        **_map(dossier, places, here, lang),
    }


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdigit() or char == "+")


def _state(dossier: Dossier, now: datetime) -> tuple[words.State, Hours]:
    """The state over all places, and the hours that the table shows (those of the first place that has any)."""
    known = [place.hours for place in dossier.places if place.hours.known] or [dossier.hours]
    states = [hours.state(now) for hours in known]
    state = next((one for one in states if one.kind == "open"), None) or min(
        states, key=lambda one: (one.opens is None, one.opens or now)
    )
    service = dossier.service
    line = words.state_of(
        status=service.status, kind=state.kind, until=_latest(states) if state.kind == "open" else None, opens=state.opens,
        must_call=dossier.standing.must_call(now.astimezone(clock.ATHENS).date()),
        since=dossier.standing.since if dossier.seals else None,
        capacity=(service.capacity, service.capacity_until) if service.capacity and service.capacity_until else None,
        ended_on=service.ends_on, now=now,
    )  # fmt: skip
    return line, known[0]


def _latest(states: list[State]) -> datetime | None:
    ends = [state.until for state in states if state.kind == "open"]
    return None if None in ends else max(end for end in ends if end)


def _week(hours: Hours, today: date) -> list[Row]:
    monday = today - timedelta(days=today.weekday())
    return [_row(day, today) for day in hours.week(monday)]


def _row(day: Day, today: date) -> Row:
    times = [f"{_minutes(start)}–{_minutes(end)}" for start, end in day.spans]
    bars = []
    for start, end in day.spans:
        left, right = start * 140 // DAY, min(end, DAY) * 140 // DAY
        if right > left:
            bars.append((str(left), str(right - left)))
    name = words.weekday(day.date)
    note = pgettext("hours", "public holiday") if day.is_holiday else ""
    if day.is_exception:
        note = note or words.day_words(day.date, today)
    return Row(name, day.date == today, times, note, bars)


def _minutes(value: int) -> str:
    return "24:00" if value == 1440 else f"{value // 60 % 24:02d}:{value % 60:02d}"


def _exceptions(dossier: Dossier, lang: str, today: date) -> list[tuple[str, str, Said]]:
    """(days, hours, note) of dated exceptions that are not over."""
    out = []
    for row, bundle in dossier.exceptions:
        if row.last < today:
            continue
        days = words.day_words(row.first, today)
        if row.last != row.first:
            days = pgettext("dates", "%(first)s to %(last)s") % {
                "first": days,
                "last": words.day_words(row.last, today),
            }
        closed = row.hours in {"off", "closed"}
        out.append(
            (days, pgettext("hours", "closed") if closed else row.hours.replace("-", "–"), bundle.said("note", lang))
        )
    return out


def _facts(dossier: Dossier, lang: str, today: date) -> list[dict[str, Any]]:
    """The lines of the fact list: icon, word, what is said."""
    service, said = dossier.service, dossier.texts
    rows: list[dict[str, Any]] = [
        {
            "icon": "coins",
            "label": pgettext("fact", "Cost"),
            "words": str(enums.Cost(service.cost).label),
            "said": said.said("cost_note", lang),
        },
    ]
    if service.nationality:
        rows.append({"icon": "globe", "label": pgettext("fact", "Nationality"), "said": said.said("nationality", lang)})
    if service.languages or service.interpretation:
        rows.append({"icon": "languages", "label": pgettext("fact", "They speak"), "languages": words.language_names(service.languages),
                     "interpreters": words.language_names(service.interpretation)})  # fmt: skip
    rows.append(
        {
            "icon": "users",
            "label": pgettext("fact", "For whom"),
            "words": _whom(dossier),
            "said": said.said("eligibility", lang),
            "ask": _asks_whom(dossier, today),
        }
    )
    how = pgettext("list", ", ").join(words.labels(enums.Access, service.access))
    if how or said.said("how", lang):
        rows.append(
            {"icon": "clock", "label": pgettext("fact", "How it works"), "words": how, "said": said.said("how", lang)}
        )
    capacity = _capacity(dossier, lang, today)
    if capacity:
        rows.append(capacity)
    return rows


def _capacity(dossier: Dossier, lang: str, today: date) -> dict[str, Any] | None:
    service = dossier.service
    if not service.capacity:
        return None
    label = pgettext("fact", "Free places")
    if service.capacity_until is None or service.capacity_until < today:
        return {"icon": "users-round", "label": label, "words": pgettext("fact", "Ask: what we knew is out of date")}
    return {
        "icon": "users-round", "label": label, "words": str(enums.CapacityState(service.capacity).label),
        "said": dossier.texts.said("capacity_note", lang),
    }  # fmt: skip


def _whom(dossier: Dossier) -> str:
    service = dossier.service
    parts = words.labels(enums.ForWhom, service.for_whom) + words.labels(enums.LegalStatus, service.legal_status)
    if service.min_age is not None and service.max_age is not None:
        parts.append(
            pgettext("age", "from %(low)d to %(high)d years") % {"low": service.min_age, "high": service.max_age}
        )
    elif service.min_age is not None:
        parts.append(pgettext("age", "from %(low)d years") % {"low": service.min_age})
    elif service.max_age is not None:
        parts.append(pgettext("age", "up to %(high)d years") % {"high": service.max_age})
    return pgettext("list", ", ").join(parts) or _unsaid(dossier)


def _asks_whom(dossier: Dossier, today: date) -> str:
    """For whom it is was confirmed, and too long ago: it stays there, with the advice to ask (domain.md, Confirmation)."""
    said = enums.FieldGroup.ELIGIBILITY in dossier.confirmed
    if said and rules.due(dossier.confirmed, enums.FieldGroup.ELIGIBILITY, today):
        return pgettext("for whom", "Ask whether this still holds")
    return ""


def _unsaid(dossier: Dossier) -> str:
    """No limit is given: everyone, if somebody who knows said so; else we do not know."""
    if "eligibility" in dossier.seals or dossier.service.eligibility:
        return pgettext("for whom", "Everyone")
    return pgettext("for whom", "Not said: ask whether it is for you")


def sees_protected(place: Place, actor: Actor) -> bool:
    """May the actor read the address of this place, whoever's service is given there?"""
    return bool(rules.may_see_protected(actor, place.location.organization_id, area_line(place.location)))


def _where(place: Place, lang: str, here: Site | None, *, protected: bool, example: bool = False) -> Where:
    location = place.location
    area = here.area_name(location.area.slug, lang) if here and location.area.slug != "elsewhere" else Said("", lang)
    nothing = Said("", lang)
    access = [
        (location.step_free, pgettext("access", "Step-free entrance"), pgettext("access", "Steps at the entrance")),
        (location.lift, pgettext("access", "lift"), ""),
        (location.toilet, pgettext("access", "toilet for wheelchairs"), ""),
    ]
    told = [yes if known else no for known, yes, no in access if known is not None and (yes if known else no)]
    if not place.shows_address and not protected:
        return Where(
            nothing,
            nothing,
            nothing,
            nothing,
            nothing,
            area,
            "",
            nothing,
            location.kind,
            location.visibility,
            "",
            [],  # what a building is like leads to it
            bool(location.women_only),
            shown=False,
        )
    said = place.texts
    geo = ""
    # The places of the example network are invented: their points lead to somebody else's house.
    if location.lat is not None and location.lon is not None and location.kind != "virtual" and not example:
        geo = f"geo:{location.lat:.5f},{location.lon:.5f}?q={location.lat:.5f},{location.lon:.5f}({quote(str(said.said('address', 'el')))})"
    return Where(
        said.said("name", lang), said.said("address", lang), _local(said, "address", lang), said.said("locality", lang),
        _local(said, "locality", lang), area, location.postal_code, said.said("nearest_stop", lang), location.kind,
        location.visibility, geo, told, bool(location.women_only), shown=True,
    )  # fmt: skip


def _local(bundle: Bundle, name: str, lang: str) -> Said:
    """The Greek words beside the reader's: what stands on the door and what a driver reads."""
    said = bundle.all(name).get("el")
    return said if said and lang != "el" and said.body != bundle.said(name, lang).body else Said("", "el")


def _map(dossier: Dossier, places: list[Where], here: Site | None, lang: str) -> dict[str, Any]:
    points = [
        (*place.point, where.visibility == "full", (where.address or where.area).body)
        for place, where in zip(dossier.places, places, strict=True)
        if place.point
    ]
    return mapping.of_places(points, mapping.cities(here, lang) if here else [])


def _door(dossier: Dossier, lang: str, here: Site | None) -> dict[str, Any]:
    """What to show at the door: a Greek sentence for this need, and the reader's language."""
    doors = [place for place in dossier.places if place.shows_address and place.location.kind != "virtual"]
    if here is None or not any(place.location.area.slug != "elsewhere" for place in doors):
        return {}  # by phone, hidden, or in another country: there is no door to show it at
    for category in dossier.categories:
        greek = here.door(category.slug, "el") or (
            here.door(category.parent.slug, "el") if category.parent else Said("", "el")
        )
        if greek:
            own = here.door(category.slug, lang) or (
                here.door(category.parent.slug, lang) if category.parent else Said("", lang)
            )
            return {"greek": greek, "own": own, "speaks": SPEAKS.get(lang, ""), "hello": "Καλημέρα σας."}
    return {}


# "I speak …" in Greek, for the sentence at the door.
SPEAKS = {
    "en": "Μιλάω αγγλικά.", "ar": "Μιλάω αραβικά.", "fr": "Μιλάω γαλλικά.", "fa": "Μιλάω φαρσί.", "ur": "Μιλάω ουρντού.",
    "so": "Μιλάω σομαλικά.", "kmr": "Μιλάω κουρδικά (κουρμαντζί).", "ckb": "Μιλάω κουρδικά (σορανί).", "ln": "Μιλάω λινγκάλα.",
    "uk": "Μιλάω ουκρανικά.",
}  # fmt: skip


def _seals(dossier: Dossier, today: date) -> list[dict[str, Any]]:
    """Who says so and when: contact and hours first, then the rest; and who vouches."""
    names = {
        "contact": pgettext("field group", "Phone and address"), "hours": pgettext("field group", "Opening hours"),
        "eligibility": pgettext("field group", "For whom and papers"), "capacity": pgettext("field group", "Free places"),
        "rest": pgettext("field group", "Everything else"),
    }  # fmt: skip
    rows: dict[tuple[date, str, bool, bool], dict[str, Any]] = {}
    for group, label in names.items():
        if group in dossier.seals:
            row = _seal(dossier.seals[group], dossier, today)
            same = rows.setdefault((row["day"], row["by"], row["vouched"], row["visited"]), row)
            same.setdefault("labels", []).append(label)
            same["due"] = same["due"] or row["due"]
    return [row | {"label": pgettext("list", ", ").join(row["labels"])} for row in rows.values()]


def _seal(seal: Seal, dossier: Dossier, today: date) -> dict[str, Any]:
    day = seal.at.astimezone(clock.ATHENS).date()
    return {
        "day": day, "date": words.long_date(day), "ago": words.ago(day, today), "by": _confirmer(seal),
        "vouched": seal.vouched, "visited": seal.vouched and seal.visited, "due": rules.due(dossier.confirmed, seal.group, today),
    }  # fmt: skip


def _confirmer(seal: Seal) -> str:
    if seal.by_owner:
        return pgettext("seal, after: confirmed by", "the organization")
    if not seal.named:
        return pgettext("seal, after: confirmed by", "an organization that is not named")
    return seal.by or pgettext("seal, after: confirmed by", "the organization")


def _ends_soon(ends_on: date | None, today: date) -> str:
    if ends_on is None or ends_on < today or (ends_on - today).days > 60:
        return ""
    return words.long_date(ends_on)


def _crumbs(dossier: Dossier, lang: str, here: Site | None) -> list[dict[str, str]]:
    if here is None:
        return []
    crumbs = []
    place = next((place for place in dossier.places if place.location.area.slug in here.areas), None)
    area = place.location.area.slug if place and place.location.area.slug != "elsewhere" else ""
    tail = f"&in={area}" if area else ""
    if area:
        crumbs.append({"label": here.area_name(area, lang).body, "url": f"/{lang}/find/?in={area}"})
    if dossier.categories:
        slug = dossier.categories[0].slug
        if here.has_need(slug):
            crumbs.append({"label": here.need(slug, lang).label.body, "url": f"/{lang}/find/?need={slug}{tail}"})
    return crumbs


def _professional(dossier: Dossier, lang: str) -> dict[str, Any]:
    """Facts for members: how to refer, the direct line, how soon they answer."""
    service, said = dossier.service, dossier.texts
    return {
        "referral": said.said("referral", lang), "direct_line": service.direct_line, "tel": _digits(service.direct_line),
        "response_delay": said.said("response_delay", lang),
    }  # fmt: skip
