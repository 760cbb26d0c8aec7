"""Who gets the mail of an addressee instead, and since when we know (送付先・代理人)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from municipal.addressees.fields import AddressGroup, text
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .addressee import Addressee


class RecipientKind(models.TextChoices):
    """As what somebody receives the mail of another (送付先の種類).

    The representative of the heirs stands in the Local Tax Act, article 9-2, the tax agent in its article 300.
    """

    HEIRS = "heirs", "相続人代表者"
    TAX_AGENT = "tax_agent", "納税管理人"
    GUARDIAN = "guardian", "法定代理人"
    OTHER_ADDRESS = "other_address", "送付先変更"


class Recipient(OfMunicipality):
    """Where the mail of an addressee goes, for one fee or for all, for a while (送付先).

    ``subject``: the code of a fee, empty for everything. ``name``: empty where only the address is another.
    ``is_safe_for_protected``: the protected person named this address themselves. A row is only ever closed: an end or
    a correction closes ``recorded`` and adds another row.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="recipients", verbose_name="宛名"
    )
    kind = models.CharField("送付先の種類", max_length=15, choices=RecipientKind)
    subject = models.CharField("料金項目", max_length=3, blank=True, default="", db_default="")
    name = text("送付先の氏名又は名称", 100)
    kana = text("送付先のフリガナ", 100)
    address = AddressGroup("送付先", is_abroad_possible=True)
    is_safe_for_protected = models.BooleanField("支援措置の対象者が指定した送付先", default=False)
    valid = DateRangeField("有効期間")
    recorded = DateTimeRangeField("記録期間")

    class Meta(OfMunicipality.Meta):
        verbose_name = "送付先"
        verbose_name_plural = "送付先"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="recipient_is_of_an_addressee_of_this_town", field="addressee"),
            AppendOnly(name="recipient_only_closes", closes="recorded"),
            models.CheckConstraint(
                condition=Q(valid__isempty=False) & Q(recorded__isempty=False), name="recipient_holds_for_a_while"
            ),
            models.CheckConstraint(
                condition=Q(kind=RecipientKind.OTHER_ADDRESS) | ~Q(name=""),
                name="recipient_has_a_name",
                violation_error_message="送付先の氏名又は名称を入力してください。",
            ),
            models.CheckConstraint(
                condition=~Q(address_city="") & ~Q(address_block="") | ~Q(address_abroad=""),
                name="recipient_has_an_address",
                violation_error_message="送付先の住所を、市区町村と町字（国外なら国外住所）まで入力してください。",
            ),
            ExclusionConstraint(
                name="one_recipient_at_a_time",
                expressions=[
                    ("municipality", RangeOperators.EQUAL),
                    ("addressee", RangeOperators.EQUAL),
                    ("subject", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                    ("recorded", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この期間にはすでに送付先が登録されています。先に今の送付先を終了してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.valid}"
