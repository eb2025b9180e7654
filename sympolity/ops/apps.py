from django.apps import AppConfig


class Ops(AppConfig):
    name = "sympolity.ops"
