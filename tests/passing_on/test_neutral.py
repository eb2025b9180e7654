"""A link sent by phone opens the same thing in the other person's language."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sympolity.directory.models import Service
from sympolity.kit import codes
from sympolity.portal.views import neutral
from tests.find.network import Network
from tests.find.test_hostile import WORDS
from tests.reader import Reader

ID = UUID(int=9)
PATHS = ("/find/", f"/service/{ID}/", f"/organization/{ID}/", "/city/athens/")
# what a browser says -> where it is led, "" = to the choice
SAID = {
    "el": "el",
    "el-GR,el;q=0.9,en;q=0.8": "el",
    "ar-SY": "ar",
    "fr-FR,fr;q=0.9,ar;q=0.8,en;q=0.5": "ar",
    "en;q=0.2,ar;q=0.7": "ar",
    "EN-us": "en",
    "fa": "",
    "fr,*;q=0.5": "",
    "el;q=0": "",
    "": "",
    "*": "",
    "x" * 5000: "",
    "el" + ",xx" * 3000: "el",
    "\u0000;;;q=,": "",
    "el;q=a": "",
}


@pytest.mark.parametrize("path", PATHS)
def test_the_browser_says_which_language(reader: Reader, path: str) -> None:
    query = "need=legal&in=athens&q=%CE%B2%CE%BF%CE%AE&near=37.98,23.73"
    for said, lang in SAID.items():
        answer = reader.client.get(f"{path}?{query}", headers={"accept-language": said})
        assert (answer.status_code, answer.headers.get("Location")) == (
            (302, f"/{lang}{path}?{query}") if lang else (200, None)
        ), said
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Accept-Language" in answer.headers["Vary"]
        assert not answer.cookies


@pytest.mark.parametrize("path", PATHS)
def test_who_says_nothing_chooses_and_lands_there(reader: Reader, path: str) -> None:
    page = reader.get(f"{path}?need=legal&open=now")
    wanted = {f"/{lang}{path}?need=legal&open=now" for lang in ("el", "en", "ar")}
    assert wanted <= set(page.links)
    assert "Διαλέξτε" in page.text


def test_it_asks_no_database(reader: Reader) -> None:
    for path in PATHS:  # without the mark of pytest-django a query would raise
        assert reader.client.get(path, headers={"accept-language": "ar"}).status_code == 302


@pytest.mark.parametrize("lang", ["el", "en", "ar"])
def test_the_same_list_opens(network: Network, lang: str) -> None:
    client = network.reader().client
    page = client.get("/find/?need=legal&in=athens", headers={"accept-language": lang}, follow=True)
    assert page.redirect_chain == [(f"/{lang}/find/?need=legal&in=athens", 302)]
    there = {item.id for item in page.context["found"].items}
    assert there == {row["id"] for row in client.get("/en/find.json?need=legal&in=athens").json()["results"]}
    assert there


def test_nobody_is_led_elsewhere(reader: Reader) -> None:
    for path in (
        "//evil.example/find/",
        "///evil.example/",
        "/\\evil.example/",
        "/city//evil/",
        "/find/..//evil.example/",
    ):
        answer = reader.client.get("/", PATH_INFO=path, headers={"accept-language": "el"})
        assert answer.status_code in {301, 404}, path
        assert answer.status_code == 404 or answer.headers["Location"].startswith(("/%2F", "/city", "/find"))
    for query in (
        "next=//evil.example",
        "//evil.example",
        "@evil.example",
        "#@evil.example",
        "%0d%0aX-Bad:%201",
        "\\\\evil",
    ):
        answer = reader.client.get("/find/", headers={"accept-language": "el"}, QUERY_STRING=query)
        parts = urlsplit(answer.headers["Location"])
        assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == ("", "", "/el/find/", "")
        assert "X-Bad" not in answer.headers


@pytest.mark.parametrize("name", WORDS)
def test_odd_queries_are_carried(reader: Reader, name: str) -> None:
    for headers in ({"accept-language": "el"}, {}):
        answer = reader.client.get("/find/", {"q": WORDS[name]}, headers=headers)
        assert answer.status_code == (302 if headers else 200)


def test_a_long_query_loses_whole_parts(reader: Reader) -> None:
    asked = "need=legal&" + "&".join(f"speaks={n}" for n in range(2000))
    location = reader.client.get(f"/find/?{asked}", headers={"accept-language": "el"}).headers["Location"]
    kept = parse_qs(urlsplit(location).query)
    assert len(location) <= neutral.QUERY + 20
    assert kept["need"] == ["legal"]
    assert kept["speaks"] == [str(n) for n in range(len(kept["speaks"]))]
    alone = reader.client.get("/find/?q=" + "a" * 9000, headers={"accept-language": "el"})
    assert alone.headers["Location"] == "/el/find/"


@given(st.text(max_size=200), st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything(reader: Reader, query: str, said: str) -> None:
    raw = query.encode("utf-8", "replace").decode("latin-1")
    tongue = said.encode("latin-1", "replace").decode("latin-1")
    answer = reader.client.get("/find/", QUERY_STRING=raw, headers={"accept-language": tongue})
    assert answer.status_code in {200, 302}


# --- codes ------------------------------------------------------------------------------------


def _service(network: Network, key: str = "fanari-asylum-case") -> Service:
    return Service.objects.get(id=network.service(key))


@pytest.mark.parametrize("lang", ["el", "en", "ar"])
def test_a_code_told_by_phone_leads_to_the_service(
    network: Network, lang: str, django_assert_num_queries: object
) -> None:
    row, client = _service(network), network.reader().client
    arabic = row.code.translate({48 + n: 0x0660 + n for n in range(10)})
    for path in (f"/s/{row.code}/", f"/s/{codes.group(row.code)}/", f"/s/{arabic}/", f"/s/?code={row.code}"):
        answer = client.get(path, headers={"accept-language": lang})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/{lang}/service/{row.id}/"), path
        assert answer.headers["Cache-Control"] == "no-store"
    answer = client.get(f"/{lang}/code/", {"code": codes.group(row.code)})
    assert answer.headers["Location"] == f"/{lang}/service/{row.id}/"


def test_a_code_costs_one_query(network: Network, django_assert_num_queries: object) -> None:
    client, code = network.reader().client, _service(network).code
    for path in (f"/s/{code}/", f"/en/code/?code={code}"):
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert client.get(path, headers={"accept-language": "el"}).status_code == 302
    for path in ("/s/", "/en/code/", "/s/123/", "/en/code/?code=1234567"):
        with django_assert_num_queries(0):  # type: ignore[operator]
            client.get(path)


def test_without_a_language_the_service_is_chosen_in_one(network: Network) -> None:
    row = _service(network)
    page = network.reader().get(f"/s/{row.code}/")
    assert {f"/{lang}/service/{row.id}/" for lang in ("el", "en", "ar")} <= set(page.links)


def _wrong(code: str) -> str:
    return str((int(code[0]) % 9) + 1) + code[1:]


@pytest.mark.parametrize("lang", ["el", "en", "ar"])
def test_a_mistake_is_told_from_no_such_code(network: Network, lang: str) -> None:
    reader, row = network.reader(), _service(network)
    free = next(code for n in range(50) if not Service.objects.filter(code=(code := codes.make(UUID(int=n)))).exists())
    mistake = reader.get(f"/{lang}/code/?code={_wrong(row.code)}", status=404)
    unknown = reader.get(f"/{lang}/code/?code={free}", status=404)
    assert (mistake.response.context["problem"], unknown.response.context["problem"]) == ("mistake", "unknown")
    assert mistake.text != unknown.text
    assert _wrong(row.code) in mistake.response.content.decode()
    led = reader.client.get(f"/s/{_wrong(row.code)}/", headers={"accept-language": lang})
    assert led.headers["Location"] == f"/{lang}/code/?code={_wrong(row.code)}"


def test_without_a_language_problems_are_told_in_all(network: Network) -> None:
    reader, row = network.reader(), _service(network)
    mistake = reader.get(f"/s/{_wrong(row.code)}/", status=404)
    assert {"There is a mistake in the code. Ask again.", "Ο κωδικός έχει λάθος. Ζητήστε τον ξανά."} <= {
        one
        for one in ("There is a mistake in the code. Ask again.", "Ο κωδικός έχει λάθος. Ζητήστε τον ξανά.")
        if one in mistake.text
    }
    unknown = reader.get(f"/s/{codes.make(UUID(int=1))}/", status=404)
    assert "There is no such code." in unknown.text
    empty = reader.get("/s/")
    assert "no such code" not in empty.text
    assert empty.document.values("form", "action") == ["/s/"]


def test_hidden_is_as_absent(network: Network) -> None:
    hidden = Service.objects.exclude(audience="public").first()
    assert hidden is not None
    absent = codes.make(UUID(int=1))
    client = network.reader().client
    for lang in ("el", "en", "ar"):
        one, other = (
            client.get(f"/{lang}/code/?code={code}").content.decode().replace(code, "")
            for code in (hidden.code, absent)
        )
        assert one == other
    one, other = (client.get(f"/s/{code}/").content.decode().replace(code, "") for code in (hidden.code, absent))
    assert one == other
    led = network.reader("curator").client.get(f"/s/{hidden.code}/", headers={"accept-language": "en"})
    assert led.headers["Location"] == f"/en/service/{hidden.id}/"


@pytest.mark.parametrize("name", WORDS)
def test_whatever_is_typed_as_a_code(network: Network, name: str) -> None:
    reader = network.reader()
    for path in ("/s/", "/el/code/"):
        answer = reader.client.get(path, {"code": WORDS[name]})
        assert answer.status_code in {200, 404}
        assert "<script>alert" not in answer.content.decode()
