"""Items that a clerk may correct, what they say now, and what was typed in their place (修正する項目)."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.utils.translation import gettext

from municipal.addressees.fields import RegisterDateField
from municipal.core.codes import table
from municipal.core.dates import RegisterDate
from municipal.core.eras import parse_day
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.notices import ITEMS, item_value
from municipal.residents.shown import CODE_TABLES, HIDDEN, WITHHELD, items, labels

OF_THE_REGISTER = frozenset(
    {
        "reason", "event_on", "notified_on", "notification_number", "notice_on", "applied_on", "requested_on",
        "input_place", "input_terminal", "head_name", "entry_reason", "removal_reason", "revision", "revised_on",
    }
)  # fmt: skip
"""Items that say how a row came about: no correction writes them."""
YES_NO = {"有": True, "無": False}
_WHY = {WITHHELD: "支援措置", HIDDEN: "表示の権限なし"}


def choices(
    record: ResidentRecord, *, permissions: Collection[str], withheld: Collection[str]
) -> list[tuple[str, str]]:
    """Every item that may be corrected, with its present value beside it; filled ones first (項目の選択肢).

    What the clerk may not see is not offered; a protected address is offered without its value.
    """
    names = [name for name in ITEMS if name not in OF_THE_REGISTER]
    found = items(record, names, permissions=permissions, withheld=withheld)
    offered = [item for item in found if item.why_empty != HIDDEN]
    offered.sort(key=lambda item: not (item.text or item.why_empty))
    return [(item.field, f"{item.label}: {_now(item.text, item.why_empty)}") for item in offered]


def _now(text: str, why: str) -> str:
    return gettext(_WHY[why]) if why else text[:60] or gettext("記載なし")


def typed(name: str, text: str) -> Any:
    """What was typed for item ``name`` as a notice says it. Raises Refused for what cannot be read (入力値の読取り)."""
    field = ITEMS.get(name)
    if field is None or name in OF_THE_REGISTER:
        raise Refused("直す項目を一覧から選んでください。", field=name, code="invalid")
    if not text:
        return item_value(name, None if not isinstance(field, models.CharField) else "")
    if isinstance(field, RegisterDateField):
        return RegisterDate.entered(text)
    if isinstance(field, models.DateField):
        return parse_day(text)
    if isinstance(field, models.BooleanField):
        return item_value(name, YES_NO.get(text, text))
    return item_value(name, _code(name, field, text))


def _code(name: str, field: Any, text: str) -> str:
    """The code of a name from a code table or of a choice; anything else as it is."""
    named = {str(label): str(code) for code, label in field.flatchoices}
    if name in CODE_TABLES:
        named |= {code.name_ja: code.code for code in table(CODE_TABLES[name]).values()}
    return named.get(text, text)


def label_of(name: str) -> str:
    """What an item is called."""
    return labels().get(name, name)
