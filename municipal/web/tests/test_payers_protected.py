"""Protected payers, and who owes together, as a clerk sees them (支援措置の対象者・連帯納税義務者の画面の試験)."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from conftest import TOWN
from municipal.addressees.models import Addressee, DirectoryRecord
from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.payments.models import JointPayer
from municipal.payments.operations import Joint, name_joint_payers
from municipal.residents.tests.people import newcomer

from .entering import text
from .keeping import key_in
from .payer_acts import CLERK, NOON, TYPED, entered, guarded, owing, page, redirected


@pytest.fixture(autouse=True)
def _today(committed_db: str) -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def clerk() -> Client:
    return browser_of(somebody("payments.view", "payments.payers"))


@pytest.fixture
def resident() -> Addressee:
    """甲野花子, who lives at 松町１番地."""
    with wall.within(TOWN):
        return newcomer(valid_from=date(2020, 4, 1)).addressee


def test_a_protected_payers_address_is_on_no_page(clerk: Client, resident: Addressee) -> None:
    guarded(resident)
    owing(resident)
    assert redirected(clerk, resident.number, name="安全　花子", is_safe_for_protected="on").status_code == 302
    for path in ("", "/recipients/new"):
        shown = text(clerk.get(f"/money/payers/{resident.number}{path}"))
        assert "松町" not in shown
        assert "栗町" not in shown
        assert "安全 花子" not in shown
    shown = page(clerk, resident.number)
    assert "本人が指定した送付先に送ります" in shown
    assert "支援措置の対象者です" in shown


def test_a_protected_payer_without_a_safe_address_is_handed_the_slip(clerk: Client, resident: Addressee) -> None:
    guarded(resident)
    redirected(clerk, resident.number)
    shown = page(clerk, resident.number)
    assert "の窓口でお渡しします" in shown
    assert "栗町" not in shown


def test_a_protected_non_residents_address_is_neither_filled_in_nor_lost(clerk: Client) -> None:
    number = entered(clerk)
    with wall.within(TOWN):
        guarded_one = Addressee.objects.get(number=number)
    guarded(guarded_one)
    form = clerk.get(f"/money/payers/{number}/correct")
    assert "本通" not in form.content.decode()
    empty = dict.fromkeys(("postal_code", "prefecture", "city", "block", "lot"), "")
    said = TYPED | empty | {"name": "乙川　一", "reason": "改氏", "key": key_in(form)}
    assert clerk.post(f"/money/payers/{number}/correct", said).status_code == 302
    assert "本通" not in page(clerk, number)
    with wall.within(TOWN):
        assert vars(DirectoryRecord.objects.latest("serial"))["mailing_block"] == "本通"


def test_joint_payers_are_named_and_let_go(clerk: Client, resident: Addressee) -> None:
    number = entered(clerk)
    first = owing(resident)
    path = f"/money/payers/{resident.number}/joint/{first.pk}"
    said = {"person": number, "share": "1/2", "key": key_in(clerk.get(path))}
    assert clerk.post(path, said).status_code == 302
    assert "乙田 一" in text(clerk.get(path))
    assert "ほかの方と連帯して納付する賦課" in page(clerk, number)
    with wall.within(TOWN):
        row = JointPayer.objects.get().pk
    assert clerk.post(f"{path}/{row}", {"key": "r-1"}).status_code == 302
    assert "連帯納税義務者は登録されていません" in text(clerk.get(path))
    assert "連帯して納付" not in page(clerk, number)


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ("99999", "この宛名番号の方は登録されていません"),
        ("self", "納付義務者本人は"),
        ("abc", "15桁以内の数字"),
        ("", "15桁以内の数字"),
    ],
)
def test_a_joint_payer_who_cannot_be_is_refused(clerk: Client, resident: Addressee, person: str, sentence: str) -> None:
    path = f"/money/payers/{resident.number}/joint/{owing(resident).pk}"
    answer = clerk.post(path, {"person": resident.number if person == "self" else person, "key": "j"})
    assert (answer.status_code, sentence in text(answer)) == (422, True)


def test_a_co_owner_is_told_nothing_of_where_a_protected_payer_lives(clerk: Client, resident: Addressee) -> None:
    number, first = entered(clerk), owing(resident)
    guarded(resident)
    with wall.within(TOWN):
        owner = Addressee.objects.get(number=number)
        name_joint_payers(actor=CLERK, assessment=first, people=[Joint(owner, "1/2")])
    for path in (f"/money/payers/{number}", f"/money/payers/{resident.number}/joint/{first.pk}"):
        assert "松町" not in text(clerk.get(path))
