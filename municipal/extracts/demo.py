"""Questions that the clerk of a made-up town has kept and shared, to learn from (研修用の抽出条件)."""

from municipal.identity.models import Staff

from .models import SavedQuery
from .operations import save_query
from .queries import Column, Order, Query

SAMPLES = {
    "敬老会の案内（75歳以上）": Query(
        "residents",
        (Column("[宛名番号]"), Column("[氏名]"), Column("[氏名_フリガナ]"), Column("[生年月日]"),
         Column("AGE([生年月日])", "年齢"), Column("[住所_町字]"), Column("[住所_番地号表記]")),
        "AGE([生年月日]) >= 75", (Order("[氏名_フリガナ]"),),
    ),
    "来年度に小学校へ入る児童": Query(
        "residents",
        (Column("[宛名番号]"), Column("[氏名]"), Column("[生年月日]"), Column("[世帯主氏名]"), Column("[住所_町字]")),
        # Whoever is born on 1 April reaches an age at the end of 31 March, and goes to school a year earlier.
        "YEAR([生年月日]) - IF(MONTH([生年月日]) * 100 + DAY([生年月日]) <= 401, 1, 0)"
        " = YEAR(TODAY()) - IF(MONTH(TODAY()) < 4, 1, 0) - 6",
    ),
    "町字別・男女別の人口": Query("residents", groups=(Column("[住所_町字]"),), across="[性別]", measure="count"),
    "世帯人員別の世帯数": Query("households", groups=(Column("[世帯員数]"),), measure="count"),
    "今年の異動（事由別）": Query(
        "history", where="YEAR([処理年月日]) = YEAR(TODAY())", groups=(Column("[異動事由]"),),
        across="MONTH([処理年月日])", measure="count",
    ),
    "最終登録住所地が空欄の除票": Query(
        "removed", (Column("[宛名番号]"), Column("[氏名]"), Column("[消除の事由]"), Column("[消除の異動年月日]")),
        "ISBLANK([最終登録住所地])", (Order("[消除の異動年月日]", True),),
    ),
}  # fmt: skip
"""The questions by their names."""


def keep_samples(owner: Staff) -> int:
    """Keep what ``owner`` has not kept yet; returns how many (研修用の抽出条件の保存)."""
    there = set(SavedQuery.objects.filter(owner=owner).values_list("name", flat=True))
    wanted = {name: query for name, query in SAMPLES.items() if name not in there}
    for name, query in wanted.items():
        save_query(actor=owner, name=name, query=query, is_shared=True)
    return len(wanted)
