"""What an act brings with it: move-out certificates, re-issues, notices (異動に伴う証明書と通知の試験)."""

from datetime import datetime
from typing import Any

import pytest

from municipal.certificates.kinds import KINDS, LETTER
from municipal.certificates.models import CertificateIssue
from municipal.certificates.operations import document_of, hand_out, pdf_of, reissue, send
from municipal.certificates.operations.handing_out import notices_for
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentEvent
from municipal.residents.tests.acting import (
    ELSEWHERE,
    PLACE,
    act,
    child,
    day,
    family,
    home_of,
    member,
    newcomer_said,
    people_of,
)

from .issuing import CLERK, asked, issued, text_of

pytestmark = pytest.mark.django_db


def printed(made: CertificateIssue) -> str:
    return text_of(pdf_of(CLERK, made.copies.get()))


def leaving(*rows: Any, on: Any = None, **said: Any) -> ResidentEvent:
    people = tuple(member(row) for row in rows)
    return act("move_out", people=people, event_on=on or day(2026, 6, 30), place=ELSEWHERE, **said)


@pytest.mark.clause("resident-record/1.0#4.1.3.0.3/m1")
def test_the_move_out_certificate_comes_once_with_the_act(home: list[Any]) -> None:
    event = leaving(home[0], home[1])
    made = hand_out(actor=CLERK, event=event)
    assert hand_out(actor=CLERK, event=event) == made == document_of(event)
    said = printed(made)
    for text in (
        "転出証明書",
        "甲野　太郎",
        "甲野　花子",
        "令和8年6月30日",
        "見本県見本市本通２番地",
        home[0].resident_code,
    ):
        assert text in said, text
    assert "甲野　一郎" not in said
    assert "【省略】" not in said
    assert (made.fee_yen, made.requester) == (0, "office")


@pytest.mark.clause("resident-record/1.0#4.1.3.0.4/m3", "resident-record/1.0#4.1.3.0.4/m4")
def test_a_move_out_by_card_has_a_certificate_only_if_somebody_asks(may: None) -> None:
    said = newcomer_said(has_individual_number_card=True)
    row = people_of(act("move_in", people=(said,)))[0]
    event = act("move_out_by_card", people=(member(row),), event_on=day(2026, 6, 30), place=ELSEWHERE)
    assert document_of(event) is None
    with pytest.raises(Refused):
        hand_out(actor=CLERK, event=event)
    assert "move_out_certificate" in notices_for(event)
    assert "特例による転出処理済" in printed(send(actor=CLERK, event=event, kind="move_out_certificate"))
    ordinary = act("move_out", people=(member(people_of(act("move_in", people=(newcomer_said(serial=9),)))[0]),),
                   event_on=day(2026, 6, 30), place=ELSEWHERE)  # fmt: skip
    assert "特例による転出処理済" not in printed(hand_out(actor=CLERK, event=ordinary))
    with pytest.raises(Refused):
        send(actor=CLERK, event=ordinary, kind="move_out_certificate")
    assert "特例による転出処理済" not in printed(issued("person_copy", row))


@pytest.mark.clause("resident-record/1.0#4.1.3.0.3/m2")
@pytest.mark.parametrize(
    ("left_on", "kind"), [((2026, 5, 6), "move_out_certificate"), ((2026, 5, 5), "equivalent_certificate")]
)
def test_from_the_fifteenth_day_it_is_the_equivalent(may: None, left_on: Any, kind: str) -> None:
    rows = people_of(act("move_in", people=family(), event_on=day(2026, 4, 1)))
    event = leaving(rows[0], rows[1], on=day(*left_on))
    made = hand_out(actor=CLERK, event=event)
    assert made.kind == kind
    assert KINDS[kind].name in printed(made)
    assert ("転入届に添える" in printed(made)) is (kind == "equivalent_certificate")


@pytest.mark.clause("resident-record/1.0#4.1.3.0.3/m3", "resident-record/1.0#4.1.3.0.3/n1")
def test_a_lost_certificate_is_issued_again_as_it_was(home: list[Any]) -> None:
    first = hand_out(actor=CLERK, event=leaving(home[1]))
    changed = (member(home[1], name="甲野　改子"),)
    act("correction_ex_officio", people=changed, notifier_capacity="", event_on=day(2026, 5, 20))
    with clock.stopped_at(datetime(2026, 6, 1, 10, tzinfo=clock.TOKYO)):
        again = reissue(actor=CLERK, issue=first, asked=asked("move_out_certificate"))
        said = printed(again)
        third = reissue(actor=CLERK, issue=again, asked=asked("move_out_certificate"))
    assert again.reissue_of == first == third.reissue_of
    assert ("再交付" in said, "甲野　花子" in said, "改子" in said) == (True, True, False)
    assert "当初の発行　令和8年5月20日" in said
    assert "令和8年6月1日" in said
    assert printed(third).count("再交付") == 1
    assert again.copies.get().number == "20260601 架空市 001"


def test_nothing_else_is_issued_again_and_nothing_of_a_cancelled_act(home: list[Any]) -> None:
    with pytest.raises(Refused, match="再交付できるのは"):
        reissue(actor=CLERK, issue=issued("person_copy", home[0]), asked=asked("person_copy"))
    event = leaving(home[1])
    made = hand_out(actor=CLERK, event=event)
    with pytest.raises(Refused, match="請求者の氏名"):
        reissue(actor=CLERK, issue=made, asked=asked("move_out_certificate", requester_name=" "))
    act("cancellation", cancels=event.pk, event_on=day(2026, 5, 20))
    with pytest.raises(Refused, match="取り消されて"):
        reissue(actor=CLERK, issue=made, asked=asked("move_out_certificate"))


def test_an_act_without_a_document_hands_out_nothing(home: list[Any]) -> None:
    with pytest.raises(Refused, match="交付する証明書はありません"):
        hand_out(actor=CLERK, event=home[0].event)


@pytest.mark.clause("resident-record/1.0#4.1.0.3/m1", "resident-record/1.0#4.1.0.3/m2")
def test_a_receipt_tells_five_facts_to_the_notifier_at_the_old_address(home: list[Any]) -> None:
    event = act(
        "move_within", people=tuple(member(row) for row in home), place=PLACE | {"lot": "９番地"},
        notifier_name="乙川　次郎", notifier_capacity="proxy", identity_check="not_checked",
    )  # fmt: skip
    contents = send(actor=CLERK, event=event, kind="receipt_notice").contents
    assert contents["addressed"][-2:] == ["架空県架空市松町１番地", "乙川　次郎　様"]
    (block,) = contents["people"]
    assert [(item["label"], item["text"]) for item in block["items"]] == [
        ("届出の年月日", "令和8年5月20日"), ("異動の事由", "転居"), ("届出人の氏名", "乙川　次郎"),
        ("異動者の氏名", "甲野　太郎、甲野　花子、甲野　一郎、甲野　二子"),
    ]  # fmt: skip
    assert "受理しました" in contents["body"][0]


@pytest.mark.clause("resident-record/1.0#4.1.0.3/n1")
def test_no_notice_tells_the_moved_person_what_was_notified(home: list[Any]) -> None:
    """The receipt holds neither the new address nor any other item; and there is no other form about a notice."""
    event = act("move_within", people=tuple(member(row) for row in home), place=PLACE | {"lot": "９番地"})
    said = printed(send(actor=CLERK, event=event, kind="receipt_notice"))
    assert "９番地" not in said
    assert notices_for(event) == ["receipt_notice"]
    assert notices_for(leaving(home[1], on=day(2026, 7, 1))) == [
        "receipt_notice", "move_out_certificate", "arrival_inquiry",
    ]  # fmt: skip
    letters = {kind.name for kind in KINDS.values() if kind.family == LETTER}
    assert letters == {
        "住民票コード通知票", "住民票コード変更通知票", "住民票コード修正通知票", "住民異動届受理通知",
        "職権記載等通知書", "転入通知未着照会書",
    }  # fmt: skip


@pytest.mark.clause("resident-record/1.0#4.1.0.3/m3")
def test_where_there_is_no_old_address_the_receipt_goes_to_the_person_at_the_new_one(home: list[Any]) -> None:
    household = home_of(home[0])
    birth = act("birth", people=(child(born_on=day(2026, 5, 11)),), joins=household.number, notifier_name="甲野　太郎")
    made = send(actor=CLERK, event=birth, kind="receipt_notice")
    assert made.contents["addressed"][-2:] == ["架空県架空市松町１番地", "甲野　三郎　様"]
    move = leaving(home[1], notifier_name="乙川　次郎")
    with clock.stopped_at(datetime(2026, 9, 1, 10, tzinfo=clock.TOKYO)):
        late = send(actor=CLERK, event=move, kind="receipt_notice", to_new_address=True)
    assert late.contents["addressed"][-2:] == ["見本県見本市本通２番地", "甲野　花子　様"]
    old = send(actor=CLERK, event=move, kind="receipt_notice")
    assert old.contents["addressed"][-2:] == ["架空県架空市松町１番地", "乙川　次郎　様"]


@pytest.mark.clause("resident-record/1.0#4.1.3.1.4/m1")
def test_an_inquiry_asks_the_municipality_of_destination(home: list[Any]) -> None:
    event = leaving(home[0], home[1])
    said = printed(send(actor=CLERK, event=event, kind="arrival_inquiry"))
    for text in ("見本県見本市", "甲野　太郎", "甲野　花子", "令和8年6月30日", "転入の有無"):
        assert text in said, text
    assert "公印省略" in said


def test_an_ex_officio_notice_is_about_an_ex_officio_act_only(home: list[Any]) -> None:
    with pytest.raises(Refused, match="職権によるものではありません"):
        send(actor=CLERK, event=home[0].event, kind="ex_officio_notice")
    event = act(
        "correction_ex_officio", people=(member(home[0], name="甲野　正"),), notifier_capacity="", basis="ex_officio",
        notified_on=None,
    )  # fmt: skip
    assert notices_for(event) == ["ex_officio_notice"]
    assert "職権で行いました" in printed(send(actor=CLERK, event=event, kind="ex_officio_notice"))


@pytest.mark.parametrize("kind", ["", "household_copy", "move_out_certificate", "code_notice", "x" * 300])
def test_no_other_notice_is_written(home: list[Any], kind: str) -> None:
    with pytest.raises(Refused):
        send(actor=CLERK, event=home[0].event, kind=kind)
