"""What the directory said of a non-resident or a corporation, entry by entry (住登外者・法人の履歴)."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from municipal.addressees.fields import AddressGroup, register_date, text
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .addressee import Addressee


class DirectoryRecord(OfMunicipality):
    """Every item of a non-resident or a corporation as one entry left them; never changed (宛名履歴).

    The highest serial is what ``Addressee`` says now. Residents have none: their history is the resident register.
    ``name_key`` and ``kana_key`` are folded for searching and never shown; former names are found by them too.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="directory_records", verbose_name="宛名"
    )
    serial = models.PositiveIntegerField("履歴番号")
    name = text("氏名又は名称", 100)
    kana = text("フリガナ", 100)
    born_on = register_date("生年月日")
    corporate_number = models.CharField("法人番号", max_length=13, blank=True, default="", db_default="")
    mailing = AddressGroup("送付先", is_abroad_possible=True)
    reason = models.CharField("訂正の理由", max_length=200, blank=True, default="", db_default="")
    name_key = models.TextField("氏名の検索キー", blank=True, default="", db_default="")
    kana_key = models.TextField("フリガナの検索キー", blank=True, default="", db_default="")
    recorded_at = models.DateTimeField("記録日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "宛名履歴"
        verbose_name_plural = "宛名履歴"
        indexes = [
            GinIndex(OpClass(F("name_key"), name="gin_trgm_ops"), name="directory_by_name"),
            GinIndex(OpClass(F("kana_key"), name="gin_trgm_ops"), name="directory_by_kana"),
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="directory_record_is_of_an_addressee_of_this_town", field="addressee"),
            AppendOnly(name="directory_record_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "addressee", "serial"],
                name="directory_serial_is_given_once",
                violation_error_message="ほかの職員が先に記録しました。最新の内容を確認して、もう一度入力してください。",
            ),
            models.CheckConstraint(condition=Q(serial__gte=1), name="directory_serial_counts_from_one"),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="directory_record_has_a_name",
                violation_error_message="氏名又は名称を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.addressee_id}-{self.serial}"
