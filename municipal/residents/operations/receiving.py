"""Notices of other authorities come in, and are set aside (通知の受信)."""

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Received, ReceivedKind
from municipal.residents.received import lines, match, waiting

REPLACED = "新しい通知を受信"


@implements(
    "resident-record/1.0#4.1.3.1.2/m3", "resident-record/1.0#4.1.3.1.2/m4", "resident-record/1.0#4.5.6/m4",
    "resident-record/1.0#4.1.1.3/m1",
)  # fmt: skip
@operation("residents.receive")
def receive(*, actor: Actor, kind: str, text: str) -> list[Received]:
    """Keep every line of a file; an older one about the same person that waits gives way (通知の取込).

    A line that was taken in and is sent again waits again, so that what was written can be corrected. Raises Refused as
    ``received.lines`` does; then nothing of the file is kept.
    """
    if kind not in ReceivedKind.values:
        raise Refused("通知の種類を一覧から選んでください。", field="kind", code="invalid")
    found = lines(kind, text)
    known = {row.key: row for row in waiting(kind).filter(key__in=[line.key for line in found]).order_by("noticed_on")}
    now, kept = clock.now(), []
    for line in found:
        former = known.get(line.key)
        if former is not None and former.noticed_on > line.noticed_on:
            continue
        if former is not None:
            waiting(kind).filter(key=line.key).update(closed_because=REPLACED)
        person = match(kind, line)
        kept.append(
            Received(
                kind=kind, key=line.key, sender=line.sender, noticed_on=line.noticed_on, received_at=now,
                said=dict(line.said), addressee=person, problem=line.problem,
            )
        )  # fmt: skip
    Received.objects.bulk_create(kept)
    record(actor=actor, subjects=[row.addressee_id for row in kept if row.addressee_id], code=kind)
    return kept


@operation("residents.close_received")
def close_received(*, actor: Actor, received: int, because: str) -> Received:
    """A line needs no act: it leaves the list and is kept with the reason; without one Refused (処理を要しない通知)."""
    because = because.strip()
    if not because:
        raise Refused("処理を要しない理由を入力してください。", field="because", code="reason_missing")
    refuse_unstorable(because, 200, "because")
    row = waiting().select_for_update(of=("self",)).filter(pk=received).first()
    if row is None:
        raise Refused("この通知は見つかりません。一覧を更新してください。", code="not_found")
    row.closed_because = because
    row.save(update_fields=["closed_because"])
    record(actor=actor, subjects=[row.addressee_id] if row.addressee_id else [], code=row.kind)
    return row
