"""The app of its room (申請者)."""

from django.apps import AppConfig


class ApplicantsConfig(AppConfig):
    """Residents who sign in, and for whom they may act."""

    name = "municipal.applicants"
    verbose_name = "申請者"
