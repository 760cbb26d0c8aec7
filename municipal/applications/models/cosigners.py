"""Somebody who signs an application together with who handed it in (共同の申請者)."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from municipal.applicants.models import Applicant
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .cases import Case
from .promises import StaysUntilForgotten


class CoSigner(OfMunicipality):
    """That one more person is to sign a case: asked with a code, signed with their own card (共同の申請者).

    ``name``: as the applicant wrote it; ``code_hash``: of the code that the applicant hands over, which is kept
    nowhere; ``signature``: as in a case, of what a co-signer is shown.
    """

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="cosigners", verbose_name="申請")
    name = models.CharField("氏名", max_length=100)
    code_hash = models.CharField("署名番号のハッシュ", max_length=64)
    asked_at = models.DateTimeField("頼んだ日時")
    expires_at = models.DateTimeField("期限")
    account = models.ForeignKey(
        Applicant, models.PROTECT, null=True, db_constraint=False, related_name="cosigned", verbose_name="署名した人"
    )
    signed_at = models.DateTimeField("署名日時", null=True)
    signature = models.JSONField("電子署名", default=dict)

    class Meta(OfMunicipality.Meta):
        verbose_name = "共同の申請者"
        verbose_name_plural = "共同の申請者"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "UPDATE (account_id, signed_at, signature)", "DELETE"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="cosigner_is_of_a_case_of_this_town", field="case"),
            Across(name="cosigner_is_an_applicant_of_this_town", field="account"),
            StaysUntilForgotten(name="cosigner_stays_until_forgotten"),
            models.UniqueConstraint(fields=["municipality", "code_hash"], name="cosigner_has_their_own_code"),
            models.UniqueConstraint(
                fields=["municipality", "case", "account"], condition=Q(account__isnull=False),
                name="cosigner_signs_a_case_once", violation_error_message="この申請には、すでに署名しています。",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="cosigner_has_a_name"),
            models.CheckConstraint(
                condition=Q(account=None, signed_at=None, signature={})
                | Q(account__isnull=False, signed_at__isnull=False) & ~Q(signature={}),
                name="cosigner_signs_as_a_whole",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="cosigner_waits_for_a_while"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id} {self.pk}"

    def is_open(self, now: datetime) -> bool:
        """Whether their signature is still waited for (署名待ちか)."""
        return self.signed_at is None and now < self.expires_at
