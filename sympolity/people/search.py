"""Organizations in the find index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sympolity.kit.fold import fold
from sympolity.languages import texts
from sympolity.people.enums import OrganizationState
from sympolity.people.models import Organization
from sympolity.search.documents import Document, Source, register

__all__ = ["register_all"]

BATCH = 200


def _ids() -> Iterator[list[UUID]]:
    ids = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _build(ids: Sequence[UUID]) -> Iterator[Document]:
    # Nothing of one that is anonymous: whoever copies the files of the index must not learn its name.
    rows = list(Organization.objects.filter(id__in=ids, anonymous=False).select_related("area"))
    bundles = texts.bundles("organization", rows)
    for row in rows:
        bundle = bundles[row.id]
        public = row.status == OrganizationState.APPROVED
        doors = {f"org:{row.id}", "curator:*"} | ({"public"} if public else set())
        names = bundle.all("name")
        card: dict[str, Any] = {
            "id": str(row.id), "kind": "organization", "path": f"organization/{row.id}/", "lang": row.lang,
            "texts": {
                lang: {"name": said.body, "summary": bundle.all("description")[lang].body if lang in bundle.all("description") else ""}
                for lang, said in names.items()
            },
            "organization_kind": row.kind, "area": row.area.slug if row.area else "", "example": row.example,
            "phone": row.phone, "email": row.email, "url": row.url,
            "sort": {lang: fold(said.body) for lang, said in names.items()},
        }  # fmt: skip
        said = " ".join(said.body for said in names.values())
        about = " ".join(said.body for said in bundle.all("description").values())
        yield Document(
            "organization", row.id, [(said, 3), (about, 1)], {f"org:{row.id}"}, frozenset(doors), card,
            languages=bundle.languages(), vocabulary=public,
        )  # fmt: skip


def _affected(entries: Sequence[tuple[str, UUID]]) -> set[UUID]:
    return {noun_id for noun, noun_id in entries if noun == "organization"}


def register_all() -> None:
    """Register the source of this room."""
    register(Source("organization", _ids, _build, _affected))
