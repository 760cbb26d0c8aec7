"""Slips of resident-record codes come with the act, and again on any day after (住民票コード通知票の試験)."""

from typing import Any

import pytest

from municipal.certificates.models import CertificateIssue
from municipal.certificates.operations import hand_out, pdf_of, send
from municipal.core.actors import System
from municipal.core.numbers import RESIDENT_RECORD_CODE
from municipal.core.refusals import Refused
from municipal.numbers.operations import stock_codes
from municipal.residents.models import ResidentEvent
from municipal.residents.tests.acting import act, child, code, day, home_of, member, newcomer_said, people_of

from .issuing import CLERK, text_of

pytestmark = pytest.mark.django_db
STOCKED = RESIDENT_RECORD_CODE.of("8880000001")


def events(home: list[Any]) -> dict[str, ResidentEvent]:
    """The three acts after which a slip is due."""
    stock_codes(actor=System(), codes=[STOCKED])
    born = child("甲野　五郎", serial=88, born_on=day(2026, 5, 11))
    return {
        "code_notice": act("birth", people=(born,), joins=home_of(home[0]).number),
        "code_change_notice": act("resident_code_change", people=(member(home[0], resident_code=STOCKED),)),
        "code_correction_notice": act("resident_code_correction", people=(member(home[1], resident_code=code(99)),)),
    }


@pytest.mark.clause("resident-record/1.0#4.3.3/m1", "resident-record/1.0#4.3.3/m2")
def test_each_slip_comes_with_its_act_and_can_be_made_again(home: list[Any]) -> None:
    wanted = {"code_notice": code(88), "code_change_notice": STOCKED, "code_correction_notice": code(99)}
    for kind, event in events(home).items():
        made = hand_out(actor=CLERK, event=event)
        assert (made.kind, event.document) == (kind, kind)
        again = send(actor=CLERK, event=event, kind=kind)
        assert again.pk != made.pk
        for one in (made, again):
            assert wanted[kind] in text_of(pdf_of(CLERK, one.copies.get())).replace(" ", ""), kind


def test_a_slip_of_another_act_is_refused(home: list[Any]) -> None:
    event = people_of(act("move_in", people=(newcomer_said("乙野　次郎", serial=9),)))[0].event
    for kind in ("code_notice", "code_change_notice", "code_correction_notice"):
        with pytest.raises(Refused):
            send(actor=CLERK, event=event, kind=kind)
    assert not CertificateIssue.objects.exists()
