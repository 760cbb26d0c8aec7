"""An address that somebody typed in one line, taken apart as far as it can be (一行の住所の分解)."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from municipal.core.codes import local_governments
from municipal.core.refusals import Refused
from municipal.municipalities.models import Municipality

NO_MUNICIPALITY = _("住所の都道府県と市区町村を読み取れません。入力画面で住所を直してください。")
NO_BLOCK = _("住所の町名を読み取れません。入力画面で住所を直してください。")
_REST = re.compile(r"(?P<block>[^0-9０-９\s]*)(?P<lot>[^\s]*)[\s]*(?P<building>.*)", re.DOTALL)


def parts_of(typed: str, *, needs_block: bool = False) -> dict[str, str]:
    """The address by its parts, those that say nothing left out (住所の各部).

    Municipalities are those of the national list and of this installation, so nothing is guessed from letters like 市
    inside a name. Raises Refused where the text does not begin with prefecture and municipality, and without a block
    where ``needs_block``.
    """
    text = typed.strip()
    found = max(_municipalities(text), key=lambda one: len(one[0] + one[1]), default=None)
    if found is None:
        raise Refused(NO_MUNICIPALITY, field="place", code="address_unread")
    prefecture, city, code = found
    rest = _REST.fullmatch(_after(text, prefecture, city).strip())
    said = rest.groupdict() if rest else {}
    if needs_block and not said.get("block"):
        raise Refused(NO_BLOCK, field="place", code="address_unread")
    parts = {"municipality_code": code, "prefecture": prefecture, "city": city, **said}
    return {name: value for name, value in parts.items() if value}


def _municipalities(text: str) -> Iterator[tuple[str, str, str]]:
    """Every municipality with whose prefecture and name the text begins."""
    known = [(one.prefecture, one.name, one.code) for one in local_governments().values() if one.name != one.prefecture]
    known += [(one.prefecture, one.name, one.code) for one in Municipality.objects.all()]
    for prefecture, city, code in known:
        if text.startswith((f"{prefecture}{city}", f"{prefecture}　{city}", f"{prefecture} {city}")):
            yield prefecture, city, code


def _after(text: str, prefecture: str, city: str) -> str:
    return text.removeprefix(prefecture).lstrip().removeprefix(city)
