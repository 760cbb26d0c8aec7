"""What happened, and to whom it is still to be told (送信箱)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality


class OutboxEvent(OfMunicipality):
    """Something that happened, noted in the transaction in which it did (通知事項).

    ``subjects``: addressee ids; ``payload``: ids only, as JSON.
    """

    topic = models.CharField("件名", max_length=63)
    subjects = ArrayField(models.BigIntegerField(), verbose_name="対象者の番号")
    payload = models.JSONField("参照番号")
    created_at = models.DateTimeField("発生日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "通知事項"
        verbose_name_plural = "通知事項"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="office_outboxevent_grows"),
        ]


class Delivery(OfMunicipality):
    """One event for one receiver: told at least once, applied once, or given up (配達)."""

    class State(models.TextChoices):
        WAITING = "waiting", "配達待ち"
        DONE = "done", "配達済み"
        DEAD = "dead", "配達不能"

    event = models.ForeignKey(
        OutboxEvent, models.PROTECT, db_constraint=False, related_name="deliveries", verbose_name="通知事項"
    )
    receiver = models.CharField("受け手", max_length=120)
    state = models.CharField("状態", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("試行回数", default=0)
    next_at = models.DateTimeField("次の試行日時")
    error = models.CharField("直近の障害", max_length=120, blank=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "配達"
        verbose_name_plural = "配達"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="office_delivery_event_in_town", field="event"),
            models.UniqueConstraint(fields=["municipality", "event", "receiver"], name="office_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "receiver", "event"],
                name="office_delivery_open",
                condition=~models.Q(state="done"),
            ),
        ]
