"""The find page in this process (Django's test client) beside an empty view and the engine alone."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import brotli
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client, override_settings
from django.utils import translation

from sympolity.kit import clock
from sympolity.kit.actor import PUBLIC
from sympolity.ops.bench.answers import Day
from sympolity.ops.bench.measure import Samples, percentile
from sympolity.ops.bench.questions import Question
from sympolity.ops.bench.urls import EMPTY
from sympolity.portal import finding, site

__all__ = ["look"]

EACH = 12  # questions of a class


@contextmanager
def _reading(root: Path) -> Iterator[None]:
    """Pages read the index under ``root`` meanwhile."""
    before = site.READER.root
    site.READER.root = root
    site.READER.drop()
    try:
        yield
    finally:
        site.READER.root = before
        site.READER.drop()


def _settings() -> override_settings:
    """Addresses with the empty view; without collected static files, their plain names."""
    changed: dict[str, Any] = {"ROOT_URLCONF": "sympolity.ops.bench.urls"}
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        changed["STORAGES"] = settings.STORAGES | {"staticfiles": plain}
    return override_settings(**changed)


class _Browser:
    """Asks pages, counts bytes and questions to the database."""

    def __init__(self) -> None:
        self.client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0], HTTP_ACCEPT_ENCODING="br")
        self.failed = self.statements = 0

    def get(self, address: str, samples: Samples) -> bytes:
        with connection.execute_wrapper(self._count), samples.take():
            response = self.client.get(address, secure=settings.HTTPS)
        self.failed += not 200 <= response.status_code < 300
        return bytes(response.content)

    def _count(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)


def look(root: Path, asked: Mapping[str, Sequence[Question]], day: Day) -> dict[str, Any]:
    """CPU of the find page, of the engine for the same questions, of an empty view; bytes."""
    chosen = [question for rows in asked.values() for question in rows[:EACH]]
    page, alone, empty, browser = Samples(), Samples(), Samples(), _Browser()
    small: list[float] = []
    plain: list[float] = []
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", "No directory at", UserWarning)
        stack.enter_context(_reading(root))
        stack.enter_context(_settings())
        for warm in (False, True):
            for question in chosen:
                with clock.moved(to=day.next()):
                    query = urlencode(question.pairs)
                    body = browser.get(f"/{question.lang}/find/?{query}", page if warm else Samples())
                    browser.get(f"/{EMPTY}", empty if warm else Samples())
                    with translation.override(question.lang), (alone if warm else Samples()).take():
                        finding.find(QueryDict(query), actor=PUBLIC, lang=question.lang)
                if warm:
                    small.append(len(body))
                    plain.append(len(brotli.decompress(body)))
    figures = {"page": page.figures(), "find": alone.figures(), "empty": empty.figures()}
    floor = figures["empty"]["cpu_p50"] or 1e-6
    over = [whole - part for whole, part in zip(page.cpu, alone.cpu, strict=True)]
    return figures | {
        "page_over_find_in_empties": percentile(over, 0.5) / floor,
        "page_in_empties": figures["page"]["cpu_p50"] / floor,
        "statements": browser.statements,
        "failed": browser.failed,
        "bytes": {
            "sent_p50": percentile(small, 0.5), "sent_p95": percentile(small, 0.95),
            "plain_p50": percentile(plain, 0.5), "plain_p95": percentile(plain, 0.95),
        },
    }  # fmt: skip
