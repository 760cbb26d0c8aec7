"""What the provider sent us, and who tried numbers in vain (受信した通知と照会の失敗)."""

from django.db import models

from municipal.core import clock
from municipal.municipalities.constraints import AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality


class Outcome(models.TextChoices):
    """What a message changed (通知の結果)."""

    APPLIED = "applied", "反映"
    NOTHING_NEW = "nothing_new", "既知"
    CONTESTED = "contested", "要確認"
    UNKNOWN = "unknown", "該当なし"


class WebhookMessage(OfMunicipality):
    """One message of the provider, known by the id it gave; the same id comes again and changes nothing (受信した通知).

    ``digest``: SHA-256 of the body, so that what was sent can be proved; the body says nothing that the other columns
    do not. Append-only.
    """

    message = models.CharField("通知の番号", max_length=64)
    kind = models.CharField("種類", max_length=20)
    about = models.CharField("対象の公開番号", max_length=36)
    yen = models.BigIntegerField("金額（円）")
    happened_at = models.DateTimeField("発生日時")
    received_at = models.DateTimeField("受信日時")
    digest = models.CharField("ハッシュ値", max_length=64)
    outcome = models.CharField("結果", max_length=12, choices=Outcome)

    class Meta(OfMunicipality.Meta):
        verbose_name = "受信した通知"
        verbose_name_plural = "受信した通知"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="webhook_message_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "message"],
                name="webhook_message_counts_once",
                violation_error_message="この通知はすでに受け取っています。",
            ),
        ]

    def __str__(self) -> str:
        return self.message


class FailedLookup(OfMunicipality):
    """One attempt to open a slip with numbers that do not fit, counted to stop whoever guesses (照会の失敗).

    Number and address stand here as keyed hashes: who reads this table learns neither.
    """

    number_hash = models.CharField("納付番号のハッシュ", max_length=64)
    source_hash = models.CharField("接続元のハッシュ", max_length=64)
    failed_at = models.DateTimeField("時刻", default=clock.now)

    class Meta(OfMunicipality.Meta):
        verbose_name = "照会の失敗"
        verbose_name_plural = "照会の失敗"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "DELETE")),
            *OfMunicipality.Meta.constraints[1:],
        ]
        indexes = [
            models.Index(fields=["municipality", "number_hash", "failed_at"], name="failed_lookup_by_number"),
            models.Index(fields=["municipality", "source_hash", "failed_at"], name="failed_lookup_by_source"),
        ]

    def __str__(self) -> str:
        return f"{self.failed_at:%Y-%m-%d %H:%M}"
