"""Where a paper about somebody goes, as far as no register of residents is needed (送付先の判定の試験)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.mailing import Delivery, chosen, deliveries
from municipal.addressees.models import Addressee, LifeState, Recipient, RecipientKind
from municipal.addressees.operations import Redirection, end_recipient, protect, register_recipient
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.municipalities import wall

CLERK = System(actor_kind="staff", actor_id=1)
FIRST = date(2026, 4, 1)
HOME = {"prefecture": "見本県", "city": "見本市", "block": "本通", "lot": "２番地", "postal_code": "0000401"}
THERE = {
    "prefecture": "別県",
    "city": "別市",
    "block": "栗町",
    "lot": "７",
    "building": "栗荘２０３",
    "postal_code": "0000777",
}


def payer(number: str = "1", kind: str = "non_resident", **said: Any) -> Addressee:
    home = {f"mailing_{part}": value for part, value in HOME.items()}
    return Addressee.objects.create(number=number, kind=kind, **{"name": "乙田　一", **home, **said})


def said(kind: str = "other_address", **what: Any) -> Redirection:
    name = "" if kind == "other_address" else "丙山　澪"
    return Redirection(**{"kind": kind, "address": THERE, "first_day": FIRST, "name": name, **what})


def named(owner: Addressee, kind: str = "other_address", **what: Any) -> Recipient:
    return register_recipient(actor=CLERK, addressee=owner, said=said(kind, **what))


def sent(owner: Addressee, **asked: Any) -> Delivery:
    return deliveries([owner.pk], **asked)[owner.pk]


def test_a_non_resident_is_written_to_where_the_directory_says(town: int) -> None:
    assert sent(payer()) == Delivery("乙田　一", "", "0000401", ("見本県見本市本通２番地",), "", is_withheld=False)


def test_a_forwarding_address_comes_before_the_usual_one(town: int) -> None:
    moved = payer(forwarding_city="転送市", forwarding_block="楓町", forwarding_postal_code="0000999")
    assert (sent(moved).postal_code, sent(moved).lines) == ("0000999", ("転送市楓町",))


def test_a_corporation_abroad_is_written_to_abroad(town: int) -> None:
    abroad = {
        "mailing_prefecture": "",
        "mailing_city": "",
        "mailing_block": "",
        "mailing_lot": "",
        "mailing_postal_code": "",
    }
    company = payer(
        kind="corporation", name="Made-up Ltd.", mailing_country="英国", mailing_abroad="1 Invented Street, Nowhere",
        **abroad,
    )  # fmt: skip
    found = sent(company)
    assert (found.recipient, found.honorific, found.lines) == (
        "Made-up Ltd.",
        "御中",
        ("英国 1 Invented Street, Nowhere",),
    )
    assert found.postal_code == ""


def test_a_very_long_address_is_given_whole(town: int) -> None:
    far = payer(mailing_block="長" * 120, mailing_lot="９" * 50, mailing_building="棟" * 300)
    assert sent(far).lines == (f"見本県見本市{'長' * 120}{'９' * 50}", "棟" * 300)


def test_who_has_no_address_is_no_delivery_but_a_problem(town: int) -> None:
    nowhere = payer(**{f"mailing_{part}": "" for part in HOME})
    found = sent(nowhere, office="税務課")
    assert (found.lines, found.is_withheld, found.problem) == ((), False, "no_address")
    assert found.care_of == "税務課で保管します"


def test_a_protected_payer_is_handed_the_paper_at_the_counter(town: int) -> None:
    hidden = payer()
    protect(actor=CLERK, addressee=hidden, starts_on=FIRST, ends_on=None, is_own=True)
    found = sent(hidden, office="税務課")
    assert found == Delivery("乙田　一", "", "", (), "税務課の窓口でお渡しします", is_withheld=True)
    assert sent(hidden).care_of == "窓口でお渡しします"


def test_a_protected_payer_is_written_to_only_where_they_said_it_is_safe(town: int) -> None:
    hidden = payer()
    protect(actor=CLERK, addressee=hidden, starts_on=FIRST, ends_on=None, is_own=True)
    unsafe = named(hidden)
    assert sent(hidden).is_withheld
    end_recipient(actor=CLERK, recipient=unsafe.pk, last_day=None)
    named(hidden, is_safe_for_protected=True)
    assert sent(hidden).lines == ("別県別市栗町７", "栗荘２０３")
    assert not sent(hidden).is_withheld


def test_another_address_alone_keeps_the_name_and_a_name_says_whose_paper_it_is(town: int) -> None:
    one, two = payer(), payer("2")
    named(one)
    named(two, name="丙山　澪")
    assert (sent(one).recipient, sent(one).role) == ("乙田　一", "")
    assert (sent(two).recipient, sent(two).role) == ("丙山　澪", "（乙田　一 様分）")


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("tax_agent", "納税管理人（乙田　一 様分）"),
        ("guardian", "法定代理人（乙田　一 様分）"),
        ("heirs", "相続人代表者（故 乙田　一 様分）"),
    ],
)
def test_who_receives_instead_is_named_with_the_role(town: int, kind: str, role: str) -> None:
    owner = payer()
    named(owner, kind)
    found = sent(owner)
    assert (found.recipient, found.role, found.postal_code) == ("丙山　澪", role, "0000777")


def test_a_recipient_for_one_fee_comes_before_one_for_all(town: int) -> None:
    owner = payer()
    named(owner, name="すべて")
    named(owner, name="固定資産税だけ", subject="902")
    assert sent(owner).recipient == sent(owner, subject="905").recipient == "すべて"
    assert sent(owner, subject="902").recipient == "固定資産税だけ"


def test_a_recipient_holds_from_the_first_to_the_last_day(town: int) -> None:
    owner = payer()
    named(owner, name="丙山　澪", last_day=date(2026, 9, 30))
    days = (date(2026, 3, 31), FIRST, date(2026, 9, 30), date(2026, 10, 1))
    assert [sent(owner, on=day).recipient for day in days] == ["乙田　一", "丙山　澪", "丙山　澪", "乙田　一"]


def test_an_ended_recipient_is_known_as_it_was_told(town: int) -> None:
    row = named(payer())
    ended = end_recipient(actor=CLERK, recipient=row.pk, last_day=FIRST)
    row.refresh_from_db()
    assert ended is not None
    assert (row.valid.upper, row.recorded.upper) == (None, ended.recorded.lower)
    assert ended.valid.upper == FIRST + timedelta(days=1)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ({"kind": "friend"}, "送付先の種類を一覧から"),
        ({"kind": "tax_agent", "name": ""}, "氏名又は名称を入力"),
        ({"address": {}}, "住所を、市区町村と町字"),
        ({"address": THERE | {"block": ""}}, "住所を、市区町村と町字"),
        ({"address": THERE | {"postal_code": "123-4567"}}, "郵便番号は7桁"),
        ({"address": THERE | {"postal_code": "１２３４５６７"}}, "郵便番号は7桁"),
        ({"last_day": date(2026, 3, 31)}, "終了日は開始日以降"),
        ({"name": "丙山\x00澪"}, "NUL文字"),
        ({"name": "丙" * 101}, "100文字以内"),
        ({"address": THERE | {"building": "栗\n荘"}}, "制御文字"),
    ],
)
def test_a_recipient_that_makes_no_sense_is_refused(town: int, what: dict[str, Any], sentence: str) -> None:
    owner = payer()
    with pytest.raises(Refused, match=sentence):
        named(owner, **what)
    assert not Recipient.objects.exists()


@pytest.mark.parametrize("state", [LifeState.RESIDENT, LifeState.MOVED_OUT])
def test_the_living_have_no_heirs(town: int, state: LifeState) -> None:
    with pytest.raises(Refused, match="死亡は登録されていません"):
        named(payer(kind="resident", life_state=state), "heirs")


def test_a_second_recipient_for_the_same_days_and_fee_is_refused_by_the_database(town: int) -> None:
    owner = payer()
    named(owner, last_day=date(2026, 9, 30))
    with pytest.raises(Refused, match="すでに送付先が登録"):
        named(owner, first_day=date(2026, 9, 30))
    named(owner, first_day=date(2026, 10, 1))
    named(owner, subject="902")


@pytest.mark.parametrize("last_day", [date(2026, 3, 31), date(2026, 9, 30), date(2027, 1, 1)])
def test_an_end_before_the_beginning_or_past_the_end_is_refused(town: int, last_day: date) -> None:
    row = named(payer(), last_day=date(2026, 9, 29))
    with pytest.raises(Refused, match="終了"):
        end_recipient(actor=CLERK, recipient=row.pk, last_day=last_day)


def test_what_was_ended_is_not_ended_again(town: int) -> None:
    row = named(payer())
    end_recipient(actor=CLERK, recipient=row.pk, last_day=None)
    with pytest.raises(Refused, match="見つかりません"):
        end_recipient(actor=CLERK, recipient=row.pk, last_day=None)


def test_the_database_changes_no_recipient(committed_db: str) -> None:
    with wall.within(TOWN):
        row = named(payer())
    for role in ("default", "owner"):
        with wall.within(TOWN, using=role), pytest.raises(DatabaseError), transaction.atomic(using=role):
            Recipient.objects.using(role).filter(pk=row.pk).update(name="別人")


def test_another_town_neither_sees_nor_ends_a_recipient(committed_db: str) -> None:
    with wall.within(TOWN):
        owner = payer()
        row = named(owner)
    with wall.within(OTHER_TOWN):
        assert deliveries([owner.pk]) == {}
        assert not Recipient.objects.exists()
        with pytest.raises(Refused, match="見つかりません"):
            end_recipient(actor=CLERK, recipient=row.pk, last_day=None)
        with pytest.raises(IntegrityError, match="recipient_is_of_an_addressee_of_this_town"), transaction.atomic():
            Recipient.objects.create(
                addressee_id=owner.pk, kind="other_address", address_city="別市", address_block="栗町",
                valid=row.valid, recorded=(clock.now(), None),
            )  # fmt: skip


def test_a_thousand_people_take_as_many_statements_as_one(town: int) -> None:
    people = [payer(str(number)).pk for number in range(1, 40)]
    counts = []
    for some in (people[:1], people):
        with CaptureQueriesContext(connection) as asked:
            assert len(deliveries(some)) == len(some)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4


def row(kind: RecipientKind, is_safe: bool = False) -> dict[str, Any]:
    return {"kind": kind, "is_safe_for_protected": is_safe}


def test_the_mail_of_the_dead_goes_to_nobody_but_the_heirs() -> None:
    heirs, agent = row(RecipientKind.HEIRS), row(RecipientKind.TAX_AGENT)
    assert chosen([agent, heirs], life_state=LifeState.DEAD, is_withheld=False) == heirs
    assert chosen([agent], life_state=LifeState.DEAD, is_withheld=False) is None
    assert chosen([heirs, agent], life_state=LifeState.RESIDENT, is_withheld=False) == agent
    assert chosen([heirs], life_state=LifeState.DEAD, is_withheld=True) is None
    assert chosen([row(RecipientKind.HEIRS, is_safe=True)], life_state=LifeState.DEAD, is_withheld=True) is not None
