"""The lock files: every package pinned and hashed, tests run what the site runs."""

from __future__ import annotations

import re
import tomllib

from tests.house.staircase import HOUSE

_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^ ;\\]+)", re.MULTILINE)


def _pins(name: str) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for package, version in _PIN.findall((HOUSE / name).read_text()):
        pins.setdefault(package.lower().replace("_", "-"), set()).add(version)
    return pins


def test_tests_run_the_versions_that_the_site_runs() -> None:
    site, tests = _pins("requirements.lock"), _pins("requirements-test.lock")
    assert {name: versions for name, versions in site.items() if tests.get(name) != versions} == {}


def test_what_pyproject_asks_for_is_locked() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[\[<>=! ;]", each)[0].lower().replace("_", "-") for each in project["dependencies"]}
    assert names - set(_pins("requirements.lock")) == set()
    extra = project["optional-dependencies"]["test"]
    names = {re.split(r"[\[<>=! ;]", each)[0].lower().replace("_", "-") for each in extra}
    assert names - set(_pins("requirements-test.lock")) == set()


def test_every_pin_has_a_hash() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (HOUSE / name).read_text()
        blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
        assert [block.split()[0] for block in blocks if _PIN.match(block) and "--hash=sha256:" not in block] == []
