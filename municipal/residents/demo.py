"""What trainers find in a made-up town: notices that wait, remarks, memos, investigations (研修用の通知と記載)."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from municipal.core import clock
from municipal.core.actors import System
from municipal.core.numbers import RESIDENT_RECORD_CODE

from .acts.standing import newest_periods
from .models import ReceivedKind, Remark, ResidentRecord
from .operations import begin_investigation, receive, set_actual_head, write_memo, write_remark
from .received import COLUMNS

ACTOR, CLERK = System("make_town"), System("made-up clerk", actor_id=1)
FROM, NEWCOMER = "見本市", "9999999901"


def receive_examples(as_of: date) -> int:
    """An arrival, a renewal, a lost status, and a certificate of somebody who comes by card; how many (研修用の通知).

    A second time it finds the same notices, which replace themselves.
    """
    told = (as_of - timedelta(days=1)).isoformat()
    kept = [
        *_received(ReceivedKind.ARRIVAL, _arrivals(told)),
        *_received(ReceivedKind.IMMIGRATION, _changes_of_stay(as_of, told)),
        *_received(ReceivedKind.MOVE_OUT, [_newcomer(as_of, told)]),
    ]
    return len(kept)


def _received(kind: str, lines: Iterable[Mapping[str, str]]) -> list[object]:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS[kind], restval="")
    writer.writerow(COLUMNS[kind])
    writer.writerows(lines)
    return list(receive(actor=ACTOR, kind=kind, text=text.getvalue()))


def _standing(rows: QuerySet[ResidentRecord], most: int) -> list[ResidentRecord]:
    """The first few of ``rows`` that are somebody's record as it stands, by person."""
    later = ResidentRecord.objects.filter(addressee=OuterRef("addressee"), serial__gt=OuterRef("serial"))
    return list(rows.filter(~Exists(later)).order_by("addressee")[:most])


def _arrivals(told: str) -> list[dict[str, str]]:
    """One of somebody whose arrival nobody reported yet, whose place did not come through."""
    leaving = ResidentRecord.objects.filter(
        status__in=("1", "2"), move_out_planned_on__isnull=False, arrival_notice_on=None,
        planned_destination_country="", planned_destination_abroad="",
    )  # fmt: skip
    place = {"prefecture": "見本県", "city": FROM, "block": "本〓", "lot": "２番地"}
    return [
        {
            "noticed_on": told, "sender": FROM, "event_on": min(str(one.move_out_planned_on), told),
            "resident_code": one.resident_code, "name": one.name, **place,
        }
        for one in _standing(leaving, 1)
    ]  # fmt: skip


def _changes_of_stay(as_of: date, told: str) -> list[dict[str, str]]:
    """The first two with a residence card: one gets a longer stay, one loses the status."""
    with_card = _standing(ResidentRecord.objects.filter(status="1", kind="2", stay_expires_on__isnull=False), 2)
    said = [
        {"stay_years": "5", "stay_expires_on": date(as_of.year + 5, as_of.month, 1).isoformat()}, {"removal": "1"},
    ]  # fmt: skip
    return [
        {"noticed_on": told, "event_on": told, "residence_card_number": one.residence_card_number, "name": one.name}
        | changes
        for one, changes in zip(with_card, said, strict=False)
    ]


def _newcomer(as_of: date, told: str) -> dict[str, str]:
    return {
        "noticed_on": told, "sender": FROM, "resident_code": RESIDENT_RECORD_CODE.of(NEWCOMER), "name": "例示　新",
        "born_on": "1990-01-02", "name_kana": "レイジ　シン", "sex": "1", "relationship": "世帯主",
        "domicile": "見本県見本市本通２番地", "register_head": "例示　新", "planned_on": as_of.isoformat(),
        "prefecture": "見本県", "city": FROM, "block": "本通", "lot": "２番地",
    }  # fmt: skip


def furnish_notes() -> None:
    """Write beside the records of the first few residents, once (研修用の統合記載欄・メモ). Runs inside the town."""
    if Remark.objects.exists():
        return
    living = newest_periods().filter(is_registered=True, is_head=True).select_related("record__household")
    heads = [one.record for one in living.order_by("addressee")[:3]]
    if len(heads) < 3:
        return
    first, second, third = heads
    write_remark(actor=CLERK, person=first.addressee_id, text="住居表示の実施予定の地区")
    write_remark(
        actor=CLERK, person=first.addressee_id, text="氏の字体は本籍地に確認済み", serial=first.serial, item="name"
    )
    memo = write_memo(actor=CLERK, person=first.addressee_id, text="耳が遠いので、筆談の用意をする")
    write_memo(actor=CLERK, person=first.addressee_id, text="耳が遠いので、筆談か大きな声で", replaces=memo.pk)
    begin_investigation(
        actor=CLERK, people=[second.addressee_id], about="whole", because="郵便物が返戻された", started_on=clock.today()
    )
    set_actual_head(
        actor=CLERK, household=third.household.number, name="施設　長子", standing="director", since=clock.today()
    )
