"""What the office found out before it decided, and the certificates that say it (認定した事実)."""

from django.db import models

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .cases import Case
from .promises import OnlyForgets


class Finding(OfMunicipality):
    """What a clerk established about a case that nobody asked the applicant; the last one counts (認定した事実).

    ``values``: by the names of ``rules.findings``; days in ISO 8601. Append-only; emptied when the case is forgotten.
    """

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="findings", verbose_name="申請")
    values = models.JSONField("認定した事実")
    noted_at = models.DateTimeField("日時")
    actor_kind = models.CharField("行為者の種別", max_length=20)
    actor_id = models.BigIntegerField("行為者の番号")

    class Meta(OfMunicipality.Meta):
        verbose_name = "認定した事実"
        verbose_name_plural = "認定した事実"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE (values)")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="finding_is_of_a_case_of_this_town", field="case"),
            OnlyForgets(name="finding_only_grows", empties=("values",)),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class DamageCertificate(OfMunicipality):
    """A certificate of the damage to a home, one of a case (罹災証明書). Append-only.

    It says what ``finding`` says; the place is read from the case when it is printed, as far as that may be told.
    """

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="damages", verbose_name="申請")
    finding = models.ForeignKey(
        Finding, models.PROTECT, db_constraint=False, related_name="+", verbose_name="認定した事実"
    )
    number = models.CharField("証明番号", max_length=20)
    issued_at = models.DateTimeField("交付日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "罹災証明書"
        verbose_name_plural = "罹災証明書"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="damage_certificate_is_of_a_case_of_this_town", field="case"),
            Across(name="damage_certificate_says_a_finding_of_this_town", field="finding"),
            AppendOnly(name="damage_certificate_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "case"], name="case_has_one_damage_certificate",
                violation_error_message="この申請の罹災証明書は、すでに作られています。",
            ),
            models.UniqueConstraint(fields=["municipality", "number"], name="damage_certificate_has_its_own_number"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number
