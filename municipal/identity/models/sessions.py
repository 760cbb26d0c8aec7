"""Open doors: sessions and tokens, and the count of those who failed to open one (セッション)."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from municipal.core import clock
from municipal.identity.rules import is_idle
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .staff import ACTIVE, Staff

WEB, TOKEN = "web", "token"


class Session(OfMunicipality):
    """A browser that is signed in, or a token of the API (セッション).

    Only the SHA-256 of the secret is kept: who reads this table cannot sign in with it. A browser's session
    ends after minutes without a request; every session ends at ``expires_at`` whatever happens.
    """

    staff = models.ForeignKey(
        Staff, models.PROTECT, db_constraint=False, related_name="sessions", verbose_name="職員"
    )  # fmt: skip
    kind = models.CharField("種類", max_length=5, choices=[(WEB, "画面"), (TOKEN, "API")], default=WEB)
    label = models.CharField("名前", max_length=60, blank=True)
    secret_hash = models.CharField("秘密のハッシュ", max_length=64)
    started_at = models.DateTimeField("開始時刻", default=clock.now)
    last_seen_at = models.DateTimeField("最後の操作時刻", default=clock.now)
    expires_at = models.DateTimeField("期限")
    ended_at = models.DateTimeField("終了時刻", null=True)
    source_address = models.GenericIPAddressField("接続元", null=True)
    second_factor_passed = models.BooleanField("ワンタイムコードを確かめたか", default=False)

    class Meta(OfMunicipality.Meta):
        verbose_name = "セッション"
        verbose_name_plural = "セッション"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "UPDATE (last_seen_at, ended_at)"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="session_staff_in_town", field="staff"),
            models.UniqueConstraint(fields=["municipality", "secret_hash"], name="session_secret_is_unique"),
            models.CheckConstraint(
                condition=Q(kind__in=(WEB, TOKEN)) & Q(expires_at__gt=F("started_at")), name="session_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d %H:%M}"

    def is_open(self, now: datetime) -> bool:
        """Whether it still lets its holder in at this moment, the account's own validity included (有効か)."""
        if self.ended_at is not None or now >= self.expires_at or self.staff.state() != ACTIVE:
            return False
        return self.kind == TOKEN or not is_idle(self.last_seen_at, now, settings.KIJUN_IDLE_MINUTES)

    @property
    def needs_second_factor(self) -> bool:
        return self.staff.has_second_factor and not self.second_factor_passed


class FailedSignIn(OfMunicipality):
    """One failed attempt, counted to shut the door for a while (サインインの失敗).

    The name is kept as a keyed hash: whoever types a password into the wrong box leaves no password here.
    Names that do not exist are counted like those that do, so that a lock tells nobody which ones exist.
    """

    login_hash = models.CharField("サインイン名のハッシュ", max_length=64)
    source_address = models.GenericIPAddressField("接続元", null=True)
    failed_at = models.DateTimeField("時刻", default=clock.now)

    class Meta(OfMunicipality.Meta):
        verbose_name = "サインインの失敗"
        verbose_name_plural = "サインインの失敗"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "DELETE")),
            *OfMunicipality.Meta.constraints[1:],
        ]
        indexes = [
            models.Index(fields=["municipality", "login_hash", "failed_at"], name="failed_sign_in_by_login"),
            models.Index(fields=["municipality", "source_address", "failed_at"], name="failed_sign_in_by_source"),
        ]

    def __str__(self) -> str:
        return f"{self.failed_at:%Y-%m-%d %H:%M}"
