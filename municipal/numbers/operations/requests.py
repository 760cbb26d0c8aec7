"""Asking the national network, and hearing its answers (住基ネットへの要求; resident-record/1.0#7.1.1.4, #7.1.2)."""

from collections.abc import Collection
from uuid import UUID, uuid4

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.numbers.models import CardDestination, NetworkRequest, RequestKind, RequestState


@operation("linkage.request")
def request(*, actor: Actor, kind: str, addressee: int) -> NetworkRequest:
    """Put a request about one person (addressee id) into the queue to the network (要求の作成).

    What waits already is not asked twice: that request is returned. Raises Refused for a kind that is none.
    """
    if kind not in RequestKind.values:
        raise Refused("要求の種類を一覧から選んでください。", field="kind", code="no_such_request")
    made = ask(kind, addressee)
    record(actor=actor, subjects=[addressee], code=kind)
    return made


def ask(kind: str, addressee: int) -> NetworkRequest:
    """The request, as part of an act that records itself."""
    waiting = NetworkRequest.objects.filter(addressee=addressee, kind=kind, state=RequestState.WAITING).first()
    return waiting or NetworkRequest.objects.create(
        addressee_id=addressee, kind=kind, reference=uuid4(), made_at=clock.now()
    )


@operation("linkage.send")
def mark_sent(*, actor: Actor, requests: Collection[int]) -> int:
    """These (ids) went out; how many had been waiting (送信の記録)."""
    waiting = NetworkRequest.objects.filter(pk__in=requests, state=RequestState.WAITING)
    subjects = list(waiting.values_list("addressee", flat=True))
    sent = waiting.update(state=RequestState.SENT, sent_at=clock.now())
    record(actor=actor, subjects=subjects, code=str(sent))
    return sent


@operation("linkage.answer")
def answer(*, actor: Actor, reference: UUID, error: str = "") -> NetworkRequest:
    """The network's answer to one request; ``error`` is its word for what was wrong, empty where all is well (応答).

    Raises Refused for a request that was never sent or is answered already.
    """
    found = NetworkRequest.objects.select_for_update().filter(reference=reference).first()
    if found is None or found.state != RequestState.SENT:
        raise Refused("この応答に当たる送信済みの要求がありません。", field="reference", code="no_such_request")
    found.state = RequestState.FAILED if error else RequestState.DONE
    found.answered_at, found.error = clock.now(), error[:40]
    found.save(update_fields=["state", "answered_at", "error"])
    record(actor=actor, subjects=[found.addressee_id], code=found.state)
    return found


@implements("resident-record/1.0#7.1.1.4/m3")
@operation("linkage.set_destination")
def set_destination(*, actor: Actor, addressee: int, postal_code: str, address: str) -> CardDestination:
    """Send somebody's number notice and card to a place of stay, or with no address home again (居所への送付).

    The mailing destination is told to the network anew. Raises Refused for a postal code that is none.
    """
    refuse_unstorable(address, 300, "address")
    if postal_code and not (len(postal_code) == 7 and postal_code.isascii() and postal_code.isdigit()):
        raise Refused("郵便番号は7桁の半角数字で入力してください。", field="postal_code", code="postal_code")
    made = CardDestination.objects.create(
        addressee_id=addressee, postal_code=postal_code, address=address.strip(), recorded_at=clock.now()
    )
    ask(RequestKind.MAILING, addressee)
    record(actor=actor, subjects=[addressee], fields=["address"])
    return made


def destinations(addressees: Collection[int]) -> dict[int, CardDestination]:
    """The place of stay of those who named one, by addressee id (居所)."""
    rows = CardDestination.objects.filter(addressee__in=addressees).order_by("addressee", "-pk").distinct("addressee")
    return {row.addressee_id: row for row in rows if row.address}
