"""``sympolity find``: the functions behind the Find page, for the console."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict
from django.utils import translation

from sympolity.kit.actor import PUBLIC
from sympolity.languages import registry
from sympolity.portal import finding
from sympolity.search.query import FILTERS
from sympolity.search.store import IndexAway


class Command(BaseCommand):
    help = "Search like the Find page of the public."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("q", nargs="?", default="")
        parser.add_argument("--lang", default="en", help="language of the answer (default: en)")
        parser.add_argument("--json", action="store_true")
        for name in FILTERS:
            if name != "q":
                parser.add_argument(f"--{name}", action="append", default=[])

    def handle(self, *args: Any, **options: Any) -> None:
        lang = registry.canonical(options["lang"])
        if lang not in {row.code for row in registry.INTERFACE}:
            msg = f"Unknown language {options['lang']!r}. Known: {', '.join(row.code for row in registry.INTERFACE)}"
            raise CommandError(msg, returncode=2)
        given = QueryDict(mutable=True)
        given.setlist("q", [options["q"]])
        for name in FILTERS:
            if name != "q" and options.get(name):
                given.setlist(name, options[name])
        try:
            with translation.override(lang):
                found = finding.find(given, actor=PUBLIC, lang=str(lang))
                data = finding.as_json(found)
        except IndexAway as error:
            msg = "The find index is being rebuilt. Try again in a moment, or: sympolity index --rebuild"
            raise CommandError(msg) from error
        if options["json"]:
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))
            return
        self.stdout.write(
            f"{data['total']} found" + (f", corrected to: {data['corrected']}" if data["corrected"] else "")
        )
        for row in data["results"]:
            owner = f"  ({row['organization']})" if row["organization"] else ""
            self.stdout.write(f"- {row['name']}{owner}  {row['url']}")
