"""Other systems are told of changes at once or within ten minutes, as the municipality chose (他業務連携の試験)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from municipal.addressees.models import Addressee, Protection
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.office.outbox import deliver_next
from municipal.residents.tests.acting import ACTS_ON, CHIEF, act, family, people_of
from municipal.transfer.models import ServiceState
from municipal.transfer.operations import change_linkage, is_due, linkage, take_in_services
from municipal.transfer.operations.linkage import changes_folder
from municipal.transfer.tasks import tell_changes_here

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, settings: object) -> None:
    settings.KIJUN_TRANSFER = tmp_path  # type: ignore[attr-defined]


def told() -> list[Path]:
    return sorted(changes_folder().glob("*")) if changes_folder().is_dir() else []


def deliver_all() -> None:
    while deliver_next():
        pass


@pytest.mark.clause("resident-record/1.0#7.2.3/m4")
def test_at_once_every_act_is_told_as_soon_as_it_is_delivered(town: int, may: None) -> None:
    change_linkage(actor=CHIEF, timing="at_once", minutes=5)
    with clock.stopped_at(ACTS_ON + timedelta(minutes=1)):
        people = people_of(act("move_in", people=family()))
        deliver_all()
    [folder] = told()
    text = (folder / "history.csv").read_text(encoding="utf-8")
    assert all(row.addressee.number in text for row in people)
    deliver_all()
    tell_changes_here(town)
    assert len(told()) == 1


@pytest.mark.clause("resident-record/1.0#7.2.3/m4")
def test_at_an_interval_nothing_is_told_before_it_has_passed(town: int, may: None) -> None:
    change_linkage(actor=CHIEF, timing="interval", minutes=10)
    for minutes, expected in ((1, False), (9, False), (10, True)):
        with clock.stopped_at(ACTS_ON + timedelta(minutes=minutes)):
            if minutes == 1:
                act("move_in", people=family())
                deliver_all()
            assert is_due(linkage()) is expected, minutes
    assert told() == []


def test_where_nothing_changed_nothing_is_told(town: int, may: None) -> None:
    act("move_in", people=family())
    with clock.stopped_at(ACTS_ON + timedelta(minutes=1)):
        change_linkage(actor=CHIEF, timing="at_once", minutes=5)
    with clock.stopped_at(ACTS_ON + timedelta(days=1)):
        assert not is_due(linkage())


@pytest.mark.parametrize("minutes", [0, 11, 600])
def test_an_interval_is_at_most_ten_minutes(town: int, may: None, minutes: int) -> None:
    with pytest.raises(Refused, match="10分"):
        change_linkage(actor=CHIEF, timing="interval", minutes=minutes)


def test_a_timing_that_is_none_is_refused(town: int, may: None) -> None:
    with pytest.raises(Refused, match="タイミング"):
        change_linkage(actor=CHIEF, timing="yearly", minutes=5)


@pytest.mark.clause("resident-record/1.0#7.2.3/m1")
def test_the_measure_goes_along_and_the_address_does_not(town: int, may: None) -> None:
    change_linkage(actor=CHIEF, timing="at_once", minutes=5)
    with clock.stopped_at(ACTS_ON + timedelta(minutes=1)):
        home = people_of(act("move_in", people=family()))
        Protection.objects.create(addressee=home[1].addressee, starts_on=clock.today())
        deliver_all()
    [folder] = told()
    measures = (folder / "support_measures.csv").read_text(encoding="utf-8")
    assert home[1].addressee.number in measures
    assert home[1].address_lot not in "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.csv"))


HEADING = "宛名番号,国保資格有無,国保資格取得年月日,選挙人名簿登録有無,児童手当受給開始年月"


@pytest.mark.clause("resident-record/1.0#7.2.2/m1")
def test_the_latest_that_other_services_say_is_kept_and_the_earlier_too(town: int, may: None) -> None:
    number = people_of(act("move_in", people=family()))[0].addressee.number
    for value in ("1", "0"):
        rows, found = take_in_services(
            actor=CHIEF, content=f"{HEADING}\n{number},{value},2026-05-01,1,2026-05\n".encode()
        )
        assert (rows, found) == (1, [])
    states = list(ServiceState.objects.order_by("pk").values_list("has_national_health_insurance", "is_voter"))
    assert states == [(True, True), (False, True)]


@pytest.mark.clause("resident-record/1.0#7.2.2/n1")
@pytest.mark.parametrize(
    "column",
    ["投票権の有無", "選挙人名簿登録年月日", "投票区", "国民健康保険被保険者証記号番号", "後期高齢者医療被保険者番号",
     "介護保険被保険者番号", "米穀の配給"],
)  # fmt: skip
def test_what_is_not_to_be_inquired_has_no_place(town: int, may: None, column: str) -> None:
    number = people_of(act("move_in", people=family()))[0].addressee.number
    rows, found = take_in_services(
        actor=CHIEF, content=f"宛名番号,国保資格有無,{column}\n{number},1,秘12345\n".encode()
    )
    assert rows == 1
    assert [(one.item, one.code) for one in found] == [(column, "IN-0020")]
    assert "秘12345" not in str(list(ServiceState.objects.values()))
    assert not any(column in str(field.verbose_name) for field in ServiceState._meta.fields)


@pytest.mark.parametrize(
    ("content", "code"),
    [("宛名番号,国保資格有無\n999999,1\n", "IN-0011"), ("宛名番号,国保資格有無\n{n},2\n", "IN-0004"),
     ("宛名番号,国保資格取得年月日\n{n},2026-02-30\n", "IN-0002"),
     ("宛名番号,基礎年金番号\n{n},12345678901\n", "IN-0001")],
)  # fmt: skip
def test_one_bad_row_and_none_is_taken(town: int, may: None, content: str, code: str) -> None:
    number = people_of(act("move_in", people=family()))[0].addressee.number
    rows, found = take_in_services(actor=CHIEF, content=content.replace("{n}", number).encode())
    assert (rows, [one.code for one in found]) == (0, [code])
    assert not ServiceState.objects.exists()


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", "宛名番号\n1\n".encode(), b"\xff\xfe\x00\x81", b'"\r\n' * 3])
def test_what_is_no_such_file_is_refused(town: int, may: None, content: bytes) -> None:
    with pytest.raises(Refused):
        take_in_services(actor=CHIEF, content=content)
    assert not Addressee.objects.filter(kind="non_resident").exists()


def test_the_clock_of_these_tests_is_a_day_of_work() -> None:
    assert datetime(2026, 5, 20, 10, tzinfo=clock.TOKYO) == ACTS_ON
