"""The vocabulary of differences, and how lines of two versions are paired (差分の語彙)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of change it is (変更の種類)."""

    ADDED = "added"
    REMOVED = "removed"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    RENUMBERED = "renumbered"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference (変更).

    ``subject`` is item, code or requirement; ``key`` names the thing as the new pack does, ``field`` the column that
    changed ("" for the whole line); ``old`` and ``new`` are what stood and stands there.
    """

    kind: Kind
    subject: str
    key: str
    field: str = ""
    old: str = ""
    new: str = ""

    @property
    def ja(self) -> str:
        """The change in Japanese (日本語の説明)."""
        what = f"{_SUBJECTS_JA[self.subject]}「{self.key}」"
        if self.kind in (Kind.ADDED, Kind.REMOVED):
            return f"{what}が{_KINDS_JA[self.kind]}されました。"
        return f"{what}の{_FIELDS_JA[self.field]}が{_KINDS_JA[self.kind]}されました（{_said(self, 'なし')}）。"

    @property
    def en(self) -> str:
        """The change in English (英語の説明)."""
        what = f"The {self.subject} {self.key}"
        if self.kind in (Kind.ADDED, Kind.REMOVED):
            return f"{what} was {self.kind}."
        return f"{what} was {self.kind} in {self.field} ({_said(self, 'nothing')})."


_SUBJECTS_JA = {"item": "項目", "code": "コード", "requirement": "要件"}
_KINDS_JA = {
    Kind.ADDED: "追加",
    Kind.REMOVED: "削除",
    Kind.TIGHTENED: "厳格化",
    Kind.LOOSENED: "緩和",
    Kind.RENUMBERED: "付番変更",
    Kind.REWORDED: "文言変更",
}
_FIELDS_JA = {
    "item": "項目ID",
    "name_ja": "名称",
    "type": "データ型",
    "max_length": "桁数",
    "decimals": "小数桁数",
    "codes": "コード",
    "number": "検査数字",
    "presence": "出力条件",
    "column": "実装類型",
    "condition": "条件の文",
    "description": "説明",
    "may_be_unknown": "不詳の許容",
    "code": "コード値",
    "validity": "有効期間",
    "clause": "条項番号",
    "level": "必須の度合い",
    "omit": "省略の可否",
    "summary_ja": "内容",
}


def _said(change: Change, nothing: str) -> str:
    return f"{change.old or nothing} → {change.new or nothing}"


def both(subject: str, key: str, field: str, old: str, new: str, *, tightens: bool, loosens: bool) -> Iterator[Change]:
    """A change that is stricter, looser, both, or neither (厳格化と緩和)."""
    if tightens:
        yield Change(Kind.TIGHTENED, subject, key, field, old, new)
    if loosens:
        yield Change(Kind.LOOSENED, subject, key, field, old, new)


def matched(
    old: Sequence[Any], new: Sequence[Any], keys: Sequence[Callable[[Any], Hashable]]
) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Pairs that share a key, the surest key first; what is left of the old and of the new (対応付け)."""
    pairs = []
    gone, come = list(old), list(new)
    for key in keys:
        waiting = {key(line): line for line in reversed(come) if key(line) is not None}
        for line in tuple(gone):
            if found := waiting.pop(key(line), None):
                pairs.append((line, found))
                gone.remove(line)
                come.remove(found)
    order = {id(line): place for place, line in enumerate(new)}
    return sorted(pairs, key=lambda pair: order[id(pair[1])]), gone, come
