from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class Trail(AppConfig):
    name = "sympolity.trail"

    def ready(self) -> None:
        from sympolity.trail import guard, nouns

        nouns.register_all()

        # On SQLite any AlterField drops triggers silently: they are made again after every migrate.
        post_migrate.connect(guard.after_migrate, dispatch_uid="trail.guard")
        checks.register(guard.check, checks.Tags.database)
