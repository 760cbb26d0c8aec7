"""Every item that a foreign resident's record has, as the standard lists them (外国人住民の項目の試験)."""

import pytest

from municipal.residents.models import Kind
from municipal.residents.shown import labels, written
from municipal.residents.tests.acting import day

V1 = "resident-record/1.0"
ITEMS = [
    "氏名_外国人漢字", "氏名_外国人ローマ字", "通称", "通称を記載した年月日", "通称を記載した市区町村",
    "通称を削除した年月日", "通称を削除した市区町村", "通称を記載した市区町村コード", "通称を削除した市区町村コード",
    "生年月日", "性別", "世帯主氏名", "続柄表記", "住所を定めた年月日", "住所_町字", "住所_方書", "異動届出年月日",
    "転入前住所_町字", "転入前住所_国外住所", "国保資格有無", "国保資格取得年月日", "国保資格喪失年月日",
    "後期高齢資格有無", "介護資格有無", "年金資格有無", "基礎年金番号", "年金資格種別", "年金種別変更年月日",
    "児童手当受給開始年月", "児童手当受給終了年月", "住民票コード", "外国人住民となった年月日",
    "旧外登法による登録年月日", "国籍名等", "第30条45規定区分", "在留資格等コード", "在留期間等コード_年",
    "在留期間等コード_月", "在留期間等コード_日", "在留期間の満了の日", "在留カード等番号", "上陸期間", "仮滞在期間",
    "消除の事由", "転出先住所（予定）_町字", "転出予定年月日", "世帯番号", "記載順位", "住民状態", "住民種別",
    "氏名_フリガナ", "氏名_フリガナ確認状況", "通称_フリガナ", "通称_フリガナ確認状況", "住所_町字コード",
    "住所_郵便番号", "転入前住所_町字コード", "転入前住所_郵便番号", "最終登録住所地", "住居地の届出の有無",
    "上陸許可証による転入の旨", "個人番号カード発行有無", "成年被後見人_該当有無", "処理年月日",
    "署名用電子証明書シリアル番号", "利用者証明用電子証明書シリアル番号", "氏名優先区分",
]  # fmt: skip


@pytest.mark.clause(f"{V1}#1.1.2/m1")
@pytest.mark.parametrize("item", ITEMS)
def test_the_record_has_the_item(item: str) -> None:
    assert item in labels().values()


@pytest.mark.clause(f"{V1}#1.1.2/m2", f"{V1}#1.1.2/m3")
def test_birth_and_end_of_stay_are_written_in_western_years_and_only_of_foreigners() -> None:
    born, ends = day(1990, 5, 6), day(2028, 4, 1).date
    assert written("born_on", born, kind=Kind.FOREIGN) == "1990年5月6日"
    assert written("stay_expires_on", ends, kind=Kind.FOREIGN) == "2028年4月1日"
    assert written("born_on", born, kind=Kind.JAPANESE) == "平成2年5月6日"
    assert written("became_foreign_resident_on", born, kind=Kind.FOREIGN) == "平成2年5月6日"
