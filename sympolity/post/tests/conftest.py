"""Kinds of messages that rooms above would register, and where mails go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sympolity.post.tests.server import MailServer, serving

LOCAL = "sympolity.post.backend.LocalMailbox"


@pytest.fixture(autouse=True)
def _known_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils.translation import get_language

    from sympolity.post import kinds
    from sympolity.post.letters import Button, Letter, Listing, Row

    def ask(facts: Mapping[str, Any]) -> Letter:
        return Letter(
            f"Are these still right, {facts.get('name', 'friends')}?",
            (
                f"Language: {get_language()}",
                Listing((Row("Σπίτι", "Αθήνα", "/el/service/1/"), Row(str(facts.get("name", "بيت"))))),
                Button("Look at them", "/en/confirm/abc/"),
            ),
        )

    def tell(facts: Mapping[str, Any]) -> Letter:
        return Letter(str(facts.get("title", "News")), ("It happened.", Button("See it", "/en/service/2/")))

    known = dict(kinds._kinds)
    monkeypatch.setattr(kinds, "_kinds", known)
    kinds.register(kinds.Kind("ask", ask, asks=True))
    kinds.register(kinds.Kind("tell", tell))
    kinds.register(kinds.Kind("follow", tell, topic="follows", digest=True))
    kinds.register(kinds.Kind("pulse", tell, topic="pulse"))


@pytest.fixture
def local(settings: Any) -> None:
    """A machine without a mail server."""
    settings.EMAIL_BACKEND, settings.SMTP = LOCAL, ""


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[MailServer]:
    """A mail server in a process of its own, and settings that lead to it."""
    with serving(tmp_path / "mail") as one:
        settings.SMTP = f"smtp://127.0.0.1:{one.port}"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", one.port, 1
        yield one
