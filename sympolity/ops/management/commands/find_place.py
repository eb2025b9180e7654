"""``sympolity find-place``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from sympolity.languages import registry
from sympolity.places import queries
from sympolity.places.facts import load
from sympolity.places.names import Gazetteer


class Command(BaseCommand):
    help = "Search places by any of their names: spoken, official, in Greeklish, in any language."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--lang", default="en", help="language of the answer (default: en)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        lang = registry.canonical(options["lang"])
        if lang is None:
            msg = f"Unknown language {options['lang']!r}. Known: {', '.join(registry.LANGUAGES)}"
            raise CommandError(msg, returncode=2)
        found = _gazetteer().find(options["name"], lang=lang)
        if options["json"]:
            rows = [
                {
                    "slug": m.slug,
                    "kind": m.kind,
                    "name": m.name,
                    "context": m.context,
                    "lat": m.lat,
                    "lon": m.lon,
                    "exact": m.exact,
                }
                for m in found
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        elif found:
            for match in found:
                where = f", {match.context}" if match.context else ""
                self.stdout.write(f"{match.name}{where}  ({match.kind} {match.slug}, {match.lat}, {match.lon})")
        if not found:
            msg = "No place of this name is known here."
            raise CommandError(msg, returncode=1)


def _gazetteer() -> Gazetteer:
    """What stands in the database; before there is one, the areas that are part of the package."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return Gazetteer(load())  # asking would make the file
    try:
        facts = queries.facts()
    except DatabaseError:
        facts = ()
    return Gazetteer(facts or load())
