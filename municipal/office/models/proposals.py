"""What one person proposes and another decides (二人目の決定)."""

from django.db import models
from django.db.models import F, Q

from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality
from municipal.office.constraints import FilledOnce

_UNDECIDED = Q(decided_by_kind=None, decided_by_id=None, decided_at=None, is_approved=None)
_DECIDED = Q(decided_by_kind__isnull=False, decided_by_id__isnull=False, decided_at__isnull=False) & Q(
    is_approved__isnull=False
)


class Proposal(OfMunicipality):
    """An act that waits for a second person (決定待ちの処理).

    ``subject`` is an addressee id (None where the act concerns nobody in particular), ``payload`` ids only.
    Decided once; the database itself refuses a second decision and a decision by the proposer.
    """

    act = models.CharField("処理", max_length=63)
    subject = models.BigIntegerField("対象者の番号", null=True)
    payload = models.JSONField("参照番号", default=dict)
    proposed_by_kind = models.CharField("起案者の種別", max_length=20)
    proposed_by_id = models.BigIntegerField("起案者の番号")
    proposed_at = models.DateTimeField("起案日時")
    decided_by_kind = models.CharField("決定者の種別", max_length=20, null=True)  # noqa: DJ001  (NULL: undecided)
    decided_by_id = models.BigIntegerField("決定者の番号", null=True)
    decided_at = models.DateTimeField("決定日時", null=True)
    is_approved = models.BooleanField("承認", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "決定待ちの処理"
        verbose_name_plural = "決定待ちの処理"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.CheckConstraint(
                name="office_proposal_decided_by_another",
                condition=_UNDECIDED
                | (_DECIDED & ~Q(decided_by_kind=F("proposed_by_kind"), decided_by_id=F("proposed_by_id"))),
                violation_error_message="起案した本人は決定できません。別の職員が決定してください。",
            ),
            FilledOnce(name="office_proposal_decided_once"),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "act", "proposed_at"], name="office_proposal_open", condition=Q(decided_at=None)
            ),
        ]
