"""A member of staff: an account of one person in one municipality (職員)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from municipal.core import clock
from municipal.core.actors import STAFF
from municipal.identity.permissions import PERMISSIONS
from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality

ACTIVE, LOCKED, EXPIRED, NOT_YET, DISABLED = "active", "locked", "expired", "not_yet", "disabled"


class Staff(OfMunicipality):
    """One person who works for the municipality (職員, resident-record/1.0#10.3).

    Carries the core protocol Actor. There is no rank or title here: to give permissions by rank is forbidden,
    and what is not stored cannot be asked. Accounts are closed, never deleted, since the audit names them.
    """

    login_name = models.CharField("サインイン名", max_length=64)
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("氏名のカナ", max_length=100, blank=True)
    department = models.CharField("所属", max_length=100, blank=True)
    password = models.CharField("パスワードのハッシュ", max_length=256)
    must_change_password = models.BooleanField("仮パスワードか", default=True)
    is_active = models.BooleanField("使えるか", default=True)
    is_demo = models.BooleanField("研修用か", default=False, editable=False)
    valid_from = models.DateField("利用開始日", default=clock.today)
    valid_until = models.DateField("利用期限", null=True, blank=True)
    second_factor_secret = models.BinaryField("ワンタイムコードの鍵(暗号)", default=bytes, blank=True)
    second_factor_set_at = models.DateTimeField("ワンタイムコードの設定時刻", null=True, blank=True)
    second_factor_step = models.BigIntegerField("最後に使われたワンタイムコードの時間枠", default=0)

    class Meta(OfMunicipality.Meta):
        verbose_name = "職員"
        verbose_name_plural = "職員"
        ordering = ("department", "kana", "login_name")
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(
                fields=["municipality", "login_name"],
                name="staff_login_name_is_unique",
                violation_error_message="このサインイン名はすでに使われています。別の名前にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="staff_validity_has_an_order",
                violation_error_message="利用期限が利用開始日より前になっています。日付を確かめてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor_kind(self) -> str:
        return STAFF

    @property
    def actor_id(self) -> int:
        return int(self.pk)

    @property
    def has_second_factor(self) -> bool:
        return self.second_factor_set_at is not None

    def state(self, on: date | None = None) -> str:
        """ACTIVE, EXPIRED, NOT_YET or DISABLED on that day, today if none is named (状態).

        Demo accounts are DISABLED as soon as the installation has a secret of its own.
        """
        day = on or clock.today()
        if not self.is_active or (self.is_demo and settings.SECRET_KEY != settings.DEMO_SECRET):
            return DISABLED
        if day < self.valid_from:
            return NOT_YET
        return EXPIRED if self.valid_until is not None and day > self.valid_until else ACTIVE

    def may(self, code: str, on: date | None = None) -> bool:
        """Whether this person holds the permission on that day, asked of the database each time (権限の有無).

        Raises KeyError for a code that does not exist: a typing error must not read as "no".
        """
        from .grants import permissions_of

        return PERMISSIONS[code].code in permissions_of(self, on)
