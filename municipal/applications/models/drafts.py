"""What somebody is writing and has not submitted yet, and what they attached (申請の下書き)."""

from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q

from municipal.addressees.models import Addressee
from municipal.applicants.models import Applicant
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.procedures.catalogue import Entry, entry_of

from .bundles import Bundle
from .cases import CHANNELS, Case, Channel


class Draft(OfMunicipality):
    """An application that is being written (申請の下書き).

    ``token_digest``: of the secret in the writer's browser; nobody else opens the draft, the office neither.
    ``account``, ``about``, ``channel``, ``bundle``, ``filled``: as in the case that it becomes.
    ``people``: persons named in answers by a reference, since a form refers to people and never repeats them.
    Once submitted, ``case`` says what became of it, and the answers are emptied: they are the case's.
    """

    public = models.UUIDField("公開番号", default=uuid4)
    token_digest = models.CharField("鍵の照合値", max_length=64)
    procedure = models.CharField("手続の識別子", max_length=60)
    version = models.PositiveIntegerField("手続の版")
    entry = models.JSONField("手続の内容")
    language = models.CharField("言語", max_length=10)
    applicant = models.JSONField("申請者", default=dict)
    answers = models.JSONField("回答", default=dict)
    people = models.JSONField("回答の中の人", default=dict)
    channel = models.CharField("受付の経路", max_length=10, choices=Channel.choices, default=Channel.ONLINE)
    account = models.ForeignKey(
        Applicant,
        models.PROTECT,
        null=True,
        db_constraint=False,
        related_name="drafts",
        verbose_name="サインインした人",
    )
    about = models.ForeignKey(
        Addressee, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="対象者"
    )
    bundle = models.ForeignKey(
        Bundle, models.PROTECT, null=True, db_constraint=False, related_name="drafts", verbose_name="手続一式"
    )
    filled = models.JSONField("引用した項目", default=dict)
    page = models.CharField("進んだ頁", max_length=60, blank=True, default="", db_default="")
    created_at = models.DateTimeField("作成日時")
    changed_at = models.DateTimeField("最終更新日時")
    expires_at = models.DateTimeField("保存期限")
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, db_constraint=False, related_name="drafts", verbose_name="申請"
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "申請の下書き"
        verbose_name_plural = "申請の下書き"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall"),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="draft_is_of_a_case_of_this_town", field="case"),
            Across(name="draft_is_of_an_applicant_of_this_town", field="account"),
            Across(name="draft_is_about_an_addressee_of_this_town", field="about"),
            Across(name="draft_is_of_a_bundle_of_this_town", field="bundle"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="draft_comes_by_a_known_way"),
            models.UniqueConstraint(fields=["municipality", "public"], name="draft_has_its_own_number"),
            models.UniqueConstraint(
                fields=["municipality", "case"], condition=Q(case__isnull=False), name="case_comes_of_one_draft"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "expires_at"], name="draft_expiry"),
            models.Index(fields=["municipality", "account", "-changed_at"], name="draft_of_account"),
        ]

    def __str__(self) -> str:
        return str(self.public)

    @cached_property
    def asked(self) -> Entry:
        """The procedure in the version in which the draft was begun (下書きの手続)."""
        return entry_of(self.entry)

    known_now: Any = None
    """What the register says of who applies, read for many drafts at once (申請者の一括読取り)."""

    def files(self) -> list[tuple[str, UUID, str]]:
        """Question, reference and digest of everything that is attached, in order (添付の一覧).

        ``attached_now``: where whoever has locked many drafts has read it for all of them.
        """
        found: list[Attachment] | None = getattr(self, "attached_now", None)
        if found is None:
            found = list(self.attachments.only("field", "ref", "sha256", "draft").order_by("pk"))
        return [(one.field, one.ref, one.sha256) for one in found]


class Attachment(OfMunicipality):
    """A picture or a PDF that somebody attached; of a draft, then of the case (添付ファイル)."""

    ref = models.UUIDField("参照番号", default=uuid4)
    draft = models.ForeignKey(
        Draft, models.PROTECT, null=True, db_constraint=False, related_name="attachments", verbose_name="下書き"
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, db_constraint=False, related_name="attachments", verbose_name="申請"
    )
    field = models.CharField("項目", max_length=120)
    name = models.CharField("ファイル名", max_length=100)
    kind = models.CharField("種類", max_length=10)
    size = models.PositiveIntegerField("大きさ")
    sha256 = models.CharField("照合値", max_length=64)
    content = models.BinaryField("内容")
    added_at = models.DateTimeField("添付日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "添付ファイル"
        verbose_name_plural = "添付ファイル"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "DELETE", "UPDATE (draft_id, case_id)"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="attachment_is_of_a_draft_of_this_town", field="draft"),
            Across(name="attachment_is_of_a_case_of_this_town", field="case"),
            models.UniqueConstraint(fields=["municipality", "ref"], name="attachment_has_its_own_number"),
            models.CheckConstraint(
                condition=Q(draft__isnull=True, case__isnull=False) | Q(draft__isnull=False, case__isnull=True),
                name="attachment_is_of_one",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
