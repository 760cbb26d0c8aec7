"""What the cells of official tables mean: types, lengths, references to codes, values named in prose (セルの解釈)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from municipal.conformance.workbooks.sheets import plain

_ITEM_TYPES = {"X": "X", "N": "N", "9": "9", "9V": "9V", "S9": "S9", "BLOB": "BLOB", "YEAR": "YEAR", "DATE": "DATE"}

TYPE_WORDS: Mapping[str, str] = MappingProxyType(
    {**_ITEM_TYPES, "TIME": "TIME", "X,N混在": "XN", "X、N混在": "XN", "X・N混在": "XN", "XN混在": "XN", "XN": "XN"}
)
"""Type words in plain form and the types of a pack (データ型の語)."""

STRUCTURES: Mapping[str, str] = MappingProxyType({"構造化": "object", "配列構造化": "array", "配列": "array", "-": ""})
"""Type words of parts of a message that hold no value themselves (構造の語)."""

PRESENCE_WORDS: Mapping[str, str] = MappingProxyType(
    {"必須": "required", "条件付き必須": "conditional", "条件付必須": "conditional", "任意": "optional", "": "optional"}
)

CIRCLES = frozenset("○〇◯◎●")
"""Marks that say yes; three characters look the same and all are in use (丸印)."""


def is_circled(text: str) -> bool:
    """Whether the cell holds a mark that says yes (丸印か)."""
    return plain(text) in CIRCLES


def length_of(text: str, type_: str) -> tuple[int | None, int | None]:
    """The greatest number of characters and of decimals; raises ValueError for what is no length (桁数).

    ``n,m`` of a 9V has up to n digits before the point and m behind it: n + m digits, m of them decimals.
    """
    written = plain(text).replace("、", ",")
    if written in {"", "-", "ー"}:
        return None, None
    if type_ == "9V" and (parts := re.fullmatch(r"(\d+),(\d+)", written)):
        whole, decimals = int(parts[1]), int(parts[2])
        return whole + decimals, decimals or None
    if re.fullmatch(r"\d+", written):
        return int(written), None
    raise ValueError(text)


def list_name(text: str, business: str = "") -> str:
    """The name of a code list: ``002`` and 2 are ``2``; a list of another business is ``business:2`` (コード一覧名)."""
    written = plain(text)
    found = re.fullmatch(r"(.*?)[_:‐\-]?(\d+)", written)
    if found is None:
        return written
    owner = found[1] or plain(business)
    return f"{owner}:{int(found[2])}" if owner else str(int(found[2]))


def named_values(text: str) -> list[tuple[str, str]]:
    """The values that a description lists itself, ``（0：無、1：有）``; its end may lack the bracket (説明中の値)."""
    for listed in re.findall(r"[（(]([0-9０-９]+[：:].*?)(?:[）)]|$)", text, re.DOTALL):
        values = [re.fullmatch(r"\s*([0-9０-９]+)[：:](.+)", part, re.DOTALL) for part in re.split("[、,，]", listed)]
        if len(values) > 1 and all(values):
            return [(unicodedata.normalize("NFKC", value[1]), value[2].strip()) for value in values if value]
    return []


def conditions_in(*texts: str) -> tuple[str, ...]:
    """The lines that begin with two reference marks: when a conditional item must be there (出力条件の文)."""
    lines = (line.strip() for text in texts for line in text.splitlines())
    return tuple(line.lstrip("※").strip() for line in lines if line.startswith("※※"))


def allows_unknown_days(text: str) -> bool:
    """Whether the description lets a date be unknown; the legend forbids it elsewhere (不詳日の許容)."""
    return bool(re.search(r"不詳日を(?:許容|認め)(?!しない|ない)", text))


def checked_number(name: str, text: str) -> str:
    """The kind of checked number that an item is said to hold, "" if none (検査数字のある番号)."""
    if "全国地方公共団体コード" in text and "6" in plain(text):
        return "local_government_code"
    return "individual_number" if name == "個人番号" and "番号法" in text else ""


def samples_in(text: str) -> list[str]:
    """The values that a sample cell gives: without quotation marks and labels, one per line (サンプル値)."""
    lines = text.strip().strip("\"”“'").splitlines()
    return [value for line in lines if (value := re.sub(r"^・[^：]*：", "", line.strip()))]
