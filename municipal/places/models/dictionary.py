"""Names of places all over the country, of countries and of districts (住所辞書・国名・地区)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from municipal.addressees.fields import code as coded
from municipal.addressees.fields import text
from municipal.municipalities.constraints import AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .master import Master, promises


class Block(Master):
    """A small area of the country: prefecture, city, large and small part (住所辞書; resident-record/1.0#1.3.3).

    ``code`` has 11 digits: 2 for the prefecture, 3 for the city, 3 for the large and 3 for the small area. A former
    name is an entry whose validity has ended; ``block_code`` is the seven-digit number that records carry.
    """

    KEY = ("code",)

    code = models.CharField("住所コード", max_length=11)
    municipality_code = coded("市区町村コード", 6)
    block_code = coded("町字コード", 7)
    prefecture = text("都道府県", 4)
    city = text("市区町村", 12)
    large = text("大字・町", 60)
    small = text("小字・丁目", 60)
    prefecture_kana = text("都道府県のカナ", 20)
    city_kana = text("市区町村のカナ", 40)
    large_kana = text("大字・町のカナ", 80)
    small_kana = text("小字・丁目のカナ", 80)
    postal_code = coded("郵便番号", 7)
    is_numbered = models.BooleanField("住居表示の実施区域", default=False)

    class Meta:
        verbose_name = "住所辞書"
        verbose_name_plural = "住所辞書"
        indexes = [
            models.Index(fields=["municipality", "postal_code"], name="block_by_postal_code"),
            models.Index(fields=["municipality", "prefecture", "city"], name="block_by_names"),
        ]
        constraints = [
            *promises("block", "code"),
            models.CheckConstraint(
                condition=Q(code__regex="^[0-9]{11}$"),
                name="block_code_has_eleven_digits",
                violation_error_message="住所コードは11桁の数字です。",
            ),
            models.CheckConstraint(
                condition=Q(postal_code__regex="^([0-9]{7})?$"),
                name="block_postal_code_has_seven_digits",
                violation_error_message="郵便番号は7桁の数字です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefecture}{self.city}{self.name}"

    @property
    def name(self) -> str:
        """Large and small area as one, as records write it."""
        return f"{self.large}{self.small}"


class Country(Master):
    """The name of a country (国名; resident-record/1.0#1.3.3/m2)."""

    KEY = ("code",)

    code = models.CharField("国名コード", max_length=3)
    name = text("国名", 100)
    kana = text("国名のカナ", 100)

    class Meta:
        verbose_name = "国名"
        verbose_name_plural = "国名"
        constraints = [
            *promises("country", "code"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""),
                name="country_has_a_name",
                violation_error_message="国名のコードと名前を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class District(Master):
    """A part of the municipality made of blocks (地区; resident-record/1.0#1.3.5)."""

    KEY = ("code",)

    code = models.CharField("地区コード", max_length=10)
    name = text("地区", 60)
    block_codes = ArrayField(models.CharField("住所コード", max_length=11), verbose_name="住所コード", default=list)

    class Meta:
        verbose_name = "地区"
        verbose_name_plural = "地区"
        constraints = [
            *promises("district", "code"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""),
                name="district_has_a_name",
                violation_error_message="地区のコードと名前を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class DictionaryUpdate(OfMunicipality):
    """A dictionary was brought up to date from a file (辞書の更新; resident-record/1.0#1.3.3/m1, /m2)."""

    class Dictionary(models.TextChoices):
        BLOCKS = "blocks", "住所"
        COUNTRIES = "countries", "国名"

    dictionary = models.CharField("辞書", max_length=10, choices=Dictionary)
    source = text("出所", 100)
    as_of = models.DateField("基準日")
    added = models.PositiveIntegerField("追加")
    changed = models.PositiveIntegerField("変更")
    ended = models.PositiveIntegerField("廃止")
    loaded_at = models.DateTimeField("取込日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "辞書の更新"
        verbose_name_plural = "辞書の更新"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="dictionary_update_grows"),
        ]

    def __str__(self) -> str:
        return f"{self.dictionary} {self.as_of:%Y-%m-%d}"
