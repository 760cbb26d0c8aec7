"""Who certifies: the mayor, and whoever acts for the mayor (認証者)."""

from django.db import models
from django.db.models import Q

from municipal.addressees.fields import code as coded
from municipal.addressees.fields import text

from .master import Master, promises


class Seat(models.TextChoices):
    """Whose place a certifier takes (認証者の区分)."""

    HEAD = "head", "市区町村長"
    ACTING = "acting", "職務代理者"


class CertifyingOfficer(Master):
    """One who certifies during a period, with title and name (認証者; resident-record/1.0#1.3.9).

    ``ward_code`` is empty for the municipality itself; in a designated city the head of a ward, and whoever acts for
    that head, have their own rows. The database refuses an empty name (#1.3.9/n1).
    """

    KEY = ("seat", "ward_code")

    seat = models.CharField("区分", max_length=8, choices=Seat)
    ward_code = coded("行政区コード", 12)
    title = text("職名", 50)
    name = text("氏名", 100)

    class Meta:
        verbose_name = "認証者"
        verbose_name_plural = "認証者"
        constraints = [
            *promises("officer", "seat", "ward_code"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(title=""),
                name="officer_has_title_and_name",
                violation_error_message="認証者の職名と氏名は空欄にできません。入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}　{self.name}"
