"""The site map for search engines (sitemaps.org 0.9, with the languages of each page): written as it is read.

Never in memory as a whole: services come from the find index as ids, and from the tables a chunk at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from uuid import UUID

from django.http import QueryDict

from sympolity.directory import rules
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.languages import registry
from sympolity.network.queries import networks_visible_to
from sympolity.portal import changed, finding
from sympolity.portal.addresses import absolute, alternates, exists
from sympolity.portal.site import READER, site
from sympolity.search.engine import listed_count, listed_ids

__all__ = ["CHUNK", "KINDS", "PER_FILE", "files", "moment", "part", "table"]

# Things in one file. Each stands there in every language with its alternates: at twelve languages and
# addresses of 100 bytes these are 12,000 entries and 25 MB; the limits are 50,000 and 50 MB.
PER_FILE = 1000
_MOST_FILES = 50_000  # that a file of files may name
CHUNK = 200  # rows read at a time, by one query
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_STATIC = (
    "", "find/", "needs/", "cities/", "notices/", "cooperation/", "about/", "privacy/", "accessibility/", "sources/", "languages/",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A page below the language. ``changed`` is None where we do not know: then nothing is claimed."""

    rest: str
    query: str = ""
    changed: datetime | None = None


def moment(at: datetime) -> str:
    """A moment as W3C Datetime and RFC 3339 write it, in whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _pages() -> list[Page]:
    """Pages of the site itself: what they say changes with everything, so no date is told."""
    here = site()
    rests = [rest for rest in _STATIC if exists(f"/{registry.FALLBACK}/{rest}")]
    rests += [f"languages/{row.code}/" for row in registry.LANGUAGES.values()]
    rests += [
        f"network/{slug}/" for slug in networks_visible_to(PUBLIC).order_by("slug").values_list("slug", flat=True)
    ]
    found = finding.find(QueryDict(), actor=PUBLIC, lang=registry.FALLBACK, limit=1)
    filled = {slug for slug, count in found.answer.facets.get("in", {}).items() if count}
    cities = [f"city/{slug}/" for slug in sorted(slug for slug, _ in here.listed(registry.FALLBACK, filled))]
    rests += [rest for rest in cities if exists(f"/{registry.FALLBACK}/{rest}")]
    counts = found.answer.facets.get("need", {})
    needs = [need.slug for need in here.needs(registry.FALLBACK) if counts.get(need.slug)]
    return [*(Page(rest) for rest in rests), *(Page("find/", f"?need={slug}") for slug in needs)]


def _services(part: slice) -> list[UUID]:
    return listed_ids(READER, keys=rules.keys(PUBLIC), now=clock.now(), part=part)


def _organizations(part: slice) -> list[UUID]:
    return list(changed.organizations().order_by("pk").values_list("pk", flat=True)[part])


def _things(
    ids: Sequence[UUID], rows: Callable[[Sequence[UUID]], Iterable[tuple[UUID, datetime]]], path: str
) -> Iterator[Page]:
    for start in range(0, len(ids), CHUNK):
        for one, at in rows(ids[start : start + CHUNK]):
            yield Page(f"{path}/{one}/", changed=at)


def _service_rows(ids: Sequence[UUID]) -> Iterable[tuple[UUID, datetime]]:
    # The index follows the tables by a moment: what everybody may see is asked again here.
    return changed.services().filter(pk__in=ids).order_by("pk").values_list("pk", "changed")


def _organization_rows(ids: Sequence[UUID]) -> Iterable[tuple[UUID, datetime]]:
    return changed.organizations().filter(pk__in=ids).order_by("pk").values_list("pk", "changed")


# kind -> how many things it has; they are read when their file is asked for
_COUNTS: Mapping[str, Callable[[], int]] = {
    "pages": lambda: len(_pages()),
    "organizations": lambda: changed.organizations().count(),
    "services": lambda: listed_count(READER, keys=rules.keys(PUBLIC), now=clock.now()),
}
KINDS = tuple(_COUNTS)


def files() -> Iterator[tuple[str, int]]:
    """(kind, number) of every file there is now. Raises ``IndexAway``."""
    for kind, count in _COUNTS.items():
        yield from ((kind, number + 1) for number in range(-(-count() // PER_FILE)))


def part(kind: str, number: int) -> Iterator[Page] | None:
    """The pages of one file; None when there is no such file. Raises ``IndexAway``."""
    if kind not in KINDS or not 1 <= number <= _MOST_FILES:
        return None
    wanted = slice((number - 1) * PER_FILE, number * PER_FILE)
    if kind == "pages":
        pages = _pages()[wanted]
        return iter(pages) if pages else None
    ids = (_services if kind == "services" else _organizations)(wanted)
    if not ids:
        return None
    return (
        _things(ids, _service_rows, "service")
        if kind == "services"
        else _things(ids, _organization_rows, "organization")
    )


def _entry(page: Page) -> str:
    """One page in every language, each with links to all of them (its own among them)."""
    rows = [(code, escape(url)) for code, url in alternates(page.rest, page.query)]
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{url}"/>' for code, url in rows)
    date = f"<lastmod>{moment(page.changed)}</lastmod>" if page.changed else ""
    return "".join(f"<url><loc>{url}</loc>{date}{links}</url>\n" for code, url in rows if code != "x-default")


def written(pages: Iterable[Page]) -> Iterator[str]:
    """A file of pages, piece by piece."""
    yield f'{_HEAD}<urlset {_NAMESPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    yield from (_entry(page) for page in pages)
    yield "</urlset>\n"


def table() -> str:
    """The file that names the others."""
    rows = "".join(
        f"<sitemap><loc>{escape(absolute(f'/sitemap-{kind}-{n}.xml'))}</loc></sitemap>\n" for kind, n in files()
    )
    return f"{_HEAD}<sitemapindex {_NAMESPACE}>\n{rows}</sitemapindex>\n"
