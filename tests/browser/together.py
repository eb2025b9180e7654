"""A plugin for xdist: all tests with a browser go to one process, the others to whichever is free.

    pytest -n auto -p tests.browser.together

So one server and one Chromium start. (xdist's own ``--dist loadgroup`` marks the ids of tests in a
way that pytest 9 does not show it.)
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it has no types


class _Together(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return "tests/browser" if nodeid.startswith("tests/browser/") else nodeid


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return _Together(config, log)
