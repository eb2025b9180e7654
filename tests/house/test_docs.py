"""The docs say what the code does: verbs, files, decisions, roles and periods.

docs/settings.md is looked at in test_settings_doc.py.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.core.management import get_commands

from sympolity.directory.rules import PERIODS
from sympolity.kit.actor import Role
from sympolity.ops.cli import VERBS
from tests.house.staircase import HOUSE, PACKAGE

README = HOUSE / "README.md"
WORDS = HOUSE / "docs" / "words.md"
DECISIONS = HOUSE / "docs" / "decisions"
PAGES = [README, HOUSE / "CHANGELOG.md", *sorted((HOUSE / "docs").rglob("*.md")), *sorted(PACKAGE.glob("*/README.md"))]

# A file or folder of the repository, in backticks: it ends in a known way or in a slash.
_PATH = re.compile(r"`((?:sympolity|tests|docs|\.ci)/[\w./-]+)`")
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
# What docs/first-change.md lets the reader make.
_MADE_BY_READERS = {(HOUSE / "docs" / "first-change.md", "tests/find/test_what_to_bring.py")}


def _section(page: Path, heading: str) -> str:
    """The text under a heading of the second level."""
    return page.read_text().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def _rows(text: str) -> list[list[str]]:
    """The rows of tables, without their heads: cells without backticks."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip().strip("`") for cell in line] for line in lines]
    return [row for row, after in zip(cells, [*cells[1:], [""]], strict=True) if not {row[0], after[0]} & {"---"}]


def test_the_readme_is_short() -> None:
    assert len(README.read_text().splitlines()) <= 120


def test_room_readmes_are_short() -> None:
    long = {page.parent.name for page in PACKAGE.glob("*/README.md") if len(page.read_text().splitlines()) > 40}
    assert long == set()


def test_every_room_with_tables_or_pages_has_a_readme() -> None:
    rooms = {
        path.parent for name in ("models.py", "views.py", "settings.py", "cli.py") for path in PACKAGE.glob(f"*/{name}")
    }
    assert {room.name for room in rooms if not (room / "README.md").exists()} == set()


def test_the_readme_tells_every_verb_and_no_other() -> None:
    told = [verb for row in _rows(_section(README, "Verbs")) for verb in re.findall(r"[a-z-]+", row[0])]
    assert sorted(told) == sorted(VERBS)


def test_a_verb_is_told_as_missing_exactly_while_it_is() -> None:
    commands = get_commands()
    missing = {verb for verb, (command, _) in VERBS.items() if command not in commands}
    told = {row[0] for row in _rows(_section(README, "Verbs")) if row[1].startswith("not there yet")}
    assert told == missing


def test_every_file_that_a_page_names_exists() -> None:
    named = {(page, path) for page in PAGES for path in _PATH.findall(page.read_text())} - _MADE_BY_READERS
    lost = {(page.name, path) for page, path in named if not ((HOUSE / path).exists() or (page.parent / path).exists())}
    assert lost == set()


def test_every_link_leads_somewhere() -> None:
    links = {(page, link) for page in PAGES for link in _LINK.findall(page.read_text())}
    assert {(page.name, link) for page, link in links if not (page.parent / link).exists()} == set()


def test_every_decision_is_listed() -> None:
    records = {path.name for path in DECISIONS.glob("[0-9]*.md")}
    assert set(_LINK.findall((DECISIONS / "README.md").read_text())) == records
    numbers = sorted(int(name[:4]) for name in records)
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_decision_has_its_three_parts() -> None:
    parts = ("**Context.**", "**Decision.**", "**Consequences.**")
    lacking = {path.name for path in DECISIONS.glob("[0-9]*.md") for part in parts if part not in path.read_text()}
    assert lacking == set()


def test_the_roles_are_those_of_the_code() -> None:
    assert [row[0] for row in _rows(_section(WORDS, "Roles"))] == [role.value for role in Role]


def test_the_periods_are_those_of_the_rules() -> None:
    told = {row[0]: int(row[1]) for row in _rows(_section(WORDS, "Field groups and their periods"))}
    assert told == {str(group): days for group, days in PERIODS.items()}


def test_a_builder_finds_the_changed_word_of_the_first_change() -> None:
    """The page walks through one word of the service page: it must stand there as told."""
    told = re.findall(r"`(\{% translate .*? %\})`", (HOUSE / "docs" / "first-change.md").read_text())
    page = (PACKAGE / "portal" / "templates" / "portal" / "service.html").read_text()
    assert len(told) == 1
    assert told[0] in page


def test_pages_name_nothing_of_the_machine_they_were_written_on() -> None:
    assert {page.name for page in PAGES if re.search(r"/(work|tmp|root|home)/", page.read_text())} == set()
