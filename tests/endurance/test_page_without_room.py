"""A page that would write while the database cannot: refused, with the moment to come again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from sympolity.ops.demo.loader import demo_id
from tests.find.network import Network


@pytest.mark.django_db
def test_a_page_that_cannot_write_says_503_and_find_answers(network: Network) -> None:
    """Without its database a write is refused with the moment to come again; the index is asked as always."""
    del network

    def full(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "ROLLBACK", "RELEASE")):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
    with connection.execute_wrapper(full):
        refused = client.post("/en/account/", {"email": "eleni@fanari.example"})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
        for path in ("/en/find/?q=legal", f"/en/service/{demo_id('service', 'athens-first-steps')}/"):
            assert client.get(path).status_code == 200
    assert client.post("/en/account/", {"email": "eleni@fanari.example"}).status_code == 302
