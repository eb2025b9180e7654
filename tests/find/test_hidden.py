"""Of a place that is hidden or told by area, nothing but its area is to be learned anywhere."""

from __future__ import annotations

import json
import logging
import random
import re

import pytest
from django.utils import translation
from django.utils.translation import pgettext

from sympolity.directory import rules
from sympolity.directory.models import Location, Service
from sympolity.kit.actor import SYSTEM, Role
from sympolity.languages.models import Text
from sympolity.places.models import AreaName
from sympolity.portal.site import READER
from sympolity.search import engine, tiles
from sympolity.search.query import FindQuery
from sympolity.trail.models import EntryDetail
from tests.find.network import PERSONAS, Network

_POINT = re.compile(r"[0-9.]+ [0-9.]+")


def _protected() -> list[Location]:
    rows = list(Location.objects.exclude(visibility="full").select_related("area"))
    assert {row.visibility for row in rows} == {"hidden", "area_only"}
    return rows


def _public_words() -> str:
    """Addresses and localities that public places tell: the same street name may stand in both."""
    ids = list(Location.objects.filter(visibility="full").values_list("id", flat=True))
    own = [f"{row.address}\n{row.locality}\n{row.nearest_stop}" for row in Location.objects.filter(id__in=ids)]
    return "\n".join([*own, *Text.objects.filter(noun="location", noun_id__in=ids).values_list("body", flat=True)])


def _secrets(row: Location) -> set[str]:
    """What must not be seen: address, locality, stop in any language, and the point."""
    found: set[str] = {text for text in (row.address, row.locality, row.nearest_stop, row.postal_code) if text}
    found |= set(
        Text.objects.filter(noun="location", noun_id=row.id).exclude(field="name").values_list("body", flat=True)
    )
    public = _public_words()
    areas = {row.area.slug, *row.area.names.values_list("name", flat=True)}
    found = {text for text in found if text not in public and text not in areas}
    return found | {repr(value) for value in (row.lat, row.lon) if value is not None and len(repr(value)) > 6}


def _all_secrets() -> set[str]:
    rows = _protected()
    found = {secret for row in rows for secret in _secrets(row)}
    # three decimals of both coordinates together; one alone stands by chance in the drawing of a map
    found |= {f"{_cut(row.lat)} {_cut(row.lon)}" for row in rows if row.lat is not None and row.lon is not None}
    assert len(found) > 3 * len(rows)
    return found


def _cut(value: float) -> str:
    return f"{int(value * 1000) / 1000:.3f}"


def _tells(body: str, secrets: set[str]) -> set[str]:
    def told(secret: str) -> bool:
        parts = secret.split(" ") if _POINT.fullmatch(secret) else [secret]
        return all(part in body for part in parts)

    return {secret for secret in secrets if told(secret)}


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_page_tells_it(network: Network, persona: str, caplog: pytest.LogCaptureFixture) -> None:
    secrets, reader = _all_secrets(), network.reader(persona)
    services = Service.objects.filter(locations__in=_protected()).distinct()
    assert services
    urls = [
        f"/{lang}/{path}"
        for lang in ("el", "ar")
        for path in ("find/", "find/?page=2", "find/?page=3", "find.json?page=1")
    ]
    if not network.actor(persona).has(Role.CURATOR, Role.ADMINISTRATOR):  # who watches over a place sees it on its page
        urls += [f"/el/service/{row.id}/" for row in services]
    urls += [f"/el/organization/{one}/" for one in set(services.values_list("organization", flat=True))]
    urls += [
        f"/en/find/?organization={one}&map=37.98,23.73,14"
        for one in set(services.values_list("organization", flat=True))
    ]
    with caplog.at_level(logging.DEBUG):
        for url in urls:
            assert _tells(reader.client.get(url).content.decode(), secrets) == set(), url
    assert _tells(caplog.text, secrets) == set()


def test_no_file_of_the_index_tells_it(network: Network) -> None:
    # Neighbourhoods are known by name to everybody; that no document but theirs tells it is the next test.
    known = set(AreaName.objects.values_list("name", flat=True))
    secrets = {secret.encode() for secret in _all_secrets() - known}
    assert len(secrets) > 20
    files = [path for path in network.root.rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        body = path.read_bytes()
        assert {secret for secret in secrets if b" " not in secret[:8] and secret in body} == set(), path.name


def test_no_document_of_the_index_tells_it(network: Network) -> None:
    """The files are compressed: the stored facts and cards are looked at too, and words by asking."""
    import tantivy

    secrets, snapshot = _all_secrets(), READER.snapshot()
    count, hits = snapshot.search(tantivy.Query.all_query(), 10_000)
    assert count == len(hits) > 100
    for _, address in hits:
        facts, card = snapshot.facts_of(address), snapshot.card_of(address)
        if facts["key"].startswith("area:"):
            continue  # neighbourhoods are known by name to everybody
        assert _tells(json.dumps([facts, card], ensure_ascii=False), secrets) == set()
    words = {secret for secret in secrets if not secret[0].isdigit()}
    assert words
    for secret in words:
        found = engine.answer(READER, FindQuery(q=f'"{secret}"'), keys=rules.keys(SYSTEM), lang="el")
        if not found.corrected and not found.relaxed:
            keys = {hit.card["id"] for hit in found.hits}
            owners = Location.objects.filter(address=secret).values_list("services", flat=True)
            assert keys.isdisjoint(str(one) for one in owners), secret


def test_no_detail_of_the_trail_tells_it(network: Network) -> None:
    secrets = _all_secrets()
    rows = EntryDetail.objects.exclude(entry__noun="area").values_list("entry__noun", "entry__verb", "body")
    assert {"location", "service"} <= {noun for noun, _, _ in rows}
    for noun, verb, body in rows:
        assert _tells(json.dumps(body, ensure_ascii=False), secrets) == set(), (noun, verb)


def test_bisection_learns_the_centre_of_the_area_and_no_more(network: Network) -> None:
    """Whatever is asked with near and within, the answer is that of the area's centre."""
    dice = random.Random(7)
    client = network.reader().client
    for row in _protected():
        here = {
            str(one) for one in row.services.filter(audience="public", status="active").values_list("id", flat=True)
        }
        only = [one for one in here if Service.objects.get(id=one).locations.count() == 1 and one in network.ids()]
        if not only or row.area.lat is None or row.area.lon is None or row.lat is None or row.lon is None:
            continue
        centre, point = (row.area.lat, row.area.lon), (row.lat, row.lon)
        for _ in range(25):
            km = dice.choice([0.1, 0.3, 1, 2, 5, 20])
            around = dice.choice([point, centre])
            near = (round(around[0] + dice.gauss(0, km / 111), 4), round(around[1] + dice.gauss(0, km / 88), 4))
            far = tiles.distance(near, centre)
            if abs(far - km) < 0.01:
                continue
            asked = {"near": f"{near[0]},{near[1]}", "within": str(km), "organization": str(row.organization_id)}
            data = client.get("/en/find.json", asked).json()
            found = {one["id"] for one in data["results"]}
            assert (only[0] in found) == (far <= km), (near, km)
            assert data["facets"]["within"] is not None


def test_nobody_is_sent_to_the_middle_of_its_area(network: Network) -> None:
    """That is somebody else's door: no distance, and no point that looks like an answer."""
    seen = 0
    for row in _protected():
        if row.area.lat is None or row.services.count() == 0:
            continue
        reader, asked = network.reader(), f"near={row.area.lat},{row.area.lon}&within=20"
        data = reader.client.get(f"/en/find.json?{asked}&organization={row.organization_id}").json()
        alone = {str(one.id) for one in row.services.all() if one.locations.count() == 1}
        for one in data["results"]:
            if one["id"] in alone:
                assert (one["distance"], one["point"]) == ("", None)
                seen += 1
    assert seen > 5


def test_both_kinds_are_there_to_be_looked_for(network: Network) -> None:
    public = network.ids()
    for kind in ("hidden", "area_only"):
        assert public & {
            str(one) for one in Service.objects.filter(locations__visibility=kind).values_list("id", flat=True)
        }, kind


TRAITS = {
    "en": ("Step-free", "Steps at the entrance", "wheelchair", "lift"),
    "el": ("σκαλ", "ανελκυστήρα", "ασανσέρ", "αμαξίδι", "αναπηρικ"),
    "ar": ("درج", "مصعد", "كرسي متحرك", "الكراسي المتحركة"),
}
ASK = "Ask by phone whether you can get in without steps"


def _building(body: str, lang: str) -> set[str]:
    """Words of :data:`TRAITS` in the part of a page that says where it is, and in its data for machines."""
    data = "".join(re.findall(r'<script type="application/ld\+json">.*?</script>', body, re.DOTALL))
    where = body.split('id="where"', 1)[1].split("</section>", 1)[0] if 'id="where"' in body else body
    with translation.override(lang):  # the question itself names steps
        where = where.replace(pgettext("service, hidden place", ASK), "")
    return {word for word in TRAITS[lang] if re.search(rf"\b{word}", data + where)}


@pytest.mark.parametrize("lang", TRAITS)
def test_a_building_is_not_described(network: Network, lang: str) -> None:
    """With its traits a door in a small neighbourhood is known: they are asked by phone."""
    Location.objects.exclude(visibility="full").update(step_free=True, lift=True, toilet=True)
    hidden = Service.objects.filter(locations__in=_protected(), audience="public").exclude(locations__visibility="full")
    client = network.reader().client
    for row in hidden.distinct():
        page = client.get(f"/{lang}/service/{row.id}/").content.decode()
        assert _building(page, lang) == set(), row.name
        if lang == "en":
            assert ASK in page
        assert _building(client.get(f"/{lang}/service/{row.id}/print/").content.decode(), lang) == set()
        found = client.get(f"/en/find.json?organization={row.organization_id}").content.decode()
        assert not {word for word in TRAITS["en"][:2] if word in found}


def test_who_may_read_the_address_reads_the_building(network: Network) -> None:
    Location.objects.exclude(visibility="full").update(step_free=True, lift=True)
    row = Service.objects.get(id=network.service("liv-six-beds"))
    page = network.reader("administrator").client.get(f"/en/service/{row.id}/").content.decode()
    assert "Step-free entrance" in page
    assert ASK not in page


def test_a_shown_place_says_how_one_gets_in(network: Network) -> None:
    row = Service.objects.filter(locations__visibility="full", audience="public", locations__kind="physical").first()
    assert row is not None
    row.locations.update(step_free=True, lift=True)
    page = network.reader().client.get(f"/en/service/{row.id}/").content.decode()
    assert "Step-free entrance" in page
    assert ASK not in page
