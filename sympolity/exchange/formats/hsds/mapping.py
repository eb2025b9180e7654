"""A service of HSDS in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sympolity.exchange.formats.hsds import kinds
from sympolity.exchange.formats.hsds.contacts import Contact, contact_of, names_of, organization_of
from sympolity.exchange.formats.hsds.costs import cost_of
from sympolity.exchange.formats.hsds.places import Place, places_of
from sympolity.exchange.formats.hsds.terms import needs_of
from sympolity.exchange.formats.hsds.weeks import weeks_of
from sympolity.exchange.formats.hsds.words import (
    LONGEST,
    Taker,
    language_by_letters,
    language_of,
    languages_in,
    number_of,
    paragraphs,
)
from sympolity.exchange.formats.shape import Box, Mapped, Wrong
from sympolity.kit.bidi import clean_line
from sympolity.kit.fold import fold

__all__ = ["map_record"]

_STATUS = {
    "active": "active", "inactive": "inactive", "defunct": "defunct", "temporarily closed": "temporarily_closed",
    "temporarily_closed": "temporarily_closed",
}  # fmt: skip
_NOTHING = frozenset({"none", "n/a", "na", "-"})  # says something only when nothing else is said
_DOCUMENTS = 30
_NOTES = 40  # remarks on one record that are told


def map_record(raw: Mapping[str, Any], box: Box | None, language: str = "") -> Mapped:
    """A service in our words; :class:`Wrong` for a row that belongs to none. ``language``: of words in Latin letters."""
    if not kinds.is_service(raw):
        key = next(iter(raw))
        raise Wrong(f"{key}: it belongs to no service: {kinds.ORPHANS[key].replace('_', ' ')} alone")
    take = Taker()
    source_id = kinds.id_of(raw)
    if not source_id:
        raise Wrong("id: it is missing, or not made of letters, digits and _ . : -")
    take.used.add("id")
    name = take.line(raw, "", "name", 200)
    if not name:
        raise Wrong("name: it is empty")
    lang = language_by_letters([name, str(raw.get("description") or "")]) or language or "en"
    places = places_of(raw, take, box, lang)
    organization, held = organization_of(raw, take, language)
    needs = needs_of(raw, take)
    service = _service(raw, take, places, contact_of(raw, places, take))
    service |= {"name": name, "lang": lang, "texts": {}, "categories": needs.categories, "status": _status(raw, take)}
    if needs.for_whom:
        service["columns"]["for_whom"] = needs.for_whom
    data = {"organization": organization, "locations": [place.data for place in places], "service": service}
    held = held or _named(raw, service, take)
    points = [place.point for place in places if place.point]
    notes = list(dict.fromkeys(take.notes))
    if len(notes) > _NOTES:
        notes[_NOTES:] = [f"and {len(notes) - _NOTES} further remarks"]
    return Mapped(source_id, data, points, take.used, notes, needs.fallback, held)


def _status(raw: Mapping[str, Any], take: Taker) -> str:
    word = fold(take.line(raw, "", "status", 60))
    if not word:
        take.notes.append("status is missing; taken for active")
        return "active"
    if word not in _STATUS:
        raise Wrong(f'status: "{word[:40]}" is not known (known: active, inactive, defunct, temporarily closed)')
    return _STATUS[word]


def _service(raw: Mapping[str, Any], take: Taker, places: Sequence[Place], contact: Contact) -> dict[str, Any]:
    """Columns, hours, exceptions and documents."""
    weeks = weeks_of(raw, places, take)
    cost, cost_note, cost_words = cost_of(raw, take)
    interpretation = take.text(raw, "", "interpretation_services")
    columns: dict[str, Any] = {
        "description": _description(raw, take),
        "summary": take.line(raw, "", "short_desc", 300),
        "eligibility": _eligibility(raw, take),
        "how": paragraphs(
            take.text(raw, "", "application_process"), contact.words, *_of_places(places, take), *weeks.words,
            interpretation, cost_words,
        ),
        "cost": cost, "cost_note": cost_note, "capacity_note": take.line(raw, "", "wait_time", 200),
        "languages": _languages(raw, places, take), "interpretation": languages_in(interpretation),
        "phone": contact.phone, "email": contact.email, "url": contact.url or weeks.url,
        "ends_on": weeks.ends_on, **_ages(raw, take),
    }  # fmt: skip
    take.notes += [
        f"{name}: the words after {LONGEST} characters are cut"
        for name in ("description", "eligibility", "how")
        if len(columns[name]) >= LONGEST
    ]
    if contact.url and weeks.url and contact.url != weeks.url:
        take.used -= {key for key in take.used if key.endswith("schedule_link")}
    return {
        "columns": {key: value for key, value in columns.items() if value not in ("", [], None)},
        "opening_hours": weeks.spec, "exceptions": weeks.exceptions, "documents": _documents(raw, take),
    }  # fmt: skip


def _description(raw: Mapping[str, Any], take: Taker) -> str:
    """What is new first, what it is also called last."""
    other = take.line(raw, "", "alternate_name", 200)
    if fold(other) == fold(str(raw.get("name") or "")):
        other = ""
    return paragraphs(take.text(raw, "", "alert"), take.text(raw, "", "description"), other)


def _eligibility(raw: Mapping[str, Any], take: Taker) -> str:
    parts = [take.text(raw, "", key) for key in ("audience", "eligibility_description", "eligibility", "service_areas")]
    areas = take.rows(raw, "", "service_areas")
    for path, at in take.rows(raw, "", "service_at_locations"):
        areas += take.rows(at, path, "service_areas")
    for path, row in areas[:20]:
        words = take.text(row, path, "name") or take.text(row, path, "description")
        if words:
            take.whole(path)
            parts.append(words)
    said = [one for one in parts if fold(one).strip(" .") not in _NOTHING]
    return paragraphs(*(said or parts))


def _of_places(places: Sequence[Place], take: Taker) -> Iterator[str]:
    """What is said of the service at one place, with the name of the place when there are several."""
    for place in places:
        said = paragraphs(take.text(place.at, place.at_path, "description"), *place.words)
        name = place.data.get("name", "")
        yield f"{name}: {said}" if said and name and len(places) > 1 else said


def _ages(raw: Mapping[str, Any], take: Taker) -> dict[str, int]:
    """Whole years between 0 and 120."""
    found: dict[str, int] = {}
    for key, column in (("minimum_age", "min_age"), ("maximum_age", "max_age")):
        value = raw.get(key)
        number = number_of(value)
        if number is not None and 0 <= number <= 120:
            found[column] = int(number)
            take.used.add(key)
        elif value not in (None, ""):
            take.notes.append(f"{key} is no age between 0 and 120; left out")
    if found.get("min_age", 0) > found.get("max_age", 120):
        take.notes.append("minimum_age is above maximum_age; both are left out")
        take.used -= {"minimum_age", "maximum_age"}
        return {}
    return found


def _languages(raw: Mapping[str, Any], places: Sequence[Place], take: Taker) -> list[str]:
    """The languages of the service; those of its places when it tells none."""
    own = _codes(raw, "", take)
    if own:
        return own
    return list(dict.fromkeys(code for place in places for code in _codes(place.row, place.path, take)))


def _codes(holder: Mapping[str, Any], path: str, take: Taker) -> list[str]:
    found: dict[str, None] = {}
    unknown: list[str] = []
    value = holder.get("languages")
    for word in str(value)[:2000].split(",") if isinstance(value, str) else ():
        code = language_of(word.strip())
        if code:
            found.setdefault(code)
            take.used.add(f"{path}languages")
        elif word.strip():
            unknown.append(clean_line(word, 40))
    for below, row in take.rows(holder, path, "languages"):
        words = {key: clean_line(str(row.get(key) or ""), 60) for key in ("code", "name")}
        key, code = next(((key, code) for key, word in words.items() if (code := language_of(word))), ("", ""))
        if code:
            found.setdefault(code)
            take.used.add(f"{below}{key}")
            take.whole(below)
        else:
            unknown.append(words["name"] or words["code"])
    if any(unknown):
        take.notes.append(f"{path}languages: {', '.join(filter(None, unknown))[:120]} not in our table of languages")
    return list(found)


def _documents(raw: Mapping[str, Any], take: Taker) -> list[dict[str, Any]]:
    """What to take along. What is longer than a name goes on in the note."""
    said: list[tuple[str, str]] = []
    value = raw.get("required_documents")
    if isinstance(value, str):
        said = [("", one) for one in take.text(raw, "", "required_documents").split(",")]
    for path, row in take.rows(raw, "", "required_documents"):
        words = take.text(row, path, "document")
        if words:
            said.append((kinds.name_of(row.get("id")), words))
            take.whole(path)
            take.used |= {f"{path}id"} if kinds.name_of(row.get("id")) else set()
    found: dict[str, dict[str, Any]] = {}
    for number, (key, words) in enumerate(said[:_DOCUMENTS]):
        line = clean_line(words)
        if not line:
            continue
        name = line if len(line) <= 200 else line[:200].rpartition(" ")[0] or line[:200]
        rest = line[len(name) :].strip()
        if len(rest) > 300:
            take.notes.append("required_documents: the words after 500 characters are cut")
        own = key or f"document-{number + 1}"
        found.setdefault(own, {"key": own, "name": name, "note": clean_line(rest, 300), "texts": {}})
    return list(found.values())


def _named(raw: Mapping[str, Any], service: Mapping[str, Any], take: Taker) -> str:
    """Whether a sentence holds the name of a contact person of the record."""
    names = names_of(raw, take)
    for column in ("description", "eligibility", "how", "summary", "cost_note", "capacity_note"):
        words = f" {fold(service['columns'].get(column, ''))} " if names else ""
        if any(name in words for name in names):
            return f"service.{column}: the text holds the name of a contact person. Look at it before it is public"
    return ""
