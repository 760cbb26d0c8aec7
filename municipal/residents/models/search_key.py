"""What people are found by (検索キー)."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast

from municipal.addressees.models import Addressee
from municipal.municipalities.constraints import Across
from municipal.municipalities.models import OfMunicipality


class Script(models.TextChoices):
    """Which sort of key (検索キーの種類)."""

    KANA = "k", "フリガナ"
    NAME = "n", "氏名"


class SearchKey(OfMunicipality):
    """One way to write one name of one person, folded for searching (検索キー; resident-record/1.0#2.1.2).

    Past names stay, with ``is_current`` false (#2.1.3). ``is_whole`` is false for a given name by itself. Names are
    stored as received in the record; only these keys are folded.
    """

    addressee = models.ForeignKey(
        Addressee, models.CASCADE, db_constraint=False, related_name="search_keys", verbose_name="宛名"
    )
    script = models.CharField("種類", max_length=1, choices=Script)
    is_whole = models.BooleanField("全体である")
    is_current = models.BooleanField("現在の氏名である", default=True)
    key = models.CharField("キー", max_length=200)
    # How the name sounds, for putting the closest people first; empty for other scripts.
    reading = models.CharField("ヨミ", max_length=200, blank=True, default="")

    class Meta(OfMunicipality.Meta):
        verbose_name = "検索キー"
        verbose_name_plural = "検索キー"
        indexes = [
            # Ordered by bytes, as LIKE needs it: in another order the beginning of a key is looked for in all of them.
            models.Index(
                "municipality", "script", OpClass(F("key"), name="varchar_pattern_ops"), "addressee",
                name="search_key_from_the_start",
            ),
            GinIndex(OpClass(F("key"), name="gin_trgm_ops"), name="search_key_anywhere", condition=Q(is_whole=True)),
            # One or two characters hold no trigram: those are looked for by their characters.
            GinIndex(
                Func(Cast(F("key"), models.TextField()), Value(None), function="string_to_array"),
                name="search_key_by_character",
                condition=Q(is_whole=True),
            ),
        ]  # fmt: skip
        constraints = [
            *OfMunicipality.Meta.constraints,
            Across(name="search_key_is_of_this_town", field="addressee"),
        ]

    def __str__(self) -> str:
        return self.key
