"""A real server on a port of its own: index cut or deleted, database away. Killed processes: tests/running."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator

import pytest

from tests.running.served import FIND, SLOW, Served, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as one:
        yield one


def test_a_deleted_index_is_built_again_while_nobody_notices(served: Served) -> None:
    before, total = served.generation(), json.loads(served.ask()[1])["total"]
    assert total > 0
    (served.data / "index").rename(served.data / "gone")  # at once: the indexer makes files meanwhile
    shutil.rmtree(served.data / "gone")
    seen: list[int] = []

    def rebuilt() -> bool:
        seen.append(served.ask()[0])
        return bool(served.generation()) and served.generation() != before

    served.until(rebuilt, 10 * SLOW)
    served.until(served.answers, 5 * SLOW)
    # open readers go on with the files that they hold; a worker that has just started has none yet
    assert set(seen) <= {200, 503}
    assert 200 in seen
    assert json.loads(served.ask()[1])["total"] == total


def test_a_cut_index_is_built_again(served: Served) -> None:
    before, total = served.generation(), json.loads(served.ask()[1])["total"]
    files = sorted((served.data / "index" / before).glob("*.store"), key=lambda path: -path.stat().st_size)
    for path in [*files[:1], *(served.data / "index" / before).glob("*.term")]:
        os.truncate(path, path.stat().st_size // 2)
    seen: list[tuple[int, str]] = []

    def rebuilt() -> bool:
        seen.append(served.ask("/el/find/"))
        return bool(served.generation()) and served.generation() != before

    served.until(rebuilt, 10 * SLOW)
    served.until(served.answers, 5 * SLOW)
    assert {status for status, _ in seen} <= {200, 503, 0}
    assert all("112" in body for status, body in seen if status == 503)
    assert json.loads(served.ask()[1])["total"] == total


@contextlib.contextmanager
def _stopped(served: Served) -> Iterator[None]:
    if served.database:
        import psycopg

        address, _, name = served.database.rpartition("/")
        with psycopg.connect(f"{address}/postgres", autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            try:
                yield
            finally:
                admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        return
    path, away = served.data / "sympolity.sqlite3", served.data / "away.sqlite3"
    path.rename(away)
    path.mkdir()  # nothing can be opened there, nor made anew
    try:
        yield
    finally:
        path.rmdir()
        away.rename(path)


def test_find_answers_without_the_database_also_those_who_have_signed_in(served: Served) -> None:
    total = json.loads(served.ask()[1])["total"]
    with _stopped(served):
        for cookie in ("", "sessionid=abcdefghijklmnopqrstuvwxyz012345"):
            for path in (FIND, "/el/find/", "/ar/", "/", "/en/find/?open=now&in=athens"):
                status, _ = served.ask(path, cookie)
                assert status == 200, (path, bool(cookie))
            assert json.loads(served.ask(FIND, cookie)[1])["total"] == total
        status, body = served.ask("/el/service/00000000-0000-4000-8000-000000000000/")
        assert status in {500, 503}
        assert "Traceback" not in body
    served.until(lambda: served.ask("/el/service/00000000-0000-4000-8000-000000000000/")[0] == 404, 5 * SLOW)
