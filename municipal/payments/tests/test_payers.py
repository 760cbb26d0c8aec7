"""Who is written to on a slip, and who owes together (納付書の宛先と連帯納税義務者の試験)."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pypdfium2
import pytest
from django.db import IntegrityError, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import DirectoryEntry, Redirection, protect, register_payer, register_recipient
from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.payments.faces import faces_of
from municipal.payments.models import Assessment, Charge, JointPayer, Match, Report, Slip
from municipal.payments.operations import (
    Joint,
    assess,
    name_joint_payers,
    reissue_slip,
    release_joint_payer,
    revise,
)
from municipal.payments.paper.run import print_slips
from municipal.residents.tests.acting import PLACE, act, day, family, member, people_of

from .booking import CLERK, assessed, charges_of, payer, report, slip_of, taken

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
HEIR = {"prefecture": "別県", "city": "別市", "block": "栗町", "lot": "７", "postal_code": "0000777"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def home(town: int) -> list[Any]:
    """A couple and two children, who live at 松町１番地."""
    with clock.stopped_at(datetime(2026, 5, 20, 10, tzinfo=clock.TOKYO)):
        return people_of(act("move_in", people=family()))


def owed_by(owner: Addressee, **said: Any) -> Charge:
    return charges_of(assess(actor=CLERK, assessed=assessed(owner, **said)))[0]


def guarded(owner: Addressee) -> None:
    protect(actor=CLERK, addressee=owner, starts_on=date(2026, 4, 1), ends_on=None, is_own=True)


def printed(*slips: Slip) -> bytes:
    file = io.BytesIO()
    print_slips(file, list(faces_of(slips)), title="納付書", made_at=NOON, is_specimen=True)
    return file.getvalue()


def words(pdf: bytes) -> str:
    """Everything that a page says, without its line ends: a long line is broken."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    return str(text).replace("\r", "").replace("\n", "")


def test_a_payer_dies_and_the_old_slip_still_matches(home: list[Any]) -> None:
    """The heirs' representative gets the new slip; what was paid with the old one is booked all the same."""
    dead = home[0].addressee
    old = slip_of(owed_by(dead))
    assert "架空県架空市松町１番地" in words(printed(old))
    with clock.stopped_at(NOON):
        act("death", people=(member(home[0]),), event_on=day(2026, 11, 10))
    assert "松町" not in words(printed(old))
    said = Redirection(kind="heirs", name="甲野　次郎", address=HEIR, first_day=date(2026, 11, 12))
    register_recipient(actor=CLERK, addressee=Addressee.objects.get(pk=dead.pk), said=said)
    new = reissue_slip(actor=CLERK, slip=old, pay_until=date(2027, 1, 31))
    shown = words(printed(new))
    assert "甲野　次郎　様" in shown
    assert "相続人代表者（故 甲野　太郎 様分）" in shown
    assert "別県別市栗町７" in shown
    taken(report(old.number, old.yen))
    assert Report.objects.get().match == Match.MATCHED
    taken(report(new.number, new.yen, reference="A2"))
    assert Report.objects.latest("pk").match == Match.TWICE


def test_a_protected_payers_slip_holds_no_address_in_any_byte(home: list[Any]) -> None:
    owner = home[0].addressee
    slips = [slip_of(owed_by(row.addressee, reference=row.addressee.number)) for row in home[:2]]
    guarded(owner)
    for slip in slips:
        pdf = printed(slip)
        assert "の窓口でお渡しします" in words(pdf)
        assert "〒" not in words(pdf)
        for secret in (PLACE["block"], PLACE["lot"], PLACE["postal_code"]):
            assert secret not in words(pdf)
            assert secret.encode() not in pdf
            assert secret.encode("utf-16-be") not in pdf


def test_a_protected_payers_slip_goes_to_the_address_that_they_named(home: list[Any]) -> None:
    owner = home[0].addressee
    slip = slip_of(owed_by(owner))
    guarded(owner)
    said = Redirection(
        kind="other_address",
        address=HEIR,
        first_day=date(2026, 11, 1),
        is_safe_for_protected=True,
        name="架空法律事務所",
    )
    register_recipient(actor=CLERK, addressee=Addressee.objects.get(pk=owner.pk), said=said)
    shown = words(printed(slip))
    assert "〒000-0777" in shown
    assert "架空法律事務所" in shown
    assert "松町" not in shown


def test_nothing_of_a_co_owner_stands_on_a_slip(home: list[Any]) -> None:
    charge = owed_by(payer())
    name_joint_payers(actor=CLERK, assessment=charge.assessment, people=[Joint(home[1].addressee, "1/2")])
    shown = words(printed(slip_of(charge)))
    for secret in ("甲野　花子", "松町", "1/2", home[1].addressee.number):
        assert secret not in shown


def test_a_co_owner_of_a_protected_payer_gets_no_slip_and_reads_nothing(home: list[Any]) -> None:
    owner, other = home[0].addressee, payer()
    charge = owed_by(owner)
    guarded(owner)
    name_joint_payers(actor=CLERK, assessment=charge.assessment, people=[Joint(other, "1/2")])
    slip = slip_of(charge)
    assert list(Slip.objects.values_list("charge__assessment__payer", flat=True)) == [owner.pk]
    assert "松町" not in words(printed(slip))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"country": "英国", "abroad": "1 Invented Street, Nowhere, " * 8}, "1InventedStreet,Nowhere," * 8),
        (HEIR | {"block": "長" * 120, "lot": "９" * 50, "building": "棟" * 200}, "長" * 120 + "９" * 50 + "棟" * 200),
    ],
    ids=["abroad", "very long"],
)
def test_an_address_is_printed_whole(town: int, address: dict[str, str], expected: str) -> None:
    entry = DirectoryEntry(kind="corporation", name="Made-up Ltd.", address=address)
    shown = words(printed(slip_of(owed_by(register_payer(actor=CLERK, entry=entry)))))
    assert "Made-up Ltd.　御中" in shown
    assert expected in shown.replace(" ", "")


@pytest.mark.parametrize("who", ["nobody", "the payer", "twice", "a revision", "a long share"])
def test_a_joint_payer_who_makes_no_sense_is_refused(town: int, who: str) -> None:
    charge = owed_by(payer())
    first, other = charge.assessment, Joint(payer("2"), "1/2")
    wrong: dict[str, list[Joint]] = {
        "nobody": [], "the payer": [Joint(first.payer)], "twice": [other, other],
        "a long share": [Joint(other.person, "1" * 41)],
    }  # fmt: skip
    if who == "a revision":
        first = revise(actor=CLERK, assessment=first, total_yen=50_000, reason="更正")
    with pytest.raises(Refused):
        name_joint_payers(actor=CLERK, assessment=first, people=wrong.get(who, [other]))
    assert not JointPayer.objects.exists()


def test_a_joint_payer_is_let_go_once_and_may_be_named_again(town: int) -> None:
    first = owed_by(payer()).assessment
    [row] = name_joint_payers(actor=CLERK, assessment=first, people=[Joint(payer("2"), "1/2")])
    release_joint_payer(actor=CLERK, joint_payer=row.pk)
    with pytest.raises(Refused, match="登録されていません"):
        release_joint_payer(actor=CLERK, joint_payer=row.pk)
    with clock.stopped_at(NOON.replace(hour=13)):
        name_joint_payers(actor=CLERK, assessment=first, people=[Joint(row.person, "1/3")])
    assert list(JointPayer.objects.order_by("pk").values_list("share", flat=True)) == ["1/2", "1/3"]


def test_no_joint_payer_crosses_the_wall(committed_db: str) -> None:
    with wall.within(TOWN):
        first = owed_by(payer()).assessment
        [row] = name_joint_payers(actor=CLERK, assessment=first, people=[Joint(payer("2"))])
    with wall.within(OTHER_TOWN):
        stranger = payer("3")
        with pytest.raises(Refused, match="登録されていません"):
            release_joint_payer(actor=CLERK, joint_payer=row.pk)
        assert not Assessment.objects.exists()
        with pytest.raises(IntegrityError, match="joint_payer_is_of_an_assessment"), transaction.atomic():
            JointPayer.objects.create(assessment_id=first.pk, person=stranger, recorded=(clock.now(), None))
