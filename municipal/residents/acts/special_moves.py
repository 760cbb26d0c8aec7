"""Moves by card, and moves after others that nobody notified (特例転出・未届転入; #4.1.3.0.4, #4.1.1.4)."""

from collections.abc import Mapping
from dataclasses import replace

from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.notices import Notice

from .moves import leaving_reason, move_in, move_out, move_out_of
from .plan import Plan, act
from .standing import residents

UNREPORTED = "（未届）"
NOTE = "未届転入　転入前住所{place}"


@implements("resident-record/1.0#4.1.3.0.4/m1")
@act("move_out_by_card", "特例による転出", may_be_ahead=True)
def move_out_by_card(notice: Notice) -> Plan:
    """A move-out after which the card stands for the certificate (特例転入を利用した転出; article 24-2).

    No certificate is issued by itself; one can be asked for at the counter. Raises Refused where nobody of those who go
    has a card, where they go abroad, and where the notice comes too late.
    """
    if leaving_reason(notice.place) != "move_out":
        raise Refused("国外への転出に、特例による転出は使えません。", field="place", code="abroad_by_card")
    if not any(record.has_individual_number_card for record in residents(notice.people)):
        raise Refused(
            "個人番号カードを持つ方がいません。通常の転出として入力してください。", field="people", code="no_card"
        )
    plan = move_out(notice)
    if plan.basis:
        raise Refused(
            "転出から15日以上過ぎています。通常の転出として入力してください。",
            field="notified_on",
            code="card_too_late",
        )
    plan.document = ""
    return plan


@implements("resident-record/1.0#4.1.3.0.4/m4")
def left_by_card(record: ResidentRecord) -> bool:
    """Whether the person's leaving was entered as one by card: a certificate that is asked for says so (特例転出)."""
    event = move_out_of(record)
    return event is not None and event.act == "move_out_by_card"


@implements("resident-record/1.0#4.1.1.4/m1", "resident-record/1.0#4.1.1.4/m2", "resident-record/1.0#4.2.1.1/m4")
@act("move_in_unreported", "未届転入")
def move_in_unreported(notice: Notice) -> Plan:
    """People come who lived elsewhere last without notifying it (未届転入).

    ``notice.came_from``: the last of those addresses. It becomes the address before the move-in, marked 「（未届）」 at
    its end, and a note says so. Where they were last registered is ``last_registered_address`` of each person, which is
    no item of the certificate. Raises Refused without either.
    """
    if not (notice.came_from.get("city") or notice.came_from.get("abroad")):
        raise Refused("未届の住所のうち直近のものを入力してください。", field="came_from", code="address_missing")
    marked = marked_unreported(notice.came_from)
    place = "".join(marked.get(part, "") for part in ("prefecture", "city", "block", "lot", "building", "abroad"))
    people = tuple(
        replace(one, items={**one.items, "remarks": _noted(str(one.items.get("remarks") or ""), place)})
        for one in notice.people
    )
    plan = move_in(replace(notice, people=people, came_from=marked))
    if any(not one.items.get("last_registered_address") for one in notice.people):
        raise Refused("最終登録住所地を入力してください。", field="last_registered_address", code="missing")
    return plan


@implements("resident-record/1.0#4.1.1.4/m1")
def marked_unreported(came_from: Mapping[str, str]) -> dict[str, str]:
    """The address with 「（未届）」 behind its last part that says anything (未届の転入前住所)."""
    last = next(part for part in ("abroad", "building", "lot", "block", "city") if came_from.get(part))
    return {**came_from, last: came_from[last].removesuffix(UNREPORTED) + UNREPORTED}


def _noted(note: str, place: str) -> str:
    said = NOTE.format(place=place)
    return f"{said} {note}".strip() if said not in note else note
