"""A database of its own beside the one of the tests, for processes that must not see each other's rows."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator

from django.conf import settings

__all__ = ["own_database"]

_numbers = itertools.count(1)


@contextlib.contextmanager
def own_database() -> Iterator[str]:
    """The address of an empty database beside the one of the tests; "" on SQLite."""
    described = settings.DATABASES["default"]
    if described["ENGINE"].endswith("sqlite3"):
        yield ""
        return
    import psycopg

    login = {
        "host": described["HOST"],
        "port": described["PORT"],
        "user": described["USER"],
        "password": described["PASSWORD"],
    }
    name = f"sympolity_own_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(dbname="postgres", autocommit=True, **login) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            secret = f":{login['password']}" if login["password"] else ""
            yield f"postgresql://{login['user']}{secret}@{login['host']}:{login['port']}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
