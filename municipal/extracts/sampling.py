"""Drawing people at random by sex, birth, district, number and nationality (無作為抽出; resident-record/1.0#9.6).

The order is that of a keyed digest of seed and addressee number, so that whoever knows the seed can draw again and
sees that nobody chose. Protected people are never drawn: what is drawn is written to, or handed out.
"""

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import BinaryField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Concat, Left

from municipal.addressees.outputs import Purpose, address_for, prints_addresses
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Kind, ResidentRecord

from .answers import Answer, Label, Row
from .cells import plain, spoken
from .items import Item
from .sources import source_of

MOST = 100_000
LONGEST_SEED = 32
ITEMS = (
    "宛名番号", "氏名", "氏名_フリガナ", "性別", "生年月日", "生年月日_不詳表記", "住民種別", "住所_郵便番号",
    "住所_町字", "住所_番地号表記", "住所_方書",
)  # fmt: skip


@dataclass(frozen=True)
class Sampling:
    """Among whom is drawn, how many, and with which seed (無作為抽出の条件).

    Empty ``sex`` and ``kind`` mean everybody; ``blocks`` are town areas, all if none. Somebody whose birth date is
    not known whole is in no range of births.
    """

    size: int
    seed: str
    sex: str = ""
    kind: str = ""
    born_from: date | None = None
    born_to: date | None = None
    blocks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        said = asdict(self)
        return said | {
            name: said[name].isoformat() if said[name] else "" for name in ("born_from", "born_to")
        } | {"blocks": list(self.blocks)}  # fmt: skip


def read(kept: Mapping[str, Any]) -> Sampling:
    """The conditions as they were kept (保存された条件)."""
    days = {name: date.fromisoformat(kept[name]) if kept[name] else None for name in ("born_from", "born_to")}
    return Sampling(**{**kept, **days, "blocks": tuple(kept["blocks"])})


def new_seed() -> str:
    """A seed that nobody chose (乱数の種)."""
    return secrets.token_hex(8)


def blocks(*, hidden: Collection[int]) -> list[str]:
    """The town areas in which somebody lives, as one may choose among them (町字).

    An area where only protected people live is not among them: the choice itself would tell where they are.
    """
    rows = source_of("residents").rows().exclude(addressee__in=list(hidden))
    return list(rows.order_by("address_block").values_list("address_block", flat=True).distinct())


def check(asked: Sampling) -> None:
    """Raises Refused for conditions that cannot be met (条件の点検)."""
    if not 1 <= asked.size <= MOST:
        raise Refused("抽出する人数は1人から%(most)d人までです。", field="size", code="bad_size", most=MOST)
    refuse_unstorable(asked.seed, LONGEST_SEED, "seed")
    if not asked.seed.strip():
        raise Refused("乱数の種を入力してください。", field="seed", code="no_seed")
    if asked.born_from and asked.born_to and asked.born_from > asked.born_to:
        raise Refused("生年月日の範囲が逆です。", field="born_to", code="bad_range")
    if asked.sex not in ("", "0", "1", "2"):
        raise Refused("性別を一覧から選んでください。", field="sex", code="no_such_sex")
    if asked.kind not in ("", *Kind.values):
        raise Refused("日本人・外国人の別を一覧から選んでください。", field="kind", code="no_such_kind")


@implements("resident-record/1.0#9.6/m1")
def drawn(asked: Sampling, *, hidden: Collection[int]) -> QuerySet[ResidentRecord]:
    """The newest records of those who are drawn, in the order of the draw (無作為抽出).

    ``hidden``: addressees of whom anything is withheld; they are not drawn. Raises Refused for bad conditions.
    """
    check(asked)
    rows = among(asked).exclude(addressee__in=list(hidden))
    return in_random_order(rows, asked.seed)[: asked.size]


def in_random_order(rows: QuerySet[Any], seed: str) -> QuerySet[Any]:
    """Rows of people in the order of a seed (ランダム順位)."""
    lot = Func(
        Concat(Value(f"{seed}\n"), F("addressee__number")), template="sha256(convert_to(%(expressions)s, 'UTF8'))",
        output_field=BinaryField(),
    )  # fmt: skip
    found: QuerySet[Any] = rows.annotate(lot=lot).order_by("lot", "addressee__number")
    return found


def among(asked: Sampling) -> QuerySet[Any]:
    """Everybody who fits, before anything is drawn (抽出の母集団)."""
    rows = source_of("residents").rows()
    for name in ("sex", "kind"):
        if said := getattr(asked, name):
            rows = rows.filter(**{name: said})
    if asked.blocks:
        rows = rows.filter(address_block__in=asked.blocks)
    if asked.born_from or asked.born_to:
        # The stored text sorts by what is known; a date with unknown parts is in no range.
        rows = rows.exclude(Q(born_on="") | Q(born_on__contains="/")).annotate(born=Left("born_on", 10))
        if asked.born_from:
            rows = rows.filter(born__gte=asked.born_from.isoformat())
        if asked.born_to:
            rows = rows.filter(born__lte=asked.born_to.isoformat())
    return rows


def answer(asked: Sampling, *, hidden: Collection[int], is_spoken: bool) -> Answer:
    """The list of those who are drawn (抽出結果)."""
    items = [source_of("residents").item(name) for name in ITEMS]
    return Answer("無作為抽出", ITEMS, _rows(drawn(asked, hidden=hidden), items, is_spoken), _fields(items))


def _fields(items: list[Item]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.path for item in items))


def _rows(rows: QuerySet[Any], items: list[Item], is_spoken: bool) -> Iterator[Row]:
    named = {
        f"i{place}": item.derived if item.derived is not None else F(item.path) for place, item in enumerate(items)
    }
    for whom, *values in rows.annotate(**named).values_list("addressee_id", *named).iterator(2_000):
        cells = (spoken(value, item) if is_spoken else plain(value) for value, item in zip(values, items, strict=True))
        yield Row(tuple(cells), (whom,))


@prints_addresses("extracts.labels", Purpose.MAIL)
def labels(rows: QuerySet[Any], *, hidden: Collection[int]) -> Iterator[Label]:
    """A label for everybody whose address may be written; who may not gets none (宛名シール)."""
    for row in rows.select_related("addressee").iterator(2_000):
        shown = address_for(Purpose.MAIL, vars(row), "address", is_protected=row.addressee_id in hidden)
        if not shown.is_withheld:
            yield Label(shown.postal_code, shown.text, row.name, row.addressee.number, row.addressee_id)
