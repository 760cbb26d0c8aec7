"""What a town decides about its public money (公金の設定)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality


class FloorPer(models.TextChoices):
    """Where late-payment interest is cut to the yen (延滞金の端数処理)."""

    SEGMENT = "segment", "暦年の区間ごと"
    BAND = "band", "割合の期間ごと"


class YearBy(models.TextChoices):
    """Which day decides the fiscal year of money that comes in around the closing of a year (会計年度の決め方)."""

    PAID = "paid", "納付した日"
    CREDITED = "credited", "口座に入金された日"


class MoneySettings(OfMunicipality):
    """What a municipality decides about its public money: one row, or the defaults (公金の設定).

    ``dots_per_module`` and ``printer_dpi``: the narrowest bar of the store's barcode in dots of the printer.
    ``demand_days``: days after the due day on which a demand notice is due. ``office``: the department that signs
    slips, and where a payer whose address is withheld is handed them.
    """

    floor_per = models.CharField("延滞金の端数処理", max_length=8, choices=FloorPer, default=FloorPer.SEGMENT)
    year_by = models.CharField("会計年度の決め方", max_length=8, choices=YearBy, default=YearBy.PAID)
    demand_days = models.PositiveSmallIntegerField("督促までの日数", default=20)
    office = models.CharField("担当課", max_length=60, default="税務課　収納係")
    dots_per_module = models.PositiveSmallIntegerField("バーコードの細線のドット数", default=4)
    printer_dpi = models.PositiveSmallIntegerField("プリンタの解像度（dpi）", default=600)

    class Meta(OfMunicipality.Meta):
        verbose_name = "公金の設定"
        verbose_name_plural = "公金の設定"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality"], name="one_row_of_money_settings"),
            models.CheckConstraint(
                name="demand_is_due_within_a_year",
                condition=Q(demand_days__gte=1, demand_days__lte=365),
                violation_error_message="督促までの日数は1日から365日までです。",
            ),
            models.CheckConstraint(
                name="barcode_is_printed_in_dots",
                condition=Q(
                    dots_per_module__gte=1, dots_per_module__lte=12, printer_dpi__gte=200, printer_dpi__lte=2400
                ),
                violation_error_message="細線は1から12ドット、解像度は200から2400dpiです。",
            ),
        ]

    def __str__(self) -> str:
        return self.office
