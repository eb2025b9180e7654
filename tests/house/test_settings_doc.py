"""docs/settings.md is what ``sympolity settings`` prints, and nobody else reads the environment."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from sympolity.project import env
from tests.house.staircase import HOUSE, PACKAGE

# Who may read the environment besides the table: the clock in other processes, and the start
# of Django, which sets the name of the settings.
READERS = {"project/env.py", "kit/clock.py"}
OWN = {"ops/supervisor.py: PARENT"}  # it tells its children who it is: nothing that anybody sets


def test_the_page_is_what_the_command_prints() -> None:
    printed = StringIO()
    call_command("settings_page", stdout=printed)
    assert (HOUSE / "docs" / "settings.md").read_text() == printed.getvalue()


def _environment_reads(path: Path) -> Iterator[str]:
    """Names of variables a module reads by ``os.environ[...]``, ``.get`` or ``os.getenv``."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case (
                ast.Call(func=ast.Attribute(value=ast.Attribute(attr="environ"), attr="get" | "pop"), args=[first, *_])
                | ast.Call(func=ast.Attribute(attr="getenv"), args=[first, *_])
            ):
                yield ast.unparse(first)
            case ast.Subscript(value=ast.Attribute(attr="environ"), ctx=ast.Load(), slice=index):
                yield ast.unparse(index)


def test_the_table_is_the_only_reader_of_the_environment() -> None:
    reads = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in PACKAGE.rglob("*.py")
        if str(path.relative_to(PACKAGE)) not in READERS and "tests" not in path.parts
        for name in _environment_reads(path)
    }
    assert reads == OWN


def test_every_variable_says_what_it_is_for() -> None:
    assert all(row.says.endswith((".", "…")) for row in env.TABLE.values())
    assert all(f"| `{name}` |" in env.markdown() for name in env.TABLE)
