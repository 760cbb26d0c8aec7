"""About 240 examples of who is held back and whose address is shown, as a clerk would list them (抑止の例の試験)."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from municipal.addressees.operations import (
    apply_for_measure,
    end_measure,
    lift_suppression,
    name_perpetrator,
    release_temporarily,
    start_measure,
    suppress,
)
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.dates import RegisterDate
from municipal.identity.demo import ROLES
from municipal.residents import inquiry
from municipal.residents.models import ResidentRecord
from municipal.residents.shown import items
from municipal.residents.suppression import decide
from municipal.residents.tests.people import enter, newcomer

FILE = Path(__file__).parent / "examples" / "suppression.csv"
CLERK = System(actor_kind="staff", actor_id=1)
APPLIED, NOW = datetime(2025, 5, 1, 9, tzinfo=clock.TOKYO), datetime(2025, 9, 1, 10, tzinfo=clock.TOKYO)
LATER = datetime(2026, 9, 1, 10, tzinfo=clock.TOKYO)
PROCESSES = {"証明書発行": "issue", "異動入力": "event", "照会": "inquiry"}
LEVELS = {"error": "エラー", "alert": "アラート", "": "なし"}
ROLE = {"窓口": "counter", "税務": "tax", "監査": "auditor", "管理": "admin", "責任者": "chief"}
SUPPRESSIONS = {
    "個人・エラー": ("error", "addressee"), "個人・アラート": ("alert", "addressee"), "世帯・エラー": ("error", "home"),
    "世帯・アラート": ("alert", "home"), "開始前": ("error", "addressee"), "終了日経過": ("error", "addressee"),
    "解除済み": ("error", "addressee"),
}  # fmt: skip

with FILE.open(encoding="utf-8", newline="") as file:
    EXAMPLES = list(csv.DictReader(file))
BY_STATE: dict[str, list[dict[str, str]]] = defaultdict(list)
for example in EXAMPLES:
    BY_STATE[example["支援措置・抑止"]].append(example)


def people() -> dict[str, ResidentRecord]:
    """Two homes: where the protected live, with somebody and somebody who left; where the perpetrator lives."""
    since = date(2024, 4, 1)
    hers: dict[str, Any] = {"address_block": "竹町", "address_lot": "５番地"}
    own = newcomer(valid_from=since, name="本人", **hers)
    found = {"本人": own}
    for name in ("併せて支援", "同居の世帯員", "元の世帯員"):
        found[name] = newcomer(valid_from=since, household=own.household, is_head=False, name=name, **hers)
    found["加害者"] = newcomer(valid_from=since, name="加害者")
    left = enter(found["元の世帯員"], date(2024, 8, 1), household_id=found["加害者"].household_id, address_lot="９番地")
    found["元の世帯員"] = left
    for name, status, reason in (("転出した本人", "2", "move_out"), ("死亡した本人", "3", "death")):
        gone = newcomer(valid_from=since, name=name, address_block="梅町", address_lot="７番地")
        found[name] = enter(gone, date(2025, 6, 1), status=status, reason=reason, removed_on=RegisterDate(2025, 6, 1))
    return found


def measure(found: dict[str, ResidentRecord], state: str) -> None:
    with clock.stopped_at(APPLIED):
        said = {"kind": "violence", "applied_on": date(2025, 5, 1)}
        for name in ("本人", "転出した本人", "死亡した本人"):
            joined = [(found["併せて支援"].addressee, "子")] if name == "本人" else []
            number = apply_for_measure(actor=CLERK, applicant=found[name].addressee, said=said, joined=joined).number
            name_perpetrator(actor=CLERK, number=number, name="加害者", addressee=found["加害者"].addressee)
            if state != "仮支援措置":
                start_measure(actor=CLERK, number=number, starts_on=date(2025, 5, 1))
            if state == "終了":
                end_measure(actor=CLERK, number=number, ended_on=date(2025, 5, 1), reason="asked")


def hold(found: dict[str, ResidentRecord], which: str) -> None:
    level, whose = SUPPRESSIONS[which]
    starts_on = date(2025, 9, 2) if which == "開始前" else date(2025, 5, 1)
    ends_on = date(2025, 6, 1) if which == "終了日経過" else None
    own = found["本人"]
    target: dict[str, Any] = (
        {"household_number": own.household.number} if whose == "home" else {"addressee": own.addressee}
    )
    with clock.stopped_at(APPLIED):
        made = suppress(
            actor=CLERK, process="issue", level=level, reason="確認中", starts_on=starts_on, ends_on=ends_on, **target
        )
        if which == "解除済み":
            lift_suppression(actor=CLERK, suppression=made.pk)


@contextmanager
def released(found: dict[str, ResidentRecord], said: dict[str, str], now: datetime) -> Iterator[None]:
    """One temporary release, gone again afterwards."""
    with transaction.atomic():
        if said["一時解除"] != "なし":
            process = PROCESSES[said["処理"]]
            if said["一時解除"] == "別の処理で解除中":
                process = next(one for one in PROCESSES.values() if one != process)
            at = now - timedelta(hours=1) if said["一時解除"] == "時間が過ぎた" else now
            with clock.stopped_at(at):
                person = found[said["だれ"]].addressee
                release_temporarily(actor=CLERK, addressee=person, process=process, reason="審査済み")
        with clock.stopped_at(now):
            yield
        transaction.set_rollback(True)


def answer(found: dict[str, ResidentRecord], said: dict[str, str]) -> tuple[str, str]:
    row = found[said["だれ"]]
    grounds = decide(PROCESSES[said["処理"]], [row.addressee_id]).grounds
    person = inquiry.person(row.addressee.number)
    assert person is not None
    role = next(role for role in ROLES if role.login_name == ROLE[said["見る人"]])
    withheld = person.withheld(person.record)
    (lot,) = items(person.record, ["address_lot"], permissions=role.permissions, withheld=withheld)
    return LEVELS[grounds[0].level if grounds else ""], "表示" if lot.text else "非表示"


@pytest.mark.clause(
    "resident-record/1.0#3.1/m2", "resident-record/1.0#3.1/m3", "resident-record/1.0#3.1/m5",
    "resident-record/1.0#3.1/m8", "resident-record/1.0#3.4/m1", "resident-record/1.0#3.4/m3",
    "resident-record/1.0#3.4/m9", "resident-record/1.0#3.4/m10",
)  # fmt: skip
@pytest.mark.parametrize("state", BY_STATE)
def test_every_example_is_answered_as_the_list_says(town: int, state: str) -> None:
    found = people()
    now = LATER if state == "期間経過" else NOW
    if state.startswith("抑止"):
        hold(found, state.removeprefix("抑止（").removesuffix("）"))
    elif state != "なし":
        measure(found, state)
    wrong = []
    for said in BY_STATE[state]:
        with released(found, said, now):
            got = answer(found, said)
        if got != (said["判定"], said["住所"]):
            wrong.append((said["番号"], said["だれ"], said["処理"], said["一時解除"], got))
    assert wrong == []


def test_there_are_at_least_two_hundred_examples_each_with_its_clause() -> None:
    assert len(EXAMPLES) >= 200
    assert all(said["条項"].startswith("3.") for said in EXAMPLES)
