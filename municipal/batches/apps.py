"""The app of its room (一括処理と日締め)."""

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    """Runs over everybody, and the closing of the day."""

    name = "municipal.batches"
    verbose_name = "一括処理と日締め"
