"""Where other systems want to be told of money, and what is still to be told them (通知先と通知)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.office.models import OutboxEvent


class WebhookEndpoint(OfMunicipality):
    """An address of another system of the town that is told of events (通知先).

    Its secret is nowhere kept: it is derived from the installation's own and ``nonce`` each time. ``events``: topics.
    """

    url = models.CharField("通知先のURL", max_length=500)
    events = ArrayField(models.CharField(max_length=63), verbose_name="通知する出来事")
    nonce = models.CharField("鍵の種", max_length=64)
    created_at = models.DateTimeField("登録日時")
    disabled_at = models.DateTimeField("停止日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "通知先"
        verbose_name_plural = "通知先"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(
                fields=["municipality", "url"],
                condition=Q(disabled_at__isnull=True),
                name="webhook_endpoint_is_registered_once",
                violation_error_message="この通知先はすでに登録されています。",
            ),
            models.CheckConstraint(
                condition=Q(events__len__gte=1),
                name="webhook_endpoint_wants_something",
                violation_error_message="通知する出来事を1つ以上選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class WebhookCall(OfMunicipality):
    """One event for one endpoint: told at least once, in no order, or given up after the last try (通知)."""

    class State(models.TextChoices):
        WAITING = "waiting", "通知待ち"
        DONE = "done", "通知済み"
        DEAD = "dead", "通知不能"

    endpoint = models.ForeignKey(
        WebhookEndpoint, models.PROTECT, db_constraint=False, related_name="calls", verbose_name="通知先"
    )
    event = models.ForeignKey(
        OutboxEvent, models.PROTECT, db_constraint=False, related_name="webhook_calls", verbose_name="通知事項"
    )
    state = models.CharField("状態", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    next_at = models.DateTimeField("次の試行日時")
    status = models.PositiveSmallIntegerField("直近の応答", null=True)
    error = models.CharField("直近の障害", max_length=60, blank=True, default="")

    class Meta(OfMunicipality.Meta):
        verbose_name = "通知"
        verbose_name_plural = "通知"
        indexes = [
            models.Index(fields=["municipality", "next_at"], name="webhook_call_due", condition=Q(state="waiting")),
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="webhook_call_goes_to_an_endpoint_of_this_town", field="endpoint"),
            Across(name="webhook_call_tells_an_event_of_this_town", field="event"),
            models.UniqueConstraint(fields=["municipality", "endpoint", "event"], name="webhook_call_is_made_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} > {self.endpoint_id}"
