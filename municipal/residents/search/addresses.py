"""Who lives or lived at an address, however it is typed (住所による検索)."""

import re
import unicodedata

from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.places.models import Block

_CHOME = re.compile("([0-9]+)丁目")
_KANJI = "〇一二三四五六七八九"
_WIDE = dict(zip("0123456789", "０１２３４５６７８９", strict=True))
LEAST_LETTERS = 2


def _in_kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_KANJI[tens]}十") + (
        _KANJI[ones] if ones or not tens else ""
    )


def split(typed: str) -> tuple[str, list[int]]:
    """An address as its name and its numbers: 青葉1丁目2-3 is 青葉一丁目 and [2, 3] (住所の分解).

    The municipality's own prefecture and name in front count for nothing.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    plain = _CHOME.sub(lambda found: f"{_in_kanji(min(int(found[1]), 99))}丁目", plain)
    own = Municipality.objects.get(pk=wall.current())
    for prefix in (own.prefecture, own.name):
        plain = plain.removeprefix(prefix)
    name = re.split("[0-9]", plain, maxsplit=1)[0]
    return name, [int(digits) for digits in re.findall("[0-9]+", plain[len(name) :])][:4]


def _numbered(numbers: list[int]) -> str:
    """A regular expression for lots that begin with these numbers, whatever stands between and however wide."""
    written = ["".join(f"[{digit}{_WIDE[digit]}]" for digit in str(number)) for number in numbers]
    other = "[^0-9０-９]"
    return f"^{other}*" + f"{other}+".join(written) + f"({other}|$)"


def at(typed: str) -> Q | None:
    """The condition on a record's address; None for text that names no place (住所の条件)."""
    name, numbers = split(typed)
    if len(name) < LEAST_LETTERS:
        return None
    found = Q(address_block__contains=name) | Q(address_city__contains=name)
    return found & lot(numbers) if numbers else found


def lot(numbers: list[int]) -> Q:
    """The condition on a record's lot (番地の条件)."""
    return Q(address_lot__regex=_numbered(numbers))


def lot_typed(typed: str) -> Q | None:
    """The condition of a lot typed by itself; None without any number."""
    numbers = [int(digits) for digits in re.findall("[0-9]+", unicodedata.normalize("NFKC", typed))][:4]
    return lot(numbers) if numbers else None


def in_building(typed: str) -> Q:
    """The condition on a record's building, digits of either width (方書の条件)."""
    plain = unicodedata.normalize("NFKC", typed)
    wide = "".join(_WIDE.get(letter, letter) for letter in plain)
    kana = Q(address_building__contains=typed) | Q(building_kana__contains=plain)
    return kana | Q(address_building__contains=plain) | Q(address_building__contains=wide)


def of_code(code: str) -> Q | None:
    """The condition of an address code of the dictionary, whatever name it has had; None for an unknown one."""
    known = Block.objects.filter(code=code).annotate(said=Concat(F("large"), F("small"), Value("")))
    names = set(known.values_list("said", flat=True))
    numbers = set(known.exclude(block_code="").values_list("block_code", flat=True))
    municipality = set(known.values_list("municipality_code", flat=True))
    if not names:
        return None
    same = Q(address_block__in=names) | Q(address_block_code__in=numbers)
    return same & Q(address_municipality_code__in=municipality)
