"""Who has signed in as an applicant, and the open doors of applicants (申請者とそのセッション)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from municipal.addressees.models import Addressee, LifeState
from municipal.core import clock
from municipal.core.actors import RESIDENT
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality


class Applicant(OfMunicipality):
    """Somebody whom a provider vouches for, and the resident that they are, once the register agreed (申請者).

    ``subject`` is the provider's own name of the person. Carries the core protocol Actor. Nobody is two residents,
    and no resident has two accounts of one provider.
    """

    issuer = models.CharField("認証の提供者", max_length=300)
    subject = models.CharField("提供者での識別子", max_length=255)
    person = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, null=True, related_name="accounts", verbose_name="住民"
    )
    linked_at = models.DateTimeField("結び付けた日時", null=True)
    created_at = models.DateTimeField("最初のサインイン", default=clock.now)

    class Meta(OfMunicipality.Meta):
        verbose_name = "申請者"
        verbose_name_plural = "申請者"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE (person_id, linked_at)")
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="applicant_is_an_addressee_of_this_town", field="person"),
            models.UniqueConstraint(
                fields=["municipality", "issuer", "subject"], name="applicant_has_one_account",
            ),
            models.UniqueConstraint(
                fields=["municipality", "issuer", "person"], name="resident_has_one_account",
                violation_error_message="この方は、すでにほかの申請者として登録されています。窓口でご相談ください。",
            ),
            models.CheckConstraint(
                condition=Q(person=None, linked_at=None) | Q(person__isnull=False, linked_at__isnull=False),
                name="applicant_is_linked_with_a_time",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def actor_kind(self) -> str:
        return RESIDENT

    @property
    def actor_id(self) -> int:
        return int(self.pk)

    @property
    def is_resident(self) -> bool:
        """Whether the register knows them as a living resident of this town (住民か)."""
        return self.person is not None and self.person.life_state == LifeState.RESIDENT

    @property
    def is_dead(self) -> bool:
        """Whether the register has them dead: then nothing opens any more (死亡)."""
        return self.person is not None and self.person.life_state == LifeState.DEAD


class ApplicantSession(OfMunicipality):
    """A browser in which an applicant is signed in; staff have other ones (申請者のセッション).

    Only the SHA-256 of its key is kept. ``name`` is what the card said; it goes when the session ends.
    """

    applicant = models.ForeignKey(
        Applicant, models.PROTECT, db_constraint=False, related_name="sessions", verbose_name="申請者"
    )
    name = models.CharField("カードの氏名", max_length=200, blank=True)
    secret_hash = models.CharField("秘密のハッシュ", max_length=64)
    started_at = models.DateTimeField("開始時刻")
    last_seen_at = models.DateTimeField("最後の操作時刻")
    expires_at = models.DateTimeField("期限")
    ended_at = models.DateTimeField("終了時刻", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "申請者のセッション"
        verbose_name_plural = "申請者のセッション"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "UPDATE (last_seen_at, ended_at, name)", "DELETE"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="applicant_session_is_of_this_town", field="applicant"),
            models.UniqueConstraint(fields=["municipality", "secret_hash"], name="applicant_session_secret_is_unique"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("started_at")), name="applicant_session_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(name=""), name="applicant_session_forgets_when_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"

    def is_open(self, now: datetime) -> bool:
        """Whether it still lets its holder in; a dead person's does not, whatever it says (有効か)."""
        idle = timedelta(minutes=settings.KIJUN_APPLICANT_IDLE_MINUTES)
        is_live = self.ended_at is None and now < self.expires_at and now - self.last_seen_at < idle
        return is_live and not self.applicant.is_dead
