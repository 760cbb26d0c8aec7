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
from municipal.residents.shown import ADDRESS_GROUPS

from .contents import OMITTED, Block, Contents, Item
from .history import aliases, remarks_field
from .kinds import BY_CARD, MOVING_OUT, OFFICIAL, REISSUED, Kind
from .models import FormSettings, LaterRule, MemberOrder
from .rules.items import Facts, address_of, allowed, items_of
from .rules.later import CHANGES, applied
from .rules.requests import Asked
from .rules.wording import filled
from .signing import Signature

TITLES = {"household_copy": "住民票の写し", "person_copy": "住民票の写し"}
"""What is printed on top, where it is not the name of the form."""
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
        past = inquiry.history(record.addressee).select_related("household", "event__cancels")
        rows = [row for row in past if row.serial <= record.serial]
        if asked.has_history and kind.code not in MOVING_OUT:
            told = tuple(remarks_field(rows, omits, has_special=asked.has_special_history))
            yield Block(f"統合記載欄　{record.name}", told)
        if "alias_history" not in omits and (told := tuple(aliases(rows))):
            yield Block(f"通称の記載及び削除に関する事項　{record.name}", told)


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
