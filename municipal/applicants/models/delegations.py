"""Who may act for whom, in what, until when (委任)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.applicants.rules import Kind
from municipal.core.actors import KINDS
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .applicants import Applicant

KIND_NAMES = [
    (Kind.FAMILY.value, _("家族")), (Kind.LEGAL.value, _("法定代理人")), (Kind.CARE_MANAGER.value, _("ケアマネジャー")),
]  # fmt: skip


class Delegation(OfMunicipality):
    """That one person may act for another: offered with a code, accepted by who brings it, ended by either (委任).

    ``procedures``: ids of the catalogue; none means all. ``delegate_name`` is what the delegate's own card said, so
    that the principal sees who accepted. A legal representative is entered by staff only, who have seen the papers.
    """

    principal = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="delegations", verbose_name="本人"
    )
    delegate = models.ForeignKey(
        Applicant, models.PROTECT, db_constraint=False, null=True, related_name="delegations", verbose_name="代理人"
    )
    delegate_name = models.CharField("代理人の氏名", max_length=200, blank=True)
    kind = models.CharField("種類", max_length=12, choices=KIND_NAMES)
    procedures = ArrayField(models.CharField("手続", max_length=60), default=list, blank=True, verbose_name="手続")
    until = models.DateField("期限")
    code_hash = models.CharField("委任番号のハッシュ", max_length=64)
    given_at = models.DateTimeField("委任日時")
    given_by_kind = models.CharField("委任した人の種類", max_length=8)
    given_by_id = models.BigIntegerField("委任した人")
    accept_until = models.DateTimeField("受け取りの期限")
    accepted_at = models.DateTimeField("受け取った日時", null=True)
    ended_at = models.DateTimeField("終了日時", null=True)
    ended_because = models.CharField(
        "終了の理由", max_length=9, blank=True,
        choices=[("principal", "本人が取り消した"), ("delegate", "代理人がやめた"), ("dead", "死亡")],
    )  # fmt: skip

    class Meta(OfMunicipality.Meta):
        verbose_name = "委任"
        verbose_name_plural = "委任"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=(
                    "SELECT",
                    "INSERT",
                    "UPDATE (delegate_id, delegate_name, accepted_at, ended_at, ended_because)",
                ),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="delegation_is_by_an_addressee_of_this_town", field="principal"),
            Across(name="delegation_is_to_an_applicant_of_this_town", field="delegate"),
            models.UniqueConstraint(fields=["municipality", "code_hash"], name="delegation_has_its_own_code"),
            models.UniqueConstraint(
                fields=["municipality", "principal", "delegate", "kind"],
                condition=Q(ended_at=None, delegate__isnull=False), name="delegation_is_given_once",
                violation_error_message="この方からの同じ委任を、すでに受け取っています。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind], given_by_kind__in=KINDS),
                name="delegation_has_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.LEGAL.value) | Q(given_by_kind="staff"),
                name="legal_representative_is_entered_by_staff",
                violation_error_message="法定代理人の登録は、書類を確かめた職員だけができます。",
            ),
            models.CheckConstraint(
                condition=Q(delegate=None, accepted_at=None, delegate_name="")
                | Q(delegate__isnull=False, accepted_at__isnull=False),
                name="delegation_is_accepted_as_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_because="") | Q(ended_at__isnull=False) & ~Q(ended_because=""),
                name="delegation_ends_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(accept_until__gt=F("given_at")), name="delegation_waits_for_a_while"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.kind
