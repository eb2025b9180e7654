"""The category tree of needs: a written file, loaded into the tables."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sympolity.directory.models import Category, CategoryWord
from sympolity.kit.actor import Actor
from sympolity.languages import texts
from sympolity.languages.models import Text, TextState
from sympolity.trail.journal import action

__all__ = ["category_id", "load", "record_needs"]

FILE = Path(__file__).parent / "data" / "needs.toml"
COLUMNS = (
    "parent_id",
    "position",
    "icon",
    "emergency",
    "fallback",
    "name",
    "label",
    "door",
    "open_eligibility",
    "unhcr_sector",
)


def category_id(slug: str) -> UUID:
    """The id of a need: the same on every installation."""
    return uuid5(NAMESPACE_URL, f"https://sympolity.org/need/{slug}")


def load() -> list[dict[str, Any]]:
    """The needs of the file, in order."""
    return list(tomllib.loads(FILE.read_text(encoding="utf-8"))["need"])


def record_needs(*, actor: Actor, needs: list[dict[str, Any]]) -> int:
    """Make the tree as ``needs`` says; the number of needs that were new or changed."""
    known = Category.objects.in_bulk()
    words = {(row.category_id, row.language, row.word) for row in CategoryWord.objects.all()}
    unmarked = set(Text.objects.filter(noun="category", state=TextState.HUMAN).values_list("noun_id", flat=True))
    todo = []
    for position, need in enumerate(needs):
        row = known.get(category_id(need["slug"])) or Category(id=category_id(need["slug"]), slug=need["slug"])
        values = (
            category_id(need["parent"]) if need["parent"] else None, position, need["icon"], need.get("emergency", False),
            need.get("fallback", False), need["name"]["en"], need["label"]["en"], need.get("door", {}).get("en", ""),
            need.get("open_eligibility", ""), need.get("unhcr", ""),
        )  # fmt: skip
        wanted = {(row.id, lang, word) for lang, group in need["synonyms"].items() for word in group}
        mine = {key for key in words if key[0] == row.id}
        same = (
            row.id in known
            and row.id not in unmarked
            and values == tuple(getattr(row, name) for name in COLUMNS)
            and wanted == mine
        )
        if not same:
            todo.append((row, values, need, wanted, row.id not in known))
    if not todo:
        return 0
    with action(actor) as t:
        for row, values, need, wanted, new in todo:
            for name, value in zip(COLUMNS, values, strict=True):
                setattr(row, name, value)
            row.save(force_insert=new)
            CategoryWord.objects.filter(category=row).delete()
            CategoryWord.objects.bulk_create(
                [
                    CategoryWord(category=row, language=lang, word=word[:120])
                    for _, lang, word in sorted(wanted, key=str)
                ],
                batch_size=200,
            )
            said = {name: need.get(name, {}) for name in ("name", "label", "door")}
            # Nobody has read the words of the file yet (README, What is illustrative).
            texts.write(noun="category", texts={row.id: said}, sources={row.id: row}, state=TextState.MACHINE)
            t.record("recorded" if new else "changed", "category", row.id, after={"slug": row.slug})
    return len(todo)
