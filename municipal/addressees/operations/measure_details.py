"""What else belongs to a case: joined people, forwardings, perpetrators, opening it all (支援措置の詳細の操作)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from psycopg.types.range import Range

from municipal.addressees.fields import glyphs_of
from municipal.addressees.measures import case
from municipal.addressees.models import Addressee, Forwarding, MeasureStep, Perpetrator, Protection
from municipal.audit.operations import disclose, operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.office.outbox import emit

from .measures import TOPIC, cover, locked

SEEN_FOR: Mapping[str, str] = {
    "measure_review": "支援措置の審査", "measure_contact": "申出者への連絡", "measure_office": "関係機関との連絡調整",
}  # fmt: skip
"""For what somebody may open the details of a case (詳細を見る目的)."""


@implements("resident-record/1.0#1.1.16/m2")
@operation("measures.join")
def join_measure(*, actor: Actor, number: str, addressee: Addressee, relation: str) -> Protection:
    """Protect one more person together with the applicant (併せて支援を求める者の追加)."""
    found = locked(number)
    made = cover(found.measure, addressee, relation)
    record(actor=actor, subjects=[addressee.pk], fields=["relation"])
    emit(topic=TOPIC, subjects=[addressee.pk], payload={"measure": found.measure_id, "step": "joined"})
    return made


@implements("resident-record/1.0#1.1.16/m2")
@operation("measures.forward")
def forward_measure(*, actor: Actor, number: str, to: str, forwarded_on: date) -> Forwarding:
    """Note that the application was sent on to another municipality (転送の記録)."""
    found = locked(number)
    where = to.strip()
    if not where:
        raise Refused("転送先の市区町村を入力してください。", field="to", code="destination_missing")
    refuse_unstorable(where, 40, "to")
    if forwarded_on > clock.today():
        raise Refused("転送の日は今日までの日にしてください。", field="forwarded_on", code="in_the_future")
    record(actor=actor, subjects=_covered(found), fields=["to", "forwarded_on"])
    return Forwarding.objects.create(
        measure=found.measure, to=where, forwarded_on=forwarded_on, recorded_at=clock.now()
    )


def _covered(found: MeasureStep) -> list[int]:
    return list(found.measure.protections.values_list("addressee_id", flat=True))


@implements("resident-record/1.0#1.1.16/m2")
@operation("measures.name_perpetrator")
def name_perpetrator(
    *, actor: Actor, number: str, name: str, addressee: Addressee | None = None, born_on: Any = "", sex: str = "",
    address: str = "", other: str = "",
) -> Perpetrator:  # fmt: skip
    """Note from whom the measure protects (加害者の登録). Raises Refused where nothing is known of them at all."""
    found = locked(number)
    said = {"name": name.strip(), "address": address.strip(), "other": other.strip()}
    if not any(said.values()):
        raise Refused("加害者について分かることを、氏名かその他の欄に入力してください。", field="name", code="empty")
    for item, text in said.items():
        most = glyphs_of(Perpetrator._meta.get_field(item))
        assert most is not None
        refuse_unstorable(text, most, item)
    record(actor=actor, subjects=_covered(found), fields=["perpetrator"])
    return Perpetrator.objects.create(
        measure=found.measure, addressee=addressee, born_on=born_on or "", sex=sex, recorded=Range(clock.now(), None),
        **said,
    )  # fmt: skip


@operation("measures.withdraw_perpetrator")
def withdraw_perpetrator(*, actor: Actor, number: str, perpetrator: int) -> None:
    """Close what was noted about a perpetrator; what was known then stays (加害者の訂正)."""
    found = locked(number)
    row = found.measure.perpetrators.filter(pk=perpetrator, recorded__endswith__isnull=True).first()
    if row is None:
        raise Refused("この加害者の記録は見つかりません。画面を更新して確認してください。", code="not_found")
    # Known for a moment at least, however fast it is taken back.
    row.recorded = Range(row.recorded.lower, max(clock.now(), row.recorded.lower + timedelta.resolution))
    row.save(update_fields=["recorded"])
    record(actor=actor, subjects=_covered(found), fields=["perpetrator"])


@implements("resident-record/1.0#3.4/m2")
@operation("measures.see")
def see_measure(*, actor: Actor, number: str, purpose: str) -> MeasureStep:
    """Open the details of a case, addresses included, for one of SEEN_FOR; the audit keeps it (支援措置の詳細の照会).

    Raises Refused without a purpose.
    """
    if purpose not in SEEN_FOR:
        raise Refused("詳細を見る目的を一覧から選んでください。", field="purpose", code="purpose_missing")
    found = case(number)
    disclose(actor=actor, subjects=_covered(found), fields=["measure", "address", "perpetrator"], purpose=purpose)
    return found
