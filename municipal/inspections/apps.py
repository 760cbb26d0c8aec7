"""The app of what the town has judged (適合検査)."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """Files handed over to the town, judged by the checker, with every report kept (適合検査)."""

    name = "municipal.inspections"
    verbose_name = "適合検査"
