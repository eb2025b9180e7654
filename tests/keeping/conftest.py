"""Installations for the tests of this folder. Imports wait until Django is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.keeping.installation import Installation


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo with its index and a file in media. Tests may write to it, through actions."""
    from tests.keeping.installation import empty

    with empty(tmp_path_factory.mktemp("demo") / "data") as one:
        one.run("serve", "--prepare-only")
        (one.data / "media" / "folder").mkdir()
        (one.data / "media" / "folder" / f"{'Στέγη ' * 12}.txt").write_text("kept")
        yield one


@pytest.fixture
def nothing(tmp_path: Path) -> Iterator[Callable[[str], Installation]]:
    """Makes empty installations, by a name."""
    from tests.keeping.installation import empty

    with ExitStack() as made:
        yield lambda name: made.enter_context(empty(tmp_path / name))


@pytest.fixture(scope="session")
def small(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the empty tables of the tests."""
    from sympolity.ops.backups.making import make

    with django_db_blocker.unblock():
        return make(tmp_path_factory.mktemp("small")).path


@pytest.fixture
def filled(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of a small network with two files in media."""
    from django.conf import settings

    from sympolity.directory import actions
    from sympolity.directory.tests.conftest import build
    from sympolity.kit.actor import SYSTEM
    from sympolity.ops.backups.making import make

    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    (tmp_path / "media" / "folder").mkdir(parents=True)
    for name in ("one", f"folder/{'Στέγη ' * 20}.txt"):
        (tmp_path / "media" / name).write_text(name)
    house = build()
    actions.record_services(actor=SYSTEM, drafts=[house.service(f"place {n}", house.shelter) for n in range(5)])
    return make(tmp_path / "filled").path
