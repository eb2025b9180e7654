"""Facts, people, and a folder of uploads for each test. Imports wait until Django is ready."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sympolity.desk.tests.people import Desk


@pytest.fixture
def desk(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """People at the desk; what they upload lies in a folder of the test, and no part of a file is left there."""
    from django.conf import settings

    from sympolity.desk.tests.people import gathered
    from sympolity.directory import needs
    from sympolity.exchange import uploads
    from sympolity.kit.actor import SYSTEM
    from sympolity.places import actions as places

    monkeypatch.setattr(settings, "DATA", tmp_path / "data")
    places.load_areas()
    needs.record_needs(actor=SYSTEM, needs=needs.load())
    yield gathered()
    assert list(uploads.root().rglob("*.part")) == []
