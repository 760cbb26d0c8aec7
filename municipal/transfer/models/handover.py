"""One hand-over of the register: who ordered it, who approved it, what was written (引渡し)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.office.constraints import FilledOnce
from municipal.office.models import Proposal

_OPEN = Q(moment=None, counts=None, digest=None, folder=None, written_at=None)
_WRITTEN = Q(moment__isnull=False, counts__isnull=False, digest__isnull=False, folder__isnull=False) & Q(
    written_at__isnull=False
)


class Handover(OfMunicipality):
    """The register, whole or what changed since a moment, as files in a folder (引渡し).

    ``is_whole``: with the addresses of protected people; ``has_numbers``: with individual numbers. Both only with a
    ``proposal`` that a second person approved. ``moment``: the moment of what was written, from which the next
    differential begins; ``counts``: rows by file name; ``digest``: over all files; ``folder``: its name on the server.
    """

    number = models.PositiveIntegerField("引渡し番号")
    since = models.DateTimeField("差分の始まり", null=True)
    is_whole = models.BooleanField("支援対象者の住所を含む", default=False)
    has_numbers = models.BooleanField("個人番号を含む", default=False)
    recipient = models.CharField("渡す相手", max_length=100)
    purpose = models.CharField("目的", max_length=100)
    actor_kind = models.CharField("依頼者の種別", max_length=20)
    actor_id = models.BigIntegerField("依頼者の番号")
    ordered_at = models.DateTimeField("依頼日時")
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="決定"
    )
    moment = models.DateTimeField("データの時点", null=True)
    counts = models.JSONField("件数", null=True)
    digest = models.CharField("要約値", max_length=64, null=True)  # noqa: DJ001  (NULL: not written)
    folder = models.CharField("フォルダー", max_length=255, null=True)  # noqa: DJ001
    written_at = models.DateTimeField("出力日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "引渡し"
        verbose_name_plural = "引渡し"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="handover_is_decided_in_this_town", field="proposal"),
            FilledOnce(name="handover_is_written_once"),
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="handover_number_is_given_once",
                violation_error_message="同時に別の引渡しが依頼されました。もう一度依頼してください。",
            ),
            models.CheckConstraint(name="handover_is_written_or_not", condition=_OPEN | _WRITTEN),
            models.CheckConstraint(
                name="secrets_leave_by_a_second_person",
                condition=Q(is_whole=False, has_numbers=False) | Q(proposal__isnull=False),
                violation_error_message="支援対象者の住所と個人番号は、別の職員の承認がなければ渡せません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def rows(self) -> int:
        """Rows in all files (件数の合計)."""
        return sum((self.counts or {}).values())
