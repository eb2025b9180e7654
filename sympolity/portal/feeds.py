"""New and changed services as Atom (RFC 4287): everywhere, in a city, for a need."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from itertools import islice
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.utils.translation import pgettext

from sympolity.directory import rules
from sympolity.directory.queries import Dossier, dossiers, visible_to
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.kit.bidi import clean_line, clean_text
from sympolity.languages import registry
from sympolity.languages.texts import Said
from sympolity.portal import changed
from sympolity.portal.addresses import absolute, alternates
from sympolity.portal.site import READER, site
from sympolity.portal.sitemaps import moment
from sympolity.search.engine import listed_ids

__all__ = ["LIMIT", "Feed", "feed", "written"]

LIMIT = 50  # entries
CHUNK = 25  # entries whose words are in memory at a time
_NEVER = datetime(
    1970, 1, 1, tzinfo=UTC
)  # of a feed without entries: RFC 4287 asks for a date, and ETags for a steady one


@dataclass(frozen=True, slots=True)
class Feed:
    """What stands in the head of a feed, and which services follow. ``rows``: (id, changed), the newest first."""

    lang: str
    title: str
    path: str  # of the feed, below the language, with its query
    page: str  # of the list that people read
    id: str
    rows: tuple[tuple[UUID, datetime], ...]
    tag: str  # for ETag
    labels: Mapping[str, Said]  # of needs, by their codes

    @property
    def updated(self) -> datetime:
        return self.rows[0][1] if self.rows else _NEVER


def feed(lang: str, area: str = "", need: str = "") -> Feed | None:
    """The feed of an area and a need, in the active language; None when one is unknown. Raises ``IndexAway``."""
    here = site()
    if (area and area not in here.areas) or (need and not here.has_need(need)):
        return None
    filters = [f"in:{area}"] * bool(area) + [f"need:{need}"] * bool(need)
    listed = frozenset(listed_ids(READER, keys=rules.keys(PUBLIC), now=clock.now(), filters=filters))
    rows, tag = _newest(listed, lang)
    parts = [here.need(need, lang).label.body] if need else []
    parts += [here.area_name(area, lang).body] if area else []
    title = pgettext("feed", "New and changed services")
    if parts:
        title = pgettext("feed", "New and changed services: %(what)s") % {"what": pgettext("list", ", ").join(parts)}
    query = f"?{urlencode({'need': need})}" if need else ""
    asked = {name: value for name, value in (("need", need), ("in", area)) if value}
    return Feed(
        lang=lang,
        title=title,
        path=(f"city/{area}/services.atom" if area else "services.atom") + query,
        page="find/" + (f"?{urlencode(asked)}" if asked else ""),
        id=uuid5(NAMESPACE_URL, f"https://sympolity.org/feed/{lang}/{area}/{need}").urn,
        rows=rows,
        tag=tag,
        labels={one.slug: one.label for one in here.needs(lang)},
    )


def _newest(listed: frozenset[UUID], lang: str) -> tuple[tuple[tuple[UUID, datetime], ...], str]:
    """The latest that are listed, by one query read only as far as needed; and what tells one state from another."""
    found = changed.services().order_by("-changed", "pk")
    stream = found.values_list("pk", "changed", "organization__updated_at").iterator(chunk_size=200)
    kept = list(islice((row for row in stream if row[0] in listed), LIMIT)) if listed else []
    tag = hashlib.blake2s(repr((lang, kept)).encode(), digest_size=12).hexdigest()
    return tuple((one, at) for one, at, _ in kept), tag


def written(shown: Feed) -> Iterator[str]:
    """The feed, piece by piece."""
    yield _head(shown)
    today = clock.local_today()
    for start in range(0, len(shown.rows), CHUNK):
        some = dict(shown.rows[start : start + CHUNK])
        found = {row.service.id: row for row in dossiers(visible_to(PUBLIC).filter(pk__in=some))}
        for one, at in some.items():
            row = found.get(one)
            if row is not None and not row.standing.is_gone(today):
                yield _entry(row, shown, at)
    yield "</feed>\n"


def _link(rel: str, url: str, kind: str, lang: str) -> str:
    return f'<link rel="{rel}" type="{kind}" hreflang="{lang}" href="{escape(url)}"/>'


def _head(shown: Feed) -> str:
    below = f"/{shown.lang}/"
    author = clean_line(settings.OPERATOR) or "Sympolity"
    return "".join((
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{shown.lang}">\n',
        f"<id>{shown.id}</id>\n",
        f"<title>{escape(clean_line(shown.title))}</title>\n",
        f"<updated>{moment(shown.updated)}</updated>\n",
        f"<author><name>{escape(author)}</name></author>\n",
        f"<generator uri=\"{escape(absolute('/'))}\">Sympolity</generator>\n",
        _link("self", absolute(below + shown.path), "application/atom+xml", shown.lang) + "\n",
        _link("alternate", absolute(below + shown.page), "text/html", shown.lang) + "\n",
    ))  # fmt: skip


def _text(name: str, said: Said, *, lines: bool = False) -> str:
    """A text construct in the language of its words; controls are taken out, since XML 1.0 has no way to write them."""
    body = clean_text(said.body) if lines else clean_line(said.body)
    return f'<{name} type="text" xml:lang="{escape(said.lang)}">{escape(body)}</{name}>\n' if body else ""


def _entry(row: Dossier, shown: Feed, at: datetime) -> str:
    service, said, lang = row.service, row.texts, shown.lang
    published = min(service.created_at, at)
    pages = [(code, url) for code, url in alternates(f"service/{service.id}/") if code in registry.LANGUAGES]
    pages.sort(key=lambda one: one[0] != lang)  # programs take the first
    out = [
        "<entry>\n",
        f"<id>{service.id.urn}</id>\n",
        _text("title", said.said("name", lang)) or "<title/>\n",
        f"<updated>{moment(at)}</updated>\n<published>{moment(published)}</published>\n",
        *(_link("alternate", url, "text/html", code) + "\n" for code, url in pages),
        _author(row, lang),
        _text("summary", said.said("summary", lang) or said.said("description", lang), lines=True),
        *(_category(category.slug, shown.labels.get(category.slug)) for category in row.categories),
        "</entry>\n",
    ]
    return "".join(out)


def _author(row: Dossier, lang: str) -> str:
    """Who offers it; of an organization that hides the dossier has no name: then the author of the feed counts."""
    name = clean_line(row.organization.said("name", lang).body)
    return f"<author><name>{escape(name)}</name></author>\n" if name else ""


def _category(slug: str, label: Said | None) -> str:
    words = f' label="{escape(clean_line(label.body))}" xml:lang="{escape(label.lang)}"' if label else ""
    return f'<category term="{escape(slug)}"{words}/>\n'
