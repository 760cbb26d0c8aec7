"""Naming who gets somebody's mail instead, and ending it (送付先・相続人代表者・納税管理人の登録).

The representative of the heirs is told or named under the Local Tax Act, article 9-2; the tax agent under its
article 300 (and the like for other taxes). Which paper proved it is kept by the office, not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from psycopg.types.range import Range

from municipal.addressees.fields import glyphs_of
from municipal.addressees.models import Addressee, LifeState, Recipient, RecipientKind
from municipal.addressees.outputs import names_of_group
from municipal.addressees.rules import refuse_bad_postal_code
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused

COPIED = ("addressee_id", "kind", "subject", "name", "kana", *names_of_group("address"), "is_safe_for_protected")


@dataclass(frozen=True)
class Redirection:
    """What somebody told about where the mail is to go (送付先の届出).

    ``address``: parts by the names of ``fields.ADDRESS_PARTS`` and ``ABROAD_PARTS``. ``last_day``: None for no end.
    """

    kind: str
    address: Mapping[str, str]
    first_day: date
    name: str = ""
    kana: str = ""
    subject: str = ""
    last_day: date | None = None
    is_safe_for_protected: bool = False


@operation("addressees.register_recipient")
def register_recipient(*, actor: Actor, addressee: Addressee, said: Redirection) -> Recipient:
    """Let the mail of an addressee go to somebody else, or elsewhere, from a day on (送付先の登録).

    Raises Refused without a name or an address, for days out of order, for heirs of somebody whom the register knows
    to live, and while another recipient holds for the same fee.
    """
    _refuse_bad(said, Addressee.objects.select_for_update().get(pk=addressee.pk))
    address = {name: value.strip() for name, value in said.address.items()}
    row = Recipient(
        addressee=addressee, kind=said.kind, subject=said.subject, name=said.name.strip(), kana=said.kana.strip(),
        is_safe_for_protected=said.is_safe_for_protected, valid=_days(said.first_day, said.last_day),
        recorded=Range(clock.now(), None), **{f"address_{name}": value for name, value in address.items()},
    )  # fmt: skip
    for name in COPIED:
        most = glyphs_of(Recipient._meta.get_field(name))
        if most is not None:
            refuse_unstorable(getattr(row, name), most, name.removeprefix("address_"))
    row.save(force_insert=True)
    record(actor=actor, subjects=[addressee.pk], fields=["kind", "subject", "name", "address", "valid"], code=said.kind)
    return row


@operation("addressees.end_recipient")
def end_recipient(*, actor: Actor, recipient: int, last_day: date | None) -> Recipient | None:
    """Let a recipient hold until ``last_day``, or say with None that it was entered by mistake (送付先の終了・取消し).

    What was known before stays in the closed row. Raises Refused for one that is closed or ended earlier, and for a
    day before it began.
    """
    row = Recipient.objects.select_for_update().filter(pk=recipient, recorded__endswith__isnull=True).first()
    if row is None:
        raise Refused("この送付先は見つかりません。画面を更新して確認してください。", code="not_found")
    first_day, after = row.valid.lower, row.valid.upper
    assert isinstance(first_day, date)
    if last_day is not None and last_day < first_day:
        raise Refused("終了日は開始日以降の日にしてください。", field="last_day", code="invalid")
    if last_day is not None and after is not None and last_day >= after:
        raise Refused("この送付先は、その日より前に終了しています。", field="last_day", code="conflict")
    # Known for a moment at least, however fast it is taken back.
    now = max(clock.now(), row.recorded.lower + timedelta.resolution)
    row.recorded = Range(row.recorded.lower, now)
    row.save(update_fields=["recorded"])
    record(actor=actor, subjects=[row.addressee_id], fields=["valid"], code=row.kind)
    if last_day is None:
        return None
    said = {name: getattr(row, name) for name in COPIED}
    return Recipient.objects.create(**said, valid=_days(first_day, last_day), recorded=Range(now, None))


def _refuse_bad(said: Redirection, addressee: Addressee) -> None:
    if said.kind not in RecipientKind.values:
        raise Refused("送付先の種類を一覧から選んでください。", field="kind", code="no_such_choice")
    if said.kind == RecipientKind.HEIRS and addressee.life_state in (LifeState.RESIDENT, LifeState.MOVED_OUT):
        raise Refused(
            "この方の死亡は登録されていません。相続人代表者を登録する前に、住民記録の担当に確かめてください。",
            field="kind", code="conflict",
        )  # fmt: skip
    if said.last_day is not None and said.last_day < said.first_day:
        raise Refused("終了日は開始日以降の日にしてください。", field="last_day", code="invalid")
    refuse_bad_postal_code(said.address.get("postal_code", "").strip())


def _days(first: date, last: date | None) -> Range[date]:
    return Range(first, None if last is None else last + timedelta(days=1))
