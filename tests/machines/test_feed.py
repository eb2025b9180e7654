"""Feeds of new and changed services: valid Atom, honest about what changed, cheap at any size."""

from __future__ import annotations

import gzip
import time
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings

from sympolity.directory import actions, queries
from sympolity.directory.drafts import ConfirmationDraft, ServiceDraft
from sympolity.directory.models import Category, Service
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM
from sympolity.languages.models import Text
from sympolity.people.models import Organization
from sympolity.portal import feeds
from tests.find.network import Network
from tests.machines.reading import ATOM, XML_LANG, atom_faults, xml

Counted = Callable[..., AbstractContextManager[Any]]
SITE = "http://127.0.0.1:8000"
LANGS = ("en", "el", "ar")
PATHS = (
    "services.atom", "services.atom?need=legal-help", "city/athens/services.atom", "city/athens/services.atom?need=legal-help",
    "city/tilos/services.atom?need=appeal",
)  # fmt: skip


def _body(network: Network, path: str) -> bytes:
    response: Any = network.reader().client.get(path)
    assert response.status_code == 200, path
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=600"
    assert not response.cookies
    return bytes(response.getvalue())


def _entries(network: Network, path: str) -> dict[str, ET.Element]:
    rows = xml(_body(network, path)).findall(f"{ATOM}entry")
    return {(row.findtext(f"{ATOM}id") or "").removeprefix("urn:uuid:"): row for row in rows}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", PATHS)
def test_it_is_valid_and_names_itself(network: Network, lang: str, path: str) -> None:
    body = _body(network, f"/{lang}/{path}")
    assert atom_faults(body) == []
    root = xml(body)
    assert root.attrib[XML_LANG] == lang
    links = {link.get("rel"): link for link in root.findall(f"{ATOM}link")}
    assert links["self"].get("href") == f"{SITE}/{lang}/{path}"
    assert links["alternate"].get("hreflang") == lang
    page = network.reader().get((links["alternate"].get("href") or "").removeprefix(SITE))
    assert page.document.root.get("lang") == lang
    dates = [row.findtext(f"{ATOM}updated") or "" for row in root.findall(f"{ATOM}entry")]
    assert dates == sorted(dates, reverse=True)
    assert root.findtext(f"{ATOM}updated") == (dates[0] if dates else "1970-01-01T00:00:00Z")


def test_ids_are_steady_and_of_one_thing(network: Network) -> None:
    ids = {
        f"{lang}/{path}": xml(_body(network, f"/{lang}/{path}")).findtext(f"{ATOM}id")
        for lang in LANGS
        for path in PATHS
    }
    assert len(set(ids.values())) == len(ids)
    with override_settings(SITE_URL="https://moved.example.gr"):
        assert xml(_body(network, f"/en/{PATHS[0]}")).findtext(f"{ATOM}id") == ids[f"en/{PATHS[0]}"]
        assert set(_entries(network, "/el/services.atom")) == set(_entries(network, "/en/services.atom"))


def test_it_holds_the_latest_fifty_of_what_everybody_may_find(network: Network) -> None:
    listed = {str(one.service.id) for one in queries.listed(PUBLIC, clock.local_today())}
    found = _entries(network, "/en/services.atom")
    assert len(found) == min(50, len(listed))
    assert set(found) <= listed
    for path, asked in (("city/athens/services.atom", {"in": "athens"}), ("services.atom?need=appeal", {"need": "appeal"}),
                        ("city/athens/services.atom?need=legal-help", {"in": "athens", "need": "legal-help"})):  # fmt: skip
        wanted = network.ids(**asked)
        found = _entries(network, f"/en/{path}")
        assert set(found) == wanted if len(wanted) <= 50 else set(found) < wanted


@pytest.mark.parametrize("lang", LANGS)
def test_an_entry_says_what_the_page_says(network: Network, lang: str) -> None:
    found = _entries(network, f"/{lang}/city/athens/services.atom?need=legal-help")
    assert found
    for one in queries.dossiers(Service.objects.filter(id__in=found)):
        row, name = found[str(one.service.id)], one.texts.said("name", lang)
        title, summary = row.find(f"{ATOM}title"), row.find(f"{ATOM}summary")
        assert title is not None
        assert (title.text, title.attrib[XML_LANG]) == (name.body, name.lang)
        said = one.texts.said("summary", lang) or one.texts.said("description", lang)
        assert (summary.text if summary is not None else "") == said.body
        assert row.findtext(f"{ATOM}author/{ATOM}name") == one.organization.said("name", lang).body
        pages = [(link.get("hreflang"), link.get("href")) for link in row.findall(f"{ATOM}link")]
        assert pages[0] == (lang, f"{SITE}/{lang}/service/{one.service.id}/")
        assert {code for code, _ in pages} == set(LANGS)
        assert [term.get("term") for term in row.findall(f"{ATOM}category")] == [need.slug for need in one.categories]


# --- what counts as a change ----------------------------------------------------------------------

OLD = datetime(2025, 5, 6, 7, 8, 9, tzinfo=UTC)
OLD_TEXT = "2025-05-06T07:08:09Z"


def _aged(network: Network) -> uuid.UUID:
    service = network.service("fanari-asylum-case")
    Service.objects.filter(id=service).update(created_at=OLD, updated_at=OLD)
    return service


def _dates(network: Network, service: uuid.UUID) -> tuple[str, str]:
    row = _entries(network, "/en/city/athens/services.atom?need=legal-help")[str(service)]
    return row.findtext(f"{ATOM}published") or "", row.findtext(f"{ATOM}updated") or ""


def test_a_confirmation_is_no_change_and_a_text_is(network: Network) -> None:
    service = _aged(network)
    tag = network.reader().client.get("/en/services.atom").headers["ETag"]
    draft = ConfirmationDraft(group="contact", at=clock.now(), how="phone")
    actions.confirm(actor=SYSTEM, confirmations={service: [draft]})
    assert _dates(network, service) == (OLD_TEXT, OLD_TEXT)
    assert network.reader().client.get("/en/services.atom").headers["ETag"] == tag
    row = Service.objects.get(id=service)
    [dossier] = queries.dossiers(Service.objects.filter(id=service))
    changed = ServiceDraft(
        id=service, organization=row.organization_id, lang=row.lang, columns={"name": row.name, "summary": row.summary},
        texts={"name": {"en": "A lawyer for your asylum case, free"}}, categories=tuple(one.slug for one in dossier.categories),
        locations=tuple(place.location.id for place in dossier.places), opening_hours=dossier.hours.spec,
        exceptions=(), documents=(),
    )  # fmt: skip
    actions.record_services(actor=SYSTEM, drafts=[changed])
    published, updated = _dates(network, service)
    assert published == OLD_TEXT
    assert updated > "2026"
    assert next(iter(_entries(network, "/en/services.atom"))) == str(service)
    assert network.reader().client.get("/en/services.atom").headers["ETag"] != tag


def test_time_alone_changes_nothing(network: Network) -> None:
    service = _aged(network)
    before = _dates(network, service)
    with clock.moved(timedelta(days=2)):
        assert _dates(network, service) == before


def test_a_program_that_knows_this_state_gets_no_body(network: Network) -> None:
    client = network.reader().client
    tag = client.get("/en/services.atom").headers["ETag"]
    answer = client.get("/en/services.atom", headers={"if-none-match": tag})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    assert client.get("/el/services.atom", headers={"if-none-match": tag}).status_code == 200


def test_an_organization_that_hides_is_not_named(network: Network) -> None:
    service = network.service("fanari-asylum-case")
    owner = Organization.objects.get(services=service)
    Organization.objects.filter(id=owner.id).update(anonymous=True)
    body = _body(network, "/el/city/athens/services.atom?need=legal-help")
    assert str(service) in body.decode()
    assert owner.name not in body.decode()
    assert atom_faults(body) == []


def test_what_is_not_for_everybody_leaves_at_once(network: Network) -> None:
    service = network.service("fanari-asylum-case")
    path = "/en/city/athens/services.atom?need=legal-help"
    rows = Service.objects.filter(id=service)
    assert str(service) in _entries(network, path)
    yesterday = clock.local_today() - timedelta(days=1)
    for change in (
        {"audience": "members"},
        {"audience": "staff"},
        {"status": "defunct"},
        {"status": "inactive"},
        {"ends_on": yesterday},
    ):
        before = rows.values(*change).get()
        rows.update(**change)
        assert str(service) not in _entries(network, path), change
        rows.update(**before)
    Organization.objects.filter(services=service).update(status="suspended")
    assert str(service) not in _entries(network, path)


# --- cost -------------------------------------------------------------------------------------------


def test_fifty_entries_cost_as_much_as_one(network: Network, django_assert_num_queries: Counted) -> None:
    for path, queries_asked in (("/en/services.atom", 13), ("/en/city/athens/services.atom?need=appeal", 7)):
        with django_assert_num_queries(queries_asked):  # the newest, then six for every 25 entries
            count = len(_entries(network, path))
        assert count > 25 if queries_asked == 13 else 1 <= count <= 25


def test_with_ten_thousand_it_is_still_quick(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = Organization.objects.filter(status="approved").first()
    assert owner is not None
    rows = [
        Service(id=uuid.uuid4(), organization=owner, name=f"Υπηρεσία {n}", updated_at=OLD + timedelta(minutes=n))
        for n in range(10_000)
    ]
    Service.objects.bulk_create(rows, batch_size=500)
    need = Category.objects.get(slug="appeal")
    Service.categories.through.objects.bulk_create(
        [Service.categories.through(service=row, category=need) for row in rows[-60:]], batch_size=100
    )
    listed = {row.id for row in rows}
    monkeypatch.setattr(feeds, "listed_ids", lambda *_, **__: list(listed))
    begun = time.perf_counter()
    found = _entries(network, "/en/services.atom")
    spent = time.perf_counter() - begun
    assert list(found) == [str(row.id) for row in reversed(rows[-50:])]
    assert spent < 5  # seconds, on a machine that does other things; 0.5 s alone


def test_what_is_sent_is_packed_and_whole(network: Network) -> None:
    plain = _body(network, "/el/services.atom")
    response: Any = network.reader().client.get("/el/services.atom", headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.getvalue()) == plain


@pytest.mark.parametrize(
    "path",
    ["en/city/nowhere/services.atom", "en/services.atom?need=no-such-need", "en/city/athens/services.atom?need=%ff", "xx/services.atom",
     "en/city/athens/services.atom?need=%00", "en/services.atom?need=" + "x" * 5000],
)  # fmt: skip
def test_feeds_that_are_not_there(network: Network, path: str) -> None:
    assert network.reader().client.get(f"/{path}").status_code == 404


def test_odd_questions(network: Network) -> None:
    for tail in ("?need=", "?&&==;", "?%ff=1", "?q=help", "?need=legal-help&need=appeal"):
        assert atom_faults(_body(network, f"/en/services.atom{tail}")) == []


def test_translations_are_told_in_their_language(network: Network) -> None:
    service = network.service("fanari-asylum-case")
    Text.objects.filter(noun="service", noun_id=service, language="ar").delete()
    row = _entries(network, "/ar/city/athens/services.atom?need=legal-help")[str(service)]
    title = row.find(f"{ATOM}title")
    assert title is not None
    assert title.attrib[XML_LANG] == "en"
