from __future__ import annotations

from django.apps import AppConfig


class Directory(AppConfig):
    name = "sympolity.directory"

    def ready(self) -> None:
        from sympolity.directory import nouns, search

        nouns.register_all()
        search.register_all()
