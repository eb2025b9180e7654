from django.apps import AppConfig


class Sharing(AppConfig):
    name = "sympolity.sharing"

    def ready(self) -> None:
        from sympolity.sharing import nouns

        nouns.register_all()
