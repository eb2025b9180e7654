"""The second factor: nobody's role counts without it, and nobody comes in past it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.test import Client

from sympolity.kit import clock
from sympolity.kit.actor import SYSTEM, Actor, Role
from sympolity.kit.refusals import Refusal
from sympolity.people import acting, actions, factors
from sympolity.people.models import Person, SignIn
from sympolity.trail.models import Entry, EntryDetail
from tests.reader import HOST, Reader

pytestmark = pytest.mark.django_db

Enrol = Callable[..., Person]
APP, CODES, PROOF, INDEX = ("/en/account/" + path for path in ("factor/app/", "factor/codes/", "proof/", "factor/"))


@pytest.fixture
def eleni(enrol: Enrol) -> Person:
    """An editor who has signed in but set up nothing yet."""
    return enrol("eleni", factor=False, legal="editor")


def _in(person: Person) -> Client:
    client = Client(HTTP_HOST=HOST)
    client.force_login(person)
    return client


def _set_up(client: Client, **more: str) -> tuple[str, list[str]]:
    """Set an app up as its page asks; the secret and the recovery codes."""
    page = Reader(client, signed_in=True).get(APP)
    [carried] = [tag.get("value") for tag in page.document.tags if tag.get("name") == "carried"]
    secret = re.sub(r"\s", "", re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.text)[0])
    code = factors.code_at(secret, factors.now_step())
    shown = Reader(client, signed_in=True).post(APP, {"carried": str(carried), "code": code, **more})
    return secret, [one.replace(" ", "") for one in re.findall(r"\b\d{4} \d{4}\b", shown.text)]


def _first_step(person: Person) -> Client:
    """As far as the code from the mail brings one."""
    client = Client(HTTP_HOST=HOST)
    client.post("/en/account/", {"email": person.email})
    found = re.search(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    assert client.post("/en/account/code/", {"code": found.group()})["Location"] == PROOF
    return client


def _later(client: Client, secret: str, path: str = PROOF, **more: str) -> Any:
    """Send the code of the next half minute: that of the set-up counts no more."""
    return client.post(path, {"code": factors.code_at(secret, factors.now_step() + 1), **more})


# --- what counts without one ----------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SYSTEM, Role.SUPPORTER}])
def test_no_role_that_publishes_or_sees_staff_data_counts_without_one(role: Role, enrol: Enrol) -> None:
    person = enrol("somebody", factor=False, everywhere=True, legal=role.value)
    assert acting.actor_for(person.id) == Actor(person=person.id, lacks_factor=True)
    actions.equip_examples(actor=SYSTEM, persons=[person.id])
    assert acting.actor_for(person.id).has(role)


def test_a_supporter_needs_none(enrol: Enrol) -> None:
    assert acting.actor_for(enrol("alexis", factor=False, legal="supporter").id).has(Role.SUPPORTER)


def test_recovery_codes_alone_are_no_factor(eleni: Person) -> None:
    Authenticator.objects.create(user=eleni, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x", "used_mask": 0})
    assert acting.actor_for(eleni.id).lacks_factor


def test_the_account_and_the_desk_say_what_to_do(eleni: Person) -> None:
    client = _in(eleni)
    page = Reader(client, signed_in=True).get("/en/account/")
    assert "One step is missing" in page.text
    answer = client.get("/en/desk/")
    assert answer["Location"] == f"{INDEX}?next=%2Fen%2Fdesk%2F"
    assert "One step is missing" in Reader(client, signed_in=True).get(answer["Location"]).text


def test_with_it_the_role_counts_on_the_next_request_and_the_way_goes_on(eleni: Person) -> None:
    client = _in(eleni)
    _set_up(client, next="/en/desk/")
    assert acting.actor_for(eleni.id).has(Role.EDITOR)
    Reader(client, signed_in=True).get("/en/desk/")


# --- setting it up --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "el", "ar"])
def test_its_pages_stand_in_every_language(lang: str, eleni: Person) -> None:
    reader = Reader(_in(eleni), signed_in=True)
    for path in ("", "app/", "passkey/"):
        page = reader.get(f"/{lang}/account/factor/{path}")
        assert page.document.root.get("lang") == lang


def test_a_wrong_code_changes_nothing_and_keeps_the_same_secret(eleni: Person) -> None:
    client = _in(eleni)
    page = Reader(client, signed_in=True).get(APP)
    [carried] = [tag.get("value") for tag in page.document.tags if tag.get("name") == "carried"]
    before = re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.text)
    page = Reader(client, signed_in=True).post(APP, {"carried": str(carried), "code": "12"})
    assert "not the code of now" in page.text
    assert re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.text) == before
    assert not Authenticator.objects.exists()


def test_a_secret_of_somebody_else_or_of_nobody_is_not_taken(eleni: Person, enrol: Enrol) -> None:
    """Whoever could choose the secret of another would have their factor."""
    other = _in(enrol("nour", factor=False, legal="editor"))
    page = Reader(other, signed_in=True).get(APP)
    [theirs] = [tag.get("value") for tag in page.document.tags if tag.get("name") == "carried"]
    secret = re.sub(r"\s", "", re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.text)[0])
    code = factors.code_at(secret, factors.now_step())
    client = _in(eleni)
    for carried in (str(theirs), "", "x" * 100_000, "\x00", '["a","b"]'):
        client.post(APP, {"carried": carried, "code": code})
    assert not Authenticator.objects.filter(user=eleni).exists()


def test_a_get_writes_nothing(eleni: Person) -> None:
    client = _in(eleni)
    before = (Entry.objects.count(), dict(client.session.items()))
    for path in (INDEX, APP, CODES):
        client.get(path)
    assert (Entry.objects.count(), dict(client.session.items())) == before
    assert not Authenticator.objects.exists()


def test_what_is_kept_does_not_hold_the_secret(eleni: Person) -> None:
    secret, codes = _set_up(_in(eleni))
    kept = str(list(Authenticator.objects.values())) + str(list(EntryDetail.objects.values()))
    assert secret not in kept
    assert len(codes) == 10
    assert [code for code in codes if code in kept] == []


def test_others_who_were_signed_in_as_this_person_are_out(eleni: Person) -> None:
    first, second = _in(eleni), Client(HTTP_HOST=HOST)
    Authenticator.objects.all().delete()
    second.post("/en/account/", {"email": eleni.email})
    found = re.search(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    second.post("/en/account/code/", {"code": found.group()})
    assert "_auth_user_id" in second.session
    _set_up(first)
    assert "_auth_user_id" not in second.session
    assert "_auth_user_id" in first.session


# --- signing in with it ---------------------------------------------------------------------------


def test_the_code_from_the_mail_is_only_half(eleni: Person) -> None:
    secret, _ = _set_up(_in(eleni))
    client = _first_step(eleni)
    assert "_auth_user_id" not in client.session
    for path in ("/en/desk/", "/en/desk/team/"):
        assert client.get(path).status_code == 404
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert _later(client, secret)["Location"] == "/en/"
    assert client.session["_auth_user_id"] == str(eleni.pk)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before, "a session of one's own from here on"


def test_a_code_counts_once(eleni: Person) -> None:
    secret, _ = _set_up(_in(eleni))
    assert _later(_first_step(eleni), secret)["Location"] == "/en/"
    again = _first_step(eleni)
    assert _later(again, secret).status_code == 200
    assert "_auth_user_id" not in again.session


def test_a_code_of_a_minute_ago_counts_no_more_and_one_of_a_late_telephone_does(eleni: Person) -> None:
    secret = factors.new_secret()
    now = factors.now_step()
    steps = {far: factors.proving_step(secret, factors.code_at(secret, now + far)) for far in (-2, -1, 0, 1, 2)}
    assert steps == {-2: None, -1: now - 1, 0: now, 1: now + 1, 2: None}


def test_recovery_codes_count_once_each(eleni: Person) -> None:
    _, codes = _set_up(_in(eleni))
    client = _first_step(eleni)
    assert client.post(PROOF, {"code": f"{codes[0][:4]} {codes[0][4:]}"})["Location"] == "/en/"
    again = _first_step(eleni)
    assert again.post(PROOF, {"code": codes[0]}).status_code == 200
    assert again.post(PROOF, {"code": codes[1]})["Location"] == "/en/"
    assert Entry.objects.filter(verb="recovery_code_used", noun_id=eleni.id).count() == 2


def test_ten_wrong_codes_in_a_quarter_of_an_hour_close_it_for_the_right_one_too(eleni: Person, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code": "99/m/key"}
    secret, _ = _set_up(_in(eleni))
    right = factors.code_at(secret, factors.now_step() + 1)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(2):  # from two browsers: what is counted is the person
        client = _first_step(eleni)
        for _ in range(5):
            assert client.post(PROOF, {"code": wrong}).status_code == 200
    page = Reader(client, signed_in=True).read(client.post(PROOF, {"code": right}))
    assert "Too many tries" in page.text
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("code", ["", "x" * 100_000, "\x00", "<script>", "½²", "12345678901234567890"])
def test_what_is_no_code_is_wrong(code: str, eleni: Person) -> None:
    _set_up(_in(eleni))
    client = _first_step(eleni)
    Reader(client, signed_in=True).post(PROOF, {"code": code})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", '{"id": 1}', "x" * 50_000, '{"response": {"userHandle": "AA"}}']
)
def test_what_is_no_passkey_is_wrong(credential: str, eleni: Person) -> None:
    _set_up(_in(eleni))
    client = _first_step(eleni)
    assert client.post(PROOF, {"credential": credential}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_nobody_comes_to_the_second_step_without_the_first(eleni: Person) -> None:
    _set_up(_in(eleni))
    client = Client(HTTP_HOST=HOST)
    assert client.get(PROOF)["Location"] == "/en/account/"
    assert client.post(PROOF, {"code": "123456"})["Location"] == "/en/account/"


def test_digits_of_any_keyboard(eleni: Person) -> None:
    secret, _ = _set_up(_in(eleni))
    code = factors.code_at(secret, factors.now_step() + 1)
    typed = "".join(chr(ord("\u0660") + int(digit)) for digit in code)
    assert _first_step(eleni).post(PROOF, {"code": f"{typed[:3]} {typed[3:]}"})["Location"] == "/en/"


# --- changing it ----------------------------------------------------------------------------------


def test_taking_it_away_asks_for_a_code_of_now(eleni: Person) -> None:
    client = _in(eleni)
    secret, _ = _set_up(client)
    one = Authenticator.objects.get(type="totp")
    client.post("/en/account/factor/remove/", {"factor": str(one.pk), "code": "000000"})
    assert Authenticator.objects.filter(pk=one.pk).exists()
    _later(client, secret, "/en/account/factor/remove/", factor=str(one.pk))
    assert not Authenticator.objects.exists(), "recovery codes go with the last factor"
    assert acting.actor_for(eleni.id).lacks_factor


def test_nobody_takes_that_of_another(eleni: Person, enrol: Enrol) -> None:
    client = _in(eleni)
    secret, _ = _set_up(client)
    other = enrol("nour", legal="editor")
    theirs = Authenticator.objects.get(user=other)
    _later(client, secret, "/en/account/factor/remove/", factor=str(theirs.pk))
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


def test_new_recovery_codes_end_the_old_ones(eleni: Person) -> None:
    client = _in(eleni)
    secret, old = _set_up(client)
    page = Reader(client, signed_in=True).read(_later(client, secret, CODES))
    new = [one.replace(" ", "") for one in re.findall(r"\b\d{4} \d{4}\b", page.text)]
    assert (len(new), set(new) & set(old)) == (10, set())
    assert actions.prove(person=eleni.id, code=old[0]) is None
    assert actions.prove(person=eleni.id, code=new[0]) is not None


def test_an_administrator_forgets_the_factors_of_others_and_never_their_own(enrol: Enrol, eleni: Person) -> None:
    _set_up(_in(eleni))
    chief = acting.actor_for(enrol("chief", centre="administrator").id)
    assert chief.person
    editor = acting.actor_for(eleni.id)
    for actor, persons in ((editor, [chief.person]), (chief, [chief.person])):
        with pytest.raises(Refusal):
            actions.forget_factors(actor=actor, persons=persons)
    assert actions.forget_factors(actor=chief, persons=[eleni.id], note="came to the office") == 1
    assert acting.actor_for(eleni.id).lacks_factor


def test_factors_of_the_demo_are_for_addresses_that_nobody_can_have(network: dict[str, UUID]) -> None:
    [person] = actions.enrol_persons(actor=SYSTEM, items=[actions.PersonItem(email="anna@city.gr")])
    with pytest.raises(Refusal, match="not_an_example"):
        actions.equip_examples(actor=SYSTEM, persons=[person])
    with pytest.raises(Refusal):
        actions.equip_examples(actor=Actor(person=person), persons=[person])


def test_somebody_of_the_demo_reads_both_codes_in_the_mail(enrol: Enrol) -> None:
    enrol("maria", legal="editor")
    client = Client(HTTP_HOST=HOST)
    client.post("/en/account/", {"email": "maria@work.example"})
    first, second = re.findall(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert client.post("/en/account/code/", {"code": first})["Location"] == PROOF
    with clock.moved(timedelta(minutes=9)):
        assert client.post(PROOF, {"code": second})["Location"] == "/en/"


# --- where one is signed in -----------------------------------------------------------------------


def _signed_in(person: Person, **headers: Any) -> Client:
    client = Client(HTTP_HOST=HOST, **headers)
    client.post("/en/account/", {"email": person.email})
    first, *second = re.findall(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)
    client.post("/en/account/code/", {"code": first})
    if second:
        client.post(PROOF, {"code": second[0]})
    return client


PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


def test_sign_ins_are_listed_shortened_and_ended_one_by_one_or_all(enrol: Enrol) -> None:
    maria, other = enrol("maria", legal="editor"), enrol("nour", legal="editor")
    here = _signed_in(maria, REMOTE_ADDR="192.0.2.77", HTTP_USER_AGENT=PHONE)
    there, third = _signed_in(maria, REMOTE_ADDR="2001:db8:1:2:3::4"), _signed_in(maria)
    stranger = _signed_in(other)
    page = Reader(here, signed_in=True).get("/en/account/sessions/")
    assert "Firefox, Android" in page.text
    assert "192.0.2.0/24" in page.text
    assert "192.0.2.77" not in page.response.content.decode() + str(list(SignIn.objects.values()))
    assert set(SignIn.objects.filter(person=maria).values_list("network", flat=True)) == {
        "192.0.2.0/24", "2001:db8:1::/48", "127.0.0.0/24",
    }  # fmt: skip
    theirs, one = SignIn.objects.get(person=other), SignIn.objects.get(network="2001:db8:1::/48")
    here.post("/en/account/sessions/", {"id": str(theirs.id)})
    assert "_auth_user_id" in stranger.session
    here.post("/en/account/sessions/", {"id": str(one.id)})
    assert "_auth_user_id" not in there.session
    assert "_auth_user_id" in third.session
    here.post("/en/account/sessions/", {"all": "1"})
    assert "_auth_user_id" not in third.session
    assert "_auth_user_id" in here.session


def test_after_thirty_days_nothing_of_it_is_kept(enrol: Enrol) -> None:
    _signed_in(enrol("maria", legal="editor"))
    with clock.moved(timedelta(days=29)):
        assert actions.forget_old_sign_ins() == 0
    with clock.moved(timedelta(days=31)):
        assert actions.forget_old_sign_ins() == 1
    assert not SignIn.objects.exists()
