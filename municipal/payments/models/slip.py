"""A slip that was printed or sent, with its numbers; it stays payable where paper stays payable (納付書)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .charge import Charge


class Slip(OfMunicipality):
    """One slip for one charge, at one amount, until one day (納付書).

    ``number``: 20 digits, unique in the town, never used again; ``confirmation``: 6 digits that nobody can guess. A
    slip that is issued anew or corrected names the one it ``supersedes``; money for the old number still finds the
    charge. ``yen`` never changes: another amount is another slip with another number. Append-only.
    """

    charge = models.ForeignKey(Charge, models.PROTECT, db_constraint=False, related_name="slips", verbose_name="調定")
    number = models.CharField("納付番号", max_length=20)
    confirmation = models.CharField("確認番号", max_length=6)
    yen = models.BigIntegerField("金額（円）")
    pay_until = models.DateField("支払期限")
    reissue = models.PositiveSmallIntegerField("再発行区分", default=0, db_default=0)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="successors", verbose_name="前の納付書"
    )
    issued_at = models.DateTimeField("発行日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "納付書"
        verbose_name_plural = "納付書"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="slip_is_of_a_charge_of_this_town", field="charge"),
            Across(name="slip_supersedes_one_of_this_town", field="supersedes"),
            AppendOnly(name="slip_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="slip_number_is_given_once",
                violation_error_message="この納付番号はすでに使われています。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "supersedes"],
                name="slip_is_superseded_once",
                violation_error_message="この納付書はすでに差し替えられています。最新の納付書から再発行してください。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "charge"],
                condition=Q(supersedes__isnull=True),
                name="charge_has_one_first_slip",
                violation_error_message="この調定の納付書はすでに発行されています。再発行してください。",
            ),
            models.CheckConstraint(
                condition=Q(yen__gte=1, yen__lte=99_999_999_999),
                name="slip_is_for_some_yen",
                violation_error_message="納付書の金額は1円以上、11桁までです。",
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9]{20}$", confirmation__regex=r"^[0-9]{6}$"),
                name="slip_has_numbers_of_digits",
            ),
            models.CheckConstraint(condition=Q(reissue__lte=9), name="slip_is_reissued_nine_times_at_most"),
        ]

    def __str__(self) -> str:
        return self.number


class Withdrawal(OfMunicipality):
    """A slip that should not be paid any more, and why; money may come for it nevertheless (納付書の取消し)."""

    slip = models.ForeignKey(
        Slip, models.PROTECT, db_constraint=False, related_name="withdrawals", verbose_name="納付書"
    )
    reason = models.CharField("理由", max_length=200)
    withdrawn_at = models.DateTimeField("取消日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "納付書の取消し"
        verbose_name_plural = "納付書の取消し"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="withdrawal_is_of_a_slip_of_this_town", field="slip"),
            AppendOnly(name="withdrawal_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "slip"],
                name="slip_is_withdrawn_once",
                violation_error_message="この納付書はすでに取り消されています。",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
