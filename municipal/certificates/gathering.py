"""What the register says today about people who are to stand on a certificate (記載内容の収集)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import LifeState
from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.addressees.outputs import written as address_written
from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.numbers.operations import has_number
from municipal.residents import inquiry
from municipal.residents.acts.special_moves import left_by_card
from municipal.residents.models import ResidentRecord
from municipal.residents.shown import ADDRESS_GROUPS, changed_fields, labels, written

from .contents import OMITTED, Block, Contents, Item
from .kinds import BY_CARD, MOVING_OUT, OFFICIAL, REISSUED, Kind
from .models import FormSettings, LaterRule, MemberOrder
from .rules.items import Facts, address_of, allowed, items_of
from .rules.later import CHANGES, applied
from .rules.requests import Asked
from .rules.wording import filled
from .signing import Signature

TITLES = {"household_copy": "住民票の写し", "person_copy": "住民票の写し"}
"""What is printed on top, where it is not the name of the form."""
PRINTED_IN_HISTORY = (
    "name", "former_family_name", "alias", "born_on", "sex", "relationship", "head_name", "domicile",
    "register_head", "nationality", "residence_status", "stay_expires_on",
)  # fmt: skip
_GROUP_OF = {
    "relationship": "head", "head_name": "head", "domicile": "family_register", "register_head": "family_register",
    "nationality": "nationality", "residence_status": "residence_status", "stay_expires_on": "stay_expires_on",
    "alias": "alias_history",
}  # fmt: skip
REMOVAL_DUE = _("転出予定日を過ぎているのに、消除の処理がまだです。処理を済ませてから発行してください。")


@implements("resident-record/1.0#5.1/m1", "resident-record/1.0#5.1/n1")
def people_for(kind: Kind, numbers: Sequence[str]) -> list[ResidentRecord]:
    """The records of those who are chosen, all of one household, all residents or all removed (証明する人).

    Raises Refused for numbers that are nobody's, for several households, and for people of the wrong state: a removed
    member and residents never stand on one copy.
    """
    found = inquiry.latest().filter(addressee__number__in=[one for one in numbers if inquiry.is_number(one)])
    records = {one.addressee.number: one for one in found.select_related("addressee", "household")}
    if set(records) != set(numbers):
        raise Refused("この自治体の台帳にない人が選ばれています。選び直してください。", field="people", code="unknown")
    rows = [records[number] for number in numbers]
    if kind.remade:
        return [_before_remaking(one) for one in rows]
    if len({one.household_id for one in rows}) > 1:
        raise Refused("一通に載せられるのは、一つの世帯の人だけです。", field="people", code="several_households")
    if any((one.status != LifeState.RESIDENT) != kind.removed for one in rows):
        raise Refused(
            "消除された人は除票で、住んでいる人は住民票で証明します。種別か人を選び直してください。",
            field="people",
            code="wrong_state",
        )
    for one in rows:
        if one.status == LifeState.RESIDENT and one.move_out_planned_on and one.move_out_planned_on <= clock.today():
            raise Refused(REMOVAL_DUE, code="removal_due")
    return arranged(rows)


def _before_remaking(record: ResidentRecord) -> ResidentRecord:
    """The last row of the record that was made anew last (改製原住民票; #1.1.4)."""
    found = inquiry.former_records(record.addressee)
    if not found:
        raise Refused("この方の住民票は改製されていません。", field="people", code="not_remade")
    return found[0].last


def arranged(rows: Collection[ResidentRecord]) -> list[ResidentRecord]:
    """``rows`` of one household in the order that was set for it, else as the register has it (記載順; #5.2)."""
    homes = {one.household_id for one in rows}
    newest = MemberOrder.objects.filter(household__in=homes).order_by("-arranged_at", "-pk").first()
    places = {member: place for place, member in enumerate(newest.members)} if newest else {}
    last = len(places)
    return sorted(rows, key=lambda one: (places.get(one.addressee_id, last), one.member_order, one.addressee_id))


def facts_of(record: ResidentRecord) -> Facts:
    """What a certificate needs to know about one person (事実の収集)."""
    parts = vars(record)
    addresses = {group: address_written(parts, group) for group in ADDRESS_GROUPS}
    bare = address_written({**parts, "address_building": ""}, "address")
    number = record.addressee_id if has_number(record.addressee_id) else None
    has_aliases = any(aliases(list(inquiry.history(record.addressee))))
    later = frozenset(LaterRule.objects.filter(is_on=True).values_list("code", flat=True)) & CHANGES.keys()
    return Facts(applied(parts, later), addresses, bare, _entry_notified_on(record), number, has_aliases, later)


def _entry_notified_on(record: ResidentRecord) -> date | None:
    """The day on which becoming a resident was notified; a move inside does not change it (CERT-09)."""
    rows = ResidentRecord.objects.filter(addressee=record.addressee_id, reason=record.entry_reason)
    row = rows.filter(event_on=record.entry_event_on or "").order_by("-serial").first()
    return row.notified_on if row else None


@prints_addresses("certificates.sheet", Purpose.CERTIFICATE)
def sheet(
    asked: Asked, kind: Kind, records: Sequence[ResidentRecord], settings: FormSettings, signed: Signature
) -> Contents:
    """The contents of a copy or a certificate about ``records`` (証明書の内容).

    Whether it may be issued for them has been asked before (``residents.suppression``).
    """
    facts = [facts_of(one) for one in records]
    has_reading = settings.has_reading
    people = tuple(
        Block(one.name, items_of(fact, kind, asked.omits, has_reading=has_reading))
        for one, fact in zip(records, facts, strict=True)
    )
    return Contents(
        kind=kind.code,
        title=TITLES.get(kind.code, kind.name),
        town=Municipality.objects.get(pk=wall.current()).name,
        heads=_heads(records[0], facts[0], kind, asked.omits),
        people=people,
        annexes=tuple(_annexes(asked, kind, records)),
        attestation=kind.attestation,
        dated=wareki(clock.today()),
        officer=signed.officer,
        officer_name=signed.name,
        seal=signed.seal.pk if signed.seal else None,
        phrases=(*settings.phrases, *_of_the_move(kind, records)),
        marks=(OFFICIAL,) if asked.is_official else (),
        keeps_cut=settings.keeps_cut,
    )


def _of_the_move(kind: Kind, records: Sequence[ResidentRecord]) -> tuple[str, ...]:
    return (BY_CARD,) if kind.code in MOVING_OUT and any(left_by_card(one) for one in records) else ()


def _heads(record: ResidentRecord, facts: Facts, kind: Kind, omits: Collection[str]) -> tuple[Item, ...]:
    head = OMITTED if "head" in allowed(kind, omits) else filled(record.head_name)
    return Item("address", "住所", address_of(facts, kind, omits)), Item("head_name", "世帯主", head)


def _annexes(asked: Asked, kind: Kind, records: Sequence[ResidentRecord]) -> Iterator[Block]:
    omits = allowed(kind, asked.omits)
    for record in records:
        rows = [row for row in inquiry.history(record.addressee) if row.serial <= record.serial]
        if asked.has_history and kind.code not in MOVING_OUT:
            yield Block(f"異動履歴　{record.name}", tuple(history(rows, omits, has_special=asked.has_special_history)))
        if "alias_history" not in omits and (told := tuple(aliases(rows))):
            yield Block(f"通称の記載及び削除に関する事項　{record.name}", told)


def history(rows: Sequence[ResidentRecord], omits: Collection[str], *, has_special: bool) -> Iterator[Item]:
    """What changed and when, since the record was made or made anew (異動履歴; CERT-04).

    Of a resident whose move-out is only announced, the announcement is not told (#5.1/m8). What has a special ground
    (#1.1.4/m4) is told only where it is asked for.
    """
    is_resident = rows[-1].status == LifeState.RESIDENT
    since = next(place for place, row in enumerate(rows) if row.revision == rows[-1].revision)
    for before, after in zip(rows[since:], rows[since + 1 :], strict=False):
        is_announced = is_resident and before.move_out_planned_on != after.move_out_planned_on
        is_special = before.sex != after.sex or "特別養子縁組" in after.remarks
        if is_announced or (is_special and not has_special):
            continue
        if said := _changed(before, after, omits):
            label = f"{written('event_on', after.event_on, kind=after.kind)}　{_reason(after)}"
            yield Item("history", label.strip("　"), said)


def _reason(row: ResidentRecord) -> str:
    return written("reason", row.reason, kind=row.kind)


def _changed(before: ResidentRecord, after: ResidentRecord, omits: Collection[str]) -> str:
    fields = set(changed_fields(before, after))
    said = [
        f"{labels()[name]}: {filled(_text(before, name))} → {filled(_text(after, name))}"
        for name in PRINTED_IN_HISTORY
        if name in fields and _GROUP_OF.get(name, name) not in omits
    ]
    old, new = address_written(vars(before), "address"), address_written(vars(after), "address")
    if old != new and "address" not in omits:
        said.insert(0, f"住所: {old} → {new}")
    return "、".join(said)


def _text(row: ResidentRecord, name: str) -> str:
    return written(name, getattr(row, name), kind=row.kind)


def aliases(rows: Sequence[ResidentRecord]) -> Iterator[Item]:
    """Every alias with the day and the municipality of its entry and its deletion (通称の履歴)."""
    told: set[tuple[str, object, object]] = set()
    for row in rows:
        if row.alias_entered_on and ("記載", row.alias_entered_on, row.alias) not in told:
            told.add(("記載", row.alias_entered_on, row.alias))
            yield Item("alias", f"記載　{wareki(row.alias_entered_on)}", f"{row.alias}　{row.alias_entered_at}")
        if row.alias_deleted_on and ("削除", row.alias_deleted_on, "") not in told:
            told.add(("削除", row.alias_deleted_on, ""))
            yield Item("alias", f"削除　{wareki(row.alias_deleted_on)}", row.alias_deleted_at or "")


@implements("resident-record/1.0#4.1.3.0.3/m3", "resident-record/1.0#4.1.3.0.3/n1")
def reissued(first: Contents, signed: Signature) -> Contents:
    """An earlier issue as it was, marked 再交付 and with the day of the first; signed today (再交付の内容)."""
    return replace(
        first,
        marks=(*first.marks, REISSUED),
        phrases=(*first.phrases, f"当初の発行　{first.dated}"),
        dated=wareki(clock.today()),
        officer=signed.officer,
        officer_name=signed.name,
        seal=signed.seal.pk if signed.seal else None,
    )


def printed(contents: Contents) -> dict[str, str]:
    """The items that are not left out, by key, with their labels (記載事項)."""
    items = [*contents.heads, *(item for block in contents.people for item in block.items)]
    return {item.key: item.label for item in items if item.text != OMITTED}
