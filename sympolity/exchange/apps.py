from django.apps import AppConfig


class Exchange(AppConfig):
    name = "sympolity.exchange"

    def ready(self) -> None:
        from sympolity.exchange import nouns

        nouns.register_all()
