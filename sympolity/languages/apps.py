from django.apps import AppConfig


class Languages(AppConfig):
    name = "sympolity.languages"
