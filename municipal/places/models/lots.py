"""Numbers of houses and lots that may be an address, and the buildings on them (住居表示・地番・方書)."""

from django.db import models
from django.db.models import Q

from municipal.addressees.fields import code as coded
from municipal.addressees.fields import text

from .master import Master, promises


class LotKind(models.TextChoices):
    """What sort of number (番号の種類)."""

    HOUSE = "house", "住居表示"
    LOT = "lot", "地番"
    SPECIAL = "special", "特殊地番"
    READJUSTMENT = "readjustment", "区画整理"


class Lot(Master):
    """A number in a block at which somebody may live (住居表示・地番; resident-record/1.0#1.3.2).

    ``sort_code`` is the number in digits of fixed width, so that 2番地 stands before 10番地 (#1.3.2/m2).
    """

    KEY = ("block", "lot")

    block = models.CharField("住所コード", max_length=11)
    lot = text("番地・号", 50)
    kind = models.CharField("種類", max_length=12, choices=LotKind)
    sort_code = coded("番地・枝番のコード", 40)

    class Meta:
        verbose_name = "住居表示・地番"
        verbose_name_plural = "住居表示・地番"
        constraints = [
            *promises("lot", "block", "lot"),
            models.CheckConstraint(
                condition=~Q(lot=""),
                name="lot_is_said",
                violation_error_message="番地・号を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.lot)


class Building(Master):
    """A house of flats, a dormitory, a home, at an address (方書; resident-record/1.0#1.3.4)."""

    KEY = ("code",)

    code = models.CharField("方書コード", max_length=20)
    block = models.CharField("住所コード", max_length=11)
    lot = text("番地・号", 50)
    name = text("方書", 300)
    kana = text("方書のカナ", 300)

    class Meta:
        verbose_name = "方書"
        verbose_name_plural = "方書"
        indexes = [models.Index(fields=["municipality", "block"], name="building_by_block")]
        constraints = [
            *promises("building", "code"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name="") & ~Q(block=""),
                name="building_has_name_and_place",
                violation_error_message="方書のコード、名前、住所コードを入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)
