"""A payment that a payer makes online, and what was told of it (オンライン納付)."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.checkout.rules.states import LINE, OPEN, Failure, Kind, State, is_finished
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.payments.models import Slip

from .promises import OnlyRises
from .webhooks import WebhookMessage

STATE_NAMES = {
    State.CREATED: _("受付前"), State.STARTED: _("手続き中"), State.SUBMITTED: _("支払待ち"),
    State.ERROR: _("接続できず"), State.CANCELLED: _("取りやめ"), State.FAILED: _("不成立"),
    State.SUCCESS: _("支払済み（速報）"), State.REVERSED: _("支払の取消し"),
}  # fmt: skip
FAILURE_NAMES = {
    Failure.REJECTED: _("支払いが承認されませんでした。"), Failure.EXPIRED: _("時間切れになりました。"),
    Failure.BY_PAYER: _("手続きを取りやめました。"), Failure.BY_OFFICE: _("窓口で手続きを取りやめました。"),
    Failure.PROVIDER: _("支払サービスにつながりませんでした。"),
}  # fmt: skip
KIND_NAMES = {
    Kind.STARTED: _("手続きを始めた"), Kind.SUBMITTED: _("支払番号を発行した"), Kind.ERROR: _("接続できなかった"),
    Kind.CANCELLED: _("取りやめた"), Kind.FAILED: _("支払いが成立しなかった"), Kind.SUCCESS: _("支払われた（速報）"),
    Kind.CAPTURED: _("確定した（確報）"), Kind.SETTLED: _("入金の予定"), Kind.REVERSED: _("取り消された（速報取消）"),
    Kind.REFUNDED: _("還付された"), Kind.REFUND_FAILED: _("還付できなかった"),
}  # fmt: skip


def words(names: Mapping[Any, str]) -> list[tuple[str, str]]:
    """What a column may hold, as plain texts, so that migrations need none of our code (選択肢)."""
    return [(str(one.value), name) for one, name in names.items()]


class OnlinePayment(OfMunicipality):
    """One attempt to pay one slip online (オンライン納付).

    ``public``: the name under which the provider and the payer know it. ``state`` is the highest that was told in the
    line of ``rules.states``; the table itself lets it only rise, and a slip has one payment at most that is still open.
    ``paid_on``: the day of payment as the provider says; ``captured_on``: the day we learned that the money is certain.
    """

    public = models.UUIDField("公開番号", default=uuid4)
    slip = models.ForeignKey(
        Slip, models.PROTECT, db_constraint=False, related_name="online_payments", verbose_name="納付書"
    )
    method = models.CharField("方法", max_length=20)
    channel = models.CharField("チャネル", max_length=10)
    yen = models.BigIntegerField("金額（円）")
    state = models.CharField("状態", max_length=10, choices=words(STATE_NAMES), default=State.CREATED.value)
    failure = models.CharField(
        "支払われなかった理由", max_length=10, choices=words(FAILURE_NAMES), blank=True, default="",
        db_default="",
    )  # fmt: skip
    reference = models.CharField("支払サービスの番号", max_length=40, blank=True, default="", db_default="")
    page = models.CharField("支払ページ", max_length=300, blank=True, default="", db_default="")
    created_at = models.DateTimeField("受付日時")
    expires_at = models.DateTimeField("期限")
    changed_at = models.DateTimeField("最終更新日時")
    paid_on = models.DateField("支払日", null=True)
    captured_on = models.DateField("確定日", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "オンライン納付"
        verbose_name_plural = "オンライン納付"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=(
                    "SELECT",
                    "INSERT",
                    "UPDATE (state, failure, reference, page, changed_at, paid_on, captured_on)",
                ),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="online_payment_is_of_a_slip_of_this_town", field="slip"),
            OnlyRises(name="online_payment_only_rises", line=[state.value for state in LINE]),
            models.UniqueConstraint(fields=["municipality", "public"], name="online_payment_has_its_own_number"),
            models.UniqueConstraint(
                fields=["municipality", "slip"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="slip_has_one_open_payment",
                violation_error_message="この納付書は手続きの途中です。続けるか、取りやめてからやり直してください。",
            ),
            models.CheckConstraint(condition=Q(yen__gte=1), name="online_payment_is_of_some_yen"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in LINE]), name="online_payment_has_a_state"
            ),
            models.CheckConstraint(
                condition=Q(captured_on__isnull=True) | Q(state__in=[State.SUCCESS.value, State.REVERSED.value]),
                name="online_payment_is_certain_only_if_paid",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public)

    @property
    def is_finished(self) -> bool:
        """Whether the payer has nothing more to do with it."""
        return is_finished(State(self.state))

    @property
    def is_certain(self) -> bool:
        """Whether the money is certain and was not taken back: only then there is a receipt."""
        return self.state == State.SUCCESS and self.captured_on is not None


class PaymentEvent(OfMunicipality):
    """That something became known of a payment, once for each kind (オンライン納付の経過). Append-only.

    ``at``: when it happened, as the provider says. ``message``: the webhook that told it;
    empty for what we did or asked.
    """

    payment = models.ForeignKey(
        OnlinePayment, models.PROTECT, db_constraint=False, related_name="events", verbose_name="オンライン納付"
    )
    kind = models.CharField("種類", max_length=13, choices=words(KIND_NAMES))
    at = models.DateTimeField("発生日時")
    recorded_at = models.DateTimeField("記録日時")
    yen = models.BigIntegerField("金額（円）")
    code = models.CharField("理由", max_length=20, blank=True, default="", db_default="")
    message = models.ForeignKey(
        WebhookMessage,
        models.PROTECT,
        null=True,
        db_constraint=False,
        related_name="events",
        verbose_name="受信した通知",
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "オンライン納付の経過"
        verbose_name_plural = "オンライン納付の経過"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="payment_event_is_of_a_payment_of_this_town", field="payment"),
            Across(name="payment_event_is_of_a_message_of_this_town", field="message"),
            AppendOnly(name="payment_event_only_grows"),
            models.UniqueConstraint(fields=["municipality", "payment", "kind"], name="payment_event_counts_once"),
        ]

    def __str__(self) -> str:
        return self.kind
