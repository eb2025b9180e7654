from django.apps import AppConfig


class Sharing(AppConfig):
    name = "sympolity.sharing"
