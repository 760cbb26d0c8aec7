"""What the office does with an outcome, and that the person is shown it (照会の結果の利用)."""

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.evidence.exchanges import Exchange, exchanges_of
from municipal.evidence.models import EvidenceRequest
from municipal.evidence.rules.states import OVER, State

from .asking import basis_said
from .learning import locked, moved


@operation("evidence.use")
def use(*, actor: Actor, request: int) -> EvidenceRequest:
    """Note that the office has taken an outcome into account; once (結果の確認). Raises Refused while there is none."""
    found = locked(request)
    if found.state not in OVER:
        if not found.outcome:
            raise Refused("まだ回答がありません。回答を待ってください。", code="not_answered")
        moved(actor, found, State.USED)
    record(
        actor=actor, subjects=[found.subject_id], fields=[found.kind], code=found.reference,
        purpose=basis_said(found.law, found.article, found.procedure),
    )  # fmt: skip
    return found


@operation("evidence.show_exchanges")
def show_exchanges(*, actor: Actor, person: Addressee) -> list[Exchange]:
    """What was asked and answered about a person, for the person's own eyes; noted as shown (やりとりの本人表示)."""
    used = EvidenceRequest.objects.select_for_update().filter(subject=person, state=State.USED.value, is_withheld=False)
    for one in used.order_by("pk"):
        moved(actor, one, State.DISCLOSED)
    record(actor=actor, subjects=[person.pk], fields=["exchanges"])
    return exchanges_of(person)
