from django.apps import AppConfig

# A place is a fact anybody may know. Column by column, so that a new one must be decided.
_PUBLIC = (
    "id", "slug", "kind", "parent", "lat", "lon", "population", "population_year",
    "ypes_code", "elstat_code", "lau_code", "nuts_code", "p_code", "source",
)  # fmt: skip


class Places(AppConfig):
    name = "sympolity.places"

    def ready(self) -> None:
        from sympolity.kit.nouns import Noun, Privacy, register
        from sympolity.places import queries
        from sympolity.places.models import Area

        register(Noun("area", Area, dict.fromkeys(_PUBLIC, Privacy.PUBLIC), visible_to=queries.visible_to))
