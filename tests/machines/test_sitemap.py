"""The site map: valid, whole, honest about dates, and as light for 10,000 services as for 100."""

from __future__ import annotations

import gzip
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from sympolity.directory import actions, queries, rules
from sympolity.directory.drafts import ConfirmationDraft
from sympolity.directory.models import Location, Service
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM
from sympolity.languages import registry
from sympolity.ops.bench.building import build
from sympolity.people.models import Organization
from sympolity.people.queries import organizations_visible_to
from sympolity.portal import sitemaps
from sympolity.portal.site import READER
from sympolity.search.documents import Document
from sympolity.search.engine import answer, listed_count, listed_ids
from sympolity.search.query import FindQuery
from sympolity.search.store import IndexAway
from sympolity.trail.journal import action
from tests.find.network import Network, point_reader
from tests.machines.reading import SITEMAP, sitemap_faults, xml

Counted = Callable[..., AbstractContextManager[Any]]
SITE = "http://127.0.0.1:8000"
LANGS = [row.code for row in registry.INTERFACE]


def _get(network: Network, path: str) -> bytes:
    response: Any = network.reader().client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert not response.cookies
    return bytes(response.getvalue())


def _files(network: Network) -> list[str]:
    return [row.text.removeprefix(SITE) for row in xml(_get(network, "/sitemap.xml")).iter(f"{SITEMAP}loc") if row.text]


def _told(network: Network, kind: str) -> dict[str, str]:
    """Address -> date, of every file of a kind."""
    rows = [row for path in _files(network) if kind in path for row in xml(_get(network, path))]
    return {
        (row.findtext(f"{SITEMAP}loc") or "").removeprefix(SITE): row.findtext(f"{SITEMAP}lastmod") or ""
        for row in rows
    }


def _things(told: dict[str, str]) -> set[str]:
    return {path.split("/")[3] for path in told}


def test_every_file_is_valid(network: Network) -> None:
    assert sitemap_faults(_get(network, "/sitemap.xml")) == []
    files = _files(network)
    assert files == ["/sitemap-pages-1.xml", "/sitemap-organizations-1.xml", "/sitemap-services-1.xml"]
    assert [(path, sitemap_faults(_get(network, path))) for path in files] == [(path, []) for path in files]


def test_it_holds_exactly_what_everybody_may_find(network: Network) -> None:
    listed = {str(one.service.id) for one in queries.listed(PUBLIC, clock.local_today())}
    services = _told(network, "services")
    assert _things(services) == listed
    assert len(services) == len(listed) * len(LANGS)
    organizations = _told(network, "organizations")
    assert _things(organizations) == {str(one) for one in organizations_visible_to(PUBLIC).values_list("id", flat=True)}
    assert len(organizations) == len(_things(organizations)) * len(LANGS)


def test_every_address_is_a_page_that_says_the_same_of_itself(network: Network) -> None:
    reader = network.reader()
    told = {
        **_told(network, "pages"),
        **dict(list(_told(network, "services").items())[:30]),
        **dict(list(_told(network, "organizations").items())[:15]),
    }
    assert {
        f"/{lang}/{rest}" for lang in LANGS for rest in ("", "find/", "needs/", "about/", "privacy/", "cooperation/")
    } <= set(told)
    for path in [one for one in told if one.startswith("/en/")]:
        body = reader.client.get(path).content.decode()
        assert f'<link rel="canonical" href="{(SITE + path).replace("&", "&amp;")}">' in body, path
        assert "noindex" not in body, path


def test_cities_and_needs_stand_in_it(network: Network) -> None:
    told = _told(network, "pages")
    assert {f"/{lang}/find/?need=legal-help" for lang in LANGS} <= set(told)
    cities = {path for path in told if "/city/" in path}
    assert {f"/{lang}/city/{slug}/" for lang in LANGS for slug in ("athens", "thessaloniki", "tilos")} <= cities
    assert set(told.values()) == {""}  # nobody knows when such a page changed: nothing is claimed


def test_what_is_not_for_everybody_leaves_at_once(network: Network) -> None:
    """Before the index has followed."""
    services = [network.service(key) for key in ("fanari-asylum-case", "athens-first-steps")]
    assert {str(one) for one in services} <= _things(_told(network, "services"))
    Service.objects.filter(id=services[0]).update(audience="members")
    actions.end_services(actor=SYSTEM, services=services[1:], reason="over")
    assert {str(one) for one in services}.isdisjoint(_things(_told(network, "services")))
    owner = Organization.objects.get(services=services[0])
    Organization.objects.filter(id=owner.id).update(anonymous=True)
    assert str(owner.id) not in _things(_told(network, "organizations"))


# --- dates --------------------------------------------------------------------------------------

OLD = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def _date(network: Network, service: uuid.UUID) -> str:
    return _told(network, "services")[f"/en/service/{service}/"]


def _touch(noun: str, id: uuid.UUID, verb: str) -> None:
    with action(SYSTEM) as t:
        t.record(verb, noun, id, after={"fields": []})


def test_a_confirmation_is_no_change(network: Network) -> None:
    service = network.service("athens-first-steps")
    Service.objects.filter(id=service).update(updated_at=OLD)
    assert _date(network, service) == "2026-01-02T03:04:05Z"
    draft = ConfirmationDraft(group="hours", at=clock.now(), how="phone")
    actions.confirm(actor=SYSTEM, confirmations={service: [draft]})
    assert _date(network, service) == "2026-01-02T03:04:05Z"


@pytest.mark.parametrize(
    ("verb", "visibility", "counts"),
    [("changed", "full", True), ("hidden", "hidden", True), ("changed", "hidden", False), ("changed", "area_only", False), ("recorded", "full", False)],
)  # fmt: skip
def test_a_change_of_its_place_counts_unless_the_place_is_hidden(
    network: Network, verb: str, visibility: str, counts: bool
) -> None:
    """That something about a refuge changed is nobody's business."""
    service = network.service("athens-first-steps")
    Service.objects.filter(id=service).update(updated_at=OLD)
    place = Location.objects.filter(services=service).first()
    assert place is not None
    Location.objects.filter(id=place.id).update(visibility=visibility)
    _touch("location", place.id, verb)
    assert (_date(network, service) != "2026-01-02T03:04:05Z") == counts


def test_a_text_of_an_organization_counts(network: Network) -> None:
    row = organizations_visible_to(PUBLIC).order_by("pk").first()
    assert row is not None
    before = _told(network, "organizations")[f"/en/organization/{row.id}/"]
    with clock.moved(timedelta(days=3)):
        _touch("organization", row.id, "changed")  # a text alone leaves the columns as they are
        assert _told(network, "organizations")[f"/en/organization/{row.id}/"] > before


# --- size ---------------------------------------------------------------------------------------


def _many(count: int) -> list[uuid.UUID]:
    owner = Organization.objects.filter(status="approved").first()
    assert owner is not None
    rows = [
        Service(id=uuid.uuid4(), organization=owner, name=f"Υπηρεσία {n}", description="α" * 2000) for n in range(count)
    ]
    Service.objects.bulk_create(rows, batch_size=500)
    return sorted(row.id for row in rows)


def _spent(ask: Callable[[], Any]) -> tuple[int, int]:
    """(bytes sent, most memory held at a time) of an answer: from before it is asked for until its last piece."""
    sent = 0
    tracemalloc.start()
    try:
        response = ask()
        assert response.status_code == 200
        for part in response if response.streaming else [response.content]:
            sent += len(part)
        return sent, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@dataclass(frozen=True)
class _Bare:
    """What the bench makes an index of: services that are found, and show what another one shows."""

    ids: list[uuid.UUID]
    card: dict[str, Any]

    @property
    def services(self) -> int:
        return len(self.ids)

    def few(self) -> Iterator[Document]:
        for one in self.ids:
            yield Document("service", one, [], set(), frozenset({"public"}), {**self.card, "id": str(one)})

    def many(self) -> Iterator[tuple[Document, str]]:
        return iter(())

    def words_used(self) -> set[str]:
        return set()


def _listing(monkeypatch: pytest.MonkeyPatch, ids: list[uuid.UUID]) -> None:
    """The ids as the index would give them; that it gives the right ones is looked at elsewhere."""
    monkeypatch.setattr(sitemaps, "listed_ids", lambda *_, part, **__: ids[part])


def test_ten_thousand_services_are_never_in_memory(
    network: Network, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither their pages nor, where only their number is wanted, their ids: an index of 10,000 is really asked."""
    client, count = network.reader().client, 10_000
    ids = _many(count)
    [hit] = answer(READER, FindQuery(), keys=rules.keys(PUBLIC), lang="en", limit=1).hits
    build(_Bare(ids, hit.card), tmp_path / "index", lambda *_: None)  # type: ignore[arg-type]
    client.get("/sitemap-pages-1.xml").getvalue()  # what the site keeps of itself is no part of this
    point_reader(tmp_path / "index")
    table: Any = client.get("/sitemap.xml")  # the index is opened
    files = [row.text.removeprefix(SITE) for row in xml(table.content).iter(f"{SITEMAP}loc") if row.text]
    files = [path for path in files if "services" in path]
    assert files == [f"/sitemap-services-{n}.xml" for n in range(1, 11)]
    assert _spent(lambda: client.get("/sitemap.xml"))[1] < 500_000  # bytes: counted, not listed
    seen, peaks = 0, list[int]()
    for path in (files[0], files[-1]):
        sent, peak = _spent(lambda path=path: client.get(path))  # type: ignore[misc]
        seen, peaks = seen + sent, [*peaks, peak]
        assert sent < 50_000_000
    assert seen > 2 * sitemaps.PER_FILE * len(LANGS) * 300
    assert max(peaks) < 3_000_000  # bytes, the names of all 10,000 while they are sorted among them
    assert _listed_peak(slice(0, sitemaps.PER_FILE)) < 3_000_000
    monkeypatch.setattr(sitemaps, "PER_FILE", 2500)  # were more in a file, it would not be more
    sent, peak = _spent(lambda: client.get("/sitemap-services-4.xml"))
    assert sent > 2500 * len(LANGS) * 300
    assert peak < 3_500_000
    assert client.get("/sitemap-services-5.xml").status_code == 404
    print(f"peaks {[*peaks, peak]} bytes")


def _listed_peak(part: slice) -> int:
    """Bytes that the real listing holds at most."""
    tracemalloc.start()
    try:
        found = listed_ids(READER, keys=rules.keys(PUBLIC), now=clock.now(), part=part)
        assert len(found) == sitemaps.PER_FILE
        assert found == sorted(found)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_one_query_for_every_two_hundred(
    network: Network, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Counted
) -> None:
    for count, queries_asked in ((1, 1), (3, 1), (201, 2), (1000, 5)):
        _listing(monkeypatch, _many(count))
        with django_assert_num_queries(queries_asked):
            assert len(xml(_get(network, "/sitemap-services-1.xml"))) == count * len(LANGS)


def test_organizations_cost_the_same(network: Network, django_assert_num_queries: Counted) -> None:
    with django_assert_num_queries(2):  # ids, then one for every two hundred
        _get(network, "/sitemap-organizations-1.xml")


def test_a_file_with_every_language_there_will_be_is_within_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "INTERFACE", tuple(registry.LANGUAGES.values())[:12])
    with override_settings(SITE_URL="https://a-long-name-of-a-network.of-a-whole-region.example.gr"):
        page = sitemaps.Page(f"service/{uuid.uuid4()}/", changed=clock.now())
        size = len("".join(sitemaps.written([page])).encode())
    assert size * sitemaps.PER_FILE < 50_000_000
    assert 12 * sitemaps.PER_FILE <= 50_000


def test_what_is_sent_is_packed_and_whole(network: Network) -> None:
    plain = _get(network, "/sitemap-services-1.xml")
    response: Any = network.reader().client.get("/sitemap-services-1.xml", headers={"accept-encoding": "gzip, br"})
    assert response.streaming
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    packed = response.getvalue()
    assert gzip.decompress(packed) == plain
    assert len(packed) * 8 < len(plain)


# --- odd addresses, bad times ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/sitemap-services-0.xml", "/sitemap-services-2.xml", "/sitemap-services-999999999999999999999999.xml", "/sitemap-people-1.xml",
     "/sitemap-organizations-99999999999999999999.xml", "/sitemap-pages-9.xml", "/sitemap-services-x.xml", "/en/sitemap.xml"],
)  # fmt: skip
def test_files_that_are_not_there(network: Network, path: str) -> None:
    assert network.reader().client.get(path).status_code == 404


def test_without_an_index_it_asks_to_come_again(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Iterator[Any]:
        raise IndexAway

    monkeypatch.setattr(READER, "snapshot", away)
    for path in ("/sitemap.xml", "/sitemap-services-1.xml", "/sitemap-pages-1.xml", "/en/services.atom"):
        response = network.reader().client.get(path)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        assert response.headers["Cache-Control"] == "no-store"


def test_asking_for_the_head_only(network: Network) -> None:
    for path in ("/sitemap.xml", "/sitemap-services-1.xml", "/en/services.atom"):
        response: Any = network.reader().client.head(path, headers={"accept-encoding": "gzip"})
        assert response.status_code == 200
        assert response.getvalue() == b""


@pytest.mark.parametrize(
    "filters", [(), ("need:legal-help",), ("in:athens",), ("need:legal-help", "in:athens"), ("need:no-such",)]
)
def test_the_index_lists_what_find_lists(network: Network, filters: tuple[str, ...]) -> None:
    asked = {("need" if one.startswith("need") else "in"): one.partition(":")[2] for one in filters}
    found = listed_ids(READER, keys=rules.keys(PUBLIC), now=clock.now(), filters=filters)
    wanted = set() if "need:no-such" in filters else network.ids(**asked)
    assert {str(one) for one in found} == wanted
    assert found == sorted(found)
    assert listed_ids(READER, keys=rules.keys(PUBLIC), now=clock.now(), filters=filters, part=slice(1, 3)) == found[1:3]
    if not filters:
        assert listed_count(READER, keys=rules.keys(PUBLIC), now=clock.now()) == len(found)
