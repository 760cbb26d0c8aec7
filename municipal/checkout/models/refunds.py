"""Money that goes back to the payer through the provider (オンライン納付の還付)."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.office.constraints import FilledOnce
from municipal.payments.models import Posting

from .online import OnlinePayment


class RefundRequest(OfMunicipality):
    """That the provider is to pay back ``yen`` of a payment, booked at once (還付の依頼).

    What came of it is filled in once. Where the provider could not, the posting was reversed, and the
    over-payment is open again.
    """

    public = models.UUIDField("公開番号", default=uuid4)
    payment = models.ForeignKey(
        OnlinePayment, models.PROTECT, db_constraint=False, related_name="refunds", verbose_name="オンライン納付"
    )
    posting = models.ForeignKey(
        Posting, models.PROTECT, db_constraint=False, related_name="online_refunds", verbose_name="仕訳"
    )
    yen = models.BigIntegerField("金額（円）")
    requested_at = models.DateTimeField("依頼日時")
    was_paid_back = models.BooleanField("還付できたか", null=True)
    finished_at = models.DateTimeField("結果の日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "還付の依頼"
        verbose_name_plural = "還付の依頼"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE (was_paid_back, finished_at)")
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="refund_request_is_of_a_payment_of_this_town", field="payment"),
            Across(name="refund_request_is_of_a_posting_of_this_town", field="posting"),
            FilledOnce(name="refund_request_ends_once"),
            models.UniqueConstraint(fields=["municipality", "public"], name="refund_request_has_its_own_number"),
            models.CheckConstraint(condition=Q(yen__gte=1), name="refund_request_is_of_some_yen"),
            models.CheckConstraint(
                condition=Q(was_paid_back__isnull=True, finished_at__isnull=True)
                | Q(was_paid_back__isnull=False, finished_at__isnull=False),
                name="refund_request_ends_with_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public)
