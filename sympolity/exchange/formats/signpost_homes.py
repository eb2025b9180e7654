"""Where each key of a Signpost record goes: a column, or the reason why it has none.

Whatever is in neither table is told as unknown.
"""

from __future__ import annotations

from sympolity.exchange.coverage import Home
from sympolity.languages import registry

__all__ = ["home_of"]

# With a language (name_en) the same column's Text in that language.
_SAID = {
    "name": "service.name",
    "address": "location.address",
    "address_city": "location.address (where neither address nor region says it)",
    "provider.name": "organization.name",
    "region.title": "location.locality",
}
_BY_TYPE = "service.categories (by the table of types)"
_COLUMNS = {
    "id": "proposal.source_id",
    "status": "service.status",
    "location": "location.lat, location.lon",
    "location.coordinates": "location.lat, location.lon",
    "region": "location.locality",
    "region.name": "location.locality",
    "provider": "service.organization",
    "provider.id": "service.organization",
    "type": "service.categories",
    **{f"{part}.{name}": _BY_TYPE for part in ("type", "types[]") for name in ("id", "name", "name_en", "name_es")},
    "types": "service.categories",
    "address_in_country_language": "location.address (where address is empty)",
}
_INTERFACE = "an address of the source's own staff interface, no page for readers"
_NAMED = "the type is known by its English or Spanish name; our need has words of its own in this language"
_LOOK = "how the source draws it; our needs have icons of their own"
_NO_HOME = {
    "url": _INTERFACE,
    "provider.url": _INTERFACE,
    "selection_criteria": "empty wherever seen; the shape of its members is not known",
    "update_of": "names the record that a draft would replace; such a record is refused",
    "tags": "numbers without words; the page does not say what they mean",
    "location.type": "always Point; anything else is refused",
    "region.id": "a number of the source; the place is told by its name",
    "region.slug": "the name again",
    "region.level": "the level in the source's own tree of regions",
    "region.code": "a code of the source's own tree of regions",
    "region.hidden": "concerns menus of the source",
    "provider.vacancy": "job offers of the provider, no fact of a service",
    "provider.address": "the office of the provider; an organization here has an area, a service has the address",
    **{
        f"{part}.{name}": _LOOK
        for part in ("type", "types[]")
        for name in ("icon_url", "vector_icon", "icon_base64", "color")
    },
    **{f"{part}.number": "the order in menus of the source" for part in ("type", "types[]")},
}


def home_of(key: str) -> Home | None:
    """The column of a key, or the reason why it has none; None when nobody knows the key."""
    if key in _COLUMNS:
        return Home(_COLUMNS[key])
    if key in _SAID:
        return Home(_SAID[key])
    if key in _NO_HOME:
        return Home(reason=_NO_HOME[key])
    base, _, code = key.rpartition("_")
    if code not in registry.LANGUAGES:
        return None
    if base in _SAID:
        return Home(f"{_SAID[base]} in {code}")
    if base in {"type.name", "types[].name"}:
        return Home(reason=_NAMED)
    return Home(reason=_NO_HOME[base]) if base == "provider.address" else None
