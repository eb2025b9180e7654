"""The demo network with its index, for tests that cross rooms.

The demo is loaded and its index built once for the process, the index in a folder of its own. Each
module gets the same rows again, inside a transaction that is taken back; what a test writes is taken
back after it.
Imports wait until Django is ready: this file is read before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.find.network import Network

Rows = dict[Any, list[Any]]  # model -> its rows


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("find") / "index"


@pytest.fixture(scope="session")
def written() -> Rows:
    """What the demo wrote, by table; empty until somebody has loaded it."""
    return {}


def _write_again(rows: Rows) -> None:
    """The rows as they were: ids, moments and hashes are those that the index knows."""
    for model, found in rows.items():
        model._base_manager.bulk_create(found, batch_size=400)


def _load_and_keep(rows: Rows) -> None:
    """Load the demo through its actions, and keep what they wrote."""
    from django.apps import apps

    from sympolity.ops import demo

    empty = [model for model in apps.get_models(include_auto_created=True) if not model._base_manager.exists()]
    demo.load()
    rows |= {model: found for model in empty if (found := list(model._base_manager.all()))}


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, index_folder: Path, written: Rows) -> Iterator[Network]:
    """The demo in the tables until the module ends; ``network`` is what tests ask for."""
    from django.db import transaction

    from sympolity.search.indexer import Indexer
    from tests.find.network import Network

    with django_db_blocker.unblock(), transaction.atomic():
        if written:
            _write_again(written)
        else:
            _load_and_keep(written)
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


@pytest.fixture(autouse=True)
def _no_page_of_another_test() -> None:
    """Pages are kept for a minute and answered without being made: a test that looks at how one is made must make it."""
    from sympolity.portal import fragments

    fragments.PAGES.clear()
