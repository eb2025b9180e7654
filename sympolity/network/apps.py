from django.apps import AppConfig


class Network(AppConfig):
    name = "sympolity.network"

    def ready(self) -> None:
        from sympolity.network import nouns, search

        nouns.register_all()
        search.register_all()
