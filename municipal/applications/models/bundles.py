"""What one life event starts: several procedures, written once and handed in together (まとめて行う手続)."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from municipal.addressees.models import Addressee
from municipal.applicants.models import Applicant
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality


class Bundle(OfMunicipality):
    """Everything that belongs to one event in somebody's life (ライフイベントの手続一式).

    ``token_digest``: as in a draft; ``answers``: ``asked``, the answers to the questions of the event, ``known``, those
    of them that the register gave, ``members``, the people of the register in its order, and ``fields``, what the forms
    ask, said once; ``people``: as in a draft, named once.
    ``chosen``: ids of the procedures that are to be handed in, in their order. ``account``, ``about``: as in a draft.
    """

    public = models.UUIDField("公開番号", default=uuid4)
    token_digest = models.CharField("鍵の照合値", max_length=64)
    event = models.CharField("ライフイベント", max_length=20)
    language = models.CharField("言語", max_length=10)
    account = models.ForeignKey(
        Applicant, models.PROTECT, null=True, db_constraint=False, related_name="bundles", verbose_name="申請者"
    )
    about = models.ForeignKey(
        Addressee, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="対象者"
    )
    chosen = models.JSONField("選んだ手続", default=list)
    applicant = models.JSONField("申請者の回答", default=dict)
    answers = models.JSONField("回答", default=dict)
    people = models.JSONField("回答の中の人", default=dict)
    created_at = models.DateTimeField("作成日時")
    changed_at = models.DateTimeField("最終更新日時")
    expires_at = models.DateTimeField("保存期限")
    submitted_at = models.DateTimeField("提出日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "手続一式"
        verbose_name_plural = "手続一式"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall"),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="bundle_is_of_an_applicant_of_this_town", field="account"),
            Across(name="bundle_is_about_an_addressee_of_this_town", field="about"),
            models.UniqueConstraint(fields=["municipality", "public"], name="bundle_has_its_own_number"),
            models.CheckConstraint(condition=~Q(event=""), name="bundle_has_an_event"),
        ]
        indexes = [models.Index(fields=["municipality", "expires_at"], name="bundle_expiry")]

    def __str__(self) -> str:
        return str(self.public)


class FollowUp(OfMunicipality):
    """What the office does by itself after a case of a bundle was approved (職権で続く処理). Append-only.

    ``procedure``: which one of the catalogue; ``after``: the case that it follows; ``case``: the one that was started,
    where the office decides on it by itself. ``is_certain``: False where nobody could say whether it applies.
    """

    bundle = models.ForeignKey(
        Bundle, models.PROTECT, db_constraint=False, related_name="follow_ups", verbose_name="手続一式"
    )
    after = models.ForeignKey(
        "applications.Case", models.PROTECT, db_constraint=False, related_name="follow_ups", verbose_name="先の申請"
    )
    case = models.ForeignKey(
        "applications.Case", models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="申請"
    )
    procedure = models.CharField("手続の識別子", max_length=60)
    is_certain = models.BooleanField("確定")
    started_at = models.DateTimeField("開始日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "職権で続く処理"
        verbose_name_plural = "職権で続く処理"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="follow_up_is_of_a_bundle_of_this_town", field="bundle"),
            Across(name="follow_up_comes_after_a_case_of_this_town", field="after"),
            Across(name="follow_up_is_a_case_of_this_town", field="case"),
            AppendOnly(name="follow_up_only_grows"),
            models.UniqueConstraint(fields=["municipality", "bundle", "procedure"], name="follow_up_starts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id} {self.procedure}"
