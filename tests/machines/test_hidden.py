"""What nobody may know stands in nothing that machines read; and no words of anybody break out of it."""

from __future__ import annotations

import logging
from typing import Any
from uuid import uuid4

import pytest

from sympolity.directory import models
from sympolity.directory.models import Service
from sympolity.languages.models import Text
from sympolity.people.models import Organization
from tests.document import read
from tests.find import test_hidden as hidden
from tests.find.network import PERSONAS, Network
from tests.find.test_hostile import WORDS
from tests.machines.reading import ATOM, atom_faults, data_of, graph_of, sitemap_faults, xml

LANGS = ("en", "el", "ar")


def _outputs(network: Network, persona: str = "public") -> dict[str, str]:
    client = network.reader(persona).client
    paths = [
        "/sitemap.xml",
        "/sitemap-pages-1.xml",
        "/sitemap-organizations-1.xml",
        "/sitemap-services-1.xml",
        "/robots.txt",
    ]
    paths += [
        f"/{lang}/{rest}"
        for lang in LANGS
        for rest in ("services.atom", "city/athens/services.atom", "city/thessaloniki/services.atom", "opensearch.xml")
    ]
    out = {}
    for path in paths:
        response: Any = client.get(path)
        assert response.status_code == 200
        out[path] = response.getvalue().decode()
    return out


def _data(network: Network, service: object, lang: str, persona: str = "public") -> str:
    """The head of a page: everything that machines take from it."""
    page = network.reader(persona).client.get(f"/{lang}/service/{service}/")
    assert page.status_code == 200
    return str(page.content.decode().split("<body>")[0])


@pytest.mark.parametrize("persona", PERSONAS)
def test_of_a_hidden_place_they_know_its_area(network: Network, persona: str, caplog: pytest.LogCaptureFixture) -> None:
    secrets = hidden._all_secrets()
    with caplog.at_level(logging.DEBUG):
        for path, body in _outputs(network, persona).items():
            assert hidden._tells(body, secrets) == set(), path
        services = Service.objects.filter(
            locations__in=hidden._protected(), audience="public", status="active"
        ).distinct()
        assert services
        for row in services:
            for lang in LANGS:
                assert hidden._tells(_data(network, row.id, lang, persona), secrets) == set(), row.id
    assert hidden._tells(caplog.text, secrets) == set()


def test_its_public_page_stands_in_the_site_map(network: Network) -> None:
    told = _outputs(network)["/sitemap-services-1.xml"]
    shown = network.ids()
    for row in Service.objects.filter(locations__in=hidden._protected()).distinct():
        assert (str(row.id) in told) == (str(row.id) in shown)


def test_nothing_of_what_is_for_members_or_staff(network: Network) -> None:
    shown = network.ids()
    closed = [row for row in Service.objects.exclude(audience="public") if str(row.id) not in shown]
    assert {row.audience for row in closed} >= {"members"}
    secret = {str(row.id) for row in closed}
    secret |= {row.referral for row in Service.objects.all() if len(row.referral) > 20}
    secret |= set(Service.objects.exclude(direct_line="").values_list("direct_line", flat=True))
    assert len(secret) > 10
    for persona in ("public", "administrator"):
        for path, body in _outputs(network, persona).items():
            assert {one for one in secret if one in body} == set(), path
    for row in Service.objects.exclude(referral="").filter(id__in=shown)[:8]:
        head = _data(network, row.id, row.lang, "administrator")
        assert row.referral not in head
        assert not row.direct_line or row.direct_line not in head


def test_organizations_that_hide_or_wait_are_not_listed(network: Network) -> None:
    Organization.objects.filter(services=network.service("athens-first-steps")).update(anonymous=True)
    hides = Organization.objects.filter(anonymous=True) | Organization.objects.exclude(status="approved")
    assert len(hides) >= 2
    for path, body in _outputs(network, "administrator").items():
        assert {str(row.id) for row in hides if str(row.id) in body} == set(), path


# --- words that attack ------------------------------------------------------------------------------

PAYLOADS = {
    **WORDS,
    "end of data": "</script><script>alert(1)</script>",
    "comment": "<!--<script>",
    "cdata": "]]><script>alert(1)</script><![CDATA[",
    "entity": "&xxe; &#x3c;b&#x3e; &amp;lt;",
    "instruction": "<?php echo 1 ?>",
    "separators": "a\u2028b\u2029c",
    "attribute": "\" onload=alert(1) x='",
    "json": '","@type":"Person","x":"\\u003c/script\\u003e',
    "noncharacters": "a\ufffeb\uffffc\U0001fffe",
    "context": '{"@context":"https://evil.example","@id":"x"}',
}
LIMITS = {"name": 200, "summary": 300, "description": 10_000, "phone": 40}


def _planted(network: Network, words: str) -> Service:
    """Past the actions, which would clean them: an import of another day, a backup of an older version."""
    row = Service.objects.get(id=network.service("fanari-asylum-case"))
    for field in LIMITS:
        setattr(row, field, words.replace("\x00", "\u0001")[: LIMITS[field]])  # no database keeps NUL
    row.lang, row.origin = "en", ""
    row.save()
    Organization.objects.filter(id=row.organization_id).update(lang="en", name=words.replace("\x00", "\u0001")[:200])
    models.Location.objects.filter(services=row).update(lang="en", address=words.replace("\x00", "\u0001")[:300])
    Text.objects.filter(noun_id__in=[row.id, row.organization_id]).delete()
    return row


@pytest.mark.parametrize("name", PAYLOADS)
def test_words_stay_words(network: Network, name: str) -> None:
    words = PAYLOADS[name]
    row = _planted(network, words)
    for lang in LANGS:
        body = network.reader().client.get(f"/{lang}/service/{row.id}/").content.decode()
        head = body.split("<body>")[0]
        [data] = data_of(body)
        assert {tag.get("type") for tag in read(head).find("script")} <= {"module", "application/ld+json"}
        assert len([tag for tag in read(head).find("script") if tag.body.strip()]) == 1
        block = head.split('<script type="application/ld+json">')[1].split("</script>")[0]
        assert not {"<", ">", "&", "\u2028", "\u2029"} & set(block)
        said = data["name"] if isinstance(data["name"], str) else data["name"]["@value"]
        assert said == row.name
        assert data["@type"] == "Service"
        graph_of(data)
        feed = network.reader().client.get(f"/{lang}/city/athens/services.atom?need=legal-help")
        feed_body: bytes = feed.getvalue()
        assert atom_faults(feed_body) == []
        entry = next(
            one for one in xml(feed_body).findall(f"{ATOM}entry") if str(row.id) in (one.findtext(f"{ATOM}id") or "")
        )
        assert {child.tag.removeprefix(ATOM) for child in entry} <= {
            "id",
            "title",
            "updated",
            "published",
            "link",
            "author",
            "summary",
            "category",
        }
        title = entry.findtext(f"{ATOM}title") or ""
        assert not {"\u202e", "\u2066", "\u0001", "\ufffe"} & set(title)
        assert "script" not in words or "script" in title or len(words) > 200
    sitemap: bytes = network.reader().client.get("/sitemap-services-1.xml").getvalue()
    assert sitemap_faults(sitemap) == []


def test_a_name_of_nothing_is_still_a_title(network: Network) -> None:
    row = _planted(network, "\u200b\u202e")
    body: bytes = network.reader().client.get("/en/city/athens/services.atom?need=legal-help").getvalue()
    assert str(row.id) in body.decode()
    assert atom_faults(body) == []


def test_ids_in_addresses_are_ours(network: Network) -> None:
    for path in (f"/en/service/{uuid4()}/", f"/en/organization/{uuid4()}/"):
        assert network.reader().client.get(path).status_code == 404
    assert network.reader().client.get("/en/service/<script>/").status_code == 404
