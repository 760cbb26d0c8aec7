"""What other services of the town say about a resident, as it came last (他業務の資格情報)."""

from django.db import models

from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.residents.models.groups import Qualifications


class ServiceState(OfMunicipality, Qualifications):
    """The entitlements of one person as other services handed them over (他業務照会; resident-record/1.0#7.2.2).

    Every hand-over adds a row, so that an earlier state can still be seen; the newest one is shown. There is no column
    for details of voting rights, numbers of insurance cards or rice rations: they are not to be inquired.
    """

    addressee = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="service_states", verbose_name="宛名番号"
    )
    received_at = models.DateTimeField("受信日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "他業務の資格情報"
        verbose_name_plural = "他業務の資格情報"
        indexes = [models.Index(fields=["municipality", "addressee", "id"], name="service_state_of_a_person")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="service_state_is_of_this_town", field="addressee"),
            AppendOnly(name="service_state_only_grows"),
        ]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d}"
