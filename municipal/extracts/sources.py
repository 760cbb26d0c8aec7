"""Where staff may ask: views of the whole register, removed records and histories too (抽出のデータソース).

A source is virtual: a queryset over the tables of the register and a list of items. Nothing else can be reached.
Rows of people stand under their addressee id, so that whoever is shown counts as disclosed and whose address is
withheld is known. Tables of rooms beside this one are named, not imported: imports go down only.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee, LifeState
from municipal.core.clauses import implements
from municipal.core.codes import table
from municipal.core.refusals import Refused
from municipal.residents.exports import ITEMS
from municipal.residents.inquiry import latest
from municipal.residents.models import Household, Period, ResidentEvent, ResidentRecord

from .beside import TABLES, Table
from .items import Item, Kind, item_of, with_unknown


@dataclass(frozen=True)
class Source:
    """One data source (データソース).

    ``subject``: the path to the addressee's id, or empty where a row is about nobody in particular. ``subjects``: the
    path to an array of such ids. ``has_labels``: its rows hold an address to write to. ``permission``: besides the
    permission to extract.
    """

    code: str
    name: str
    rows: Callable[[], QuerySet[Any]]
    items: Mapping[str, Item]
    subject: str = ""
    subjects: str = ""
    has_labels: bool = False
    permission: str = ""

    def item(self, name: str) -> Item:
        """The item of that name. Raises Refused for one that this source does not have."""
        found = self.items.get(name)
        if found is None:
            raise Refused(
                "「%(name)s」という項目は、このデータソースにありません。項目の一覧から選んでください。",
                code="no_such_item", name=name[:60],
            )  # fmt: skip
        return found


def _named(items: Iterator[Item] | Sequence[Item]) -> dict[str, Item]:
    return {item.name: item for item in items}


def _record_items() -> Iterator[Item]:
    """Every item of a record, under the names that the register's own files have."""
    yield Item("市区町村コード", "municipality_id", Kind.NUMBER, length=6)
    yield Item("宛名番号", "addressee__number", Kind.TEXT, length=15)
    yield Item("世帯番号", "household__number", Kind.TEXT, length=15)
    yield from with_unknown(item_of(field) for field in ITEMS)
    is_removed = ~Q(status=LifeState.RESIDENT)
    yield Item("除票フラグ", "status", Kind.YES, derived=_truth(is_removed), is_coarse=True)
    sexes = [When(sex=code, then=Value(said.name_ja)) for code, said in table("sex").items()]
    written = Case(*sexes, default=Value(""), output_field=CharField())
    yield Item("性別表記", "sex", Kind.TEXT, length=2, derived=written, is_coarse=True)
    later = ResidentRecord.objects.filter(addressee=OuterRef("addressee"), serial__gt=OuterRef("serial"))
    yield Item("最新フラグ", "serial", Kind.YES, derived=_truth(~Exists(later)), is_coarse=True)


def _truth(condition: Any) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _newest() -> QuerySet[Any]:
    return ResidentRecord.objects.filter(pk__in=latest().values("pk"))


def _residents() -> QuerySet[Any]:
    return _newest().filter(status=LifeState.RESIDENT)


def _removed() -> QuerySet[Any]:
    return _newest().exclude(status=LifeState.RESIDENT)


def _households() -> QuerySet[Any]:
    """Households in which somebody lives now, with how many and of which kind."""
    here = Period.objects.filter(
        household=OuterRef("pk"), is_registered=True, valid__endswith__isnull=True, recorded__endswith__isnull=True
    )

    def counted(**which: Any) -> Any:
        found = here.filter(**which).order_by().values("household").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(found), 0)

    homes = Household.objects.annotate(
        members=counted(), foreigners=counted(record__kind="2"), heads=counted(is_head=True)
    )
    return homes.filter(members__gt=0)


def _household_items() -> Iterator[Item]:
    yield Item("世帯番号", "number", Kind.TEXT, length=15)
    yield Item("世帯員数", "members", Kind.NUMBER, is_coarse=True)
    yield Item("外国人住民の数", "foreigners", Kind.NUMBER, is_coarse=True)
    yield Item("世帯主の数", "heads", Kind.NUMBER, is_coarse=True)


EVENT_FIELDS = (
    "act", "basis", "event_on", "notified_on", "processed_on", "recorded_at", "notifier_name", "notifier_capacity",
    "identity_check", "document",
)  # fmt: skip


def _event_items() -> Iterator[Item]:
    yield from with_unknown(item_of(ResidentEvent._meta.get_field(name)) for name in EVENT_FIELDS)


def _addressee_items() -> Iterator[Item]:
    """Where to write to somebody is an address like any other: withheld with it."""
    hidden = ("mailing_", "forwarding_")
    left_out = {"id", "municipality_id"}
    fields = [field for field in Addressee._meta.fields if field.attname not in left_out]
    yield from with_unknown(item_of(field, is_withheld=field.attname.startswith(hidden)) for field in fields)


@implements(
    "resident-record/1.0#10.1/m1", "resident-record/1.0#10.1/m2", "resident-record/1.0#10.1/m4",
    "resident-record/1.0#10.1/m5", "resident-record/1.0#10.1/m6", "resident-record/1.0#10.1/m7",
    "resident-record/1.0#10.1/m8",
)  # fmt: skip
@cache
def sources() -> Mapping[str, Source]:
    """Every source by its code (データソースの一覧)."""
    records = _named(_record_items())
    found = [
        Source("residents", _("現在の住民"), _residents, records, "addressee_id", has_labels=True),
        Source("removed", _("除票"), _removed, records, "addressee_id"),
        Source("history", _("異動履歴（すべての履歴）"), ResidentRecord.objects.all, records, "addressee_id"),
        Source("households", _("世帯"), _households, _named(_household_items())),
        Source("events", _("異動の受付"), ResidentEvent.objects.all, _named(_event_items()), subjects="subjects"),
        Source("addressees", _("宛名"), Addressee.objects.all, _named(_addressee_items()), "id"),
    ]
    return {source.code: source for source in (*found, *map(_beside, TABLES))}


def _beside(table: Table) -> Source:
    items = [Item(name, path, Kind.TEXT, length=15) for name, path in (table.linked or {}).items()]
    if table.subject:
        number = table.subject.removesuffix("_id") + "__number"
        items.append(Item("宛名番号", number, Kind.TEXT, length=15))
    fields = (table.model._meta.get_field(name) for name in table.fields)
    items += with_unknown(item_of(field, is_withheld=field.attname in table.withheld) for field in fields)
    return Source(
        table.code, table.name, table.model._default_manager.all, _named(items), table.subject, table.subjects,
        permission=table.permission,
    )  # fmt: skip


def source_of(code: str) -> Source:
    """The source with that code. Raises Refused for none (データソースの照会)."""
    found = sources().get(code)
    if found is None:
        raise Refused("データソースを一覧から選んでください。", field="source", code="no_such_source")
    return found
