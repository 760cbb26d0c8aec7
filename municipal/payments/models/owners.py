"""Who owes an assessment together with its payer (連帯納税義務者・共有者)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .charge import Assessment


class JointPayer(OfMunicipality):
    """One more person who owes all of an assessment, and what part is theirs among each other (連帯納税義務者).

    Local Tax Act, article 10-2. Nothing of them is printed on a slip, and no slip goes to them: the payer represents
    them all. A row is only ever closed.
    """

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, db_constraint=False, related_name="joint_payers", verbose_name="賦課"
    )
    person = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="joint_assessments", verbose_name="連帯納税義務者"
    )
    share = models.CharField("持分", max_length=40, blank=True, default="", db_default="")
    recorded = DateTimeRangeField("記録期間")

    class Meta(OfMunicipality.Meta):
        verbose_name = "連帯納税義務者"
        verbose_name_plural = "連帯納税義務者"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="joint_payer_is_of_an_assessment_of_this_town", field="assessment"),
            Across(name="joint_payer_is_an_addressee_of_this_town", field="person"),
            AppendOnly(name="joint_payer_only_closes", closes="recorded"),
            ExclusionConstraint(
                name="joint_payer_is_named_once",
                expressions=[
                    ("municipality", RangeOperators.EQUAL),
                    ("assessment", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("recorded", RangeOperators.OVERLAPS),
                ],
                violation_error_message="この方はすでに連帯納税義務者として登録されています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.person_id}"
