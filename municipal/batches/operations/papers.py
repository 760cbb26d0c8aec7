"""Paper forms of the day the system is down: printed, taken in, entered afterwards in their order (停止中の受付)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from municipal.audit.operations import operation, record
from municipal.batches.models import PaperForm
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.residents.models import Draft

MOST_COPIES = 200


@operation("batches.print_papers")
def print_papers(*, actor: Actor, acts: Sequence[str], copies: int) -> list[PaperForm]:
    """Numbered blank forms, ``copies`` of each act (用紙の印刷). The number says the day and counts on.

    Raises Refused for more copies than anybody takes along.
    """
    if not 1 <= copies <= MOST_COPIES:
        raise Refused("部数は1から%(most)dまでです。", field="copies", code="copies", most=MOST_COPIES)
    day = f"{clock.today():%Y%m%d}"
    printed = PaperForm.objects.filter(number__startswith=f"{day}-").count()
    wanted = [act for act in acts for _ in range(copies)]
    made = PaperForm.objects.bulk_create(
        PaperForm(number=f"{day}-{printed + index:04}", act=act, printed_at=clock.now())
        for index, act in enumerate(wanted, 1)
    )
    record(actor=actor, code=f"{len(made)}")
    return made


def _paper(number: str, *states: str) -> PaperForm:
    found = PaperForm.objects.select_for_update().filter(number=number).first() if number else None
    if found is None:
        raise Refused(
            "この用紙番号の用紙は印刷されていません。番号を確かめてください。", field="number", code="no_such_paper"
        )
    if found.state not in states:
        raise Refused(
            "この用紙はすでに処理されています（%(state)s）。", field="number", code="paper_dealt_with",
            state=found.get_state_display(),
        )  # fmt: skip
    return found


@operation("batches.receive_paper")
def receive_paper(*, actor: Actor, number: str, received_at: datetime) -> PaperForm:
    """A form that was filled in at the desk at this moment; it waits to be entered (受付の登録).

    Raises Refused for an unknown or used number, and for a moment before its printing or still to come.
    """
    found = _paper(number, PaperForm.State.BLANK)
    if received_at > clock.now():
        raise Refused("受付日時が未来です。日時を確かめてください。", field="received_at", code="moment_to_come")
    if received_at < found.printed_at:
        raise Refused("受付日時が用紙の印刷より前です。", field="received_at", code="before_printing")
    found.state, found.received_at = PaperForm.State.RECEIVED, received_at
    found.save(update_fields=["state", "received_at"])
    record(actor=actor, code=number)
    return found


def waiting() -> list[PaperForm]:
    """What was taken in and is still to be entered, in the order of the desk (未入力の用紙)."""
    return list(PaperForm.objects.filter(state=PaperForm.State.RECEIVED).order_by("received_at", "number"))


def papers_of_events(events: Iterable[int]) -> dict[int, PaperForm]:
    """The papers from which decided acts were entered, by the id of the event (後入力された異動)."""
    found = PaperForm.objects.filter(draft__event__in=list(events)).select_related("draft")
    return {one.draft.event_id: one for one in found if one.draft and one.draft.event_id}


@operation("batches.enter_paper")
def enter_paper(*, actor: Actor, number: str, draft: Draft) -> PaperForm:
    """The entry that was made of a form; forms are entered in the order of the desk (後入力).

    Raises Refused where an earlier form still waits, or the entry is of another act.
    """
    found = _paper(number, PaperForm.State.RECEIVED)
    first = waiting()[0]
    if first.number != found.number:
        raise Refused(
            "先に受け付けた用紙「%(number)s」が未入力です。受付の順に入力してください。",
            field="number",
            code="out_of_turn",
            number=first.number,
        )
    if found.act != draft.act:
        raise Refused("用紙の異動の種類と、入力した異動が違います。", field="number", code="other_act")
    found.state, found.draft, found.entered_at = PaperForm.State.ENTERED, draft, clock.now()
    found.save(update_fields=["state", "draft", "entered_at"])
    record(actor=actor, code=number)
    return found


@operation("batches.spoil_paper")
def spoil_paper(*, actor: Actor, number: str, because: str) -> PaperForm:
    """A form that will never be entered: spoilt, or taken in by mistake (書き損じ). Raises Refused without a reason."""
    because = because.strip()
    if not because:
        raise Refused("書き損じの理由を入力してください。", field="because", code="reason_missing")
    refuse_unstorable(because, 100, "because")
    found = _paper(number, PaperForm.State.BLANK, PaperForm.State.RECEIVED)
    found.state, found.because = PaperForm.State.SPOILT, because
    found.save(update_fields=["state", "because"])
    record(actor=actor, code=number)
    return found
