"""What a run held, for CI: ``python -m tests.tally report.xml`` prints one test a line.

The list is compared between the two databases, so a test must be collected on both. Fails when
a test was skipped for any reason but that it is the twin of a test of the other database.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

OTHER_DATABASE = "needs the other database"


def tests(report: Path) -> list[ET.Element]:
    """The test cases of a JUnit report (our own file, so the plain parser will do)."""
    return list(ET.parse(report).getroot().iter("testcase"))


def unexcused(cases: list[ET.Element]) -> list[str]:
    """Skipped tests whose reason is not the other database."""
    found = []
    for case in cases:
        skipped = case.find("skipped")
        if skipped is not None and OTHER_DATABASE not in skipped.get("message", ""):
            found.append(f"{_name(case)}: {skipped.get('message', '')}")
    return found


def _name(case: ET.Element) -> str:
    return f"{case.get('classname')}.{case.get('name')}"


def main(report: str) -> int:
    """Print the names; 1 when something was skipped without excuse, or nothing ran."""
    cases = tests(Path(report))
    skipped = unexcused(cases)
    for line in skipped:
        sys.stderr.write(f"skipped in CI: {line}\n")
    sys.stdout.write("".join(f"{name}\n" for name in sorted(map(_name, cases))))
    return 1 if skipped or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
