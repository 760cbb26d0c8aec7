"""Paper that stands in for the system on the day it is down (停止中の用紙)."""

from django.db import models
from django.db.models import Q

from municipal.addressees.fields import text
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.residents.models import Draft


class PaperForm(OfMunicipality):
    """One printed blank form with its number: blank, taken in at the desk, entered, or spoilt (受付用紙).

    ``received_at`` is the moment at the desk, from the clerk's own hand; ``draft`` the entry that was made of it.
    """

    class State(models.TextChoices):
        BLANK = "blank", "未使用"
        RECEIVED = "received", "受付済み（未入力）"
        ENTERED = "entered", "入力済み"
        SPOILT = "spoilt", "書き損じ"

    number = models.CharField("用紙番号", max_length=20)
    act = models.CharField("異動の種類", max_length=40)
    state = models.CharField("状態", max_length=10, choices=State, default=State.BLANK)
    printed_at = models.DateTimeField("印刷日時")
    received_at = models.DateTimeField("受付日時", null=True, blank=True)
    draft = models.ForeignKey(
        Draft, models.PROTECT, null=True, db_constraint=False, related_name="papers", verbose_name="仮登録"
    )
    entered_at = models.DateTimeField("後入力の日時", null=True, blank=True)
    because = text("書き損じの理由", 100)

    class Meta(OfMunicipality.Meta):
        verbose_name = "受付用紙"
        verbose_name_plural = "受付用紙"
        indexes = [models.Index(fields=["municipality", "state", "received_at"], name="paper_by_state")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="paper_became_a_draft_of_this_town", field="draft"),
            models.UniqueConstraint(fields=["municipality", "number"], name="paper_number_is_given_once"),
            models.UniqueConstraint(
                fields=["municipality", "draft"],
                name="paper_is_entered_once",
                violation_error_message="この仮登録は、別の受付用紙から入力されています。",
            ),
            models.CheckConstraint(
                name="paper_state_agrees_with_its_facts",
                condition=Q(state="blank", received_at=None, draft=None)
                | Q(state="received", received_at__isnull=False, draft=None)
                | Q(state="entered", received_at__isnull=False, draft__isnull=False, entered_at__isnull=False)
                | (Q(state="spoilt", draft=None) & ~Q(because="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number
