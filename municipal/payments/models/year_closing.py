"""A fiscal year whose money is all in: its figures are fixed (出納閉鎖)."""

from django.db import models

from municipal.municipalities.constraints import AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .promises import YearsInOrder


class YearClosing(OfMunicipality):
    """The end of receiving money for a fiscal year, and its figures at that moment (出納閉鎖).

    ``figures``: the yen that the postings of the year moved, see ``years.figures_of``. No posting is of
    this year or an earlier one any more. Append-only, and each year later than the one before.
    """

    fiscal_year = models.PositiveSmallIntegerField("会計年度")
    figures = models.JSONField("確定した計数")
    closed_at = models.DateTimeField("閉鎖の時刻")

    class Meta(OfMunicipality.Meta):
        verbose_name = "出納閉鎖"
        verbose_name_plural = "出納閉鎖"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="year_closing_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "fiscal_year"],
                name="year_is_closed_once",
                violation_error_message="この会計年度の出納はすでに閉鎖されています。",
            ),
            YearsInOrder(
                name="year_is_later_than_the_last",
                violation_error_message="閉鎖した年度より後の会計年度を指定してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}"
