"""Classes, statuses and changes of nationality, row by row (国籍・在留区分の例の試験)."""

from datetime import date
from typing import Any

import pytest

from municipal.core.codes import table
from municipal.core.refusals import Refused
from municipal.residents.tests.acting import PLACE, act, day, member, newcomer_said, newest, people_of
from municipal.residents.tests.examples import rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("may")]
V1 = "resident-record/1.0"
ROWS = rows_of("nationality.csv")
ACTS = {
    "法第30条の46の届出": "article30_46", "帰化": "naturalisation", "国籍取得": "nationality_acquired",
    "国籍喪失": "nationality_lost",
}  # fmt: skip
KINDS = {"1": "日本人", "2": "外国人"}
KEPT = (
    "address_city", "address_lot", "born_on", "sex", "relationship", "resident_code", "addressee_id",
    "address_before_city", "address_set_on",
)  # fmt: skip


def code_of(name: str, table_name: str) -> str:
    return next((code.code for code in table(table_name).values() if code.name_ja == name), "")


def stay_of(row: dict[str, str]) -> dict[str, Any]:
    """What the row says of a residence status."""
    return {
        "article30_45_class": code_of(row["区分"], "article30_45"),
        "residence_status": code_of(row["在留資格"], "status_of_residence"),
        "residence_card_number": row["番号欄"], "landing_period": row["上陸期間"],
        "provisional_stay_period": row["仮滞在期間"], "nationality": row["国籍"],
        "stay_expires_on": date.fromisoformat(row["満了日"]) if row["満了日"] else None,
    }  # fmt: skip


def played(row: dict[str, str]) -> tuple[Any, Any]:
    """The person as the act found them, None for a newcomer, and as it left them."""
    name, stay = ACTS[row["異動"]], stay_of(row)
    if name == "article30_46":
        said = newcomer_said(row["氏名"], **stay, domicile="", register_head="")
        return None, people_of(act(name, people=(said,), place=PLACE))[0]
    if name == "nationality_lost":
        was = people_of(act("move_in", people=(newcomer_said(),)))[0]
        items = {"name": row["氏名"], **stay}
    else:
        foreign = {**stay, "domicile": "", "register_head": ""}
        said = newcomer_said("EXAMPLE ALICE", **foreign)
        came = {"prefecture": "見本県", "city": "見本市"}
        was = people_of(act("article30_46", people=(said,), place=PLACE, came_from=came))[0]
        items = {"name": row["氏名"], "domicile": row["本籍"], "register_head": row["氏名"] or "例示"}
    act(name, people=(member(was, **items),), event_on=day(2026, 5, 18), basis="family_register")
    return was, newest(was)


@pytest.mark.clause(
    f"{V1}#1.1.2/m3", f"{V1}#4.5.1/m1", f"{V1}#4.5.3/m2", f"{V1}#4.5.3/m3", f"{V1}#4.5.4/m2", f"{V1}#4.5.4/m3",
    f"{V1}#4.5.5/m2", f"{V1}#4.5.5/m3",
)  # fmt: skip
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["番号"])
def test_a_row_of_the_table_is_what_is_recorded_or_refused(town: int, row: dict[str, str]) -> None:
    if row["結果"] != "記載":
        with pytest.raises(Refused) as refused:
            played(row)
        assert refused.value.sentence % {name: str(text) for name, text in refused.value.values.items()} == row["結果"]
        return
    was, now = played(row)
    assert (KINDS[now.kind], now.status) == (row["種別"], "1")
    assert [str(now.became_resident_on or ""), str(now.became_foreign_resident_on or "")] == [
        row["住民となった日"], row["外国人住民となった日"],
    ]  # fmt: skip
    if row["種別"] == "日本人":
        assert (now.nationality, now.article30_45_class, now.residence_card_number, now.stay_expires_on) == (
            "", "", "", None,
        )  # fmt: skip
        assert now.domicile == row["本籍"]
    else:
        stay = stay_of(row)
        assert {name: getattr(now, name) for name in stay} == stay
    if row["残る項目"]:
        assert [getattr(now, name) for name in KEPT] == [getattr(was, name) for name in KEPT]


def test_the_table_has_sixty_rows_and_every_class() -> None:
    assert len(ROWS) >= 60
    assert {row["区分"] for row in ROWS} - {""} == {code.name_ja for code in table("article30_45").values()}
