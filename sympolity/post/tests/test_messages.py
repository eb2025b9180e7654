"""Writing messages: in whose language, to whom, once, and what is not written at all."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from sympolity.kit.actor import PUBLIC, SYSTEM, Actor, Grant, Role
from sympolity.kit.refusals import Refusal
from sympolity.post import kinds
from sympolity.post.actions import Outgoing, forget, send, send_trial
from sympolity.post.letters import Button, Letter, Listing, Row, dumped, loaded
from sympolity.post.models import KeptMail, Message, Recipient
from sympolity.post.queries import messages_visible_to, recipients_visible_to
from sympolity.post.tests.writing import carried, message, sent
from sympolity.trail import journal
from sympolity.trail.models import Delivery, Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local")]


def test_a_message_is_written_with_its_delivery_and_entries() -> None:
    about = uuid.uuid4()
    [made] = sent(Outgoing(kind="tell", to="Anna@City.gr ", lang="el", noun="service", noun_id=about, key="k"))
    row = Message.objects.get()
    assert (row.id, row.recipient.address, row.lang, row.noun, row.noun_id) == (
        made,
        "anna@city.gr",
        "el",
        "service",
        about,
    )
    assert list(Delivery.objects.values_list("noun", "noun_id", "key")) == [("message", made, f"message:{made}")]
    assert list(Entry.objects.order_by("position").values_list("verb", "noun")) == [
        ("added", "recipient"), ("written", "message"),
    ]  # fmt: skip


def test_nothing_is_written_when_the_action_fails() -> None:
    with pytest.raises(RuntimeError), journal.action(SYSTEM) as t:
        send(t, [message("anna@city.gr")])
        raise RuntimeError
    assert not Message.objects.exists()
    assert not Delivery.objects.exists()
    assert not Recipient.objects.exists()


@pytest.mark.parametrize(
    ("lang", "written", "dir"), [("el", "el", "ltr"), ("ar", "ar", "rtl"), ("kmr", "en", "ltr"), ("zz", "en", "ltr")]
)
def test_each_gets_their_language_and_direction(lang: str, written: str, dir: str) -> None:
    sent(message("anna@city.gr", "ask", lang))
    carried()
    [mail] = KeptMail.objects.all()
    assert mail.lang == written
    assert f"Language: {written}" in mail.text
    assert f'<html lang="{written}" dir="{dir}">' in mail.html
    assert f'<body dir="{dir}">' in mail.html


def test_text_and_html_say_the_same_with_links_of_this_site() -> None:
    sent(message("anna@city.gr", "ask", name="<b>Ξενία</b> & co"))
    carried()
    [mail] = KeptMail.objects.all()
    assert mail.subject == "[Action needed] Are these still right, b Ξενία /b & co?"
    for part in (
        "• Σπίτι\n  Αθήνα\n  http://127.0.0.1:8000/el/service/1/",
        "• <b>Ξενία</b> & co",
        "Look at them:\nhttp://127.0.0.1:8000/en/confirm/abc/",
    ):
        assert part in mail.text
    for part in (
        '<a href="http://127.0.0.1:8000/el/service/1/"><bdi>Σπίτι</bdi></a>',
        "<bdi>&lt;b&gt;Ξενία&lt;/b&gt; &amp; co</bdi>",
        '<a href="http://127.0.0.1:8000/en/confirm/abc/">Look at them</a>',
    ):
        assert part in mail.html
    for forbidden in ("<img", "<script", "<style", "style=", "src=", "<link", "<b>"):
        assert forbidden not in mail.html


def test_the_same_key_is_one_message() -> None:
    assert len(sent(message("a@city.gr", key="x"), message("a@city.gr", key="x"), message("a@city.gr"))) == 2
    assert sent(message("b@city.gr", key="x")) == []
    assert Message.objects.count() == Delivery.objects.count() == 2


def test_what_is_no_address_stops_nothing() -> None:
    bad = [
        "",
        "no address",
        "a@b",
        "a@city.gr\nBcc: x@y.gr",
        "a,b@city.gr",
        "x" * 300 + "@city.gr",
        "é@city.gr",
        "\u202ea@city.gr",
    ]
    assert len(sent(*(message(to) for to in bad), message("anna@city.gr"))) == 1
    assert list(Recipient.objects.values_list("address", flat=True)) == ["anna@city.gr"]


def test_an_address_of_another_alphabet_is_reached_by_its_name_in_ascii() -> None:
    sent(message("anna@δήμος.gr"))
    assert Recipient.objects.get().address == f"anna@{'δήμος'.encode('idna').decode()}.gr"


def test_an_unknown_kind_and_a_link_elsewhere_are_mistakes_of_ours() -> None:
    with pytest.raises(kinds.UnknownKind):
        sent(message("a@city.gr", "nothing"))
    for path in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/x y",
        "/x\n",
        "",
    ):
        with pytest.raises(ValueError, match="no path"):
            dumped(Letter("x", (Button("Go", path),)))


def test_a_kind_that_asks_is_never_gathered() -> None:
    def compose(_: Any) -> Letter:
        return Letter("", ())

    with pytest.raises(ValueError, match="gathered"):
        kinds.Kind("wrong", compose, digest=True, asks=True, topic="x")
    with pytest.raises(ValueError, match="gathered"):
        kinds.Kind("wrong", compose, digest=True)


def test_a_letter_is_kept_and_read_again() -> None:
    letter = Letter("S", ("One\nline", Listing((Row("T", "W", "/x/"), Row("U"))), Button("B", "/y/")))
    assert loaded(dumped(letter)) == letter
    assert loaded({}) == Letter("", ())


def test_as_many_queries_for_one_as_for_many(django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (1, 30):
        with CaptureQueriesContext(connection) as found:
            sent(*(message(f"a{number}-{one}@city.gr", key=f"{number} {one}") for one in range(number)))
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (PUBLIC, 0),
        (SYSTEM, 1),
        (Actor(grants=frozenset({Grant(Role.CURATOR, everywhere=True)})), 0),
        (Actor(grants=frozenset({Grant(Role.EDITOR, everywhere=True)})), 0),
        (Actor(grants=frozenset({Grant(Role.ADMINISTRATOR, everywhere=True)})), 1),
    ],
)
def test_who_sees_messages_and_sends_trials(actor: Actor, sees: int) -> None:
    sent(message("anna@city.gr"))
    assert (messages_visible_to(actor).count(), recipients_visible_to(actor).count()) == (sees, sees)
    if sees:
        assert len(send_trial(actor=actor, to=["anna@city.gr"], lang="ar")) == 1
    else:
        with pytest.raises(Refusal, match="not_administrator"):
            send_trial(actor=actor, to=["anna@city.gr"], lang="ar")


def test_whoever_is_erased_is_nowhere_in_post() -> None:
    sent(message("anna@city.gr"), message("bill@city.gr"))
    carried()
    with journal.action(SYSTEM) as t:
        assert forget(t, addresses=["Anna@city.gr", "nobody@city.gr"]) == 1
    assert list(Recipient.objects.values_list("address", flat=True)) == ["bill@city.gr"]
    assert list(KeptMail.objects.values_list("address", flat=True)) == ["bill@city.gr"]
    assert Message.objects.count() == 1
