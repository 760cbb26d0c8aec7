"""What is entered and not yet decided, and who is entering (仮登録と入力中の表示)."""

from django.db import models
from django.db.models import Q

from municipal.addressees.fields import text
from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .event import ResidentEvent
from .record import Household


class DraftState(models.TextChoices):
    """Where an entry stands (仮登録の状態)."""

    WAITING = "waiting", "審査待ち"
    RETURNED = "returned", "差戻し"
    DECIDED = "decided", "本登録済み"
    WITHDRAWN = "withdrawn", "取下げ"


OPEN = (DraftState.WAITING, DraftState.RETURNED)


class Draft(OfMunicipality):
    """An act as entered, before its decision (仮登録; resident-record/1.0#4.0.8).

    Nothing of it is in the register: no screen of another section, certificate or file reads this table. ``notice``
    is the whole entry as ``notices.as_json`` writes it. ``version`` counts amendments, so that a decision is about
    what the decider saw.
    """

    act = models.CharField("異動の種類", max_length=40)
    notice = models.JSONField("入力内容")
    digest = models.CharField("入力時の台帳の要約", max_length=64)
    version = models.PositiveIntegerField("版", default=1)
    state = models.CharField("状態", max_length=10, choices=DraftState, default=DraftState.WAITING)
    entered_by_kind = models.CharField("入力者の種別", max_length=20)
    entered_by_id = models.BigIntegerField("入力者の番号")
    entered_at = models.DateTimeField("入力日時")
    returned_because = text("差戻しの理由", 200)
    event = models.ForeignKey(
        ResidentEvent, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="異動"
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "仮登録"
        verbose_name_plural = "仮登録"
        indexes = [
            models.Index(fields=["municipality", "entered_at", "id"], name="draft_open", condition=Q(state__in=OPEN))
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="draft_became_an_event_of_this_town", field="event"),
            models.CheckConstraint(
                name="draft_is_decided_by_an_event", condition=Q(state=DraftState.DECIDED) ^ Q(event__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.entered_at:%Y-%m-%d}"


class Claim(OfMunicipality):
    """A person or a household that an open entry is about; a second entry is refused (仮登録中の対象)."""

    draft = models.ForeignKey(Draft, models.PROTECT, db_constraint=False, related_name="claims", verbose_name="仮登録")
    addressee = models.ForeignKey(
        Addressee, models.PROTECT, null=True, db_constraint=False, related_name="+", db_index=False, verbose_name="宛名"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, db_constraint=False, related_name="+", db_index=False, verbose_name="世帯"
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "仮登録中の対象"
        verbose_name_plural = "仮登録中の対象"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "DELETE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="claim_is_of_a_draft_of_this_town", field="draft"),
            Across(name="claim_is_of_an_addressee_of_this_town", field="addressee"),
            Across(name="claim_is_of_a_household_of_this_town", field="household"),
            models.UniqueConstraint(
                fields=["municipality", "addressee"],
                name="one_open_entry_for_a_person",
                violation_error_message="この方には仮登録中の異動があります。先にその異動を本登録するか、取り下げてください。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "household"],
                name="one_open_entry_for_a_household",
                violation_error_message="この世帯には仮登録中の異動があります。先にその異動を本登録するか、取り下げてください。",
            ),
            models.CheckConstraint(
                name="claim_is_of_one_thing", condition=Q(addressee__isnull=True) ^ Q(household__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}"


class Lease(OfMunicipality):
    """Somebody is entering something about this person; others only view (入力中; resident-record/1.0#10.3/m9).

    It ends by itself at ``expires_at``. ``token`` is one for all the people of one opening.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="+", db_index=False, verbose_name="宛名"
    )
    token = models.UUIDField("入力の印")
    held_by_kind = models.CharField("入力者の種別", max_length=20)
    held_by_id = models.BigIntegerField("入力者の番号")
    taken_at = models.DateTimeField("開始日時")
    expires_at = models.DateTimeField("期限")

    class Meta(OfMunicipality.Meta):
        verbose_name = "入力中"
        verbose_name_plural = "入力中"
        indexes = [models.Index(fields=["municipality", "token"], name="lease_by_token")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE", "DELETE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="lease_is_of_an_addressee_of_this_town", field="addressee"),
            models.UniqueConstraint(
                fields=["municipality", "addressee"],
                name="one_enters_at_a_time",
                violation_error_message="ほかの職員がこの方の異動を入力しています。終わるまで照会だけができます。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.token}"


class RegisterSettings(OfMunicipality):
    """What a municipality decides about its register: one row, or the defaults (台帳の設定)."""

    may_decide_own = models.BooleanField("入力した職員が決定できる", default=False)
    lease_minutes = models.PositiveSmallIntegerField("入力の制限時間（分）", default=20)

    class Meta(OfMunicipality.Meta):
        verbose_name = "台帳の設定"
        verbose_name_plural = "台帳の設定"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality"], name="one_row_of_register_settings"),
            models.CheckConstraint(
                name="lease_lasts_some_minutes",
                condition=Q(lease_minutes__gte=1, lease_minutes__lte=240),
                violation_error_message="入力の制限時間は1分から240分までです。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lease_minutes}"
