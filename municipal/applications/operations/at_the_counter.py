"""Staff takes applications in at the counter or from paper; they become the same cases (窓口受付の操作)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.applications.counter.counting import Counts
from municipal.applications.counter.sources import filled_of, members
from municipal.applications.keys import new_token, token_digest
from municipal.applications.models import Agreed, Bundle, Case, Desk, Draft, Reception
from municipal.applications.prefill import HELD, WITHHELD, Reader, must_be_typed
from municipal.applications.rules.answers import Answers, People, pruned
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.business_days import add_business_days
from municipal.core.refusals import Refused
from municipal.residents.models.event import IdentityCheck

from .drafting import KEPT_FOR, begin, discard, save
from .prefilling import Said, answer_held, prefill
from .submitting import PROCESSING_DAYS, submit

NO_RECEPTION = _("この受付は見つからないか、取り消されています。窓口受付からはじめてください。")
HANDED_IN = _("この受付はすでに提出されています。")
NOTHING_CHOSEN = _("手続を1つ以上選んでください。")
NOT_YET_CAME = _("受付年月日は、今日までの日を入れてください。")
NO_IDENTITY = _("本人確認の方法を選んでください。")
NOT_AGREED = _("本人が内容を確認したことを選んでください。")
NO_DOCUMENT = _("確認した書類の名前を入れてください。")
SHOWN_DOCUMENTS = frozenset({IdentityCheck.PHOTO, IdentityCheck.TWO})
_NOT_ANSWERS = {IdentityCheck.NONE}


def desk_token(bundle: Bundle, procedure: str) -> str:
    """The secret of a draft at the counter, made anew by the server each time: no browser holds it (下書きの鍵)."""
    return salted_hmac("kijun counter draft", f"{bundle.public}/{procedure}", algorithm="sha256").hexdigest()


def reception_of(public: UUID, *, is_for_change: bool = False) -> Reception:
    """A reception of this town. Raises Refused for none, and to change one that was handed in (受付の照会)."""
    rows = Reception.objects.select_related("bundle")
    found = (rows.select_for_update() if is_for_change else rows).filter(public=public).first()
    if found is None:
        raise Refused(NO_RECEPTION, code="no_reception")
    if is_for_change and found.handed_in_at is not None:
        raise Refused(HANDED_IN, code="handed_in")
    return found


def drafts_of(reception: Reception) -> list[Draft]:
    """The drafts of a reception in the order in which they were chosen (受付の下書き)."""
    order = {code: at for at, code in enumerate(reception.bundle.chosen)}
    found = reception.bundle.drafts.filter(case=None)
    return sorted(found, key=lambda draft: order.get(draft.procedure, len(order)))


@operation("applications.receive")
def receive(
    *, actor: Actor, channel: str, event: str, chosen: Sequence[str], people: Sequence[str] = (),
    received: Sequence[int] = (), is_card: bool = False, about: Addressee | None = None, received_on: date,
) -> Reception:  # fmt: skip
    """Open a reception for somebody at the desk, or for a letter (受付の開始).

    ``people``: addressee numbers; ``received``: ids of received move-out data; ``event``: a life event or ``other``.
    """
    if received_on > clock.today():
        raise Refused(NOT_YET_CAME, field="received_on", code="not_yet_came")
    now = clock.now()
    bundle = Bundle.objects.create(
        token_digest=token_digest(new_token()), event=event or "other", language="ja", about=about, created_at=now,
        changed_at=now, expires_at=now + KEPT_FOR,
    )  # fmt: skip
    made = Reception.objects.create(
        bundle=bundle, channel=Desk(channel), staff=actor.actor_id, received_on=received_on, created_at=now,
        who={"people": list(people), "received": list(received), "card": is_card},
    )  # fmt: skip
    _arrange(actor, made, chosen)
    record(actor=actor, code=event, subjects=[about.pk] if about else [])
    return made


@operation("applications.choose")
def choose(
    *, actor: Actor, reception: UUID, event: str, chosen: Sequence[str], said: Mapping[str, Any] | None = None
) -> Reception:
    """Say which procedures it is about; what was answered for those that stay is kept (手続の選択).

    ``said``: the day of the event and the answers that led to them, for the guide sheet.
    """
    found = reception_of(reception, is_for_change=True)
    if not chosen:
        raise Refused(NOTHING_CHOSEN, field="chosen", code="nothing_chosen")
    found.bundle.event = event or found.bundle.event
    found.who = {**found.who, "said": dict(said or {})}
    found.save(update_fields=["who"])
    _arrange(actor, found, chosen)
    record(actor=actor, code=event)
    return found


def _arrange(actor: Actor, reception: Reception, chosen: Sequence[str]) -> None:
    bundle, wanted = reception.bundle, list(dict.fromkeys(chosen))
    there = {one.procedure: one for one in drafts_of(reception)}
    for code in set(there) - set(wanted):
        discard(actor=actor, draft=there[code].public, token=desk_token(bundle, code))
    for code in wanted:
        if code not in there:
            made = begin(
                actor=actor, procedure=code, language="ja", about=bundle.about, channel=reception.channel, bundle=bundle
            )
            Draft.objects.filter(pk=made.draft.pk).update(token_digest=token_digest(desk_token(bundle, code)))
            _fill(actor, reception, made.draft)
    bundle.chosen, bundle.changed_at = wanted, clock.now()
    bundle.save(update_fields=["chosen", "changed_at", "event"])


def _fill(actor: Actor, reception: Reception, draft: Draft) -> None:
    """What is held is put in at once, whoever the sources know; it is read again when the case is decided."""
    filled = prefill(actor=actor, draft=draft, reader=Reader.STAFF)
    received = filled_of(filled.asked, members(reception.who, clock.today()))
    if received:
        Draft.objects.filter(pk=draft.pk).update(filled={**filled.filled, **received})


@operation("applications.note")
def note(
    *, actor: Actor, reception: UUID, applicant: Mapping[str, Any],
    said: Mapping[str, tuple[Answers, People]], written: Mapping[str, str] | None = None,
) -> Reception:  # fmt: skip
    """Keep what was asked so far, for each procedure its answers and the people in them (聞取りの保存).

    ``written``: by label, what was said of held items that cannot be taken over.
    """
    found = reception_of(reception, is_for_change=True)
    for draft in drafts_of(found):
        _write(actor, found, draft, written or {})
        answers, people = said.get(draft.procedure, (draft.answers, draft.people))
        save(
            actor=actor, draft=draft.public, token=desk_token(found.bundle, draft.procedure), page="check",
            applicant=applicant, answers=pruned(draft.asked.asks, answers), people=people,
        )  # fmt: skip
    found.bundle.applicant = dict(applicant)
    found.bundle.save(update_fields=["applicant"])
    record(actor=actor)
    return found


def _write(actor: Actor, reception: Reception, draft: Draft, written: Mapping[str, str]) -> None:
    labels = {one.name: one.label.ja for one in draft.asked.holds}
    said = {
        name: Said(text=written[labels[name]]) for name, one in draft.filled.items()
        if must_be_typed(one) and labels.get(name) in written
    }  # fmt: skip
    if said:
        token = desk_token(reception.bundle, draft.procedure)
        answer_held(actor=actor, draft=draft.public, token=token, said=said)


@operation("applications.hand_in")
def hand_in(
    *, actor: Actor, reception: UUID, identity_check: str, identity_document: str = "", agreed: str,
    remark: str = "", counts: Counts,
) -> list[Case]:  # fmt: skip
    """Hand everything of a reception in, all or nothing; sent again, it is the same cases (受付の提出).

    The cases count from the day on which the applicant came or the letter arrived.
    """
    found = Reception.objects.select_for_update().select_related("bundle").filter(public=reception).first()
    if found is not None and found.handed_in_at is not None:
        record(actor=actor, code="again")
        return list(found.bundle.cases.order_by("pk"))
    found = reception_of(reception, is_for_change=True)
    _check_identity(identity_check, identity_document, agreed)
    with transaction.atomic():
        cases = [_submitted(actor, found, draft) for draft in drafts_of(found)]
        if not cases:
            raise Refused(NOTHING_CHOSEN, code="nothing_chosen")
        found.identity_check, found.identity_document = identity_check, identity_document.strip()[:100]
        found.agreed, found.remark, found.counts = agreed, remark.strip()[:1000], counts.as_json()
        found.handed_in_at = found.bundle.submitted_at = clock.now()
        found.save()
        found.bundle.save(update_fields=["submitted_at"])
    record(actor=actor, code=found.channel, subjects=[found.bundle.about_id] if found.bundle.about_id else [])
    return cases


def _check_identity(identity_check: str, identity_document: str, agreed: str) -> None:
    if identity_check not in IdentityCheck.values or identity_check in _NOT_ANSWERS:
        raise Refused(NO_IDENTITY, field="identity_check", code="no_identity")
    if identity_check in SHOWN_DOCUMENTS and not identity_document.strip():
        raise Refused(NO_DOCUMENT, field="identity_document", code="no_document")
    if agreed not in Agreed.values:
        raise Refused(NOT_AGREED, field="agreed", code="not_agreed")


def _submitted(actor: Actor, reception: Reception, draft: Draft) -> Case:
    for one in draft.filled.values():
        # The applicant read it on the large page or on the sheet, and signed.
        one["is_confirmed"] = True if one["status"] in (HELD, WITHHELD) else one["is_confirmed"]
    draft.save(update_fields=["filled"])
    case = submit(actor=actor, draft=draft.public, token=desk_token(reception.bundle, draft.procedure))
    case.due_on = add_business_days(reception.received_on, PROCESSING_DAYS)
    case.save(update_fields=["due_on"])
    return case


@operation("applications.let_go")
def let_go(*, actor: Actor, reception: UUID) -> None:
    """Give a reception up before it is handed in, with everything that was written (受付の取消し)."""
    found = reception_of(reception, is_for_change=True)
    for draft in drafts_of(found):
        discard(actor=actor, draft=draft.public, token=desk_token(found.bundle, draft.procedure))
    record(actor=actor, code=found.channel)
    bundle = found.bundle
    found.delete()
    bundle.delete()
