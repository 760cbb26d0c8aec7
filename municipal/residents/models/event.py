"""An act on the register: who notified what, and how it was checked (異動)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from municipal.addressees.fields import day, register_date, text
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .received import Received


class Basis(models.TextChoices):
    """On what ground the register changes (異動の根拠; #4.1.0.1, #4.2.0.1, #4.2.0.5, #1.1.7, #4.5.6)."""

    NOTICE = "notice", "届出"
    FAMILY_REGISTER = "family_register", "戸籍の届出・通知"
    APPLICATION = "application", "申出"
    REQUEST = "request", "請求"
    MUNICIPALITY = "municipality", "他市区町村からの通知"
    IMMIGRATION = "immigration", "出入国在留管理庁長官の通知"
    EX_OFFICIO = "ex_officio", "職権"


class Capacity(models.TextChoices):
    """As what the notifier came (届出人の資格; resident-record/1.0#4.1.0.3)."""

    SELF = "self", "本人"
    HEAD = "head", "世帯主"
    MEMBER = "member", "同一世帯員"
    LEGAL = "legal_representative", "法定代理人"
    PROXY = "proxy", "任意代理人"
    NONE = "", "届出人なし"


class IdentityCheck(models.TextChoices):
    """How the notifier's identity was checked (本人確認の方法)."""

    NUMBER_CARD = "individual_number_card", "個人番号カード"
    PHOTO = "photo_document", "顔写真付きの書類（1点）"
    TWO = "two_documents", "顔写真のない書類（2点）"
    QUESTIONS = "questions", "口頭での質問"
    NOT_CHECKED = "not_checked", "確認できず（受理通知を送付）"
    NONE = "", "届出人なし"


class ResidentEvent(OfMunicipality):
    """One decided act: the notice, and the rows of history it made (異動; resident-record/1.0#1.2.1, #4.0.8).

    Append-only. Rows of history point here; all rows of one act were recorded at ``recorded_at`` or, where one
    person got several, microseconds after. ``cancels``: the act that this one cancels, which the database allows
    once. ``follows``: the act that this one completes (the removal of somebody whose move-out was announced, the
    arrival notice). ``answers``: the notice of another authority that it takes in. Who decided is in the audit only
    (#4.0.8/n1).
    """

    act = models.CharField("異動の種類", max_length=40)
    basis = models.CharField("異動の根拠", max_length=20, choices=Basis)
    event_on = register_date("異動年月日")
    notified_on = day("届出・通知・申出の年月日")
    processed_on = models.DateField("処理年月日")
    recorded_at = models.DateTimeField("記録日時")
    notifier_name = text("届出人の氏名", 100)
    notifier_capacity = models.CharField("届出人の資格", max_length=20, choices=Capacity, blank=True, default="")
    identity_check = models.CharField("本人確認の方法", max_length=25, choices=IdentityCheck, blank=True, default="")
    document = models.CharField("交付する証明書", max_length=30, blank=True, default="")
    subjects = ArrayField(models.BigIntegerField("宛名"), verbose_name="異動者")
    cancels = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        db_constraint=False,
        related_name="cancellations",
        verbose_name="取り消した異動",
    )
    answers = models.ForeignKey(
        Received, models.PROTECT, null=True, db_constraint=False, related_name="events", verbose_name="受信した通知"
    )
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="followers", verbose_name="もとの異動"
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "異動"
        verbose_name_plural = "異動"
        indexes = [models.Index(fields=["municipality", "processed_on"], name="event_by_processing_day")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="event_cancels_one_of_this_town", field="cancels"),
            Across(name="event_follows_one_of_this_town", field="follows"),
            Across(name="event_answers_a_notice_to_this_town", field="answers"),
            AppendOnly(name="event_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "cancels"],
                name="event_is_cancelled_once",
                violation_error_message="この異動はすでに取り消されています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.recorded_at:%Y-%m-%d}"
