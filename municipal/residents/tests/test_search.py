"""The one search box, and the wall it works behind (検索の試験)."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.residents.models import ResidentRecord, SearchKey
from municipal.residents.search import LIMIT, find
from municipal.residents.tests.people import newcomer


def named(name: str, kana: str, **items: Any) -> ResidentRecord:
    family, given = name.split("　")
    family_kana, given_kana = kana.split("　")
    return newcomer(
        valid_from=date(2025, 4, 1), name=name, family_name=family, given_name=given, name_kana=kana,
        family_kana=family_kana, given_kana=given_kana, **items,
    )  # fmt: skip


@pytest.mark.clause("resident-record/1.0#2.1.2/m1")
@pytest.mark.parametrize(
    ("name", "kana", "query"),
    [
        ("甲野　花子", "コウノ　ハナコ", "コウノハナコ"),
        ("甲野　花子", "コウノ　ハナコ", "こうの はなこ"),
        ("甲野　花子", "コウノ　ハナコ", "ｺｳﾉ"),
        ("甲野　花子", "コウノ　ハナコ", "コオノ"),
        ("甲野　花子", "コウノ　ハナコ", "コーノ"),
        ("甲野　花子", "コウノ　ハナコ", "ハナコ"),
        ("甲野　花子", "コウノ　ハナコ", "ハ"),
        ("甲野　花子", "コウノ　ハナコ", "甲野花子"),
        ("甲野　花子", "コウノ　ハナコ", "甲野　花子"),
        ("甲野　花子", "コウノ　ハナコ", "花子"),
        ("甲野　花子", "コウノ　ハナコ", "野花"),
        ("甲津　ヂヅ", "コウヅ　ヂヅ", "ジズ"),
        ("甲津　万作", "コウヅ　マンサク", "コウズ"),
        ("髙田　乙", "タカダ　オト", "高田"),
        ("高田　乙", "タカダ　オト", "髙田"),
        ("𠮷田　丙", "ヨシダ　ヘイ", "吉田"),
        ("渡邉󠄃　丁", "ワタナベ　テイ", "渡辺"),
        ("甲　一葉", "キノエ　ヒトハ", "キノ"),
    ],
)
def test_a_name_is_found_however_it_is_typed(town: int, name: str, kana: str, query: str) -> None:
    named("乙川　別人", "オツカワ　ベツジン")
    wanted = named(name, kana)
    assert wanted.addressee_id in find(query).addressees


def test_who_sounds_as_typed_stands_before_who_only_resembles_it(town: int) -> None:
    resembling = named("市川　一", "イチカワ　ハジメ")
    sounding = named("石川　一", "イシカワ　ハジメ")
    assert find("イシカワ").addressees == (sounding.addressee_id, resembling.addressee_id)


@pytest.mark.parametrize(
    "query", ["3600401", "S60.4.1", "昭和60年4月1日", "19850401", "1985-04-01", "１９８５０４０１"]
)
def test_a_birth_date_finds_by_era_and_by_year(town: int, query: str) -> None:
    wanted = named("甲野　花子", "コウノ　ハナコ", born_on=RegisterDate(1985, 4, 1))
    named("乙川　次郎", "オツカワ　ジロウ", born_on=RegisterDate(1985, 4, 2))
    assert find(query).addressees == (wanted.addressee_id,)


def test_the_last_day_of_an_era_is_found_however_it_was_written(town: int) -> None:
    by_old_era = named("甲野　明", "コウノ　アキラ", born_on=RegisterDate.entered("明治45年7月30日"))
    assert find("1450730").addressees == (by_old_era.addressee_id,)
    assert find("19120730").addressees == (by_old_era.addressee_id,)


def test_a_number_finds_a_person_or_a_household_in_stored_order(town: int) -> None:
    head = named("甲野　太郎", "コウノ　タロウ", member_order=1)
    child = named(
        "甲野　一", "コウノ　ハジメ", household=head.household, is_head=False, relationship="子", member_order=2
    )
    assert find(head.addressee.number).addressees[0] == head.addressee_id
    # The two kinds of numbers are separate series: one number may be a person's and a household's.
    assert {head.addressee_id, child.addressee_id} <= set(find(head.household.number).addressees)


def test_the_resident_code_finds_only_for_who_may_see_it(town: int) -> None:
    wanted = named("甲野　花子", "コウノ　ハナコ", resident_code="99900000010")
    assert find("99900000010").addressees == ()
    assert find("99900000010", may_use_resident_code=True).addressees == (wanted.addressee_id,)


def test_at_most_fifty_are_given_and_it_says_so(town: int) -> None:
    for index in range(LIMIT + 1):
        named(f"甲野　花子{index}", "コウノ　ハナコ")
    hits = find("コウノ")
    assert (len(hits.addressees), hits.is_cut) == (LIMIT, True)


@pytest.mark.parametrize("query", ["%", "_", "\\", "コ%ノ", "甲_花", "ー", "'; DROP TABLE residents_searchkey; --"])
def test_signs_of_the_query_language_are_letters_like_any_other(town: int, query: str) -> None:
    named("甲野　花子", "コウノ　ハナコ")
    assert find(query).addressees == ()


@pytest.mark.parametrize("query", ["", "  ", "　", "a\0b", "x" * 10_000, "\ud800", "甲\u202e野", "甲\n野"])
def test_what_no_register_could_hold_is_refused_with_a_sentence(town: int, query: str) -> None:
    with pytest.raises(Refused) as refused:
        find(query)
    assert refused.value.field == "q"
    assert refused.value.sentence.endswith("。")


def test_nobody_of_another_town_is_found(committed_db: str) -> None:
    with wall.within(OTHER_TOWN):
        stranger = named("甲野　花子", "コウノ　ハナコ")
        number = stranger.addressee.number
    with wall.within(TOWN):
        for query in ("コウノ", "甲野", "19850401", number, stranger.household.number):
            assert find(query).addressees == ()


def test_the_search_function_itself_keeps_the_wall_and_gives_ids_only(committed_db: str) -> None:
    with wall.within(OTHER_TOWN):
        named("甲野　花子", "コウノ　ハナコ")
    statement = "SELECT * FROM kijun_search_names('k', 'コノ', 'コウノ', 51)"
    with wall.within(TOWN), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.fetchall() == []
        assert [column.name for column in cursor.description or ()] == ["addressee_id", "by_current_name"]
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert wall.is_no_municipality(refused.value)


def test_the_role_of_the_search_function_reads_keys_and_nothing_else(committed_db: str, cluster: object) -> None:
    query = """
        SELECT c.relname, privilege_type FROM information_schema.role_table_grants g JOIN pg_class c
        ON c.relname = g.table_name WHERE g.grantee = 'kijun_search'
    """
    with cluster.postgresql.superuser(committed_db) as connection:  # type: ignore[attr-defined]
        assert connection.execute(query).fetchall() == [("residents_searchkey", "SELECT")]
        role = connection.execute("SELECT rolcanlogin, rolbypassrls FROM pg_roles WHERE rolname = 'kijun_search'")
        assert role.fetchone() == (False, False)
        definers = connection.execute(
            "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace "
            "JOIN pg_roles r ON r.oid = proowner WHERE prosecdef AND nspname = 'public' AND rolname = 'kijun_search'"
        ).fetchall()
        assert definers == [("kijun_search_names",)]


def test_search_keys_of_a_name_are_few(town: int) -> None:
    person = named("甲野　花子", "コウノ　ハナコ")
    assert SearchKey.objects.filter(addressee=person.addressee).count() <= 6
