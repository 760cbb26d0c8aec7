"""What staff may ask of the register: items under the names of the published lists (抽出の項目).

An item is a column of a source. Its name, type, length, use of unusual characters and codes are those of the register,
which takes them from the published lists (resident-record/1.0#10.1); where the list parts one item in three (a date
that may be unknown), so do we. What nobody may select has no item here: the language knows nothing else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Case, CharField, IntegerField, Q, Value, When

from municipal.addressees.fields import RegisterDateField, glyphs_of
from municipal.core.eras import eras
from municipal.residents.shown import CODE_TABLES, FIELDS_BY_PERMISSION, WITHHELD_FIELDS


class Kind(StrEnum):
    """Of what type a value is (データ型)."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    YES = "yes"


@dataclass(frozen=True)
class Item:
    """One item that can be asked for (項目).

    ``path``: the field, from the row of the source. ``derived``: an expression in the place of a field.
    ``length`` counts characters as a reader does. ``permission``: without it nobody may ask for the item.
    ``is_withheld``: nobody is told of a protected person. ``is_only_counted``: no list shows it or is narrowed by it.
    ``is_coarse``: so many people share a value that counting by it names nobody.
    """

    name: str
    path: str
    kind: Kind
    length: int | None = None
    codes: str = ""
    may_be_unknown: bool = False
    is_moment: bool = False
    may_be_unusual: bool = False
    permission: str = ""
    is_withheld: bool = False
    is_only_counted: bool = False
    is_coarse: bool = False
    derived: Any = None


ONLY_COUNTED = frozenset({"is_under_guardianship"})
"""resident-record/1.0#9.4/n1: no list of adult wards can be made; how many there are may be known."""
COARSE = frozenset(
    {"kind", "status", "sex", "reason", "ward_code", "district_code", "address_block", "article30_45_class"}
)
_CODES = CODE_TABLES | {"article30_46_47_class": "", "relationship": ""}


def _permission_of(name: str) -> str:
    return next((code for code, fields in FIELDS_BY_PERMISSION.items() if name in fields), "")


def _kind_of(field: Any) -> Kind:
    if isinstance(field, RegisterDateField | models.DateField):
        return Kind.DAY
    if isinstance(field, models.BooleanField):
        return Kind.YES
    return Kind.NUMBER if isinstance(field, models.IntegerField) else Kind.TEXT


def item_of(field: Any, *, prefix: str = "", name: str = "", is_withheld: bool = False) -> Item:
    """A field of a model as an item; its label is the item's name in the published list (項目の作成)."""
    own, length = field.attname, glyphs_of(field)
    return Item(
        name or str(field.verbose_name),
        prefix + own,
        _kind_of(field),
        length=length,
        codes=_CODES.get(own, "") if not prefix else "",
        may_be_unknown=isinstance(field, RegisterDateField),
        is_moment=isinstance(field, models.DateTimeField),
        may_be_unusual=hasattr(field, "glyphs"),
        permission=_permission_of(own),
        is_withheld=is_withheld or own in WITHHELD_FIELDS,
        is_only_counted=own in ONLY_COUNTED,
        is_coarse=own in COARSE,
    )


def with_unknown(items: Iterable[Item]) -> Iterator[Item]:
    """The items, and what the lists have behind every date that may be unknown (不詳フラグ・不詳表記・元号)."""
    for item in items:
        yield item
        if not item.may_be_unknown:
            continue
        is_unknown = Q(**{f"{item.path}__contains": "/"})
        is_known = ~Q(**{item.path: ""}) & ~is_unknown
        flag = Case(When(is_unknown, then=Value(1)), When(is_known, then=Value(0)), output_field=IntegerField())
        words = Case(When(is_unknown, then=_Behind(item.path)), default=Value(""), output_field=CharField())
        yield Item(f"{item.name}_不詳フラグ", item.path, Kind.NUMBER, length=1, codes="flag", derived=flag)
        yield Item(f"{item.name}_不詳表記", item.path, Kind.TEXT, length=72, derived=words)
        era = Case(When(is_known, then=_era(item.path)), default=Value(""), output_field=CharField())
        yield Item(f"{item.name}_元号", item.path, Kind.TEXT, length=2, derived=era)


def _era(path: str) -> Any:
    """The era of a day: the one it is written in, else the one that the calendar gives it."""
    written = [When(**{f"{path}__endswith": f"@{era.letter}"}, then=Value(era.name_ja)) for era in eras()]
    counted = [When(**{f"{path}__gte": era.starts_on.isoformat()}, then=Value(era.name_ja)) for era in reversed(eras())]
    return Case(*written, *counted, default=Value(""), output_field=CharField())


class _Behind(models.Func):
    """What stands behind the stroke in the stored text of a date: the words for what is not known."""

    function, template = "split_part", "%(function)s(%(expressions)s, '/', 2)"
    output_field = CharField()
