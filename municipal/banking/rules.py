"""What an account must look like before it is kept (口座の規則)."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from municipal.core.refusals import Refused

from .zengin.layouts import codes
from .zengin.letters import as_letters

DEBIT_KINDS, TRANSFER_KINDS = "debit_kind", "transfer_kind"
"""The lists of kinds of account: those that may be debited, those that may be paid to."""


@dataclass(frozen=True)
class Account:
    """An account as it was typed (口座の入力)."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    kind: str
    number: str
    holder: str = ""


def checked(typed: Account, kinds: str, *, most: int = 30) -> Mapping[str, str]:
    """The account as banks write it: letters in half-width kana, the number filled to seven digits (口座の確認).

    ``most``: how long the holder's name may be. Raises Refused naming the field.
    """
    for field, width in (("bank_code", 4), ("branch_code", 3)):
        if not re.fullmatch(rf"\d{{{width}}}", getattr(typed, field), re.ASCII):
            raise Refused("%(width)d桁の数字で入力してください。", field=field, code="invalid", width=width)
    if not re.fullmatch(r"\d{1,7}", typed.number, re.ASCII):
        raise Refused("口座番号は7桁以内の数字で入力してください。", field="number", code="invalid")
    if typed.kind not in codes(kinds):
        raise Refused("預金種目を一覧から選んでください。", field="kind", code="invalid")
    letters = {
        field: as_letters(getattr(typed, field), longest, field)
        for field, longest in (("bank_name", 15), ("branch_name", 15), ("holder", most))
    }
    for field, said in letters.items():
        if not said:
            raise Refused("カナで入力してください。", field=field, code="required")
    return asdict(replace(typed, number=typed.number.zfill(7), **letters))
