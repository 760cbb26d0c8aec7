"""The app of the screens (画面)."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, static files, forms and views; no table of its own."""

    name = "municipal.web"
    verbose_name = "画面"
