"""One row of a resident's history, holding every item (住民票の履歴行)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.addressees.fields import AddressGroup
from municipal.addressees.models import Addressee, LifeState
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from . import groups
from .event import ResidentEvent


class Kind(models.TextChoices):
    """Japanese or foreign resident (住民種別; codes as seen in published sources)."""

    JAPANESE = "1", "日本人"
    FOREIGN = "2", "外国人"


class Household(OfMunicipality):
    """A household: a number; who belongs to it is said by the records (世帯; resident-record/1.0#1.1.3, #1.1.13)."""

    number = models.CharField("世帯番号", max_length=15)

    class Meta(OfMunicipality.Meta):
        verbose_name = "世帯"
        verbose_name_plural = "世帯"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="household_number_is_given_once",
                violation_error_message="この世帯番号はすでに使われています。別の番号にしてください。",
            ),
            AppendOnly(name="household_only_grows"),
        ]

    def __str__(self) -> str:
        return self.number


JAPANESE, FOREIGN = Q(kind=Kind.JAPANESE), Q(kind=Kind.FOREIGN)
REMOVED = ~Q(status=LifeState.RESIDENT)


def _never_empty(name: str, sentence: str, when: Q, *fields: str) -> models.CheckConstraint:
    """An item that resident-record/1.0#1.1.6 does not allow to be empty, ``when`` it applies."""
    filled = Q(*[~Q(**{field: ""}) for field in fields])
    return models.CheckConstraint(
        condition=~when | filled if when else filled,
        name=f"record_has_{name}",
        violation_error_message=sentence,
    )


class ResidentRecord(
    OfMunicipality,
    groups.Names,
    groups.Person,
    groups.AddressDetails,
    groups.Event,
    groups.Removal,
    groups.FamilyRegister,
    groups.Foreigner,
    groups.Qualifications,
):
    """Every item of one resident as one event left them; never changed (異動履歴; resident-record/1.0#1.2.1).

    Unique by addressee and ``serial``, which counts from 1; the highest serial is the record as it stands. Since
    when it holds, and since when we know, is said by ``Period``, so that a later correction touches no record.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="records", verbose_name="宛名番号"
    )
    serial = models.PositiveIntegerField("個人履歴番号")
    household = models.ForeignKey(
        Household, models.PROTECT, db_constraint=False, related_name="records", verbose_name="世帯番号"
    )
    event = models.ForeignKey(
        ResidentEvent, models.PROTECT, null=True, db_constraint=False, related_name="records", verbose_name="異動"
    )
    kind = models.CharField("住民種別", max_length=1, choices=Kind)
    status = models.CharField("住民状態", max_length=1, choices=LifeState)
    address = AddressGroup("住所")
    address_before = AddressGroup("転入前住所", is_abroad_possible=True)
    address_within_before = AddressGroup("転居前住所")
    planned_destination = AddressGroup("転出先住所（予定）", is_abroad_possible=True)
    confirmed_destination = AddressGroup("転出先住所（確定）", is_abroad_possible=True)
    source_at = models.DateTimeField("発生元の記録日時", null=True, blank=True)
    recorded_at = models.DateTimeField("記録日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "住民票"
        verbose_name_plural = "住民票"
        indexes = [
            models.Index(fields=["municipality", "household"], name="record_by_household"),
            models.Index(fields=["municipality", "born_on"], name="record_by_birth"),
            # Whether somebody lived here before is asked of every newcomer.
            models.Index(
                fields=["municipality", "resident_code"], name="record_by_code", condition=~Q(resident_code="")
            ),
            models.Index(
                fields=["municipality", "residence_card_number"],
                name="record_by_card",
                condition=~Q(residence_card_number=""),
            ),
            # Whose announced day of leaving has come: few people, asked every day.
            models.Index(
                fields=["municipality", "move_out_planned_on"],
                name="record_of_announced_leaving",
                condition=Q(status=LifeState.RESIDENT, move_out_planned_on__isnull=False),
            ),
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(
                fields=["municipality", "addressee", "serial"],
                name="record_serial_is_given_once",
                violation_error_message="ほかの職員が先に記録しました。最新の内容を確認して、もう一度入力してください。",
            ),
            models.CheckConstraint(condition=Q(serial__gte=1), name="record_serial_counts_from_one"),
            Across(name="record_is_of_an_addressee_of_this_town", field="addressee"),
            Across(name="record_is_of_a_household_of_this_town", field="household"),
            Across(name="record_is_of_an_event_of_this_town", field="event"),
            AppendOnly(name="record_only_grows"),
            _never_empty("birth", _("生年月日は空欄にできません。入力してください。"), Q(), "born_on"),
            _never_empty(
                "family_register",
                _("本籍と筆頭者は空欄にできません。入力してください。"),
                JAPANESE,
                "domicile",
                "register_head",
            ),
            _never_empty(
                "became_resident",
                _("住民となった年月日は空欄にできません。入力してください。"),
                JAPANESE,
                "became_resident_on",
            ),
            _never_empty(
                "address", _("住所は空欄にできません。入力してください。"), Q(), "address_city", "address_block"
            ),
            _never_empty(
                "resident_code", _("住民票コードは空欄にできません。入力してください。"), ~REMOVED, "resident_code"
            ),
            _never_empty(
                "became_foreign_resident",
                _("外国人住民となった年月日は空欄にできません。入力してください。"),
                FOREIGN,
                "became_foreign_resident_on",
            ),
            _never_empty(
                "article30_45",
                _("第30条の45の区分は空欄にできません。入力してください。"),
                FOREIGN,
                "article30_45_class",
            ),
            _never_empty(
                "card_number",
                _("在留カード等の番号は空欄にできません。入力してください。"),
                FOREIGN & ~REMOVED & Q(article30_45_class__in=["mid_long_term", "special_permanent"]),
                "residence_card_number",
            ),
            _never_empty(
                "landing_period",
                _("上陸期間は空欄にできません。入力してください。"),
                Q(article30_45_class="temporary_refuge"),
                "landing_period",
            ),
            _never_empty(
                "provisional_stay",
                _("仮滞在期間は空欄にできません。入力してください。"),
                Q(article30_45_class="provisional_stay"),
                "provisional_stay_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.addressee_id}-{self.serial}"
