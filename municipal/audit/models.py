"""The audit's tables: entries in one chain per municipality, its head, and whom an entry concerns (監査記録)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from municipal.municipalities import wall
from municipal.municipalities.constraints import AppendOnly, Wall
from municipal.municipalities.models import Municipality, OfMunicipality


class Kind(models.TextChoices):
    """What sort of thing was recorded (記録の種別)."""

    OPERATION = "operation", "操作"
    DISCLOSURE = "disclosure", "閲覧・提供"
    REFUSAL = "refusal", "拒否"
    SIGN_IN = "sign_in", "ログイン"
    SIGN_OUT = "sign_out", "ログアウト"
    FAILED_SIGN_IN = "failed_sign_in", "ログイン失敗"
    ERROR = "error", "エラー"


class Entry(OfMunicipality):
    """One act, one disclosure or one refusal; written once, never changed (監査記録).

    Numbered without gaps within the municipality; ``hash`` covers every other column and the entry before.
    Ids and names of items only: no value of anybody's record ever stands here.
    """

    id = None  # type: ignore[assignment]
    pk = models.CompositePrimaryKey("municipality_id", "seq")
    seq = models.BigIntegerField("記録番号")
    at = models.DateTimeField("記録日時")
    source_at = models.DateTimeField("発生元での記録日時", null=True)
    kind = models.CharField("種別", max_length=20, choices=Kind)
    act = models.CharField("処理", max_length=63)
    actor_kind = models.CharField("行為者の種別", max_length=20)
    actor_id = models.BigIntegerField("行為者の番号")
    subjects = ArrayField(models.BigIntegerField(), verbose_name="対象者の番号")
    fields = ArrayField(models.CharField(max_length=63), verbose_name="項目名")
    screen = models.CharField("画面", max_length=100)
    purpose = models.CharField("目的", max_length=200)
    request_id = models.UUIDField("要求番号", null=True)
    code = models.CharField("結果", max_length=63)
    hash = models.CharField("ハッシュ値", max_length=64)

    class Meta(OfMunicipality.Meta):
        verbose_name = "監査記録"
        verbose_name_plural = "監査記録"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            AppendOnly(name="audit_entry_grows"),
        ]
        indexes = [
            models.Index(fields=["municipality", "at"], name="audit_entry_by_time"),
            models.Index(fields=["municipality", "actor_kind", "actor_id", "at"], name="audit_entry_by_actor"),
            models.Index(fields=["municipality", "act", "at"], name="audit_entry_by_act"),
        ]


class Chain(OfMunicipality):
    """The last entry of a municipality's chain; its row is the lock of all who write (連鎖の末尾)."""

    id = None  # type: ignore[assignment]
    municipality = models.OneToOneField(
        Municipality, models.PROTECT, default=wall.current, editable=False, primary_key=True, related_name="+",
        verbose_name="自治体",
    )  # fmt: skip
    seq = models.BigIntegerField("記録番号")
    hash = models.CharField("ハッシュ値", max_length=64)

    class Meta(OfMunicipality.Meta):
        verbose_name = "監査記録の末尾"
        verbose_name_plural = "監査記録の末尾"
        constraints = [Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE"))]


class Subject(OfMunicipality):
    """By whom an entry is found: one row per entry and person, written by a trigger of ``Entry`` (対象者索引).

    An index on the array itself would stand idle: behind row-level security PostgreSQL uses only operators marked
    LEAKPROOF for an index, and "array contains" is not one of them; equality is.
    """

    id = None  # type: ignore[assignment]
    pk = models.CompositePrimaryKey("municipality_id", "addressee", "seq")
    addressee = models.BigIntegerField("宛名番号")
    seq = models.BigIntegerField("記録番号")

    class Meta(OfMunicipality.Meta):
        verbose_name = "監査記録の対象者"
        verbose_name_plural = "監査記録の対象者"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            AppendOnly(name="audit_subject_grows"),
        ]


class Origin(OfMunicipality):
    """From which terminal a request came that left entries: found by its number (要求の出所; #10.2)."""

    id = None  # type: ignore[assignment]
    pk = models.CompositePrimaryKey("municipality_id", "request_id")
    request_id = models.UUIDField("要求番号")
    terminal = models.CharField("端末", max_length=45)

    class Meta(OfMunicipality.Meta):
        verbose_name = "要求の出所"
        verbose_name_plural = "要求の出所"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            AppendOnly(name="audit_origin_grows"),
        ]
