"""Reading and writing texts: one way for every noun.

A *bundle* is what a page or an index card needs: per field, per language, the words and
whether they are outdated or a machine's. The source language is always in it and current.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Q

from sympolity.kit.bidi import clean_text
from sympolity.kit.nouns import noun as registered
from sympolity.kit.refusals import Refusal
from sympolity.languages import registry
from sympolity.languages.models import Text, TextState

__all__ = [
    "HUMAN", "Bundle", "Provenance", "Said", "bundles", "bundles_of", "keeps", "source_hash", "tidied", "write",
]  # fmt: skip

Key = tuple[UUID, str, str]  # of a text: id of its thing, field, language


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
# The statement of _store: fixed words, no values.
_INTO = "INSERT INTO languages_text (id, noun, noun_id, field, language, body, state, origin, source_hash)"
_ROW = "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_LISTS = (
    "SELECT * FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], "
    "%s::text[], %s::text[])"
)
_ANEW = (
    "ON CONFLICT (noun, noun_id, field, language) DO UPDATE SET body = excluded.body, state = excluded.state, "
    "origin = excluded.origin, reviewer_id = NULL, source_hash = excluded.source_hash"
)
_ORIGIN = 80  # characters of Text.origin
_LONGEST = 20_000  # characters of one text: what a source column takes


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who stands for the translations that a draft brings, and where they come from.

    A person or a machine: nobody reviews by handing in a draft.
    """

    state: str = TextState.HUMAN
    origin: str = ""

    def check(self, where: str = "provenance") -> None:
        """:class:`Refusal` when it claims what a draft cannot."""
        if self.state not in {TextState.HUMAN, TextState.MACHINE}:
            raise Refusal("unknown_state", where=where, facts={"value": self.state[:40]})
        if len(self.origin) > _ORIGIN:
            raise Refusal("origin_too_long", where=where, facts={"most": str(_ORIGIN)})


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


HUMAN = Provenance()


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


def tidied(noun: str, texts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Texts of a draft as they will be stored: our codes of languages, clean words; unknown languages are left out.

    Raises :class:`Refusal` for a field that is no text of ``noun``, and for words that are too long.
    """
    fields = registered(noun).text_fields
    found: dict[str, dict[str, str]] = {}
    for field, by_language in texts.items():
        if field not in fields:
            raise Refusal("unknown_text", where="texts", facts={"value": field[:40]})
        words = found[field] = {}
        for code, body in by_language.items():
            lang = registry.canonical(code)
            if lang is None:
                continue
            if len(body) > _LONGEST:
                raise Refusal("text_too_long", where=f"texts.{field}.{lang}", facts={"most": str(_LONGEST)})
            words[lang] = clean_text(body)
    return found


def write(
    *,
    noun: str,
    texts: Mapping[UUID, Mapping[str, Mapping[str, str]]],
    sources: Mapping[UUID, Any],
    state: str = TextState.HUMAN,
    origin: str = "",
) -> int:
    """Store translations ``texts[id][field][language] = body`` of ``sources[id]``; how many are given.

    ``state`` and ``origin``: see :class:`Provenance`. An empty body removes
    the row. The source language is skipped: it is a column. Words that stand already as they are
    given keep what was said of them (a review above all), see :func:`keeps`. Call inside the
    transaction of the action that records it in the trail.
    """
    given = {key: (body, hashed) for key, body, hashed in _given(noun, texts, sources)}
    if not given:
        return 0
    stored = {
        (noun_id, field, lang): facts
        for noun_id, field, lang, *facts in Text.objects.filter(
            noun=noun, noun_id__in={key[0] for key in given}
        ).values_list("noun_id", "field", "language", "body", "source_hash", "state", "id")
    }
    gone = [stored[key][-1] for key, (body, _) in given.items() if not body and key in stored]
    if gone:
        Text.objects.filter(id__in=gone).delete()
    said = {key: words for key, words in given.items() if words[0]}
    _store([
        (uuid4().hex, noun, key[0].hex, *key[1:], body, state, origin, hashed)
        for key, (body, hashed) in sorted(said.items())
        if not _stands(stored.get(key), body, hashed, state)
    ])  # fmt: skip
    return len(said)


def _store(rows: Sequence[tuple[str, ...]]) -> None:
    """Insert or replace rows of the table: one statement.

    A batch of services has thousands of texts, all under one write lock; as models they take four times as long.
    """
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{_INTO} {_LISTS} {_ANEW}", [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(f"{_INTO} {_ROW} {_ANEW}", rows)


def _given(
    noun: str, texts: Mapping[UUID, Mapping[str, Mapping[str, str]]], sources: Mapping[UUID, Any]
) -> Iterator[tuple[Key, str, str]]:
    """(key, clean words, hash of their source) of all but the source language; the later of two codes of one wins."""
    fields = registered(noun).text_fields
    for noun_id, by_field in texts.items():
        thing = sources[noun_id]
        for field, by_language in by_field.items():
            if field not in fields:
                msg = f"{noun} has no text field {field!r}"
                raise KeyError(msg)
            hashed = source_hash(getattr(thing, field))
            for code, body in by_language.items():
                lang = registry.canonical(code)
                if lang is not None and lang != thing.lang:
                    yield (noun_id, field, lang), clean_text(body), hashed


def _stands(stored: Sequence[Any] | None, body: str, hashed: str, state: str) -> bool:
    """Is it there as it is given?"""
    return stored is not None and (stored[0], stored[1]) == (body, hashed) and keeps(stored[2], state)


def keeps(stored: str, given: str) -> bool:
    """Do the same words keep the state they have?

    Nobody raises a machine's words by handing in a form on which they stood, and no second import takes
    a review away. A review is always written, and what counts as a person's becomes a machine's when the
    writer says that it is one.
    """
    if given == TextState.REVIEWED:
        return stored == TextState.REVIEWED
    return not (stored == TextState.HUMAN and given == TextState.MACHINE)
