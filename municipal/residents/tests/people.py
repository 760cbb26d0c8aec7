"""People for the tests of the register (試験用の住民)."""

from datetime import date
from typing import Any

from municipal.addressees.models import Addressee
from municipal.addressees.operations import ADDRESSEE_NUMBERS, HOUSEHOLD_NUMBERS, give_number
from municipal.core.actors import System
from municipal.core.dates import RegisterDate
from municipal.residents.models import Household, ResidentRecord
from municipal.residents.operations import enter_record


def newcomer(
    *, valid_from: date, household: Household | None = None, is_head: bool = True, **items: Any
) -> ResidentRecord:
    """甲野花子 moves in on ``valid_from``; ``items`` replace what is said of her."""
    addressee = Addressee.objects.create(number=give_number(ADDRESSEE_NUMBERS), kind="resident")
    home = household or Household.objects.create(number=give_number(HOUSEHOLD_NUMBERS))
    said: dict[str, Any] = {
        "addressee": addressee, "household": home, "kind": "1", "status": "1",
        "name": "甲野　花子", "family_name": "甲野", "given_name": "花子",
        "name_kana": "コウノ　ハナコ", "family_kana": "コウノ", "given_kana": "ハナコ",
        "sex": "2", "born_on": RegisterDate(1985, 4, 1), "relationship": "世帯主" if is_head else "同居人",
        "resident_code": "99900000002", "address_prefecture": "架空県", "address_city": "架空市",
        "address_block": "松町", "address_lot": "１番地", "address_postal_code": "9990001",
        "became_resident_on": RegisterDate.exact(valid_from), "address_set_on": RegisterDate.exact(valid_from),
        "domicile": "架空県架空市松町１番地", "register_head": "甲野　太郎",
        "reason": "move_in", "event_on": RegisterDate.exact(valid_from),
    }  # fmt: skip
    entry = ResidentRecord(**(said | items))
    return enter_record(actor=System(), entry=entry, valid_from=valid_from)


def draft(former: ResidentRecord, **changes: Any) -> ResidentRecord:
    """A new row that says what ``former`` said, but for ``changes``."""
    items = {field.attname: getattr(former, field.attname) for field in ResidentRecord._meta.fields}
    del items["id"]
    return ResidentRecord(**(items | changes))


def enter(former: ResidentRecord, valid_from: date, **changes: Any) -> ResidentRecord:
    """Enter ``draft(former, **changes)`` as of ``valid_from``."""
    return enter_record(actor=System(), entry=draft(former, **changes), valid_from=valid_from)
