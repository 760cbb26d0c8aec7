"""A question that we ask another office, and what was done with it (照会)."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.evidence.kinds import Kind, kinds
from municipal.evidence.rules.states import OPEN, State, moves
from municipal.municipalities.constraints import Across, AppendOnly, OnlyMoves, Wall
from municipal.municipalities.models import OfMunicipality

STATE_NAMES = {
    State.CREATED: _("送信待ち"), State.SENT: _("送信済み"), State.PENDING: _("回答待ち"),
    State.ANSWERED: _("回答あり"), State.REFUSED: _("回答できない"), State.NOT_FOUND: _("該当する記録なし"),
    State.EXPIRED: _("期限切れ"), State.USED: _("確認済み"), State.DISCLOSED: _("本人に表示済み"),
}  # fmt: skip
STATES = [(one.value, name) for one, name in STATE_NAMES.items()]


class LinkageCode(OfMunicipality):
    """Under which name a person is known outside: a number at random that says nothing (符号).

    Neither the individual number nor the addressee number leaves; only this room turns the code back.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="linkage_codes", verbose_name="宛名番号"
    )
    code = models.CharField("符号", max_length=32)

    class Meta(OfMunicipality.Meta):
        verbose_name = "符号"
        verbose_name_plural = "符号"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="linkage_code_is_of_this_town", field="addressee"),
            AppendOnly(name="linkage_code_only_grows"),
            models.UniqueConstraint(fields=["municipality", "addressee"], name="one_linkage_code_each"),
            models.UniqueConstraint(fields=["municipality", "code"], name="linkage_code_means_one_person"),
        ]

    def __str__(self) -> str:
        return self.code


class EvidenceRequest(OfMunicipality):
    """One question about one person, for one procedure, on one basis (情報照会).

    ``public``: the name under which the other side knows it, so that asking twice asks once. ``reference``: for what we
    asked, the number of a case. ``receipt``: the other side's own number. ``answer``: the items, by name; ``as_of``:
    the day of which they are true; ``is_withheld``: shown to nobody but the office (不開示). ``answer_by``: when we
    stop waiting; ``next_at``: when the other side is asked next.
    """

    public = models.UUIDField("照会の番号", default=uuid4)
    subject = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="evidence_requests", verbose_name="対象者"
    )
    kind = models.CharField("照会の種類", max_length=20)
    procedure = models.CharField("手続の識別子", max_length=60)
    law = models.CharField("根拠法令", max_length=200)
    article = models.CharField("条項", max_length=60)
    basis_status = models.CharField("根拠の確認状況", max_length=20)
    reference = models.CharField("受付番号", max_length=20)
    state = models.CharField("状態", max_length=10, choices=STATES, default=State.CREATED.value)
    outcome = models.CharField("結果", max_length=10, choices=STATES, blank=True, default="", db_default="")
    code = models.CharField("結果の理由", max_length=20, blank=True, default="", db_default="")
    receipt = models.CharField("受付の番号", max_length=40, blank=True, default="", db_default="")
    office = models.CharField("回答した機関", max_length=300, blank=True, default="", db_default="")
    answer = models.JSONField("回答", null=True)
    as_of = models.DateField("回答の時点", null=True)
    is_withheld = models.BooleanField("不開示", default=False, db_default=False)
    is_specimen = models.BooleanField("見本", default=False, db_default=False)
    asked_by_kind = models.CharField("照会した者の種別", max_length=20)
    asked_by_id = models.BigIntegerField("照会した者の番号")
    created_at = models.DateTimeField("照会日時")
    answer_by = models.DateTimeField("回答の期限")
    answered_at = models.DateTimeField("結果の日時", null=True)
    changed_at = models.DateTimeField("最終更新日時")
    next_at = models.DateTimeField("次の確認")
    attempts = models.PositiveIntegerField("失敗した回数", default=0, db_default=0)
    polls = models.PositiveIntegerField("確認した回数", default=0, db_default=0)

    class Meta(OfMunicipality.Meta):
        verbose_name = "情報照会"
        verbose_name_plural = "情報照会"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="evidence_request_is_about_one_of_this_town", field="subject"),
            OnlyMoves(
                name="evidence_request_follows_its_states", moves=moves(),
                free=("is_withheld", "is_specimen", "changed_at", "next_at", "attempts", "polls"),
            ),
            models.UniqueConstraint(fields=["municipality", "public"], name="evidence_request_has_its_own_number"),
            models.UniqueConstraint(
                fields=["municipality", "reference", "kind"], condition=Q(state__in=[one.value for one in OPEN]),
                name="evidence_is_asked_once_at_a_time", violation_error_message="同じ照会がすでに進んでいます。",
            ),
            models.CheckConstraint(condition=~Q(law=""), name="evidence_is_asked_on_a_basis"),
            models.CheckConstraint(
                condition=Q(answer__isnull=True) | (Q(as_of__isnull=False) & ~Q(office="")),
                name="evidence_says_whose_and_of_which_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in OPEN], outcome="", answered_at__isnull=True)
                | (~Q(state__in=[one.value for one in OPEN]) & ~Q(outcome="") & Q(answered_at__isnull=False)),
                name="evidence_has_an_outcome_when_over",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["municipality", "next_at"], condition=Q(state__in=[one.value for one in OPEN]),
                name="evidence_open",
            ),
            models.Index(fields=["municipality", "reference"], name="evidence_of_case"),
            models.Index(fields=["municipality", "subject", "-created_at"], name="evidence_about"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.reference} {self.kind}"

    @property
    def asks(self) -> Kind:
        """The kind in the table (照会の種類)."""
        return kinds()[self.kind]


class EvidenceStep(OfMunicipality):
    """One thing that was done with a question (照会の経過). Append-only."""

    request = models.ForeignKey(
        EvidenceRequest, models.PROTECT, db_constraint=False, related_name="steps", verbose_name="情報照会"
    )
    number = models.PositiveIntegerField("順番")
    state = models.CharField("状態", max_length=10, choices=STATES)
    code = models.CharField("内容", max_length=20, blank=True, default="", db_default="")
    at = models.DateTimeField("日時")
    actor_kind = models.CharField("行為者の種別", max_length=20)
    actor_id = models.BigIntegerField("行為者の番号")

    class Meta(OfMunicipality.Meta):
        verbose_name = "照会の経過"
        verbose_name_plural = "照会の経過"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="evidence_step_is_of_one_of_this_town", field="request"),
            AppendOnly(name="evidence_step_only_grows"),
            models.UniqueConstraint(fields=["municipality", "request", "number"], name="evidence_step_has_its_place"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.number} {self.state}"
