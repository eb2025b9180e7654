"""Reading and writing texts: one way for every noun.

A *bundle* is what a page or an index card needs: per field, per language, the words and
whether they are outdated or a machine's. The source language is always in it and current.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from sympolity.kit.bidi import clean_text
from sympolity.kit.nouns import noun as registered
from sympolity.languages import registry
from sympolity.languages.models import Text, TextState

__all__ = ["Bundle", "Said", "bundles", "bundles_of", "source_hash", "write"]


@dataclass(frozen=True, slots=True)
class Said:
    """Words in a language. ``outdated``: the source changed since; ``machine``: no person wrote them."""

    body: str
    lang: str
    outdated: bool = False
    machine: bool = False

    @property
    def dir(self) -> str:
        return registry.direction(self.lang)

    def __str__(self) -> str:
        return self.body

    def __bool__(self) -> bool:
        return bool(self.body)


NOTHING = Said("", "en")


class Bundle:
    """All languages of the text fields of one thing."""

    __slots__ = ("_fields", "source")

    def __init__(self, source: str, fields: Mapping[str, Mapping[str, Said]]) -> None:
        self.source = source
        self._fields = fields

    def said(self, field: str, reader: str) -> Said:
        """The best words of ``field`` for a reader of ``reader``; empty Said when there are none."""
        known = self._fields.get(field, {})
        for lang in registry.preference(reader, self.source):
            found = known.get(lang)
            if found:
                return found
        return next((said for said in known.values() if said), NOTHING)

    def all(self, field: str) -> dict[str, Said]:
        """Every language of ``field``, the source first."""
        known = self._fields.get(field, {})
        return dict(sorted(known.items(), key=lambda item: (item[0] != self.source, item[0])))

    def languages(self) -> set[str]:
        """Languages in which at least one field is said."""
        return {lang for field in self._fields.values() for lang in field}


def source_hash(body: str) -> str:
    """A short hash of a source column: equal text, equal hash."""
    return hashlib.blake2s(body.encode("utf-8", "replace"), digest_size=16).hexdigest()


def bundles_of(things: Mapping[str, Sequence[Any]]) -> dict[str, dict[UUID, Bundle]]:
    """The bundles of things of several nouns (each has ``id``, ``lang`` and its noun's text
    fields). One query for all of them."""
    wanted = Q()
    for noun, group in things.items():
        if group:
            wanted |= Q(noun=noun, noun_id__in={thing.id for thing in group})
    rows: dict[tuple[str, UUID], list[Text]] = defaultdict(list)
    if wanted:
        for row in Text.objects.filter(wanted):
            rows[row.noun, row.noun_id].append(row)
    return {
        noun: {thing.id: _bundle(thing, registered(noun).text_fields, rows[noun, thing.id]) for thing in group}
        for noun, group in things.items()
    }


def bundles(noun: str, things: Sequence[Any]) -> dict[UUID, Bundle]:
    """The bundle of each thing of one noun. One query."""
    return bundles_of({noun: things})[noun]


def _bundle(thing: Any, fields: Iterable[str], rows: Iterable[Text]) -> Bundle:
    said: dict[str, dict[str, Said]] = {}
    hashes: dict[str, str] = {}
    for field in fields:
        body = getattr(thing, field)
        said[field] = {thing.lang: Said(body, thing.lang)} if body else {}
        hashes[field] = source_hash(body)
    for row in rows:
        if row.field in said and row.language != thing.lang:
            said[row.field][row.language] = Said(
                row.body, row.language, row.source_hash != hashes[row.field], row.state == TextState.MACHINE
            )
    return Bundle(thing.lang, said)


def write(
    *,
    noun: str,
    texts: Mapping[UUID, Mapping[str, Mapping[str, str]]],
    sources: Mapping[UUID, Any],
    state: str = TextState.HUMAN,
    origin: str = "",
) -> int:
    """Store translations ``texts[id][field][language] = body`` of ``sources[id]``; the count of rows.

    An empty body removes the row. The source language is skipped: it is a column. Call inside
    the transaction of the action that records it in the trail.
    """
    fields = registered(noun).text_fields
    rows: dict[tuple[UUID, str, str], Text] = {}  # two codes may mean one language: the later wins
    for noun_id, by_field in texts.items():
        thing = sources[noun_id]
        for field, by_language in by_field.items():
            if field not in fields:
                msg = f"{noun} has no text field {field!r}"
                raise KeyError(msg)
            for code, body in by_language.items():
                lang = registry.canonical(code)
                if lang is None or lang == thing.lang:
                    continue
                cleaned = clean_text(body)
                if not cleaned:
                    Text.objects.filter(noun=noun, noun_id=noun_id, field=field, language=lang).delete()
                    continue
                rows[noun_id, field, lang] = Text(
                    noun=noun, noun_id=noun_id, field=field, language=lang, body=cleaned, state=state,
                    origin=origin, source_hash=source_hash(getattr(thing, field)),
                )  # fmt: skip
    Text.objects.bulk_create(
        rows.values(),
        batch_size=100,
        update_conflicts=True,
        unique_fields=["noun", "noun_id", "field", "language"],
        update_fields=["body", "state", "origin", "reviewer_id", "source_hash"],
    )
    return len(rows)
