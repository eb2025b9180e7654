from django.apps import AppConfig


class People(AppConfig):
    name = "sympolity.people"

    def ready(self) -> None:
        from sympolity.kit.actor import register_provider
        from sympolity.people import acting, letters, nouns, search, sign_in

        nouns.register_all()
        search.register_all()
        letters.register_all()
        register_provider(acting.from_request)
        sign_in.follow_signals()
