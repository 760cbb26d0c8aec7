"""Files of amounts: every bad line named, taken in whole by a second person, once (認定・支給額のファイルの試験)."""

from typing import Any

import pytest
from django.db import transaction

from municipal.core.refusals import Refused
from municipal.entitlements.intake import COLUMNS, Line, read
from municipal.entitlements.models import AmountFrom, AssessmentFile, Entitlement, State
from municipal.entitlements.operations.files import receive_file, take_in_file
from municipal.payments.files import BadLine

from .acting import ALLOWANCE, CARE, CHIEF, CLERK, allowance, day, granted, home, now

pytestmark = pytest.mark.usefixtures("town")


def file_of(*rows: dict[str, str]) -> bytes:
    lines = [COLUMNS, *([row.get(name, "") for name in COLUMNS] for row in rows)]
    return "".join(",".join(cells) + "\n" for cells in lines).encode()


def line(**said: str) -> dict[str, str]:
    return {"kind": CARE, "per": "month", "yen": "10000"} | {
        name.removesuffix("_"): text for name, text in said.items()
    }


def taken(data: bytes, actor: Any = CHIEF) -> int:
    return take_in_file(actor=actor, file=receive_file(actor=CLERK, name="amounts.csv", data=data))


def test_an_amount_reaches_the_entitlement_of_a_case_and_names_its_file() -> None:
    one = granted(home()[0].addressee, decided_in="261129-0000-0001")
    assert taken(file_of(line(case="261129-0000-0001"))) == 1
    found = now(one)
    assert (found.amount_yen, found.per, found.amount_from) == (10_000, "month", AmountFrom.FILE)
    assert found.file == AssessmentFile.objects.get()
    assert (found.version, found.starts_on) == (2, one.starts_on)


def test_a_person_who_holds_none_is_found_entitled_by_the_file() -> None:
    person, _, child, _ = (row.addressee for row in home())
    data = file_of(
        line(person=person.number, from_="2026-12-01", until="2027-11-30", reason="電算結果による"),
        line(person=person.number, about=child.number, kind=ALLOWANCE, from_="2026-12-01", yen="15000"),
    )
    assert taken(data) == 2
    care = Entitlement.objects.get(kind=CARE, recorded__endswith__isnull=True)
    assert (care.starts_on, care.ends_on, care.reason) == (day("2026-12-01"), day("2027-11-30"), "電算結果による")
    held = Entitlement.objects.get(kind=ALLOWANCE, recorded__endswith__isnull=True)
    assert (held.person, held.about, held.amount_yen) == (person, child, 15_000)


def test_the_same_bytes_are_one_file_and_who_handed_it_in_does_not_take_it_in() -> None:
    one = granted(home()[0].addressee)
    data = file_of(line(person=one.person.number))
    with pytest.raises(Refused), transaction.atomic():
        taken(data, actor=CLERK)
    assert now(one).amount_yen is None
    assert taken(data) == 1
    with pytest.raises(Refused) as again, transaction.atomic():
        taken(data)
    assert again.value.code == "already_decided"
    assert (AssessmentFile.objects.count(), now(one).version) == (1, 2)


def test_a_second_file_that_says_the_same_changes_nothing() -> None:
    one = granted(home()[0].addressee)
    taken(file_of(line(person=one.person.number)))
    assert taken(file_of(line(person=one.person.number, reason="再送"))) == 0
    assert taken(file_of(line(person=one.person.number, yen="12000"))) == 1
    assert (now(one).amount_yen, now(one).version) == (12_000, 3)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"yen": "-1"}, "yen"), ({"yen": "1000円"}, "yen"), ({"yen": "999999999"}, "yen"), ({"yen": ""}, "yen"),
        ({"yen": "１００"}, "yen"), ({"per": "year"}, "per"), ({"kind": "fishing"}, "kind"), ({"kind": ""}, "kind"),
        ({"person": ""}, "person"), ({"person": "99", "from": "2026-12-01"}, "person"),
        ({"case": "261129-9999-9999"}, "case"), ({"from": "2026-02-29"}, "from"), ({"until": "R8.11.30"}, "until"),
        ({"from": "2026-12-01", "until": "2026-11-30"}, "until"), ({"until": "2026-01-01"}, "until"),
        ({"reason": "a\x01b"}, "reason"), ({"about": "99", "from": "2026-12-01"}, "about"),
        ({"about": "99"}, "from"), ({"reason": "長" * 301}, "reason"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_nothing_is_taken_in(said: dict[str, str], field: str) -> None:
    one = granted(home()[0].addressee)
    good = line(person=one.person.number)
    found = read(file_of(good, good | {"yen": "500"} | said))
    assert isinstance(found[0], Line)
    bad = found[1]
    assert isinstance(bad, BadLine), found
    assert (bad.line, bad.field) == (3, field)
    with pytest.raises(Refused, match="誤りが1件"), transaction.atomic():
        taken(file_of(good, good | {"yen": "500"} | said))
    assert now(one).amount_yen is None


def test_two_lines_for_one_entitlement_are_one_too_many() -> None:
    one = granted(home()[0].addressee)
    bad = read(file_of(line(person=one.person.number), line(person=one.person.number, yen="1")))[1]
    assert isinstance(bad, BadLine)


def test_a_line_that_could_mean_two_children_asks_which() -> None:
    person, _, *children = (row.addressee for row in home())
    for child in children:
        allowance(person, child, decided_in="261129-0000-0001")
    said = line(case="261129-0000-0001", kind=ALLOWANCE)
    bad, good = read(file_of(said, said | {"about": children[1].number}))
    assert isinstance(bad, BadLine)
    assert isinstance(good, Line)
    assert (bad.field, good.about) == ("about", children[1])


def test_a_file_does_not_give_a_child_to_a_second_claimant() -> None:
    mother, father, child = (row.addressee for row in home(children=1))
    allowance(mother, child)
    said = line(person=father.number, about=child.number, kind=ALLOWANCE, from_="2026-12-01")
    bad = read(file_of(said))[0]
    assert isinstance(bad, BadLine)
    assert mother.number not in bad.sentence
    assert Entitlement.objects.filter(person=father).exclude(state=State.REFUSED).count() == 0


@pytest.mark.parametrize(
    "data", [b"", b"case,person\n", b"\xff\xfe", file_of(), file_of(line(person="1"))[:-1], b"a" * 100]
)
def test_a_file_that_is_none_is_refused_whole(data: bytes) -> None:
    with pytest.raises(Refused):
        receive_file(actor=CLERK, name="amounts.csv", data=data)
    assert AssessmentFile.objects.count() == 0
