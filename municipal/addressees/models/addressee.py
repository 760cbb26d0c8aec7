"""Everybody a municipality writes to: residents, non-residents, corporations (宛名)."""

from django.db import models
from django.db.models import Q

from municipal.addressees.fields import AddressGroup, register_date, text
from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality


class AddresseeKind(models.TextChoices):
    """What sort of addressee (宛名種別)."""

    RESIDENT = "resident", "住民"
    NON_RESIDENT = "non_resident", "住登外者"
    CORPORATION = "corporation", "法人"


class LifeState(models.TextChoices):
    """Where a person's life stands, as far as writing to them goes (住民状態; codes as seen in published sources)."""

    RESIDENT = "1", "住民"
    MOVED_OUT = "2", "転出者"
    DEAD = "3", "死亡者"
    REMOVED = "9", "その他消除者"
    NONE = "", "－"


class Addressee(OfMunicipality):
    """Somebody with an addressee number, which no two ever share (宛名番号; resident-record/1.0#1.1.13).

    Residents' rows are written by the operations of the resident register only.
    """

    number = models.CharField("宛名番号", max_length=15)
    kind = models.CharField("宛名種別", max_length=12, choices=AddresseeKind)
    name = text("氏名又は名称", 100)
    kana = text("フリガナ", 100)
    born_on = register_date("生年月日")
    life_state = models.CharField("住民状態", max_length=1, choices=LifeState, blank=True, default="", db_default="")
    corporate_number = models.CharField("法人番号", max_length=13, blank=True, default="", db_default="")
    mailing = AddressGroup("送付先", is_abroad_possible=True)
    forwarding = AddressGroup("転送先", is_abroad_possible=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "宛名"
        verbose_name_plural = "宛名"
        constraints = [
            *OfMunicipality.Meta.constraints,
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="addressee_number_is_given_once",
                violation_error_message="この宛名番号はすでに使われています。別の番号にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9]{1,15}$"),
                name="addressee_number_is_digits",
                violation_error_message="宛名番号は15桁以内の数字です。",
            ),
            models.CheckConstraint(
                condition=Q(kind=AddresseeKind.CORPORATION) | Q(corporate_number=""),
                name="only_corporations_have_a_corporate_number",
                violation_error_message="法人番号は法人だけが持ちます。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "corporate_number"],
                condition=~Q(corporate_number=""),
                name="corporation_is_registered_once",
                violation_error_message="この法人番号の法人はすでに登録されています。検索して確かめてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class NumberSeries(OfMunicipality):
    """The last serial given of one series: addressee numbers, household numbers (付番; resident-record/1.0#1.1.13)."""

    series = models.CharField("番号の種類", max_length=20)
    last_serial = models.PositiveBigIntegerField("最終連番", default=0, db_default=0)

    class Meta(OfMunicipality.Meta):
        verbose_name = "付番"
        verbose_name_plural = "付番"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality", "series"], name="one_series_of_each_kind"),
        ]

    def __str__(self) -> str:
        return self.series
