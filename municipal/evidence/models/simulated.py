"""The other side in the training room: what the simulated intermediate server remembers (模擬の中間サーバー)."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_noop as _

from municipal.municipalities.constraints import Wall
from municipal.municipalities.models import OfMunicipality


class Behaviour(StrEnum):
    """How the other office behaves (相手の振る舞い)."""

    REGISTER = "register"
    ANSWER = "answer"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    NEVER = "never"
    WITHHELD = "withheld"
    TWICE = "twice"
    SWAPPED = "swapped"
    WRONG_TOWN = "wrong_town"
    BROKEN = "broken"
    HUGE = "huge"
    DOWN = "down"


BEHAVIOUR_NAMES = {
    Behaviour.REGISTER: _("同じ環境の別の自治体の台帳から答える"), Behaviour.ANSWER: _("作り話で答える"),
    Behaviour.NOT_FOUND: _("該当なしと答える"), Behaviour.REFUSED: _("回答できないと答える"),
    Behaviour.NEVER: _("答えない（期限切れになる）"), Behaviour.WITHHELD: _("不開示の印を付けて答える"),
    Behaviour.TWICE: _("二度答える（内容が違う）"), Behaviour.SWAPPED: _("別の照会への回答を返す"),
    Behaviour.WRONG_TOWN: _("別の自治体あての回答を返す"), Behaviour.BROKEN: _("こわれた電文を返す"),
    Behaviour.HUGE: _("大きすぎる電文を返す"), Behaviour.DOWN: _("つながらない"),
}  # fmt: skip
BEHAVIOURS = [(one.value, name) for one, name in BEHAVIOUR_NAMES.items()]


class SimulatedBehaviour(OfMunicipality):
    """What a trainer chose for one kind of question; ``polls``: how often it says "not yet" first (模擬の設定)."""

    kind = models.CharField("照会の種類", max_length=20)
    behaviour = models.CharField("振る舞い", max_length=12, choices=BEHAVIOURS)
    polls = models.PositiveSmallIntegerField("答えるまでの確認回数", default=0)

    class Meta(OfMunicipality.Meta):
        verbose_name = "模擬の設定"
        verbose_name_plural = "模擬の設定"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality", "kind"], name="simulated_behaviour_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.behaviour}"


class SimulatedQuestion(OfMunicipality):
    """A question that one of our towns asked, as the simulator keeps it (模擬の照会)."""

    public = models.UUIDField("照会の番号")
    receipt = models.CharField("受付の番号", max_length=40)
    body = models.TextField("電文")
    polls = models.PositiveIntegerField("確認された回数", default=0)
    asked_town = models.PositiveIntegerField("照会先の自治体", null=True)
    received_at = models.DateTimeField("受信日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "模擬の照会"
        verbose_name_plural = "模擬の照会"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE (polls, asked_town)"),
            ),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality", "public"], name="simulated_question_is_kept_once"),
            models.UniqueConstraint(fields=["municipality", "receipt"], name="simulated_question_has_its_receipt"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.receipt


class SimulatedMail(OfMunicipality):
    """A question that waits for one of our towns to answer, and the answer (模擬の受信箱)."""

    public = models.UUIDField("照会の番号")
    body = models.TextField("電文")
    reply = models.TextField("回答の電文", blank=True, default="", db_default="")
    received_at = models.DateTimeField("受信日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "模擬の受信箱"
        verbose_name_plural = "模擬の受信箱"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE (reply)")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality", "public"], name="simulated_mail_is_kept_once"),
        ]

    def __str__(self) -> str:
        return str(self.public)
