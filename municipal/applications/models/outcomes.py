"""What carrying out a decision came to: what was made, or why it could not be (決定の実施結果)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .cases import Case
from .promises import OnlyForgets

OBSTACLE = "obstacle"
"""The kind of an outcome that made nothing: it holds the sentence of the refusal instead of an id."""


class CaseOutcome(OfMunicipality):
    """One attempt to carry a decision out (決定の実施). Append-only.

    Attempts of a case form one chain by ``replaces``, so that of two at the same time one is refused: a case never has
    two outcomes that stand. ``kind``, ``reference``: what was made, as in ``outcomes.Done``. ``sentence``, ``values``:
    the refusal of an obstacle; ``note``: what a clerk wrote who did it by hand.
    """

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="outcomes", verbose_name="申請")
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="前の結果"
    )
    kind = models.CharField("種類", max_length=30)
    reference = models.BigIntegerField("対象の番号", null=True)
    sentence = models.CharField("できなかった理由", max_length=500, blank=True, default="", db_default="")
    values = models.JSONField("理由の中の値", default=dict)
    note = models.CharField("記録", max_length=200, blank=True, default="", db_default="")
    made_at = models.DateTimeField("日時")
    actor_kind = models.CharField("行為者の種別", max_length=20)
    actor_id = models.BigIntegerField("行為者の番号")

    class Meta(OfMunicipality.Meta):
        verbose_name = "決定の実施結果"
        verbose_name_plural = "決定の実施結果"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE (values, note)")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="outcome_is_of_a_case_of_this_town", field="case"),
            Across(name="outcome_replaces_one_of_this_town", field="replaces"),
            OnlyForgets(name="outcome_only_grows", empties=("values", "note")),
            models.UniqueConstraint(
                fields=["municipality", "case", "replaces"], nulls_distinct=False, name="one_outcome_of_a_case_stands",
                violation_error_message="ほかの人が先に処理しました。画面を開き直してください。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "kind", "reference"], condition=Q(reference__isnull=False),
                name="nothing_is_the_outcome_of_two_cases",
                violation_error_message="これは、ほかの申請の結果として記録されています。番号を確かめてください。",
            ),
            models.CheckConstraint(
                condition=Q(kind=OBSTACLE, reference__isnull=True) & ~Q(sentence="")
                | ~Q(kind=OBSTACLE) & Q(sentence=""),
                name="outcome_made_something_or_says_why_not",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
