from django.apps import AppConfig


class Places(AppConfig):
    name = "sympolity.places"
