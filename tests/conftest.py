"""The demo network with its index, for tests that cross rooms.

The rows are loaded once for a module, inside a transaction that is taken back; the index is
built once for the process, in a folder of its own. What a test writes is taken back after it.
Imports wait until Django is ready: this file is read before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.find.network import Network


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("find") / "index"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, index_folder: Path) -> Iterator[Network]:
    """The demo in the tables until the module ends; ``network`` is what tests ask for."""
    from django.db import transaction

    from sympolity.ops import demo
    from sympolity.search.indexer import Indexer
    from tests.find.network import Network

    with django_db_blocker.unblock(), transaction.atomic():
        demo.load()
        if not index_folder.exists():
            Indexer(index_folder).rebuild()
        yield Network(index_folder)
        transaction.set_rollback(True)


@pytest.fixture
def network(loaded: Network, db: None) -> Iterator[Network]:
    """The demo network; pages read its index. What the test writes is taken back."""
    from django.conf import settings

    from sympolity.portal import site
    from tests.find.network import point_reader

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns without it
    before = site.READER.root
    point_reader(loaded.root)
    yield loaded
    point_reader(before)
