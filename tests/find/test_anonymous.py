"""An organization that stays anonymous is counted and named nowhere: not on pages, paper, data or in files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command

from sympolity.directory import queries, rules
from sympolity.directory.models import Confirmation, Service
from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC, SYSTEM, Actor
from sympolity.kit.fold import words
from sympolity.languages.models import Text
from sympolity.network import actions as network_actions
from sympolity.network.actions import AgreementItem, PartyItem
from sympolity.ops.demo.loader import demo_id
from sympolity.people import actions as people
from sympolity.people.models import Organization
from sympolity.people.queries import organizations_visible_to
from sympolity.people.rules import may_read_name
from sympolity.portal import sheet_words
from sympolity.portal.site import READER
from sympolity.search import analyzer
from sympolity.search.indexer import Indexer
from tests.find.network import PERSONAS, Network, point_reader
from tests.find.test_roles import _same

LANGS = ("en", "el", "ar")
# (words of the language of the record first): no text of the demo has any of these words
NAMES = {
    "fanari-legal": {"el": "Ζορβίνα Λουμτάκη", "en": "Qorvexa Lumtarine", "ar": "قورفكسا لومطارين"},
    "second": {"el": "Ξανφίλα Τζομπρίδου", "en": "Wexilda Jombrath", "ar": "ويكسلدا جومبراث"},
}
UNNAMED = {
    "en": "An organization that is not named",
    "el": "Μια οργάνωση που δεν κατονομάζεται",
    "ar": "منظمة لا يذكر اسمها",
}
VOUCHED = "ergalio-find-work"


def _ids() -> dict[str, UUID]:
    second = Service.objects.get(id=demo_id("service", "athens-first-steps")).organization_id
    return {"fanari-legal": demo_id("organization", "fanari-legal"), "second": second}


def _write(*, anonymous: bool) -> None:
    """By the action, as people do: our names, and whether they are told."""
    items = []
    for key, one in _ids().items():
        row = Organization.objects.get(id=one)
        # Only the words of the test are the name's; the demo says it in other languages too.
        Text.objects.filter(noun="organization", noun_id=one).exclude(language__in=LANGS).delete()
        items.append(
            people.OrganizationItem(
                id=one, kind=row.kind, lang="el", name=NAMES[key]["el"], area=row.area_id, anonymous=anonymous,
                example=row.example, texts={"name": {lang: NAMES[key][lang] for lang in LANGS if lang != "el"}},
            )
        )  # fmt: skip
    people.register_organizations(actor=SYSTEM, items=items)


def _told() -> set[str]:
    """Every word of both names, as it is written and as it is folded; and the ids."""
    said = {word for names in NAMES.values() for name in names.values() for word in name.split()}
    return said | {folded for word in said for folded in words(word)} | {str(one) for one in _ids().values()}


def _tells(body: str) -> set[str]:
    return {word for word in _told() if word in body}


@dataclass(frozen=True)
class Quiet(Network):
    """The demo with two organizations that stay anonymous; ``before``: its index knew their names."""

    before: frozenset[str] = frozenset()
    mine: frozenset[UUID] = frozenset()  # services of theirs that everybody sees

    def of(self, key: str) -> Service:
        """A public service of one of them."""
        return Service.objects.filter(organization=_ids()[key], id__in=self.mine).order_by("id")[0]


def _files(root: Path) -> Iterator[bytes]:
    for path in root.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def _in_files(root: Path) -> set[str]:
    return {word for body in _files(root) for word in _told() - _id_words() if word.encode() in body}


def _id_words() -> set[str]:
    return {str(one) for one in _ids().values()}  # the index groups by them


@pytest.fixture(scope="module")
def prepared(loaded: Network, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quiet]:
    """First they are named and an index is built; then they hide and the index follows."""
    from django.db import transaction

    root = tmp_path_factory.mktemp("anonymous") / "index"
    with django_db_blocker.unblock(), transaction.atomic():
        _write(anonymous=False)
        indexer = Indexer(root)
        indexer.rebuild()
        before = frozenset(_in_files(root))
        confirmed = Service.objects.get(id=demo_id("service", VOUCHED))
        Confirmation.objects.create(
            service=confirmed, group="contact", at=clock.now(), how="partner", by_organization_id=_ids()["second"]
        )
        _write(anonymous=True)
        while indexer.step():
            pass
        mine = queries.visible_to(PUBLIC).filter(organization__in=_ids().values()).values_list("id", flat=True)
        yield Quiet(root, before, frozenset(mine))
        transaction.set_rollback(True)


@pytest.fixture
def quiet(prepared: Quiet, network: Network) -> Iterator[Quiet]:
    point_reader(prepared.root)
    yield prepared
    point_reader(network.root)


def _paths(quiet: Quiet, lang: str) -> list[str]:
    """Everything public in a language."""
    pages = [
        "",
        "find/",
        "find/?page=2",
        "find/?page=3",
        "find/?map=37.98,23.73,13",
        "find/?need=legal-help",
        "cities/",
    ]
    pages += ["city/athens/", "city/thessaloniki/", "needs/", "cooperation/", "network/cities-network-for-integration/"]
    pages += ["notices/", "about/", "sources/", "languages/", "saved/", "code/", "privacy/", "services.atom"]
    pages += ["city/athens/services.atom", "opensearch.xml", "find/share/", "find/print/?in=athens&with=ar"]
    pages += [f"find.json?page={page}" for page in (1, 2, 3, 4, 5)]
    for one in (*sorted(quiet.mine), demo_id("service", VOUCHED)):
        pages += [f"service/{one}/", f"service/{one}/share/", f"service/{one}/print/", f"service/{one}/print/?paper=a6"]
        pages += [f"service/{one}/print/?with={code}" for code in (*sheet_words.LANGUAGES, "so")]
    return [f"/{lang}/{page}" for page in pages]


def test_the_test_can_see_names(quiet: Quiet) -> None:
    assert quiet.before
    assert len(quiet.mine) >= 4
    assert {quiet.of(key).organization_id for key in NAMES} == set(_ids().values())


@pytest.mark.parametrize("persona", ["public", "member"])
@pytest.mark.parametrize("lang", LANGS)
def test_no_output_names_it(quiet: Quiet, lang: str, persona: str) -> None:
    client = quiet.reader(persona).client
    for path in _paths(quiet, lang):
        response: Any = client.get(path)
        if path.startswith(f"/{lang}/network/") and response.status_code == 404:
            continue
        assert response.status_code == 200, path
        assert _tells(response.getvalue().decode()) == set(), path


def test_no_output_without_a_language_names_it(quiet: Quiet) -> None:
    client = quiet.reader().client
    paths = [
        "/sitemap.xml",
        *(f"/sitemap-{kind}-1.xml" for kind in ("pages", "organizations", "services")),
        "/robots.txt",
    ]
    for path in paths:
        response: Any = client.get(path)
        assert response.status_code == 200
        assert _tells(response.getvalue().decode()) == set(), path


def test_the_command_line_does_not_either(quiet: Quiet) -> None:
    for more in ([], ["--json"]):
        out = StringIO()
        call_command("find", "asylum", *more, stdout=out)
        assert "()" not in out.getvalue()
        assert _tells(out.getvalue()) == set()


@pytest.mark.parametrize("lang", LANGS)
def test_what_stands_in_its_place(quiet: Quiet, lang: str) -> None:
    """Page, paper and card say that somebody is not named, and lead nowhere."""
    reader = quiet.reader()
    for key in NAMES:
        row = quiet.of(key)
        page = reader.get(f"/{lang}/service/{row.id}/")
        assert UNNAMED[lang] in page.text
        assert not any("/organization/" in link for link in page.links)
        for phone in filter(None, (row.phone, row.email)):  # the service's own, as its owner gave them
            assert phone in page.response.content.decode()
        sheet = reader.get(f"/{lang}/service/{row.id}/print/?with={'en' if lang == 'el' else 'el'}")
        assert UNNAMED[lang] in sheet.text
        assert UNNAMED["en" if lang == "el" else "el"] in sheet.text
        listed = reader.get(f"/{lang}/find/?organization={row.organization_id}")
        assert listed.text.count(UNNAMED[lang]) >= 1
        printed = reader.get(f"/{lang}/find/print/?organization={row.organization_id}")
        assert UNNAMED[lang] in printed.text


@pytest.mark.parametrize("code", sheet_words.PARTIAL)
def test_paper_says_it_in_its_other_languages(quiet: Quiet, code: str) -> None:
    sheet = quiet.reader().get(f"/en/service/{quiet.of('second').id}/print/?with={code}")
    _, side = sheet.response.context["sides"]
    assert side.organization.said.lang == code
    assert side.organization.said.body not in {"", UNNAMED["en"]}


def test_a_seal_does_not_name_it(quiet: Quiet) -> None:
    """Somebody who is not named confirmed another's service; one's own is said as "the organization"."""
    text = quiet.reader().get(f"/en/service/{demo_id('service', VOUCHED)}/").text
    assert "confirmed by an organization that is not named" in text
    own = quiet.reader().get(f"/en/service/{quiet.of('fanari-legal').id}/").text
    assert "confirmed by the organization" in own
    assert NAMES["second"]["el"] in quiet.reader("curator").get(f"/en/service/{demo_id('service', VOUCHED)}/").text


def test_its_page_is_as_absent(quiet: Quiet) -> None:
    for persona in ("public", "member"):
        reader = quiet.reader(persona)
        absent = _same(reader.get(f"/en/organization/{uuid4()}/", status=404).response.content.decode())
        for one in _ids().values():
            page = reader.get(f"/en/organization/{one}/", status=404)
            assert _same(page.response.content.decode()) == absent


# who reads which of the two names
NAMED = {
    "public": set(),
    "member": set(),
    "editor of a pending organization": set(),
    "editor": {"fanari-legal"},
    "curator of two cities": set(NAMES),
    "curator": set(NAMES),
    "administrator": set(NAMES),
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("persona", PERSONAS)
def test_who_reads_the_name_on_the_page_of_a_service(quiet: Quiet, persona: str, lang: str) -> None:
    reader = quiet.reader(persona)
    for key in NAMES:
        row = quiet.of(key)
        page = reader.get(f"/{lang}/service/{row.id}/")
        named = key in NAMED[persona]
        assert (NAMES[key][lang] in page.text) == named
        assert (f"/{lang}/organization/{row.organization_id}/" in page.links) == named
        reader.get(f"/{lang}/organization/{row.organization_id}/", status=200 if named else 404)


@pytest.mark.parametrize("persona", ["editor", "curator", "administrator"])
def test_what_leaves_the_page_is_public_whoever_takes_it(quiet: Quiet, persona: str) -> None:
    client = quiet.reader(persona).client
    for lang in LANGS:
        for key in NAMES:
            one = quiet.of(key).id
            head = client.get(f"/{lang}/service/{one}/").content.decode().split("<body>")[0]
            assert _tells(head) == set()
            for rest in ("share/", "print/"):
                assert _tells(client.get(f"/{lang}/service/{one}/{rest}").content.decode()) == set()
        for path in (f"/{lang}/services.atom", f"/{lang}/find/print/?in=athens", f"/{lang}/find.json?in=athens"):
            response: Any = client.get(path)
            told = _tells(response.getvalue().decode())
            assert told - _id_words() == set(), path


def test_the_rule_is_that_of_the_query(quiet: Quiet) -> None:
    actors: list[Actor] = [*(quiet.actor(persona) for persona in PERSONAS), SYSTEM]
    for actor in actors:
        seen = set(organizations_visible_to(actor).values_list("id", flat=True))
        for row in Organization.objects.filter(status="approved"):
            assert may_read_name(actor, row.id, anonymous=row.anonymous) == (row.id in seen)


# --- the index ------------------------------------------------------------------------------------


def test_the_files_of_the_index_forget_it(quiet: Quiet) -> None:
    assert _in_files(quiet.root) == set()
    assert len([path for path in quiet.root.glob("g*") if path.is_dir()]) == 1


def test_no_document_of_the_index_names_it(quiet: Quiet) -> None:
    """The files are compressed: what is stored is read, and every token is asked for."""
    import tantivy

    from sympolity.search import store

    snapshot = READER.snapshot()
    count, hits = snapshot.search(tantivy.Query.all_query(), 10_000)
    assert count == len(hits) > 100
    for _, address in hits:
        body = json.dumps([snapshot.facts_of(address), snapshot.card_of(address)], ensure_ascii=False)
        assert _tells(body) - _id_words() == set()
    for names in NAMES.values():
        for name in names.values():
            # a short key of a Greek name may be the key of another word
            for token in (token for token in analyzer.tokens(name) if token[0] not in "^~"):
                assert snapshot.search(tantivy.Query.term_query(store.SCHEMA, "t", token), 1)[0] == 0, token


@pytest.mark.parametrize("persona", PERSONAS)
def test_its_words_find_nothing_and_are_not_suggested(quiet: Quiet, persona: str) -> None:
    client = quiet.reader(persona).client
    for names in NAMES.values():
        for lang in LANGS:
            for word in names[lang].split():
                broken = f"{word[:3]}{word[4]}{word[3]}{word[5:]}"
                for asked in (broken, f"{word[:4]}zzzz", word[:5]):
                    data = client.get(f"/{lang}/find.json", {"q": asked}).json()
                    assert _tells(json.dumps(data, ensure_ascii=False)) == set()
                data = client.get(f"/{lang}/find.json", {"q": f'"{word}"'}).json()
                assert data["total"] == 0 or data["relaxed"] or data["corrected"]


@pytest.mark.parametrize("persona", PERSONAS)
def test_its_id_groups_its_services_only_for_those_who_read_its_name(quiet: Quiet, persona: str) -> None:
    """Whoever kept a link from the time before would know by it which services are its own."""
    everything = quiet.ids(persona)
    for key, one in _ids().items():
        page = quiet.reader(persona).get(f"/en/find/?organization={one}")
        known = key in NAMED[persona]
        assert ("We do not know this organization" in page.text) == (not known)
        own = {str(row.id) for row in Service.objects.filter(organization=one, id__in=quiet.mine)}
        assert own
        assert quiet.ids(persona, organization=str(one)) & everything == (own & everything if known else everything)


def test_what_curators_may_see_of_others_stays_as_it_was(quiet: Quiet) -> None:
    listed = {str(one.service.id) for one in queries.listed(quiet.actor("curator"), clock.local_today())}
    assert quiet.ids("curator") == listed
    assert rules.keys(SYSTEM)


# --- cooperation ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_what_it_said_and_agreed_does_not_name_it(quiet: Quiet, lang: str) -> None:
    one = _ids()["second"]
    item = people.StatementItem(organization=one, lang="en", body="Zzyzx words", consent_on=clock.local_today())
    people.publish_statements(actor=SYSTEM, ids=people.record_statements(actor=SYSTEM, items=[item]))
    parties = [PartyItem(organization=demo_id("organization", "accmr")), PartyItem(organization=one)]
    agreement = AgreementItem(kind="cooperation", lang="en", title="Quiet help", status="in_force", parties=parties)
    network_actions.record_agreements(actor=SYSTEM, items=[agreement])
    page = quiet.reader().get(f"/{lang}/cooperation/")
    assert "Quiet help" in page.text
    assert "Zzyzx" not in page.text
    assert _tells(page.response.content.decode()) == set()


def test_a_name_that_is_told_again_comes_back(quiet: Quiet, tmp_path: Path) -> None:
    root = tmp_path / "index"
    indexer = Indexer(root)
    indexer.rebuild()
    assert _in_files(root) == set()
    _write(anonymous=False)
    while indexer.step():
        pass
    point_reader(root)
    for key in NAMES:
        page = quiet.reader().get(f"/en/find/?q={NAMES[key]['en'].split()[0]}")
        assert NAMES[key]["en"] in page.text
