"""The docs say what the code does: verbs, files, decisions, roles and periods.

docs/settings.md is looked at in test_settings_doc.py.
"""

from __future__ import annotations

import re
from configparser import RawConfigParser
from pathlib import Path

from django.core.management import get_commands, load_command_class

from sympolity.directory.rules import PERIODS
from sympolity.kit.actor import Role
from sympolity.kit.nouns import all_nouns
from sympolity.ops.cli import VERBS
from sympolity.project import env
from tests.house.matrix import routes
from tests.house.routes import reviewed
from tests.house.staircase import HOUSE, PACKAGE, steps

README = HOUSE / "README.md"
WORDS = HOUSE / "docs" / "words.md"
DECISIONS = HOUSE / "docs" / "decisions"
ADDRESSES = HOUSE / "docs" / "addresses.md"
ARCHITECTURE = HOUSE / "docs" / "architecture.md"
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


# --- docs/operating: settings, verbs and the files of other programs ----------------------------

OPERATING = HOUSE / "docs" / "operating"
_SETTING = re.compile(r"\b(SYMPOLITY_[A-Z_]+|DATABASE_URL)\b")
# "sympolity verb" where it is code: in backticks or in an indented block.
_CODE = re.compile(r"`([^`\n]+)`|^ {4,}(.+)$", re.MULTILINE)
_VERB = re.compile(r"(?:^|[\s;|]|bin/)sympolity ([a-z][a-z_-]+)")
_NO_VERBS = {"systemctl", "journalctl", "adduser", "chmod", "su ", "mkdir", "cp ", "chown", "createdb", "rsync"}


def _pages_and_examples() -> list[Path]:
    return [*PAGES, *(path for path in OPERATING.rglob("*") if path.is_file() and path.suffix != ".md")]


def test_every_setting_that_a_page_names_exists() -> None:
    named = {(page.name, name) for page in _pages_and_examples() for name in _SETTING.findall(page.read_text())}
    assert {(page, name) for page, name in named if name not in env.TABLE} == set()
    assert len({name for _, name in named}) > 15


def test_every_verb_that_a_page_names_exists() -> None:
    named: set[tuple[str, str]] = set()
    for page in _pages_and_examples():
        for short, block in _CODE.findall(page.read_text()):
            code = short or block
            if not any(word in code for word in _NO_VERBS):
                named |= {(page.name, verb) for verb in _VERB.findall(code)}
    known = {*VERBS, *get_commands()}
    assert {(page, verb) for page, verb in named if verb not in known} == set()
    assert {"backup", "enrol", "restore", "verify"} <= {verb for _, verb in named}


def test_every_verb_has_its_options_as_the_pages_say() -> None:
    """Options in an example of a verb are options of that verb."""
    wrong: set[tuple[str, str, str]] = set()
    for page in PAGES:
        for short, block in _CODE.findall(page.read_text()):
            for verb, rest in re.findall(r"(?:^|\s|bin/)sympolity ([a-z-]+)((?: [^#;|]*)?)", short or block):
                if verb in VERBS and not any(word in (short or block) for word in _NO_VERBS):
                    command = load_command_class("sympolity.ops", VERBS[verb][0])
                    told = command.create_parser("sympolity", verb).format_help()
                    options = re.findall(r"--[a-z-]+", rest)
                    wrong |= {(page.name, verb, option) for option in options if option not in told}
    assert wrong == set()


def test_the_examples_of_web_servers_pass_what_the_site_needs() -> None:
    nginx, caddy = ((OPERATING / "proxy" / name).read_text() for name in ("nginx.conf", "Caddyfile"))
    for text in (nginx, caddy):
        code = "\n".join(line.split("#", 1)[0] for line in text.splitlines())
        assert code.count("{") == code.count("}")
        for name in ("X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Host"):
            assert re.search(rf"[\s-]{name}\s", code), name
        assert "127.0.0.1:8000" in code
        assert env.TABLE["PORT"].default == "8000"
        assert "/metrics" in code
    statements = [line.split("#", 1)[0].strip() for line in nginx.splitlines()]
    assert all(line == "" or line.endswith((";", "{", "}")) for line in statements)
    # no address, path or query in any log
    assert {line for line in statements if line.startswith("access_log")} == {
        "access_log off;",
        "access_log /var/log/nginx/sympolity.log sympolity;",
    }
    [form] = [line for line in statements if line.startswith("log_format sympolity")]
    assert set(re.findall(r"\$(\w+)", form)) == {
        "time_iso8601", "request_method", "status", "body_bytes_sent", "request_time",
    }  # fmt: skip
    assert all(line.endswith(" crit;") for line in statements if line.startswith("error_log"))
    assert not re.search(r"^\s+log \{", caddy.split("help.town.example {", 1)[1], re.MULTILINE)


def test_the_service_file_starts_what_there_is_and_is_closed() -> None:
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(OPERATING / "systemd" / "sympolity.service")
    service = unit["Service"]
    program, verb = service["ExecStart"].split()
    assert verb in VERBS
    assert program.startswith(service["WorkingDirectory"] + "/.venv/bin/")
    data = re.search(r"^ +SYMPOLITY_DATA=(\S+)$", (OPERATING / "README.md").read_text(), re.MULTILINE)
    assert data is not None
    assert service["ReadWritePaths"] == data[1]
    closed = {
        "User": "sympolity", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes",
        "PrivateTmp": "yes", "Restart": "always", "CapabilityBoundingSet": "", "UMask": "0077", "DynamicUser": "no",
    }  # fmt: skip
    assert {name: service.get(name) for name in closed} == closed
    assert int(service["TimeoutStopSec"]) > 8  # the patience of the supervisor
    assert "WatchdogSec" not in service  # nothing here notifies systemd


def test_every_figure_and_logger_that_is_told_exists() -> None:
    text = (OPERATING / "README.md").read_text()
    code = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    figures = {name.removeprefix("sympolity_") for name in re.findall(r"`(sympolity_[a-z_]+)", text)}
    assert {
        name for name in figures if f'"{name}' not in code and f"sympolity_{name.removesuffix('_total')}" not in code
    } == set()
    loggers = set(re.findall(r"`(sympolity\.[a-z_]+)`", text))
    assert {name for name in loggers if f'getLogger("{name}")' not in code} == set()


# --- addresses, rooms, nouns ------------------------------------------------------------------

# Paths of a machine, not of the site; and what only builders have.
_NO_ADDRESS = re.compile(r"/(etc|srv|usr|var|design)/")


def _shown(pattern: str) -> str:
    """A route as people write it: {id} for <uuid:id>."""
    return re.sub(r"<\w+:(\w+)>", r"{\1}", pattern)


def test_every_address_is_told_and_no_other() -> None:
    told = [one for row in _rows(ADDRESSES.read_text()) for one in re.findall(r"(/[^`,| ]*)`?", row[0])]
    assert sorted(told) == sorted({_shown(pattern) for pattern in reviewed().values()})


def test_addresses_for_programs_are_told_as_such() -> None:
    told = re.findall(r"(/[^`,| ]*)`?", " ".join(row[0] for row in _rows(_section(ADDRESSES, "For programs"))))
    operators = {"healthz", "readyz", "metrics"}
    machines = {name for name, route in routes().items() if route.answers not in {"html", "nothing"}} - operators
    assert sorted(told) == sorted(_shown(reviewed()[name]) for name in machines)


def test_every_address_that_a_page_names_leads_somewhere() -> None:
    known = re.compile(
        "|".join("[^/]+".join(map(re.escape, re.split(r"<\w+:\w+>", one))) for one in reviewed().values())
    )
    lost = set()
    for page in PAGES:
        for named in re.findall(r"`(/[^`\s]*)`", page.read_text()):
            path = named.split("?")[0].replace("…", "x/")
            if not _NO_ADDRESS.match(path) and not known.fullmatch(path) and not known.fullmatch(f"{path}/"):
                lost.add((page.name, named))
    assert lost == set()


def test_the_rooms_are_told_from_the_top_and_are_there() -> None:
    told = [row[0] for row in _rows(_section(ARCHITECTURE, "The staircase, from the top"))]
    here = [{room for room in level if (PACKAGE / room).is_dir()} for level in steps()]
    assert set(told) == {room for level in here for room in level}
    at = {room: number for number, level in enumerate(here) for room in level}
    assert [at[room] for room in told] == sorted(at[room] for room in told)


def test_every_noun_has_its_word() -> None:
    """A noun of the code stands in words.md under its name, or under the words people use for it."""
    told = {word.strip() for row in _rows(_section(WORDS, "Nouns")) for word in row[0].split(",")}
    assert {noun.name.replace("_", " ") for noun in all_nouns()} - told == set()


def test_nothing_that_is_there_is_told_as_missing() -> None:
    """What the plan leaves open is told by words; these words are taken out once the route exists."""
    open_words = " ".join(_section(ARCHITECTURE, "Not there yet").split())
    built = {
        "city pages": "city", "feeds": "feed", "notices on pages": "notices",
        "structured data in pages": "sitemap", "saving and sharing of a service": "saved",
    }  # fmt: skip
    assert {words for words, route in built.items() if route in reviewed() and words in open_words} == set()
    assert "service file for systemd" not in open_words or not (HOUSE / "docs/operating/systemd").is_dir()
