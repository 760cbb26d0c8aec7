"""What the embedded provider keeps between the page with the PIN and the answer to the relying party (認可コード)."""

from django.db import models
from django.db.models import F, Q

from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .cards import Card


class Consent(OfMunicipality):
    """One sign-in at the provider: a code that counts once, and then a token for a few minutes (認可コード).

    Only hashes of code and token are kept. ``assertion``: the number of the signed message with which the relying
    party came for it; no two answers are given to one message.
    """

    card = models.ForeignKey(Card, models.PROTECT, db_constraint=False, related_name="consents", verbose_name="カード")
    code_hash = models.CharField("認可コードのハッシュ", max_length=64)
    redirect_uri = models.CharField("戻り先", max_length=500)
    nonce = models.CharField("ノンス", max_length=200)
    challenge = models.CharField("チャレンジ", max_length=43)
    scope = models.CharField("求められた項目", max_length=200)
    issued_at = models.DateTimeField("発行日時")
    expires_at = models.DateTimeField("期限")
    used_at = models.DateTimeField("使用日時", null=True)
    assertion = models.CharField("クライアントの証明の番号", max_length=200, null=True)  # noqa: DJ001
    token_hash = models.CharField("トークンのハッシュ", max_length=64, blank=True)
    withdrawn_at = models.DateTimeField("取消日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "認可コード"
        verbose_name_plural = "認可コード"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=("SELECT", "INSERT", "UPDATE (used_at, assertion, token_hash, withdrawn_at)"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="consent_is_of_a_card_of_this_town", field="card"),
            models.UniqueConstraint(fields=["municipality", "code_hash"], name="consent_has_its_own_code"),
            models.UniqueConstraint(
                fields=["municipality", "assertion"], name="consent_answers_a_message_once",
                violation_error_message="この要求はすでに使われています。",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="consent_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(used_at=None, token_hash="", assertion=None)
                | Q(used_at__isnull=False, assertion__isnull=False) & ~Q(token_hash=""),
                name="consent_is_used_as_a_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.issued_at:%Y-%m-%d %H:%M}"
