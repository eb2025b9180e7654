"""The addresses of the site are a promise: links are printed, told by phone and kept for years."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from tests.house.routes import GOLDEN, as_json, pairs, reviewed

HOW = (
    f"The addresses are not those of {GOLDEN.relative_to(GOLDEN.parents[3])}. If that is meant: write the lines below "
    "into it (or take them out), say in golden/permissions.toml who gets what there, add its pages to "
    "tests/browser/golden.py, and let what is gone redirect: people have the old address on paper."
)


def test_the_routes_are_the_reviewed_ones() -> None:
    found, golden = dict(pairs()), reviewed()
    new = {name: pattern for name, pattern in found.items() if golden.get(name) != pattern}
    gone = {name: pattern for name, pattern in golden.items() if found.get(name) != pattern}
    assert (new, gone) == ({}, {}), HOW


def test_every_route_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(name for name, _ in pairs()).items() if count > 1 or not name] == []


def test_the_list_is_sorted_and_written_one_way() -> None:
    assert GOLDEN.read_text(encoding="utf-8") == as_json(reviewed())
    assert all(before < after for before, after in pairwise(reviewed()))


def test_nothing_for_builders_is_reachable() -> None:
    """The component page and tools of Django are for a machine of one's own."""
    patterns = [pattern for _, pattern in pairs()]
    assert [
        each for each in patterns if each.startswith(("/design", "/admin", "/__debug__", "/static", "/media"))
    ] == []


def test_addresses_of_pages_end_in_a_slash_and_of_files_do_not() -> None:
    """One address for one page; a file has its ending, so a browser and a proxy know it."""
    odd = [each for each in reviewed().values() if not each.endswith("/") and "." not in each.rsplit("/", 1)[-1]]
    assert odd == ["/healthz", "/metrics", "/readyz"]
