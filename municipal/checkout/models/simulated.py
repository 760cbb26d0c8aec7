"""The other side of the training room: what the simulated channels remember (模擬チャネルの記録)."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.checkout.rules.faults import Fault
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.payments.models import Channel

from .online import words

FAULT_NAMES = {
    Fault.NONE: _("正しく届く"), Fault.LATE: _("遅れて届く（速報は2時間後、確報は5日後）"),
    Fault.TWICE: _("同じ通知が二度届く"), Fault.DISORDER: _("確報が先、速報があとに届く"),
    Fault.LOST: _("速報が一度失われ、1時間後に届く"), Fault.AMOUNT: _("確報の金額が100円多い"),
    Fault.SHORT: _("確報の金額が半分"), Fault.REVERSED: _("速報の30分後に取り消される"),
    Fault.NUMBER: _("ファイルの納付番号が違う"),
}  # fmt: skip


class Stand(models.TextChoices):
    """How far a simulated payment is at the channel (模擬の状態)."""

    OPEN = "open", "手続き中"
    WAITING = "waiting", "番号発行済み"
    PAID = "paid", "支払済み"
    REFUSED = "refused", "不承認"
    LEFT = "left", "取りやめ"


class Simulated(OfMunicipality):
    """One payment at a simulated channel; no money moves (模擬の支払い).

    ``payment``: the public number of the online payment, empty for what was paid at a store or a counter.
    ``pay_number``: the number that was issued for a cash machine.
    """

    reference = models.CharField("整理番号", max_length=40)
    payment = models.UUIDField("オンライン納付の公開番号", null=True)
    channel = models.CharField("チャネル", max_length=10, choices=Channel)
    method = models.CharField("方法", max_length=20, blank=True, default="", db_default="")
    number = models.CharField("納付番号", max_length=20)
    yen = models.BigIntegerField("金額（円）")
    place = models.CharField("店舗", max_length=20, blank=True, default="", db_default="")
    pay_number = models.CharField("ペイジーの番号", max_length=20, blank=True, default="", db_default="")
    return_url = models.CharField("戻り先", max_length=300, blank=True, default="", db_default="")
    state = models.CharField("状態", max_length=8, choices=Stand, default=Stand.OPEN)
    fault = models.CharField("不具合", max_length=8, choices=words(FAULT_NAMES), default=Fault.NONE.value)
    created_at = models.DateTimeField("受付日時")
    paid_at = models.DateTimeField("支払日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "模擬の支払い"
        verbose_name_plural = "模擬の支払い"
        indexes = [models.Index(fields=["municipality", "paid_at"], name="simulated_by_day")]
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "UPDATE (state, fault, pay_number, paid_at)"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality", "reference"], name="simulated_has_its_own_reference"),
            models.UniqueConstraint(fields=["municipality", "payment"], name="simulated_begins_a_payment_once"),
            models.CheckConstraint(
                condition=Q(state=Stand.PAID, paid_at__isnull=False) | (~Q(state=Stand.PAID) & Q(paid_at__isnull=True)),
                name="simulated_is_paid_with_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class SimulatedMessage(OfMunicipality):
    """A webhook that the simulated provider is to send, again and again until it is taken (模擬の送信).

    Two rows with one ``message`` are the same message sent twice. ``refund``: the public number of the
    refund that it is about.
    """

    simulated = models.ForeignKey(
        Simulated, models.PROTECT, db_constraint=False, related_name="messages", verbose_name="模擬の支払い"
    )
    message = models.UUIDField("通知の番号", default=uuid4)
    kind = models.CharField("種類", max_length=13)
    yen = models.BigIntegerField("金額（円）")
    refund = models.UUIDField("還付の公開番号", null=True)
    happened_at = models.DateTimeField("発生日時")
    due_at = models.DateTimeField("送信予定日時")
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    delivered_at = models.DateTimeField("送信日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "模擬の送信"
        verbose_name_plural = "模擬の送信"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "UPDATE (due_at, attempts, delivered_at)"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="simulated_message_is_of_one_of_this_town", field="simulated"),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "due_at"],
                name="simulated_message_waits",
                condition=Q(delivered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.kind
