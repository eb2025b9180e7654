"""Settings that decide how it runs: https, logs, the token."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sympolity.project import env


def _verb(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SYMPOLITY", "DJANGO", "DATABASE"))
    }
    command = [sys.executable, "-m", "sympolity", *words]
    return subprocess.run(
        command, env=kept | {"SYMPOLITY_DATA": str(folder)} | variables, text=True, capture_output=True, check=False
    )


def test_with_https_the_deployment_check_is_clean(tmp_path: Path) -> None:
    words = ("check", "--deploy", "--fail-level", "WARNING")
    found = _verb(tmp_path, *words, SYMPOLITY_URL="https://help.town.example")
    assert (found.returncode, found.stderr) == (0, ""), found.stderr
    assert "no issues" in found.stdout


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("SYMPOLITY_LOG", "xml", "SYMPOLITY_LOG=xml: use plain or json"),
        ("SYMPOLITY_METRICS_TOKEN", "short", "SYMPOLITY_METRICS_TOKEN: use at least 20"),
        ("SYMPOLITY_METRICS_TOKEN", "with a space in it, and long enough", "SYMPOLITY_METRICS_TOKEN: use at least 20"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str, why: str) -> None:
    found = _verb(tmp_path, "check", **{name: value})
    assert found.returncode == 1
    assert why in found.stderr
    assert "Traceback" not in found.stderr
    assert name == "SYMPOLITY_LOG" or value not in found.stderr


@pytest.mark.parametrize(("address", "counted"), [("https://help.town.example", "1"), ("http://127.0.0.1:8000", "0")])
def test_limits_count_visitors_and_not_the_web_server_before_us(tmp_path: Path, address: str, counted: str) -> None:
    code = "from django.conf import settings; print(settings.ALLAUTH_TRUSTED_PROXY_COUNT)"
    found = _verb(tmp_path, "shell", "--no-imports", "-c", code, SYMPOLITY_URL=address)
    assert found.stdout.split() == [counted], found.stderr


def test_no_secret_stands_in_the_table() -> None:
    assert env.TABLE["SYMPOLITY_METRICS_TOKEN"].default == ""


def test_without_a_database_enrol_says_what_to_do_first(tmp_path: Path) -> None:
    found = _verb(tmp_path, "enrol", "a@town.example", "--name", "A", "--organization", "B")
    assert found.returncode == 1
    assert found.stderr.endswith("There is no database yet. Make it first: sympolity serve --prepare-only\n")
    assert "Traceback" not in found.stderr
