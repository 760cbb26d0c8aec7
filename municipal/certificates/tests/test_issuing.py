"""Issuing copies: what is printed, what is kept, what is refused (証明書の交付の試験)."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from municipal.certificates.models import CertificateCopy, CertificateIssue
from municipal.certificates.operations import dispose, issue, pdf_of, preview, print_copy
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.residents.tests.acting import ELSEWHERE, act, day, member

from .issuing import CLERK, EVERYTHING, NUMBERS, asked, issued, text_of

pytestmark = pytest.mark.django_db


def printed(made: CertificateIssue) -> str:
    return text_of(pdf_of(CLERK, made.copies.get()))


@pytest.mark.clause("resident-record/1.0#5.1/m1", "resident-record/1.0#5.1/m4")
def test_a_copy_of_the_whole_household_or_of_some_of_it(home: list[Any]) -> None:
    whole = printed(issued("household_copy", *home))
    assert all(name in whole for name in ("甲野　太郎", "甲野　花子", "甲野　一郎", "甲野　二子"))
    assert "この写しは" in whole
    assert "架空県架空市長" in whole
    assert "20260520 架空市 001 1/1" in whole
    some = printed(issued("household_copy", home[1], home[2]))
    assert "甲野　花子" in some
    assert "甲野　二子" not in some
    person = printed(issued("person_copy", home[3]))
    assert "甲野　二子" in person


@pytest.mark.clause("resident-record/1.0#5.1/m2")
def test_what_is_left_out_says_so_and_what_is_asked_for_is_there(home: list[Any]) -> None:
    short = printed(issued("household_copy", home[0]))
    assert short.count("【省略】") == 6
    assert "見本県見本市本通２番地" in short  # the address before; the register's place is left out
    full = printed(issued("household_copy", home[0], omits=frozenset()))
    assert "【省略】" not in full
    assert home[0].resident_code in full


@pytest.mark.clause("resident-record/1.0#5.5/m5", "resident-record/1.0#5.5/m1", "resident-record/1.0#10.7/m2")
def test_three_copies_have_three_numbers_and_the_next_day_begins_anew(home: list[Any]) -> None:
    made = issued("household_copy", *home, copies=3, printer="", terminal="本庁1")
    numbers = [copy.number for copy in made.copies.order_by("serial")]
    assert numbers == [f"20260520 架空市 本庁1 {serial:03}" for serial in (1, 2, 3)]
    assert made.fee_yen == 900
    with clock.stopped_at(datetime(2026, 5, 21, 9, tzinfo=clock.TOKYO)):
        assert issued("household_copy", *home).copies.get().number == "20260521 架空市 001"


def test_the_same_copy_is_drawn_again_byte_by_byte(home: list[Any]) -> None:
    copy = issued("household_copy", *home, omits=frozenset()).copies.get()
    act("move_within", people=tuple(member(one) for one in home), place={**ELSEWHERE, "city": "架空市"})
    assert sha256(pdf_of(CLERK, copy)).hexdigest() == copy.digest
    assert print_copy(actor=CLERK, copy=copy) == pdf_of(CLERK, copy)


def test_a_copy_that_cannot_be_drawn_as_it_was_is_not_given_out(home: list[Any]) -> None:
    copy = issued("household_copy", *home).copies.get()
    copy.digest = "0" * 64
    with pytest.raises(Refused, match="同じ証明書を作れません"):
        pdf_of(CLERK, copy)


@pytest.mark.clause("resident-record/1.0#1.3.8/m1")
def test_the_history_holds_every_item_of_the_standard(home: list[Any]) -> None:
    made = issued("household_copy", *home, terminal="本庁1", place="本庁")
    copy = made.copies.get()
    assert made.issued_at == clock.now()
    assert (made.place, made.terminal, made.copies_count, made.kind) == ("本庁", "本庁1", 1, "household_copy")
    assert made.subjects == [one.addressee_id for one in home]
    assert "生年月日" in made.items
    assert "本籍" not in made.items
    assert copy.number == "20260520 架空市 本庁1 001"
    assert (made.issued_by_kind, made.issued_by_id) == ("staff", 1)
    disposal = dispose(actor=CLERK, copy=copy, reason="氏名を確かめずに発行したため")
    assert (disposal.refunded_yen, disposal.disposed_at) == (300, clock.now())


@pytest.mark.clause("resident-record/1.0#1.3.8/n1")
@pytest.mark.parametrize("way", ["delete", "update"])
@pytest.mark.parametrize("model", [CertificateIssue, CertificateCopy])
def test_nobody_can_delete_or_change_the_history(home: list[Any], way: str, model: type[Any]) -> None:
    issued("household_copy", *home)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().delete() if way == "delete" else model.objects.update(municipality=990027)


def test_a_disposal_needs_a_reason_and_happens_once(home: list[Any]) -> None:
    copy = issued("household_copy", *home).copies.get()
    for reason in ("", "　", "あ" * 201, "一行目\n二行目"):
        with pytest.raises(Refused):
            dispose(actor=CLERK, copy=copy, reason=reason)
    dispose(actor=CLERK, copy=copy, reason="印刷の失敗")
    with pytest.raises(Refused, match="すでに処分"):
        dispose(actor=CLERK, copy=copy, reason="印刷の失敗")
    with pytest.raises(Refused, match="処分されています"):
        print_copy(actor=CLERK, copy=copy)


def test_a_copy_is_printed_on_its_day_only(home: list[Any]) -> None:
    copy = issued("household_copy", *home).copies.get()
    with clock.stopped_at(datetime(2026, 5, 21, 9, tzinfo=clock.TOKYO)), pytest.raises(Refused, match="発行した日だけ"):
        print_copy(actor=CLERK, copy=copy)


@pytest.mark.clause("resident-record/1.0#5.7/m1")
@pytest.mark.parametrize("kind", ["household_copy", "person_copy", "record_items"])
def test_official_use_is_marked_and_free(home: list[Any], kind: str) -> None:
    made = issued(kind, home[0], requester="public_body", purpose="公務のため", is_official=True)
    assert made.fee_yen == 0
    assert "公用" in printed(made)
    assert "公用" not in printed(issued(kind, home[0]))


@pytest.mark.clause("resident-record/1.0#5.7/m1")
@pytest.mark.parametrize("kind", ["removed_copy", "removed_items"])
def test_official_use_is_marked_on_removed_records(home: list[Any], kind: str) -> None:
    act("death", people=(member(home[3]),), notifier_capacity="")
    made = issued(kind, home[3], requester="public_body", purpose="公務のため", is_official=True)
    assert "公用" in printed(made)
    assert "死亡" in printed(made)


@pytest.mark.clause("resident-record/1.0#5.1/n1")
def test_a_removed_member_and_residents_never_stand_on_one_copy(home: list[Any]) -> None:
    act("death", people=(member(home[3]),), notifier_capacity="")
    for kind in ("household_copy", "removed_copy", "record_items"):
        with pytest.raises(Refused, match="消除された人は除票で"):
            issued(kind, home[0], home[3])
    assert "甲野　二子" not in printed(issued("household_copy", *home[:3]))


@pytest.mark.clause("resident-record/1.0#10.7/m3")
def test_the_preview_is_what_would_be_printed_and_is_no_certificate(home: list[Any]) -> None:
    seen = preview(actor=CLERK, asked=asked("household_copy", *home))
    assert "見本（証明書ではありません）" in text_of(seen.drawn.pdf)
    assert not CertificateIssue.objects.exists()
    made = issued("household_copy", *home)
    assert (
        text_of(seen.drawn.pdf).replace("見本（証明書ではありません）", "").split()[:40] == printed(made).split()[:40]
    )


@pytest.mark.clause("resident-record/1.0#5.8/m2", "resident-record/1.0#5.8/m3", "resident-record/1.0#10.7/m6")
def test_what_cannot_be_drawn_is_told_before_it_is_issued(home: list[Any]) -> None:
    act("correction_ex_officio", people=(member(home[0], name="甲\ue000　太郎"),), notifier_capacity="")
    wanted = asked("person_copy", home[0])
    seen = preview(actor=CLERK, asked=wanted)
    assert [(one.label, one.missing) for one in seen.overflows] == [("甲\ue000　太郎 氏名", ("\ue000",))]
    with pytest.raises(Refused, match="収まらない文字"):
        issue(actor=CLERK, asked=wanted)
    assert issue(actor=CLERK, asked=replace(wanted, confirmed=frozenset({"overflow"})))


def test_a_reading_in_hiragana_is_refused(home: list[Any]) -> None:
    with pytest.raises(Refused, match="カタカナ"):
        act("correction_ex_officio", people=(member(home[0], name_kana="こうの　たろう"),), notifier_capacity="")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"copies": 0}, "copies"),
        ({"copies": 21}, "copies"),
        ({"requester": "office"}, "requester"),
        ({"requester": "nobody"}, "requester"),
        ({"requester_name": ""}, "requester_name"),
        ({"requester_name": "あ" * 101}, "unfit_text"),
        ({"purpose": "一行目\n二行目"}, "unfit_text"),
        ({"requester": "third_party", "purpose": ""}, "purpose"),
        ({"identity_check": ""}, "identity_check"),
        ({"identity_check": "not_checked"}, "identity_check"),
        ({"is_official": True}, "official"),
        ({"requester": "third_party", "purpose": "訴訟", "omits": frozenset({"individual_number"})}, "numbers"),
        ({"requester": "proxy", "purpose": "提出", "omits": EVERYTHING - NUMBERS}, "numbers"),
        ({"has_history": True}, "history"),
        ({"output": "fax"}, "output"),
        ({"output": "paper"}, "no_such_printer"),
        ({"printer": "プリンタ999"}, "no_such_printer"),
        ({"kind": "receipt_notice"}, "no_such_form"),
        ({"kind": "move_out_certificate"}, "no_such_form"),
        ({"people": ()}, "nobody"),
        ({"people": ("999999999999999",)}, "unknown"),
        ({"people": ("x'; DROP TABLE",)}, "unknown"),
    ],
)
def test_what_no_counter_may_issue_is_refused(home: list[Any], said: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        issue(actor=CLERK, asked=replace(asked("household_copy", *home), **said))
    assert refused.value.code == code
    assert not CertificateIssue.objects.exists()


def test_people_of_two_households_stand_on_two_copies(home: list[Any]) -> None:
    other = act("household_split", people=(member(home[3], relationship="世帯主"),))
    assert other
    with pytest.raises(Refused, match="一つの世帯"):
        issued("household_copy", home[0], home[3])


@pytest.mark.clause("resident-record/1.0#5.1/n4", "resident-record/1.0#5.1/m8")
def test_an_announced_move_out_is_neither_printed_nor_alerted(home: list[Any]) -> None:
    act("move_out", people=(member(home[1]),), event_on=day(2026, 6, 30), place=ELSEWHERE)
    seen = preview(actor=CLERK, asked=asked("household_copy", *home))
    assert seen.alerts == ()
    for kind in ("household_copy", "person_copy"):
        said = printed(issued(kind, home[1], has_history=kind == "person_copy"))
        assert "転出" not in said
        assert "6月30日" not in said


def test_on_the_day_itself_the_removal_comes_first(home: list[Any]) -> None:
    act("move_out", people=(member(home[1]),), event_on=day(2026, 6, 30), place=ELSEWHERE)
    with clock.stopped_at(datetime(2026, 6, 29, 17, tzinfo=clock.TOKYO)):
        assert issued("household_copy", *home)
    with clock.stopped_at(datetime(2026, 6, 30, 9, tzinfo=clock.TOKYO)), pytest.raises(Refused, match="消除の処理"):
        issued("household_copy", *home)


@pytest.mark.clause("resident-record/1.0#5.1/m1")
def test_removed_members_of_a_household_have_a_page_each_on_one_certificate(home: list[Any]) -> None:
    for row in home[2:]:
        act("death", people=(member(row),), notifier_capacity="")
    copy = issued("removed_copy", *home[2:]).copies.get()
    pages = [text_of(pdf_of(CLERK, copy), page) for page in range(2)]
    assert copy.pages == 2
    assert ["甲野　一郎" in pages[0], "甲野　二子" in pages[1]] == [True, True]
    assert ["証明する" in page for page in pages] == [False, True]
