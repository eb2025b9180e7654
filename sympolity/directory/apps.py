from __future__ import annotations

from django.apps import AppConfig


class Directory(AppConfig):
    name = "sympolity.directory"

    def ready(self) -> None:
        from django.conf import settings

        from sympolity.directory import nouns, rules, search
        from sympolity.directory.reports import telling
        from sympolity.directory.truth import letters

        rules.PERIODS.update(settings.CONFIRM_DAYS)
        nouns.register_all()
        search.register_all()
        letters.register_all()
        telling.register_all()
