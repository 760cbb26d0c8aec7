"""A large made-up hand-over with planted errors, and the list of what must be found in it (測定用のデータ).

Nothing is real: names are of the ten stems, the municipality does not exist. Rows follow from the seed, so two runs
write the same bytes. One row in a thousand holds one planted error; ``truth`` gives code and row of each.
"""

import csv
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from municipal.conformance.packs import load
from municipal.core.numbers import RESIDENT_RECORD_CODE

HERE = Path(__file__).parent
PACK = HERE / "packs" / "handover" / "1"
SEED = 20_261_123
EVERY = 1_000
FIRST = date(1930, 1, 1)
STEMS = "甲乙丙丁戊己庚辛壬癸"
KANA = ("コウノ", "オツカワ", "ヘイダ", "テイヤマ", "ボザキ", "キムラ", "コウダ", "シンドウ", "ジンナイ", "キシタ")

Row = dict[str, str]


@dataclass(frozen=True)
class Planted:
    """One kind of error: the rule that must find it, and how a right row becomes wrong (仕込む誤り)."""

    code: str
    spoil: Callable[[Row], None]


def _set(**cells: str) -> Callable[[Row], None]:
    return lambda row: row.update(cells)


PLANTED = (
    Planted("ITEM-0001", _set(氏名="")),
    Planted("ITEM-0001", _set(処理年月日="")),
    Planted("ITEM-0002", _set(住民種別="1", 本籍="")),
    Planted("ITEM-0002", _set(住民状態="2", 消除の異動年月日="")),
    Planted("ITEM-0003", _set(住所_都道府県="見本県見本")),
    Planted("ITEM-0003", _set(操作者ID="operator-0001")),
    Planted("ITEM-0004", _set(氏名="甲野 一")),
    Planted("ITEM-0004", _set(氏名_フリガナ="ｺｳﾉ")),
    Planted("ITEM-0005", _set(住所_郵便番号="１００００１")),
    Planted("ITEM-0005", _set(選挙人名簿登録有無="2")),
    Planted("ITEM-0005", _set(記載順位="1.")),
    Planted("ITEM-0006", _set(生年月日="2023-02-29")),
    Planted("ITEM-0006", _set(異動年月日="2026/4/1")),
    Planted("ITEM-0006", _set(児童手当受給開始年月="2026-13")),
    Planted("ITEM-0006", _set(更新時刻="24:61")),
    Planted("ITEM-0006", _set(記録日時="2026-02-30T00:00:00+09:00")),
    Planted("ITEM-0007", _set(性別="9")),
    Planted("ITEM-0007", _set(続柄コード1="77")),
    Planted("ITEM-0008", _set(住民票コード="25208017644")),
    Planted("ITEM-0008", _set(転入前住所_市区町村コード="131017")),
    Planted("ITEM-0009", _set(備考="変換で\ufffd失われた")),
    Planted("KEY-0002", _set(世帯番号="999999999999999")),
)
DOUBLED = "KEY-0001"


def write(folder: Path, rows: int) -> Path:
    """Write people.csv, households.csv and truth.json for ``rows`` people, unless they are there (データの作成)."""
    done = folder / "truth.json"
    if done.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    random_ = random.Random(SEED)
    truth: list[tuple[str, int]] = []
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        # The order of the item list: a schema of the peer goes by position.
        writer = csv.DictWriter(file, [item.name_ja for item in load(PACK).items_of("people")], lineterminator="\n")
        writer.writeheader()
        for number, row in enumerate(_people(rows, random_)):
            _spoil(number, row, truth, random_)
            writer.writerow(row)
    with (folder / "households.csv").open("w", encoding="utf-8", newline="") as file:
        file.write("世帯番号,世帯住所\n")
        homes = range(rows * 2 // 5 + 1)
        file.writelines(f"{home:015d},見本県見本市本通一丁目{_wide(home)}\n" for home in homes)
    done.write_text(json.dumps(truth))
    return folder


def truth(folder: Path) -> set[tuple[str, int]]:
    """What must be found: code of the rule and row as a spreadsheet counts (正解)."""
    return {(code, row) for code, row in json.loads((folder / "truth.json").read_text())}


def _spoil(number: int, row: Row, truth: list[tuple[str, int]], random_: random.Random) -> None:
    if number % EVERY != EVERY // 2:
        return
    kind = random_.randrange(len(PLANTED) + 1)
    if kind == len(PLANTED):
        row["宛名番号"] = f"{number - 1:015d}"
        truth.append((DOUBLED, number + 2))
        return
    PLANTED[kind].spoil(row)
    truth.append((PLANTED[kind].code, number + 2))


def _wide(number: int) -> str:
    return str(number).translate({48 + digit: 0xFF10 + digit for digit in range(10)})


def _people(rows: int, random_: random.Random) -> Iterator[Row]:
    days = [(FIRST + timedelta(days=day)).isoformat() for day in range(35_000)]
    codes = [RESIDENT_RECORD_CODE.of(f"{9_990_000_000 + number:010d}") for number in range(2_000)]
    for number in range(rows):
        stem, born = random_.randrange(10), random_.randrange(30_000)
        is_foreign, is_gone = random_.random() < 0.03, random_.random() < 0.1
        came, gone = days[born + random_.randrange(5_000)], days[born + 4_999] if is_gone else ""
        yield {
            **_person(number, stem, days[born], codes[number % 2_000], random_.randrange(10)),
            **_stay(came, gone, is_foreign=is_foreign),
            **_origin(number, f"{STEMS[stem]}野", is_foreign=is_foreign),
            **_insurances(number, came),
        }


def _person(number: int, stem: int, born: str, code: str, given: int) -> Row:
    return {
        "市区町村コード": "372013",
        "宛名番号": f"{number:015d}",
        "世帯番号": f"{number * 2 // 5:015d}",
        "氏名": f"{STEMS[stem]}野　{STEMS[given]}子",
        "氏名_フリガナ": f"{KANA[stem]}　{KANA[given]}",
        "生年月日": born,
        "性別": "12"[number % 2],
        "住民票コード": code,
        "続柄表記": "世帯主" if number % 5 < 2 else "子",
        "続柄コード1": "02" if number % 5 < 2 else "20",
        "記載順位": str(number % 5 + 1),
        "住所_郵便番号": f"{number % 10_000_000:07d}",
        "住所_都道府県": "見本県",
        "住所_市区郡町村名": "見本市",
        "住所_町字": f"本通{STEMS[number % 10]}丁目",
        "住所_番地号表記": f"{_wide(number % 999 + 1)}番地{_wide(number % 9 + 1)}",
        "住所_方書": f"見本ハイツ{_wide(number % 300)}号" if number % 3 == 0 else "",
    }


def _stay(came: str, gone: str, *, is_foreign: bool) -> Row:
    return {
        "住民種別": "2" if is_foreign else "1",
        "住民状態": "2" if gone else "1",
        "住民となった年月日": came,
        "住所を定めた年月日": came,
        "異動年月日": came,
        "処理年月日": came,
        "記録日時": f"{came}T09:30:00+09:00",
        "消除の異動年月日": gone,
    }


def _origin(number: int, family: str, *, is_foreign: bool) -> Row:
    return {
        "転入前住所_市区町村コード": "131016" if number % 4 == 0 else "",
        "本籍": "" if is_foreign else f"見本県見本市青葉{_wide(number % 99 + 1)}番地",
        "戸籍_筆頭者": "" if is_foreign else f"{family}　太郎",
        "国籍名等": "見本国" if is_foreign else "",
        "在留資格": "永住者" if is_foreign else "",
        "在留期間の満了の日": "2030-03-31" if is_foreign else "",
    }


def _insurances(number: int, came: str) -> Row:
    return {
        "選挙人名簿登録有無": "1",
        "国保資格有無": "01"[number % 2],
        "介護資格有無": "0",
        "年金資格有無": "1",
        "国保資格取得年月日": came if number % 2 else "",
        "児童手当受給開始年月": "2020-04" if number % 7 == 0 else "",
        "操作者ID": f"op{number % 40:04d}",
        "最新フラグ": "1",
        "個人履歴番号": str(number % 9 + 1),
        "備考": "見本の備考（出張所で受付）" if number % 6 == 0 else "",
        "更新時刻": f"{number % 24:02d}:{number % 60:02d}",
    }
