from django.apps import AppConfig


class Search(AppConfig):
    name = "sympolity.search"
