from django.apps import AppConfig


class Design(AppConfig):
    name = "sympolity.design"
