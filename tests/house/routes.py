"""Every route of the URLconf, read from Django's own resolver."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

__all__ = ["GOLDEN", "as_json", "pairs", "reviewed"]

GOLDEN = Path(__file__).parent / "golden" / "routes.json"


def pairs() -> list[tuple[str, str]]:
    """(name, pattern) of every route; a language in front is written ``<lang:lang>/`` whoever puts it there."""
    return list(_below(get_resolver(), "/"))


def _below(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        own = "<lang:lang>/" if isinstance(one.pattern, LocalePrefixPattern) else str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _below(one, before + own)
        elif isinstance(one, URLPattern):
            yield one.name or "", before + own


def as_json(rows: dict[str, str]) -> str:
    """As the golden file is written: one route a line, by name."""
    return json.dumps(dict(sorted(rows.items())), indent=2, ensure_ascii=False) + "\n"


def reviewed() -> dict[str, str]:
    """The routes that people have agreed to."""
    return dict(json.loads(GOLDEN.read_text(encoding="utf-8")))
