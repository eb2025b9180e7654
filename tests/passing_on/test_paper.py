"""Print sheets: two languages side by side, only what is public, in every script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from sympolity.directory.models import Location, RequiredDocument, Service
from sympolity.kit import clock, codes
from sympolity.languages import registry
from sympolity.languages.models import Text
from sympolity.portal import sheet_words
from tests.find.network import PERSONAS, Network
from tests.find.test_hidden import _all_secrets, _protected, _tells

OPEN = "athens-first-steps"


@pytest.mark.parametrize("paper", ["a4", "a6"])
@pytest.mark.parametrize("lang", ["en", "el", "ar"])
@pytest.mark.parametrize("second", sheet_words.LANGUAGES)
def test_a_sheet_stands_in_two_languages(network: Network, lang: str, second: str, paper: str) -> None:
    row = Service.objects.get(id=network.service(OPEN))
    page = network.reader().get(f"/{lang}/service/{row.id}/print/?with={second}&paper={paper}")
    usual = "en" if lang == "el" else "el"
    told = [side.lang for side in page.response.context["sides"]]
    assert told == [lang, second if second != lang else usual]
    for text in (row.phone, codes.group(row.code), f"/s/{row.code}/", "112", "10431", "08:30–14:30"):
        assert text in page.text, text
    assert f"on-{paper}" in page.response.content.decode()
    assert page.document.values("script", "src")[-1].endswith("share.js")


def test_both_sides_say_the_same_facts(network: Network) -> None:
    page = network.reader().get(f"/en/service/{network.service(OPEN)}/print/?with=ar")
    one, two = page.response.context["sides"]
    assert list(one.facts) == list(two.facts)
    assert [len(fact.lines) for fact in one.facts.values()] == [len(fact.lines) for fact in two.facts.values()]
    for said in (
        "First steps: tax number, health number, school",
        "الخطوات الأولى: الرقم الضريبي والصحي والمدرسة",
        "Monday",
        "الاثنين",
    ):
        assert said in page.text


@pytest.mark.parametrize(
    ("code", "said"), {"fr": "Heures d’ouverture", "fa": "ساعت‌های کار", "ur": "کھلنے کے اوقات"}.items()
)
def test_languages_without_an_interface_have_the_words_of_sheets(network: Network, code: str, said: str) -> None:
    from sympolity.ops import catalogues

    catalogues.compile_all()
    page = network.reader().get(f"/el/service/{network.service(OPEN)}/print/?with={code}")
    assert said in page.text
    assert registry.get(code).name in page.document.text


def test_what_is_missing_says_in_which_language_it_stands(network: Network) -> None:
    row = Service.objects.get(id=network.service(OPEN))
    Text.objects.filter(noun="service", noun_id=row.id, language="ur").delete()
    page = network.reader().get(f"/el/service/{row.id}/print/?with=ur")
    side = page.response.context["sides"][1]
    assert (side.name.said.lang, side.name.tag) == ("en", "English")
    heading = next(tag for tag in page.document.find("p") if tag.get("class") == "name")
    assert (heading.get("lang"), heading.get("dir")) == ("en", "ltr")
    assert "English" in heading.body


def test_a_language_of_content_can_stand_there_too(network: Network) -> None:
    row = Service.objects.get(id=network.service(OPEN))
    Text.objects.create(
        noun="service", noun_id=row.id, field="name", language="so", body="Tallaabada koowaad", source_hash="x"
    )
    page = network.reader().get(f"/en/service/{row.id}/print/?with=so")
    assert "Tallaabada koowaad" in page.text
    side = page.response.context["sides"][1]
    assert (side.lang, side.label_lang) == ("so", "en")


@pytest.mark.parametrize("asked", ["xx", "", "en", "../../etc", "x" * 5000, "\u202e", "ti"])
def test_what_is_no_choice_is_greek(network: Network, asked: str) -> None:
    reader, one = network.reader(), network.service(OPEN)
    page = reader.read(reader.client.get(f"/en/service/{one}/print/", {"with": asked, "paper": asked}))
    assert [side.lang for side in page.response.context["sides"]] == ["en", "el"]
    assert page.response.context["paper"] == "a4"


def test_days_with_the_same_hours_stand_together(network: Network) -> None:
    page = network.reader().get(f"/en/service/{network.service(OPEN)}/print/")
    lines = page.response.context["sides"][0].facts["hours"].lines
    assert [(line.said.body, line.value, line.closed) for line in lines] == [
        ("Monday – Tuesday, Thursday – Friday", "08:30–14:30", False),
        ("Wednesday", "08:30–14:30, 16:00–19:00", False),
        ("Saturday – Sunday", "", True),
        ("Public holidays", "", True),
    ]


def test_nothing_that_is_true_today_only(network: Network) -> None:
    reader = network.reader()
    ids = list(Service.objects.filter(audience="public", organization__status="approved").values_list("id", flat=True))
    for one in ids[::4]:
        answer = reader.client.get(f"/en/service/{one}/print/")
        if answer.status_code == 200:
            body = answer.content.decode().split("<article", 1)[1].split("</article", 1)[0]
            assert not re.search("Open now|Closed now|Opens at|opens tomorrow|Places are free|Waiting list", body)


def test_a_sheet_warns_when_nobody_confirmed(network: Network) -> None:
    one = network.service(OPEN)
    with clock.moved(by=timedelta(days=300)):
        page = network.reader().get(f"/en/service/{one}/print/")
    assert "Call before you go" in page.text


@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_a_printed_list_says_what_was_asked(network: Network, lang: str) -> None:
    reader = network.reader()
    page = reader.get(f"/{lang}/find/print/?need=legal&in=athens&with=en")
    found = reader.client.get(f"/{lang}/find/?need=legal&in=athens").context
    assert found["title"] in page.h1
    assert len(page.response.context["entries"]) == found["found"].answer.total
    assert all(str(word) in page.text for word in page.response.context["asked"])
    assert len(page.response.context["asked"]) == 2
    full = reader.get(f"/{lang}/find/print/")
    assert len(full.response.context["entries"]) == 20
    assert reader.get(f"/{lang}/find/print/?q=qxqxqx&in=tilos").response.context["entries"] == []


def test_the_form_keeps_the_question(network: Network) -> None:
    page = network.reader().get("/en/find/print/?need=legal&open=now&with=ar&paper=a6")
    hidden = [(tag.get("name"), tag.get("value")) for tag in page.document.find("input") if tag.get("type") == "hidden"]
    assert hidden == [("need", "legal"), ("open", "now")]


def test_a_list_costs_the_same_for_few_and_many(network: Network, django_assert_num_queries: Any) -> None:
    client = network.reader().client
    for asked in ("?need=legal&in=athens", ""):
        with django_assert_num_queries(6):
            assert client.get(f"/en/find/print/{asked}").status_code == 200


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_sheet_costs_six_queries_whatever_its_size(
    network: Network, lang: str, django_assert_max_num_queries: Any
) -> None:
    row = Service.objects.get(id=network.service(OPEN))
    for at in range(3):
        RequiredDocument.objects.create(service=row, position=60 + at, name=f"Χαρτί {at}")
    with django_assert_max_num_queries(6):
        page = network.reader().get(f"/{lang}/service/{row.id}/print/")
    assert "Χαρτί 2" in page.text


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_sheet_and_no_message_tells_a_hidden_place(network: Network, persona: str) -> None:
    """Also for those who may see it on its page: paper is passed on."""
    # A public place round the corner has the same postal code.
    common = set(Location.objects.filter(visibility="full").values_list("postal_code", flat=True))
    secrets, reader = _all_secrets() - common, network.reader(persona)
    services = Service.objects.filter(locations__in=_protected(), audience="public").distinct()
    assert services
    urls = [
        f"/{lang}/service/{row.id}/{tail}"
        for row in services
        for lang in ("el", "ar")
        for tail in ("share/", "print/", "print/?with=en&paper=a6")
    ]
    urls += [
        f"/{lang}/find/{tail}/?page={n}" for lang in ("el", "ar") for tail in ("print", "share") for n in (1, 2, 3)
    ]
    urls += [f"/s/{row.code}/" for row in services] + [f"/el/code/?code={row.code}" for row in services]
    for url in urls:
        assert _tells(reader.client.get(url).content.decode(), secrets) == set(), url


def test_facts_for_members_are_never_printed(network: Network) -> None:
    row = Service.objects.get(id=network.service("fanari-asylum-case"))
    assert row.direct_line
    for persona in PERSONAS:
        body = network.reader(persona).client.get(f"/en/service/{row.id}/print/").content.decode()
        assert row.direct_line not in body
        assert "one-page note" not in body
