"""Which items each class of foreign residents has (法第30条の45の区分ごとの事項; resident-record/1.0#1.1.2)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from municipal.core.clauses import implements
from municipal.core.refusals import Refused

MID_LONG, SPECIAL = "mid_long_term", "special_permanent"
OF_THE_ENTRY = (MID_LONG, SPECIAL, "temporary_refuge", "provisional_stay")
"""Who notifies by articles 30-46 and 30-47; the transitional are entered by birth or loss of nationality only."""

OF_A_CLASS: Mapping[str, frozenset[str]] = {
    MID_LONG: frozenset(
        {"residence_card_number", "residence_status", "stay_years", "stay_months", "stay_days", "stay_expires_on"}
    ),
    SPECIAL: frozenset({"residence_card_number"}),
    "temporary_refuge": frozenset({"landing_period"}),
    "provisional_stay": frozenset({"provisional_stay_period"}),
    "transitional_birth": frozenset(),
    "transitional_nationality_loss": frozenset(),
}
"""What the table of article 30-45 wants of each class beside the class itself."""

WITHOUT_END = frozenset({"permanent_resident", "highly_skilled_2"})
"""Residence statuses of which the period has no end."""
LABELS = {
    "residence_card_number": gettext_lazy("在留カード等の番号"), "residence_status": gettext_lazy("在留資格"),
    "stay_expires_on": gettext_lazy("在留期間の満了の日"), "landing_period": gettext_lazy("上陸期間"),
    "provisional_stay_period": gettext_lazy("仮滞在期間"),
}  # fmt: skip
ALL = frozenset[str]().union(*OF_A_CLASS.values())


@implements("resident-record/1.0#1.1.2/m3")
def whole_stay(items: Mapping[str, Any]) -> None:
    """Raise Refused, naming the item, unless a class has its items and no other class's (区分ごとの事項).

    A mid- to long-term resident's period has an end, unless the status has none.
    """
    kind = str(items.get("article30_45_class") or "")
    if kind not in OF_A_CLASS:
        raise Refused("第30条の45の区分を入力してください。", field="article30_45_class", code="wrong_class")
    for name in LABELS:
        is_wanted = name in OF_A_CLASS[kind] and not (name == "stay_expires_on" and _is_endless(items))
        if is_wanted and not items.get(name):
            raise Refused("%(label)sを入力してください。", field=name, code="missing", label=LABELS[name])
        if name in ALL - OF_A_CLASS[kind] and items.get(name):
            raise Refused(
                "この区分の方に「%(label)s」は記載しません。区分を確かめてください。",
                field=name, code="of_another_class", label=LABELS[name],
            )  # fmt: skip


def _is_endless(items: Mapping[str, Any]) -> bool:
    return str(items.get("residence_status") or "") in WITHOUT_END


def days_until(expires_on: date | None, today: date) -> int | None:
    """How many days of the period of stay are left; negative when it has passed, None where it has no end (残日数)."""
    return None if expires_on is None else (expires_on - today).days
