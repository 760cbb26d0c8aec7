"""The copy of a part of the register that the public may inspect (閲覧用台帳; resident-record/1.0#9.5).

Name, birth, sex and address, nothing else (住民基本台帳法 article 11 and 11-2). Protected people are never in it,
whatever is asked for: leaving them out is not left to whoever fills in the form.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from municipal.addressees.outputs import Purpose, address_for, prints_addresses
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Kind

from .answers import Answer, Row
from .cells import spoken
from .sampling import LONGEST_SEED, in_random_order
from .sources import source_of

HEADINGS = ("氏名", "生年月日", "性別", "住所")
FIELDS = ("name", "born_on", "sex", "address_block", "address_lot", "address_building")
ORDERS = {"address": _("住所順"), "kana": _("フリガナ順"), "random": _("ランダム順")}


@dataclass(frozen=True)
class Copying:
    """Of whom the copy is made, and in which order (閲覧用台帳の条件); empty fields mean everybody."""

    order: str = "address"
    seed: str = ""
    kind: str = ""
    blocks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self) | {"blocks": list(self.blocks)}


def read(kept: Mapping[str, Any]) -> Copying:
    """The conditions as they were kept (保存された条件)."""
    return Copying(**{**kept, "blocks": tuple(kept["blocks"])})


def check(asked: Copying) -> None:
    """Raises Refused for conditions that cannot be met (条件の点検)."""
    if asked.order not in ORDERS:
        raise Refused("並び順を一覧から選んでください。", field="order", code="no_such_order")
    if asked.kind not in ("", *Kind.values):
        raise Refused("日本人・外国人の別を一覧から選んでください。", field="kind", code="no_such_kind")
    refuse_unstorable(asked.seed, LONGEST_SEED, "seed")
    if asked.order == "random" and not asked.seed.strip():
        raise Refused("ランダム順にするときは、乱数の種を入力してください。", field="seed", code="no_seed")


@implements("resident-record/1.0#9.5/m1")
def copied(asked: Copying, *, hidden: Collection[int]) -> QuerySet[Any]:
    """The newest records of those in the copy, in its order (閲覧用台帳)."""
    check(asked)
    rows = source_of("residents").rows().exclude(addressee__in=list(hidden))
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.blocks:
        rows = rows.filter(address_block__in=asked.blocks)
    if asked.order == "random":
        return in_random_order(rows, asked.seed)
    first = ("address_block", "address_lot", "address_building", "household__number", "member_order")
    return rows.order_by(*(first if asked.order == "address" else ("name_kana", *first)), "addressee__number")


@implements("resident-record/1.0#9.5/m2")
@prints_addresses("extracts.inspection_copy", Purpose.EXPORT)
def answer(asked: Copying, *, hidden: Collection[int]) -> Answer:
    """The whole copy, to be written as a CSV or a PDF file (全件リスト)."""
    return Answer("住民基本台帳の一部の写し（閲覧用）", HEADINGS, _rows(copied(asked, hidden=hidden), hidden), FIELDS)


def _rows(rows: QuerySet[Any], hidden: Collection[int]) -> Iterator[Row]:
    sex = source_of("residents").item("性別")
    for row in rows.iterator(2_000):
        shown = address_for(Purpose.EXPORT, vars(row), "address", is_protected=row.addressee_id in hidden)
        said = row.born_on
        born_on = said.shown_gregorian() if row.kind == Kind.FOREIGN and said else spoken(said, None)
        yield Row((row.name, born_on, spoken(row.sex, sex), shown.text), (row.addressee_id,))
