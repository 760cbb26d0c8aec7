"""Where the register is worked with: offices and their terminals (入力場所・入力端末)."""

from django.db import models
from django.db.models import Q

from municipal.addressees.fields import code as coded
from municipal.addressees.fields import text

from .master import Master, promises


class PlaceKind(models.TextChoices):
    """What sort of office (入力場所の種類)."""

    MAIN = "main", "本庁"
    BRANCH = "branch", "支所"
    SUB_BRANCH = "sub_branch", "出張所"
    SECTION = "section", "利用課"
    WARD = "ward", "区役所"


class InputPlace(Master):
    """An office in which the register is used (入力場所; resident-record/1.0#1.3.1).

    ``ward_code``: the ward it stands in, in a designated city.
    """

    KEY = ("code",)

    code = models.CharField("入力場所コード", max_length=10)
    name = text("入力場所", 30)
    kind = models.CharField("種類", max_length=12, choices=PlaceKind)
    ward_code = coded("行政区コード", 12)

    class Meta:
        verbose_name = "入力場所"
        verbose_name_plural = "入力場所"
        constraints = [
            *promises("input_place", "code"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""),
                name="input_place_has_a_name",
                violation_error_message="入力場所のコードと名前を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Terminal(Master):
    """A machine at which the register is used (入力端末; resident-record/1.0#1.3.1).

    ``address``: its network address, by which a request is known to come from it; empty where it is not told apart.
    """

    KEY = ("code",)

    code = models.CharField("端末コード", max_length=20)
    name = text("入力端末", 30)
    place_code = models.CharField("入力場所コード", max_length=10)
    address = models.GenericIPAddressField("ネットワークアドレス", null=True, blank=True)

    class Meta:
        verbose_name = "入力端末"
        verbose_name_plural = "入力端末"
        constraints = [
            *promises("terminal", "code"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""),
                name="terminal_has_a_name",
                violation_error_message="端末のコードと名前を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)
