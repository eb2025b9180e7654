from django.apps import AppConfig


class Ops(AppConfig):
    name = "sympolity.ops"

    def ready(self) -> None:
        from sympolity.ops.census import is_real
        from sympolity.post.mailbox import register_census

        register_census(is_real)
