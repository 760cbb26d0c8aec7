"""Removed records that left the register for the store of removed records (除票用データベース)."""

from django.db import models
from django.db.models import F, Q

from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality


class StoredRecord(OfMunicipality):
    """The rows of a person up to ``last_serial`` belong to the store of removed records (除票の移行; #1.1.5, #9.3).

    The store and the register share their tables, and this line is the border between them: whatever asks the
    register leaves out people whose newest row is not beyond it. The store holds them until ``keep_until``. Somebody
    who comes back is entered anew, beyond the border.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="stored", verbose_name="宛名"
    )
    last_serial = models.PositiveIntegerField("最後の履歴番号")
    removed_on = models.DateField("消除の日")
    processed_on = models.DateField("消除の処理日")
    stored_on = models.DateField("移行の日")
    keep_until = models.DateField("保存の期限")

    class Meta(OfMunicipality.Meta):
        verbose_name = "除票用データベースの除票"
        verbose_name_plural = "除票用データベースの除票"
        indexes = [models.Index(fields=["municipality", "processed_on"], name="stored_by_processing_day")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="stored_is_of_an_addressee_of_this_town", field="addressee"),
            AppendOnly(name="stored_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "addressee", "last_serial"], name="removed_record_is_stored_once"
            ),
            models.CheckConstraint(
                name="removed_record_is_kept_after_its_removal",
                condition=Q(keep_until__gt=F("removed_on"), stored_on__gt=F("removed_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.addressee_id}-{self.last_serial}"
