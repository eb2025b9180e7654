"""The strict reader: every page a test opens is read as by an editor who lets nothing pass.

    def test_home(reader):
        page = reader.get("/el/")          # status, HTML, title, headings, policy, cookies: checked
        assert page.title == "…"

``document.faults`` knows the rules of HTML, ``Reader`` those of our answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from sympolity.languages import registry
from tests.document import Document, faults, read

HOST = "127.0.0.1"


@dataclass(slots=True)
class Page:
    """An answer that passed."""

    response: Any
    document: Document

    @property
    def title(self) -> str:
        return self.document.title

    @property
    def h1(self) -> str:
        return self.document.h1

    @property
    def text(self) -> str:
        return self.document.text

    @property
    def links(self) -> list[str]:
        return self.document.values("a", "href")


@dataclass(slots=True)
class Reader:
    """A visitor without a session; ``signed_in`` allows cookies."""

    client: Client = field(default_factory=Client)
    signed_in: bool = False

    def get(self, url: str, *, status: int = 200, **extra: Any) -> Page:
        """Open a page and read it strictly."""
        return self.read(self.client.get(url, **extra), status=status)

    def post(self, url: str, data: dict[str, Any] | None = None, *, status: int = 200, **extra: Any) -> Page:
        """Send a form whose answer is a page."""
        return self.read(self.client.post(url, data or {}, **extra), status=status)

    def read(self, response: Any, *, status: int = 200) -> Page:
        """Check an answer that should be an HTML page."""
        where = response.request["PATH_INFO"]
        assert response.status_code == status, f"{where}: {response.status_code} instead of {status}"
        assert response.headers.get("Content-Type") == "text/html; charset=utf-8", where
        document = read(response.content.decode("utf-8"))
        found = [*faults(document), *_ours(document), *_headers(response)]
        if not self.signed_in and response.cookies:
            found.append(f"sets cookies: {sorted(response.cookies)}")
        assert not found, f"{where}:\n  " + "\n  ".join(found)
        return Page(response, document)


def _headers(response: HttpResponse) -> Iterator[str]:
    policy = response.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy:
        yield f"no strict content security policy: {policy!r}"
    if "unsafe-inline" in policy or "unsafe-eval" in policy or "*" in policy:
        yield f"the content security policy is open: {policy!r}"
    for name, wanted in {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}.items():
        if response.headers.get(name) != wanted:
            yield f"{name} is {response.headers.get(name)!r}"
    if "Cache-Control" not in response.headers:
        yield "no Cache-Control"


def _ours(document: Document) -> Iterator[str]:
    yield from _language(document)
    yield from _plain_numbers(document)
    yield from _nothing_inline(document)
    yield from _no_third_party(document)


def _language(document: Document) -> Iterator[str]:
    lang, direction = document.root.get("lang", ""), document.root.get("dir", "")
    if lang not in registry.LANGUAGES:
        yield f"html lang={lang!r} is no language of ours"
    elif direction != registry.direction(lang):
        yield f"html dir={direction!r} in {lang}"
    for tag in document.tags:
        said = tag.get("lang", "")
        if said and registry.canonical(said) and tag.get("dir") not in {None, "auto", registry.direction(said)}:
            yield f"{tag}: dir={tag.get('dir')!r} in {said}"


_NUMBERS = ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height")


def _plain_numbers(document: Document) -> Iterator[str]:
    """A number of a drawing has a point, whatever the language writes."""
    for tag in document.tags:
        for name in _NUMBERS:
            if "," in (tag.get(name) or ""):
                yield f"{tag}: {name}={tag.get(name)!r} is no number of SVG"


def _nothing_inline(document: Document) -> Iterator[str]:
    for tag in document.tags:
        if tag.name == "style":
            yield f"{tag}: inline style sheet"
        if tag.name == "script" and "src" not in tag.attributes:
            if tag.get("type") != "application/ld+json":
                yield f"{tag}: inline script"
            else:
                yield from _json(tag.body)
        for name in tag.attributes:
            if name == "style" or name.startswith("on"):
                yield f"{tag}: attribute {name}"


def _json(body: str) -> Iterator[str]:
    try:
        json.loads(body)
    except ValueError as error:
        yield f"ld+json cannot be read: {error}"


# Elements that make the browser fetch; a link (a, form action) only goes where the reader sends it.
_FETCHES = {
    "script": ("src",), "img": ("src", "srcset"), "source": ("src", "srcset"), "iframe": ("src",), "audio": ("src",),
    "video": ("src", "poster"), "track": ("src",), "embed": ("src",), "object": ("data",), "input": ("src",),
    "use": ("href", "xlink:href"), "image": ("href", "xlink:href"), "form": ("action",),
}  # fmt: skip
_LINKED = {"canonical", "alternate", "license", "author", "help", "me", "next", "prev", "search"}


def _no_third_party(document: Document) -> Iterator[str]:
    for tag in document.tags:
        names = _FETCHES.get(tag.name, ())
        if tag.name == "link" and not set((tag.get("rel") or "").split()) <= _LINKED:
            names = ("href",)
        for name in names:
            for part in (tag.get(name) or "").split(","):
                parts = urlsplit(part.strip())
                if parts.netloc not in {"", HOST} or parts.scheme == "data":
                    yield f"{tag}: {name} goes to {part.strip()[:80]!r}"
        if tag.name == "a" and (tag.get("href") or "").strip().lower().startswith(("javascript:", "data:")):
            yield f"{tag}: href runs something"


@pytest.fixture
def reader() -> Reader:
    """A strict reader without a session. With ``db`` where the page asks the database."""
    return Reader(Client(HTTP_HOST=HOST))


@pytest.fixture
def strict_reader_of() -> Any:
    """``strict_reader_of(person)``: a strict reader who has signed in."""

    def signed_in(person: Any) -> Reader:
        client = Client(HTTP_HOST=HOST)
        client.force_login(person)
        return Reader(client, signed_in=True)

    return signed_in
