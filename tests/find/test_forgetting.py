"""A place that becomes hidden is forgotten by the files of the index too, not only by its answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sympolity.kit.actor import SYSTEM

ADDRESS, LAT, LON = "Xqzvstreet 77", 38.123456, 23.654321


def _hide(visibility: str) -> None:
    from sympolity.directory import actions
    from sympolity.directory.drafts import LocationDraft
    from sympolity.directory.models import Location

    row = Location.objects.filter(visibility="full", kind="physical", at_services__isnull=False).order_by("id").first()
    row = Location.objects.filter(address=ADDRESS).first() or row
    assert row is not None
    columns: dict[str, Any] = {"address": ADDRESS, "lat": LAT, "lon": LON, "visibility": visibility, "kind": "physical"}
    actions.record_locations(
        actor=SYSTEM,
        drafts=[
            LocationDraft(row.id, row.organization_id, row.area_id, row.lang, columns, {"address": {"en": ADDRESS}})
        ],
    )


def _texts(root: Path) -> Iterator[str]:
    for path in root.rglob("*"):
        if path.is_file():
            yield path.read_bytes().decode("latin-1")


def _told(root: Path) -> bool:
    return any("xqzv" in text or "38.1234" in text or "23.6543" in text for text in _texts(root))


@pytest.mark.django_db
def test_the_files_forget_a_place_that_was_public(tmp_path: Path) -> None:
    from sympolity.ops import demo
    from sympolity.search.indexer import Indexer

    demo.load()
    root = tmp_path / "index"
    indexer = Indexer(root)
    indexer.rebuild()
    _hide("full")
    while indexer.step():
        pass
    assert _told(root), "the test must be able to see it"
    _hide("hidden")
    while indexer.step():
        pass
    assert not _told(root)
    assert len([path for path in root.glob("g*") if path.is_dir()]) == 1
