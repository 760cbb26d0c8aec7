"""One taking in of files from another system, and every row that stood against it (受入れ)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality


class Intake(OfMunicipality):
    """Files from another system on their way into the register (受入れ).

    Known again by ``digest``, over the files and the mapping: the same files are taken in once. ``state`` goes
    ``begun``, ``checked``, ``loaded``; or ends at ``refused``, with its faults. A trial ends at ``checked``.
    """

    class State(models.TextChoices):
        BEGUN = "begun", "検査中"
        CHECKED = "checked", "検査済み"
        LOADED = "loaded", "受入れ済み"
        REFUSED = "refused", "受け入れられません"

    number = models.PositiveIntegerField("受入れ番号")
    source = models.CharField("受入れ元のフォルダー", max_length=255)
    digest = models.CharField("要約値", max_length=64)
    is_dry_run = models.BooleanField("試行", default=False)
    state = models.CharField("状態", max_length=10, choices=State, default=State.BEGUN)
    actor_kind = models.CharField("依頼者の種別", max_length=20)
    actor_id = models.BigIntegerField("依頼者の番号")
    begun_at = models.DateTimeField("開始日時")
    ended_at = models.DateTimeField("終了日時", null=True)
    counts = models.JSONField("件数", default=dict)
    written = models.JSONField("登録した件数", default=dict)
    faults = models.PositiveIntegerField("エラー件数", default=0)
    notes = models.PositiveIntegerField("お知らせの件数", default=0)
    moment = models.DateTimeField("データの時点", null=True)
    job_id = models.BigIntegerField("一括処理の番号", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "受入れ"
        verbose_name_plural = "受入れ"
        indexes = [models.Index(fields=["municipality", "digest"], name="intake_by_digest")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="intake_number_is_given_once",
                violation_error_message="同時に別の受入れが依頼されました。もう一度依頼してください。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "digest"],
                condition=Q(state="loaded"),
                name="the_same_files_are_taken_in_once",
                violation_error_message="同じデータはすでに受け入れられています。",
            ),
            models.CheckConstraint(name="refused_intake_has_faults", condition=~Q(state="refused") | Q(faults__gt=0)),
            models.CheckConstraint(name="a_trial_writes_nothing", condition=~Q(state="loaded", is_dry_run=True)),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class IntakeFault(OfMunicipality):
    """What stands against one row of a file; never holds the value of a cell (受入れのエラー)."""

    intake = models.ForeignKey(Intake, models.PROTECT, db_constraint=False, related_name="found", verbose_name="受入れ")
    file = models.CharField("ファイル", max_length=255)
    row = models.PositiveIntegerField("行番号")
    item = models.CharField("項目", max_length=100, blank=True)
    code = models.CharField("規則", max_length=20)
    sentence = models.CharField("理由", max_length=500)
    sentence_en = models.CharField("理由（英語）", max_length=800)
    is_note = models.BooleanField("お知らせ", default=False)

    class Meta(OfMunicipality.Meta):
        verbose_name = "受入れのエラー"
        verbose_name_plural = "受入れのエラー"
        indexes = [models.Index(fields=["municipality", "intake", "is_note", "id"], name="fault_by_intake")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="fault_is_of_an_intake_of_this_town", field="intake"),
            AppendOnly(name="fault_only_grows"),
        ]

    def __str__(self) -> str:
        return f"{self.file}:{self.row} {self.code}"
