"""Protected people: refused, let through for a while, never given away by a copy of others (抑止と証明書の試験)."""

from datetime import date, timedelta
from typing import Any

import pytest

from municipal.addressees.operations import protect, release_temporarily, suppress
from municipal.certificates.models import CertificateIssue
from municipal.certificates.operations import hand_out, pdf_of, preview, print_copy, send
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.residents.tests.acting import ELSEWHERE, PLACE, act, day, member, people_of

from .issuing import CLERK, asked, issued, text_of

pytestmark = pytest.mark.django_db


def protected(row: Any) -> None:
    protect(actor=CLERK, addressee=row.addressee, starts_on=date(2026, 5, 20), ends_on=None, is_own=True)


def alerts(kind: str, *rows: Any, **said: Any) -> list[str]:
    return [alert.code for alert in preview(actor=CLERK, asked=asked(kind, *rows, **said)).alerts]


@pytest.mark.parametrize("requester", ["self", "member", "third_party", "public_body"])
def test_a_copy_with_a_protected_person_is_refused_whoever_asks(home: list[Any], requester: str) -> None:
    protected(home[1])
    said = {"requester": requester, "purpose": "提出のため"}
    for kind, rows in (("household_copy", home), ("person_copy", home[1:2]), ("record_items", home[1:2])):
        with pytest.raises(Refused) as refused:
            issued(kind, *rows, **said)
        assert refused.value.code.startswith("suppressed:")
        assert "松町" not in str(refused.value)
    assert not CertificateIssue.objects.exists()


def test_a_temporary_release_lets_it_through_with_an_alert_and_ends_by_itself(home: list[Any]) -> None:
    protected(home[1])
    release_temporarily(actor=CLERK, addressee=home[1].addressee, process="issue", reason="本人が来庁")
    codes = alerts("person_copy", home[1])
    assert codes
    with pytest.raises(Refused) as refused:
        issued("person_copy", home[1])
    assert refused.value.code.startswith("unconfirmed:")
    made = issued("person_copy", home[1], confirmed=frozenset(codes))
    assert "松町１番地" in text_of(pdf_of(CLERK, made.copies.get()))
    with clock.stopped_at(clock.now() + timedelta(hours=5)):
        with pytest.raises(Refused):
            issued("person_copy", home[1], confirmed=frozenset(codes))
        with pytest.raises(Refused):
            print_copy(actor=CLERK, copy=made.copies.get())


def test_who_lives_with_a_protected_person_gets_a_copy_and_nobody_else_does(home: list[Any]) -> None:
    protected(home[1])
    assert alerts("person_copy", home[2]) == [f"place-{home[2].addressee.number}"]
    with pytest.raises(Refused) as refused:
        issued("person_copy", home[2], requester="third_party", purpose="債権の回収")
    assert refused.value.code == "suppressed:place"
    assert "松町" not in str(refused.value)
    assert issued("person_copy", home[2], confirmed=frozenset({f"place-{home[2].addressee.number}"}))


def test_a_former_member_who_lives_elsewhere_is_not_held_back_but_the_history_would_tell(home: list[Any]) -> None:
    mover = (member(home[0], relationship="世帯主"),)
    (moved,) = people_of(act("move_within", people=mover, place=PLACE | {"block": "竹町"}, event_on=day(2026, 5, 15)))
    act("move_within", people=(member(moved),), place=PLACE | {"block": "梅町"}, event_on=day(2026, 5, 20))
    protected(home[1])
    third = {"requester": "third_party", "purpose": "債権の回収"}
    assert issued("person_copy", moved, **third)
    with pytest.raises(Refused):
        issued("person_copy", moved, has_history=True, **third)


def test_a_household_may_be_held_back_and_an_alert_be_confirmed(home: list[Any]) -> None:
    suppress(
        actor=CLERK, household_number=home[0].household.number, process="issue", level="alert", reason="調査中",
        starts_on=date(2026, 5, 20),
    )  # fmt: skip
    codes = alerts("household_copy", home[0])
    assert codes == [f"suppressed-{home[0].addressee.number}"]
    assert issued("household_copy", home[0], confirmed=frozenset(codes))


def test_a_protected_mover_gets_the_certificate_after_a_release(home: list[Any]) -> None:
    protected(home[1])
    event = act("move_out", people=(member(home[1]),), event_on=day(2026, 6, 30), place=ELSEWHERE)
    for kind in ("receipt_notice", "arrival_inquiry"):
        with pytest.raises(Refused):
            send(actor=CLERK, event=event, kind=kind)
    with pytest.raises(Refused):
        hand_out(actor=CLERK, event=event)
    release_temporarily(actor=CLERK, addressee=home[1].addressee, process="issue", reason="本人が来庁")
    assert hand_out(actor=CLERK, event=event).kind == "move_out_certificate"
