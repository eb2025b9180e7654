"""Every page type, as it is sent, passes html-validate in every language of the golden list.

Its rules stand in ``tests/html/.htmlvalidate.mjs``, with the reason for each that is changed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.golden import PAGES, each_in
from tests.browser.reading import Readers

HOUSE = Path(__file__).resolve().parent.parent / "html"
PROGRAM = HOUSE / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
NO_PROGRAM = "NO html-validate: no page was validated. Run: make install-html"


def _program() -> list[str]:
    node = Path(sys.executable).with_name("node")
    if node.exists() and PROGRAM.exists():
        return [str(node), str(PROGRAM)]
    if os.environ.get("CI") == "true":
        pytest.fail(NO_PROGRAM)
    pytest.skip(NO_PROGRAM)


def test_pages_are_valid(readers: Readers, tmp_path: Path) -> None:
    program = _program()
    shown = each_in(kind for kind in PAGES if kind.name != "components")  # its forms lead nowhere: an empty action
    for kind, lang in shown:
        (tmp_path / f"{kind.name}-{lang}.html").write_text(readers.source(kind, lang), encoding="utf-8")
    files = sorted(str(file) for file in tmp_path.glob("*.html"))
    assert len(files) == len(shown)
    report = tmp_path / "report.json"  # a file: the program ends before a pipe has taken everything
    done = subprocess.run(
        [*program, "--config", str(HOUSE / ".htmlvalidate.mjs"), "--formatter", f"json={report}", *files],
        capture_output=True, text=True, cwd=HOUSE, check=False,
    )  # fmt: skip
    assert report.exists(), done.stderr
    found = [
        f"{Path(page['filePath']).stem} line {each['line']}: {each['ruleId']}: {each['message']}"
        for page in json.loads(report.read_text())
        for each in page["messages"]
    ]
    assert found == []
