"""An application that was submitted, and every step that was taken with it (申請)."""

from functools import cached_property

from django.db import models
from django.db.models import Q

from municipal.addressees.models import Addressee
from municipal.applicants.models import Applicant
from municipal.applications.rules.steps import final_states, moves, open_states
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.procedures.catalogue import Entry, entry_of

from .bundles import Bundle
from .promises import OnlyForgets, OnlySteps


class Channel(models.TextChoices):
    """By which way an application came (受付の経路)."""

    ONLINE = "online", "オンライン"
    COUNTER = "counter", "窓口"
    PAPER = "paper", "紙・郵送"
    NATIONAL = "national", "国の申請サイト"


CHANNELS = list(Channel.values)


class Case(OfMunicipality):
    """One application (申請).

    ``entry``: the version of the procedure that the applicant saw, whole, so that a later one changes nothing here.
    ``code_digest``: of the secret code with which the applicant looks at it; the code itself is kept nowhere.
    ``applicant``: who applied, as they say themselves; ``answers`` and ``people``: as in the draft.
    ``account``: who was signed in when it was handed in; ``about``: the person of the register whom it concerns.
    ``filled``: what was taken from a register or a card in place of a question, by name: value, source, day, legal
    basis, and whether the applicant confirmed it. ``signature``: certificate, digest and time, where one was made.
    ``due_on``: the day by which the office means to decide; ``correct_by``: the day by which it is to be corrected.
    ``forgotten_at``: since when nobody's data are in it any more; the rest is kept for statistics.
    """

    number = models.CharField("受付番号", max_length=20)
    code_digest = models.CharField("確認コードの照合値", max_length=64)
    procedure = models.CharField("手続の識別子", max_length=60)
    version = models.PositiveIntegerField("手続の版")
    entry = models.JSONField("手続の内容")
    workflow = models.CharField("処理の流れ", max_length=20)
    state = models.CharField("状態", max_length=20)
    language = models.CharField("申請者の言語", max_length=10)
    channel = models.CharField("受付の経路", max_length=10, choices=Channel.choices, default=Channel.ONLINE)
    account = models.ForeignKey(
        Applicant, models.PROTECT, null=True, db_constraint=False, related_name="cases", verbose_name="サインインした人"
    )
    about = models.ForeignKey(
        Addressee, models.PROTECT, null=True, db_constraint=False, related_name="cases", verbose_name="対象者"
    )
    bundle = models.ForeignKey(
        Bundle, models.PROTECT, null=True, db_constraint=False, related_name="cases", verbose_name="手続一式"
    )
    filled = models.JSONField("引用した項目", default=dict)
    signature = models.JSONField("電子署名", default=dict)
    applicant = models.JSONField("申請者")
    answers = models.JSONField("回答")
    people = models.JSONField("回答の中の人", default=dict)
    submitted_at = models.DateTimeField("受付日時")
    due_on = models.DateField("処理の期限")
    correct_by = models.DateField("訂正の期限", null=True)
    changed_at = models.DateTimeField("最終更新日時")
    forgotten_at = models.DateTimeField("匿名化した日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "申請"
        verbose_name_plural = "申請"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=(
                    "SELECT", "INSERT",
                    (
                        "UPDATE (state, answers, people, filled, about_id, due_on, correct_by, changed_at, applicant, "
                        "signature, account_id, code_digest, forgotten_at)"
                    ),
                ),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="case_is_of_an_applicant_of_this_town", field="account"),
            Across(name="case_is_about_an_addressee_of_this_town", field="about"),
            Across(name="case_is_of_a_bundle_of_this_town", field="bundle"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="case_came_by_a_known_way"),
            OnlySteps(name="case_follows_its_steps", moves=moves()),
            models.UniqueConstraint(fields=["municipality", "number"], name="case_has_its_own_number"),
            models.CheckConstraint(
                condition=~Q(state="correction") | Q(correct_by__isnull=False), name="case_is_corrected_by_a_day",
                violation_error_message="訂正の期限を入れてください。",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["municipality", "due_on", "id"], condition=Q(state__in=open_states()), name="case_open_queue"
            ),
            models.Index(
                fields=["municipality", "-changed_at", "-id"], condition=Q(state__in=final_states()), name="case_over"
            ),
            models.Index(fields=["municipality", "procedure", "due_on"], name="case_procedure"),
            models.Index(fields=["municipality", "account", "-submitted_at"], name="case_of_account"),
            models.Index(fields=["municipality", "about", "-submitted_at"], name="case_about"),
        ]

    def __str__(self) -> str:
        return self.number

    @cached_property
    def asked(self) -> Entry:
        """The procedure as the applicant saw it (申請時の手続)."""
        return entry_of(self.entry)


class CaseEvent(OfMunicipality):
    """One step that was taken with a case (申請の経過). Append-only.

    ``fields``: what is to be corrected; ``before``: answers that a correction replaced.
    """

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="events", verbose_name="申請")
    number = models.PositiveIntegerField("順番")
    action = models.CharField("処理", max_length=20)
    state_from = models.CharField("前の状態", max_length=20)
    state_to = models.CharField("後の状態", max_length=20)
    at = models.DateTimeField("日時")
    actor_kind = models.CharField("行為者の種別", max_length=20)
    actor_id = models.BigIntegerField("行為者の番号")
    reason = models.CharField("理由", max_length=1000, blank=True, default="", db_default="")
    fields = models.JSONField("訂正する項目", default=list)
    before = models.JSONField("訂正前の回答", default=dict)
    proposal = models.BigIntegerField("起案の番号", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "申請の経過"
        verbose_name_plural = "申請の経過"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE (reason, before)")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="case_event_is_of_a_case_of_this_town", field="case"),
            OnlyForgets(name="case_event_only_grows", empties=("reason", "before")),
            models.UniqueConstraint(
                fields=["municipality", "case", "number"], name="case_event_has_its_place",
                violation_error_message="ほかの人が先に処理しました。画面を開き直してください。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number} {self.action}"
