"""``sympolity import areas`` is a command of its own; every other import is one of services."""

from __future__ import annotations

from django.core.management import get_commands

from sympolity.ops import cli


def test_a_second_word_may_name_another_command() -> None:
    assert set(cli.SECOND.values()) <= set(get_commands())
    assert cli._command("import", ["areas", "x"]) == ("import_areas", ["x"])
    assert cli._command("import", ["signpost", "areas"]) == ("import_file", ["signpost", "areas"])
    assert cli._command("import", []) == ("import_file", [])
    assert cli._command("migrate", ["areas"]) == ("migrate", ["areas"])
