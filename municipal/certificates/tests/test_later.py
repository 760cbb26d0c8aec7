"""Rules of later versions: listed, provisional, off until they are switched on (後の版の規則の試験)."""

from typing import Any

import pytest

from municipal.certificates.kinds import KINDS
from municipal.certificates.models import LaterRule
from municipal.certificates.operations import change_form, pdf_of, settings_of, switch_later_rules
from municipal.certificates.rules.items import items_of
from municipal.certificates.rules.later import CHANGES, applied, listed
from municipal.core.refusals import Refused
from municipal.residents.tests.acting import act, member

from .issuing import CLERK, issued, text_of
from .test_rules import facts


def test_every_listed_rule_has_its_code_and_is_provisional() -> None:
    assert set(listed()) == set(CHANGES)
    assert {row["status"] for row in listed().values()} == {"provisional"}
    assert all(row["source"] and row["name_ja"] and row["name_en"] for row in listed().values())


@pytest.mark.parametrize(
    ("kind", "flag", "rules", "left"),
    [
        ("1", None, [], True),
        ("1", None, ["furigana_confirmed_only"], False),
        ("1", False, ["furigana_confirmed_only"], False),
        ("1", True, ["furigana_confirmed_only"], True),
        ("2", None, ["furigana_confirmed_only"], True),
        ("2", True, ["furigana_not_of_foreigners"], False),
        ("1", None, ["furigana_not_of_foreigners"], True),
        ("2", True, ["furigana_confirmed_only", "furigana_not_of_foreigners"], False),
    ],
)
def test_readings_are_left_out_by_the_rules_that_count(kind: str, flag: Any, rules: list[str], left: bool) -> None:
    values = dict(facts(kind, is_name_kana_confirmed=flag).values)
    assert bool(applied(values, rules)["name_kana"]) is left
    assert values["name_kana"] == "コウノ　タロウ"


def test_the_address_before_a_move_inside_is_an_item_of_the_later_rule_only() -> None:
    plain = facts()
    later = type(plain)(plain.values, {"address_within_before": "松町１番地"}, "", None, later=frozenset(CHANGES))
    for found, is_there in ((plain, False), (later, True)):
        items = {item.key: item.text for item in items_of(found, KINDS["person_copy"], (), has_reading=False)}
        assert ("address_within_before" in items) is is_there


@pytest.mark.django_db
def test_a_rule_counts_once_it_is_switched_on_and_no_longer(home: list[Any]) -> None:
    names = ("fee_yen", "omits", "signer", "seal", "phrases", "keeps_cut", "output", "printer")
    now = settings_of("person_copy")
    said = {name: getattr(now, name) for name in names} | {"has_reading": True}
    change_form(actor=CLERK, kind="person_copy", said=said)

    def has_reading() -> bool:
        return "コウノ" in text_of(pdf_of(CLERK, issued("person_copy", home[0]).copies.get()))

    assert has_reading()
    switch_later_rules(actor=CLERK, on=["furigana_confirmed_only"])
    assert not has_reading()
    act("correction_ex_officio", people=(member(home[0], is_name_kana_confirmed=True),), notifier_capacity="")
    assert has_reading()
    switch_later_rules(actor=CLERK, on=[])
    assert has_reading()
    with pytest.raises(Refused):
        switch_later_rules(actor=CLERK, on=["x"])
    assert not LaterRule.objects.filter(is_on=True).exists()
