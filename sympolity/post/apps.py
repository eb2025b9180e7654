from django.apps import AppConfig


class Post(AppConfig):
    name = "sympolity.post"

    def ready(self) -> None:
        from sympolity.post import channel, kinds, nouns
        from sympolity.post.digests import DIGEST
        from sympolity.trail import couriers

        nouns.register_all()
        kinds.register(DIGEST)
        kinds.register(kinds.TRIAL)
        couriers.register(channel.MAIL)
