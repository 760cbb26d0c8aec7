"""What a municipality decides about asking other offices (情報連携の設定)."""

from django.db import models

from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality


class EvidenceSettings(OfMunicipality):
    """One row for each municipality (情報連携の設定).

    ``asks_automatically``: right after the form check; ``patience_days``: how long an answer is waited for.
    """

    asks_automatically = models.BooleanField("形式審査のあと自動で照会する", default=False)
    patience_days = models.PositiveSmallIntegerField("回答を待つ日数", default=7)

    class Meta(OfMunicipality.Meta):
        verbose_name = "情報連携の設定"
        verbose_name_plural = "情報連携の設定"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality"], name="one_row_of_evidence_settings"),
            models.CheckConstraint(
                condition=models.Q(patience_days__gte=1, patience_days__lte=60),
                name="evidence_is_waited_for_some_days",
                violation_error_message="待つ日数は1日から60日までです。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.municipality_id)
