"""The other languages of a thing: checked, and written only where they are not so yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sympolity.kit.refusals import Refusal
from sympolity.languages.models import Text
from sympolity.languages.texts import Provenance, keeps, source_hash, write
from sympolity.people.actions import checking

__all__ = ["Texts", "Written", "checked", "write_new"]

Texts = Mapping[str, Mapping[str, str]]  # field -> language -> words
Written = dict[UUID, dict[str, dict[str, str]]]
_BATCH = 500  # ids in one statement


def checked(texts: Texts, fields: Collection[str], source: str, where: str) -> dict[str, dict[str, str]]:
    """Texts of known fields in known languages; those in the source language are columns and left out."""
    found: dict[str, dict[str, str]] = {}
    for name, by_language in texts.items():
        if name not in fields:
            raise Refusal("unknown_text", where=where, facts={"field": name[:40]})
        words = {checking.language(code, where): checking.text(body, name, where) for code, body in by_language.items()}
        words.pop(source, None)
        found[name] = words
    return found


def write_new(
    noun: str,
    texts: Mapping[UUID, Mapping[str, Mapping[str, str]]],
    things: Mapping[UUID, Any],
    provenances: Mapping[UUID, Provenance],
) -> Written:
    """Write the words that are not there yet, or not so; what was written, by id."""
    there = _known(noun, [one for one, by_field in texts.items() if by_field])
    fresh: Written = {}
    for one, by_field in texts.items():
        for name, by_language in by_field.items():
            now = source_hash(getattr(things[one], name))
            for code, body in by_language.items():
                stands = there.get((one, name, code))
                same = stands and stands[:2] == (body, now) and keeps(stands[2], provenances[one].state)
                if (body or stands) and not same:
                    fresh.setdefault(one, {}).setdefault(name, {})[code] = body
    for provenance in sorted({provenances[one] for one in fresh}, key=str):
        some = {one: words for one, words in fresh.items() if provenances[one] == provenance}
        write(noun=noun, texts=some, sources=things, state=provenance.state, origin=provenance.origin)
    return fresh


def _known(noun: str, ids: Sequence[UUID]) -> dict[tuple[UUID, str, str], tuple[str, str, str]]:
    found: dict[tuple[UUID, str, str], tuple[str, str, str]] = {}
    for start in range(0, len(ids), _BATCH):
        for row in Text.objects.filter(noun=noun, noun_id__in=ids[start : start + _BATCH]):
            found[row.noun_id, row.field, row.language] = (row.body, row.source_hash, row.state)
    return found
