"""Words spelt in two ways, documents with two names, names that slipped into another row (名称の矛盾)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from municipal.conformance.speclint.spec import Contradiction, Definition, Spec

WORDS = {
    "男女共用": "unisex",
    "男性": "male",
    "女性": "female",
    "和式": "japanese",
    "洋式": "western",
    "小便器": "urinal",
    "総数": "total",
    "緯度": "latitude",
    "経度": "longitude",
    "郵便番号": "postal",
    "電話番号": "telephone",
    "都道府県": "prefecture",
    "市区町村": "city",
    "開始": "start",
    "終了": "end",
    "画像": "picture",
    "備考": "remarks",
    "生年月日": "birth",
    "性別": "sex",
    "世帯": "household",
}
"""Japanese words whose English is settled: enough to see that a name belongs to another row (対訳)."""

_SHARED_ENDING = 10


def judge(specs: Sequence[Spec]) -> Iterator[Contradiction]:
    """All contradictions of naming inside and between these specifications (名称の矛盾)."""
    yield from words_have_one_romaji(specs)
    yield from documents_have_one_name(specs)
    for spec in specs:
        for table in spec.tables():
            yield from english_names_stand_in_their_row(table)


def words_have_one_romaji(specs: Sequence[Spec]) -> Iterator[Contradiction]:
    """One Japanese word is one romaji word, as the romaji is the name of the field (ローマ字の不一致).

    Names are compared part by part, as ``_`` separates them in both. An item with several field names is known by
    different ones on purpose and tells nothing.
    """
    spelt: dict[str, dict[str, list[str]]] = {}
    for d in (d for spec in specs for d in spec.definitions):
        fields = [alias for alias in d.item.aliases if re.fullmatch(r"[a-z][a-z0-9_]*", alias)]
        words, letters = d.name.split("_"), (fields[0] if len(fields) == 1 else "").split("_")
        if any(letters) and len(words) == len(letters):
            for word, letter in zip(words, letters, strict=True):
                spelt.setdefault(word, {}).setdefault(letter, []).append(d.place)
    for word, ways in spelt.items():
        if len(ways) > 1:
            said = "、".join(sorted(ways))
            yield Contradiction(
                "SPEC-0120",
                f"「{word}」のローマ字表記が一致しません（{said}）。",
                f"{word} is spelt in {len(ways)} ways: {said}.",
                tuple(dict.fromkeys(places[0] for places in ways.values())),
            )


def documents_have_one_name(specs: Sequence[Spec]) -> Iterator[Contradiction]:
    """A document in quotation brackets is cited by one name; two with the same long ending are one (引用文書名)."""
    cited: dict[str, str] = {}
    for d in (d for spec in specs for d in spec.definitions):
        for title in re.findall(r"「([^」]{8,})」", d.prose):
            cited.setdefault(title, d.place)
    for one, other in itertools.combinations(cited, 2):
        if one[-_SHARED_ENDING:] == other[-_SHARED_ENDING:]:
            yield Contradiction(
                "SPEC-0121",
                f"同じ文書と思われるものが二つの名称で引用されています（「{one}」「{other}」）。",
                f"What seems to be one document is cited by two names: {one}; {other}.",
                tuple(dict.fromkeys((cited[one], cited[other]))),
            )


def english_names_stand_in_their_row(table: Sequence[Definition]) -> Iterator[Contradiction]:
    """No English name fits the Japanese name of the row above or below instead of its own (名称の行ずれ)."""
    wanted = [_settled(d.name) for d in table]
    given = [{word.lower() for word in re.findall(r"[A-Z]?[a-z]+", d.item.name_en)} for d in table]
    for place, d in enumerate(table):
        if not given[place] or wanted[place] <= given[place]:
            continue
        for near in (place - 1, place + 1):
            is_better = 0 <= near < len(table) and wanted[place] <= given[near]
            if is_better and not wanted[near] <= given[near]:
                stray = table[near]
                yield Contradiction(
                    "SPEC-0122",
                    f"「{d.name}」の英語名「{d.item.name_en}」が合わず、隣の行の「{stray.item.name_en}」が合います。",
                    f"{d.item.name_en} does not fit {d.name}; {stray.item.name_en} of the next row does.",
                    (d.place, stray.place),
                )


def _settled(name: str) -> set[str]:
    """The English of the settled words in a name."""
    return {english for word, english in WORDS.items() if word in name}
