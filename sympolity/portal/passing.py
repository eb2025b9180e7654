"""What is passed on: a link without a language, a code to say aloud, a QR code, a message.

A message about a service that somebody must not be seen with carries no name: the link and the
code tell nothing to whoever reads them over a shoulder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.utils.translation import pgettext

from sympolity.directory import rules
from sympolity.directory.enums import ForWhom
from sympolity.directory.models import Service
from sympolity.directory.queries import Dossier
from sympolity.kit import codes
from sympolity.kit.actor import PUBLIC
from sympolity.people.enums import OrganizationState
from sympolity.portal.finding import Found

__all__ = [
    "asks_sensitive",
    "by_message",
    "is_sensitive",
    "is_shared",
    "lists_sensitive",
    "of_list",
    "of_service",
    "qr",
    "shown_code",
    "ways",
]

# Needs that nobody should be known by: whoever finds the message may be who they flee from.
SENSITIVE_NEEDS = frozenset({
    "safety", "violence-at-home", "women-shelter", "trafficking", "attacked", "child-alone", "mental-health",
    "pregnancy", "detention",
})  # fmt: skip
SENSITIVE_PEOPLE = frozenset({ForWhom.SURVIVORS.value, ForWhom.LGBTQI.value})
QR_BYTES = 700  # a longer address makes squares too small for a cheap camera
NEAR = 2  # decimals of a point that is passed on: 1 km, not somebody's door


def is_shared(service: Service, *, approved: bool) -> bool:
    """Whether everybody may see it: only then is there anything to pass on."""
    doors = rules.doors(
        status=service.status, audience=service.audience, organization=service.organization_id, approved=approved, areas=()
    )  # fmt: skip
    return bool(doors & rules.keys(PUBLIC))


def is_sensitive(dossier: Dossier) -> bool:
    """Whether the name alone may endanger who is seen with it."""
    slugs = {category.slug for category in dossier.categories}
    slugs |= {category.parent.slug for category in dossier.categories if category.parent}
    hidden = any(not place.shows_address for place in dossier.places)
    return hidden or bool(slugs & SENSITIVE_NEEDS) or bool(SENSITIVE_PEOPLE & set(dossier.service.for_whom))


def asks_sensitive(found: Found) -> bool:
    """Whether a list answers what nobody should be seen asking: a need or people of the sets above, or words for them."""
    asked = [*found.query.chosen.get("need", ()), *([found.meant] if found.meant else [])]
    slugs = {*asked, *(found.site.need(slug, found.lang).parent for slug in asked)}
    return bool(slugs & SENSITIVE_NEEDS) or bool(SENSITIVE_PEOPLE & set(found.query.chosen.get("for", ())))


def lists_sensitive(found: Found) -> bool:
    """Whether one of the services of a list is such that its name alone may endanger who is seen with it."""
    return any(_card_is_sensitive(hit.card, found) for hit in found.answer.hits)


def _card_is_sensitive(card: Mapping[str, Any], found: Found) -> bool:
    slugs = set(card.get("needs", ()))
    slugs |= {found.site.need(slug, found.lang).parent for slug in slugs}
    hidden = any(place["visibility"] != "full" for place in card.get("places", ()))
    return hidden or bool(slugs & SENSITIVE_NEEDS) or bool(SENSITIVE_PEOPLE & set(card.get("for", ())))


def shown_code(code: str) -> str:
    """A code in groups; "" stays ""."""
    return codes.group(code) if code else ""


def ways(dossier: Dossier, lang: str, *, ended: bool) -> dict[str, str]:
    """What the page of a service links to; nothing where there is nothing to pass on.

    ``keep_name`` is what the list in the browser calls it: only the code where a name may endanger.
    """
    service = dossier.service
    if ended or not is_shared(service, approved=service.organization.status == OrganizationState.APPROVED):
        return {}
    path = f"/service/{service.id}/"
    said, code = dossier.texts.said("name", lang), shown_code(service.code)
    silent = is_sensitive(dossier)
    return {
        "share": f"/{lang}{path}share/", "print": f"/{lang}{path}print/", "keep": path, "code": code,
        "keep_name": code if silent else said.body, "keep_lang": "" if silent else said.lang,
    }  # fmt: skip


def of_service(dossier: Dossier) -> dict[str, Any]:
    """Link, code and QR of a service."""
    service = dossier.service
    path = f"/s/{service.code}/" if service.code else f"/service/{service.id}/"
    link = f"{settings.SITE_URL}{path}"
    return {"link": link, "code": shown_code(service.code), "qr": qr(link), "sensitive": is_sensitive(dossier)}


def of_list(found: Found) -> dict[str, Any]:
    """Link and QR of a list: from its first page; a place of one's own only roughly.

    ``plain`` is a list that tells nothing of what was asked: everything in the same city. None where nothing was told.
    """
    query = replace(found.query, page=1)
    if query.near and not query.near_name:
        query = replace(query, near=(round(query.near[0], NEAR), round(query.near[1], NEAR)))
    link, sensitive = _list_link(query.pairs()), asks_sensitive(found)
    plain = None
    if sensitive or query.q:
        silent = _list_link([("in", slug) for slug in query.chosen.get("in", ())])
        plain = {"link": silent, "qr": qr(silent)}
    return {"link": link, "qr": qr(link), "sensitive": sensitive, "worded": bool(query.q), "plain": plain}


def _list_link(pairs: list[tuple[str, str]]) -> str:
    return f"{settings.SITE_URL}/find/" + (f"?{urlencode(pairs)}" if pairs else "")


def qr(text: str) -> dict[str, str] | None:
    """The squares of a QR code as one path, and the side of its box; None when the text is too long."""
    if len(text) > QR_BYTES:
        return None
    rows = segno.make_qr(text, error="m").matrix
    parts = [f"M{start} {y}h{end - start}v1h{start - end}z" for y, row in enumerate(rows) for start, end in _dark(row)]
    return {"path": "".join(parts), "box": f"-4 -4 {len(rows) + 8} {len(rows) + 8}"}


def _dark(row: Any) -> list[tuple[int, int]]:
    """Where dark squares stand side by side: (first, behind the last)."""
    found: list[tuple[int, int]] = []
    for at, dark in enumerate(row):
        if dark and found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        elif dark:
            found.append((at, at + 1))
    return found


def by_message(*, name: str, link: str, code: str = "") -> dict[str, str]:
    """Addresses that open a new message, and its words. ``name`` is empty when it must not be told."""
    told = pgettext("share, words of a message", "Code: %(code)s") % {"code": code} if code else ""
    text = "\n".join(part for part in (name, link, told) if part)
    subject = name or pgettext("share, subject of a mail", "A link for you")
    return {
        "text": text,
        "sms": f"sms:?body={quote(text)}",
        "whatsapp": f"https://wa.me/?text={quote(text)}",
        "mail": f"mailto:?subject={quote(subject)}&body={quote(text)}",
    }
