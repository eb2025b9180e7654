"""Words of strangers in the heads and bodies of mails: lines, controls, letters that pretend to be others."""

from __future__ import annotations

import unicodedata
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given, strategies
from hypothesis import settings as effort

from sympolity.post.cleaning import LONGEST, address, is_reserved, path, subject_line
from sympolity.post.mailing import mail_of
from sympolity.post.models import Message
from sympolity.post.tests.writing import message, sent

HEADS = {
    "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Content-Language", "Auto-Submitted",
}  # fmt: skip
NAMES = [
    "Legal help\r\nBcc: everybody@city.gr",
    "Legal help\nContent-Type: text/html\n\n<script>alert(1)</script>",
    "Legal help\x0bBcc: x@y.gr",
    "Legal help\u2028Bcc: x@y.gr\u2029\x85X: 1",
    "\u202egro.live\u202c",
    "\u2066\u2067\u200f\u200e\u061cname",
    "name\x00\x01\x1b[31m",
    "\ud800lone",
    "=?utf-8?B?QmNjOiB4QHkuZ3I=?=",
    "a" * 5000,
    "\u0301" * 5000,
    "<admin@sympolity.example>",
    "{subject} {0} %s %(name)s",
    "\U000e0041\U000e0042hidden",
    "",
    "   ",
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_no_name_becomes_a_head(name: str) -> None:
    sent(message("anna@city.gr", "ask", name=name))
    row = Message.objects.select_related("recipient").get()
    whole = mail_of(row, "key")
    sent_as = message_from_bytes(whole.message().as_bytes(linesep="\r\n"), policy=policy.default)
    assert set(sent_as.keys()) == HEADS
    assert (sent_as["To"], sent_as.get_content_type()) == ("anna@city.gr", "multipart/alternative")
    subject = str(sent_as["Subject"]).strip()  # a long line is folded after the name of the head
    assert subject.startswith("[Action needed] Are these still right, ")
    assert len(subject) <= LONGEST
    assert not [char for char in subject if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert "<" not in subject
    for part in sent_as.iter_parts():
        words: Any = part.get_content()
        assert not set(words) & set("\u202e\u202c\u2066\u2067\u200f\u200e\u061c\x00\x1b\u2028")
        assert "<script" not in words or part.get_content_type() == "text/plain"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Sympоlity", "Sympolity"),  # Cyrillic о
        ("Αthens", "Athens"),  # Greek Α
        ("Ρау", "Рау"),  # Greek Ρ before Cyrillic
        ("Aθήνα", "Αθήνα"),  # Latin A before Greek
        ("ΑΜΚΑ card", "ΑΜΚΑ card"),
        ("Δήμος Athens", "Δήμος Athens"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("𝐁𝐨𝐥𝐝", "Bold"),
        ("[Action needed] pay", "(Action needed) pay"),
        ("منظمة المساعدة", "منظمة المساعدة"),
        ("Хартія", "Хартія"),
        ("e-mail, COVID-19, Ελλάδα!", "e-mail, COVID-19, Ελλάδα!"),
    ],
)
def test_letters_that_pretend_to_be_others_are_written_as_what_they_seem(written: str, read: str) -> None:
    assert subject_line(written) == read


@effort(max_examples=300, deadline=None)
@given(strategies.text(max_size=400))
def test_any_text_makes_one_line(text: str) -> None:
    line = subject_line(text)
    assert len(line) <= LONGEST
    assert line == " ".join(line.split())
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(line) & set("[]<>\u202e\u2066\u200f")
    assert subject_line(line) == line


@effort(max_examples=300, deadline=None)
@given(strategies.text(max_size=300))
def test_any_text_as_an_address_is_ascii_or_nothing(text: str) -> None:
    found = address(text)
    assert found.isascii()
    assert not any(char.isspace() for char in found)
    assert address(found) == found


@pytest.mark.parametrize(
    ("one", "nobodys"),
    [
        ("eleni@fanari.example", True),
        ("X@EXAMPLE.COM", True),
        ("x@sub.test", True),
        ("x@notexample.com", False),
        ("x@example.gr", False),
        ("x@myexample", False),
        ("example@city.gr", False),
        ("x@example.com.gr", False),
    ],
)
def test_addresses_that_can_be_nobodys(one: str, nobodys: bool) -> None:
    assert is_reserved(one) is nobodys


@pytest.mark.parametrize("text", ["/en/x/", "/en/x/?a=1&b=%20", "/"])
def test_paths_of_this_site(text: str) -> None:
    assert path(text) == text
