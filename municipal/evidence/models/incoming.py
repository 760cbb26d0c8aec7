"""A question that another office asks of us, and what we answered (他機関からの照会)."""

from django.db import models
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.evidence.kinds import Kind, kinds
from municipal.evidence.rules.states import Incoming, incoming_moves
from municipal.municipalities.constraints import Across, OnlyMoves, Wall
from municipal.municipalities.models import OfMunicipality

INCOMING_NAMES = {
    Incoming.RECEIVED: _("受信"), Incoming.HELD: _("職員の確認待ち"), Incoming.ANSWERED: _("回答した"),
    Incoming.NOT_FOUND: _("該当なしと回答"), Incoming.REFUSED: _("回答しない"),
}  # fmt: skip


class IncomingQuestion(OfMunicipality):
    """One question of another office about somebody here (他機関からの情報照会).

    ``public``: the asker's own number, so that the same question heard twice is answered once. ``subject``: empty where
    the code means nobody here. ``reason``: why it was refused. ``replied_at``: when the other side took the answer.
    """

    public = models.UUIDField("照会の番号")
    asker = models.CharField("照会した機関", max_length=300)
    asker_town = models.PositiveIntegerField("照会した自治体の団体コード")
    subject = models.ForeignKey(
        Addressee, models.PROTECT, null=True, db_constraint=False, related_name="incoming_questions",
        verbose_name="対象者",
    )  # fmt: skip
    kind = models.CharField("照会の種類", max_length=20)
    procedure = models.CharField("手続の識別子", max_length=300)
    law = models.CharField("根拠法令", max_length=300)
    article = models.CharField("条項", max_length=300)
    state = models.CharField(
        "状態", max_length=10, choices=[(one.value, name) for one, name in INCOMING_NAMES.items()],
        default=Incoming.RECEIVED.value,
    )  # fmt: skip
    answer = models.JSONField("回答", null=True)
    as_of = models.DateField("回答の時点", null=True)
    is_withheld = models.BooleanField("不開示", default=False, db_default=False)
    reason = models.CharField("理由", max_length=300, blank=True, default="", db_default="")
    decided_by_kind = models.CharField("回答した者の種別", max_length=20, blank=True, default="", db_default="")
    decided_by_id = models.BigIntegerField("回答した者の番号", null=True)
    received_at = models.DateTimeField("受信日時")
    decided_at = models.DateTimeField("回答日時", null=True)
    replied_at = models.DateTimeField("送信日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "他機関からの情報照会"
        verbose_name_plural = "他機関からの情報照会"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="incoming_question_is_about_one_of_this_town", field="subject"),
            OnlyMoves(name="incoming_question_follows_its_states", moves=incoming_moves(), free=("is_withheld",)),
            models.UniqueConstraint(fields=["municipality", "public"], name="incoming_question_is_heard_once"),
        ]
        indexes = [
            models.Index(fields=["municipality", "state", "received_at"], name="incoming_by_state"),
            models.Index(fields=["municipality", "subject", "-received_at"], name="incoming_about"),
        ]

    def __str__(self) -> str:
        return str(self.public)

    @property
    def asks(self) -> Kind:
        """The kind in the table (照会の種類)."""
        return kinds()[self.kind]
