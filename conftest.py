"""How tests run, in every room: own data folder, own database file, the trail's triggers."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before Django loads: every process of the run has its own data folder below one root, which
# the first process makes and removes.
_ROOT = "SYMPOLITY_TEST_ROOT"
if _ROOT not in os.environ:
    os.environ[_ROOT] = tempfile.mkdtemp(prefix="sympolity-test-")
    atexit.register(shutil.rmtree, os.environ[_ROOT], ignore_errors=True)
DATA = Path(os.environ[_ROOT], os.environ.get("PYTEST_XDIST_WORKER", "main"))
_OURS = {
    "SYMPOLITY_URL",
    "SYMPOLITY_DEBUG",
    "SYMPOLITY_SMTP",
    "SYMPOLITY_MAILBOX",
    "SYMPOLITY_EXIT_URL",
    "SYMPOLITY_CLOCK_FILE",
    "SYMPOLITY_LOG",
    "SYMPOLITY_LOG_REQUESTS",
    "SYMPOLITY_METRICS_TOKEN",
    "PORT",
    "HOST",
}
for _name in _OURS:
    os.environ.pop(_name, None)
os.environ["SYMPOLITY_DATA"] = str(DATA)

from django.conf import settings  # noqa: E402

if settings.configured:
    msg = "unset DJANGO_SETTINGS_MODULE: the tests choose the settings, once their data folder is made"
    raise pytest.UsageError(msg)
with pytest.MonkeyPatch.context() as _environment:
    # Only until they are read: the processes of xdist inherit the environment, and pytest-django
    # would load the settings there before this file gives them a data folder of their own.
    _environment.setenv("DJANGO_SETTINGS_MODULE", "sympolity.project.settings")
    _ = settings.DATABASES

from django.db import connection  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402

# No manifest: a page can be rendered without collecting static files first.
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is missing
settings.SENDERS_ROOT = DATA / "senders"  # removed with the folder; elsewhere it is in memory
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# A file: threads of a test share it, which the in-memory database cannot ("table is locked").
if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    settings.DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
# No test pulls the plug; a killed process loses nothing that it gave to the system. Installations wait for the disk.
_options = settings.DATABASES["default"]["OPTIONS"]
if "init_command" in _options:
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
else:
    _options["options"] = "-c synchronous_commit=off"

pytest_plugins = ["tests.reader"]

OTHER_DATABASE = "needs the other database"


def pytest_report_header() -> str:
    engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
    return f"database: {engine}" + (f" {sqlite3.sqlite_version}" if engine == "sqlite3" else "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """``only_on("sqlite")``: a test of one database's own trick. It counts on both, runs on one."""
    for item in items:
        marker = item.get_closest_marker("only_on")
        if marker and marker.args[0] != connection.vendor:
            item.add_marker(pytest.mark.skip(reason=f"{OTHER_DATABASE}: {marker.args[0]}"))


@pytest.fixture(scope="session", autouse=True)
def _flush_with_open_trail() -> Iterator[None]:
    """Transactional tests empty every table when they end; the trail's triggers refuse that.

    The one place where they are dropped for it, and made again.
    """
    from sympolity.trail import guard

    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(case: TransactionTestCase) -> None:
        with guard.opened():
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; its absence is said loudly."""
    folder = Path(__file__).resolve().parent.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip(f"NO REAL DATA: {folder} is not beside the checkout")
    return folder
