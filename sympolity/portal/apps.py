from django.apps import AppConfig
from django.core import checks


class Portal(AppConfig):
    name = "sympolity.portal"

    def ready(self) -> None:
        from sympolity.portal import basemap

        checks.register(basemap.check)
