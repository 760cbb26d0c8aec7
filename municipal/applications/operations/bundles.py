"""Several applications that belong to one event: begun, written and handed in as one (手続一式の操作)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.applicants.authority import Signature
from municipal.applicants.models import Applicant
from municipal.applications.bundling.events import life_events
from municipal.applications.bundling.household import SHOWN, Household, Member
from municipal.applications.bundling.planning import Item, Plan, highest, plan
from municipal.applications.bundling.questions import Given
from municipal.applications.bundling.reading import Reading, read_whole
from municipal.applications.keys import is_same, new_token, token_digest
from municipal.applications.models import Attachment, Bundle, Case, Draft
from municipal.applications.prefill import Reader
from municipal.applications.standing import (
    CARD_NEEDED,
    ENDED,
    SIGN_IN_AGAIN,
    account_of,
    may_act,
    refuse_if_ended,
)  # fmt: skip
from municipal.audit.operations import disclose, operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.procedures.offered import entries

from .drafting import KEPT_FOR, NO_DRAFT, SENT_ALREADY, begin, refuse_unless_theirs, said_of
from .prefilling import prefill
from .submitting import INCOMPLETE, Ready, lacking, submit_all, to_sign

MOST_PARTS = 30
NOTHING_CHOSEN = _("オンラインで出す手続を、1つ以上選んでください。")
NOT_READY = _("まだ答えていない質問があります。質問の画面から続けてください。")
NO_BUNDLE = _("この手続一式は見つからないか、保存の期限（30日）を過ぎています。はじめから始めてください。")


@dataclass(frozen=True)
class Opened:
    """A bundle, and the secret that only the writer's browser gets (手続一式とその鍵)."""

    bundle: Bundle
    token: str


@operation("applications.look_ahead")
def look_ahead(*, actor: Applicant, event: str, household: Household) -> None:
    """Note that somebody is shown what the register has of their own household, for one event (計画での閲覧)."""
    subjects = [member.person for member in household.members]
    disclose(actor=actor, subjects=subjects, fields=SHOWN, purpose=event)


@operation("applications.bundle")
def begin_bundle(
    *, actor: Actor, event: str, given: Given, chosen: Sequence[str], language: str,
    account: Applicant | None = None, about: Addressee | None = None, household: Household | None = None,
) -> Opened:  # fmt: skip
    """Begin to write everything that was chosen from the plan for these answers (手続一式の開始).

    Raises Refused where questions are open or nothing was chosen, for a guest where a card is needed, and for whoever
    may not act for ``about``.
    """
    if given.open or given.wrong:
        raise Refused(NOT_READY, code="not_ready")
    found = plan(life_events()[event], given, entries(), household)
    items = [item for item in found.of_kind("online") if item.entry.id in chosen]
    if not items:
        raise Refused(NOTHING_CHOSEN, field="chosen", code="nothing_chosen")
    if account is None and highest([item.entry for item in items]) != "none":
        raise Refused(CARD_NEEDED, code="card_needed")
    sweep_bundles()
    token, now, members = new_token(), clock.now(), _named(found, household)
    made = Bundle.objects.create(
        token_digest=token_digest(token), event=event, language=language, account=account,
        about=about or (account.person if account else None), chosen=[item.entry.id for item in items],
        answers={
            "asked": dict(given.values), "known": sorted(given.known), "fields": {},
            "members": [member.ref for member in members],
        },
        people={member.ref: member.said for member in members},
        created_at=now, changed_at=now, expires_at=now + KEPT_FOR,
    )  # fmt: skip
    _begin_parts(actor, made, items, is_whole=household is None or household.is_whole)
    record(actor=actor, subjects=[made.about_id] if made.about_id else [], code=event)
    return Opened(made, token)


def _named(found: Plan, household: Household | None) -> list[Member]:
    """The people whom forms may name: those of the household whom the reader may see."""
    if household is None:
        return []
    whom = found.given.values.get(found.event.scope) if found.event.scope == "movers" else None
    return household.of(whom) if isinstance(whom, list) else list(household.members)


def _begin_parts(actor: Actor, bundle: Bundle, items: Sequence[Item], *, is_whole: bool) -> None:
    """Where somebody of the household is hidden, nobody is told with whom they live: as a delegate is not."""
    number = 0
    is_own = is_whole and (bundle.account is None or bundle.about_id == bundle.account.person_id)
    for item in items:
        for _copy in range(item.copies):
            number += 1
            if number > MOST_PARTS:
                raise Refused(NOTHING_CHOSEN, field="chosen", code="too_many_parts")
            made = begin(
                actor=actor, procedure=item.entry.id, language=bundle.language, account=bundle.account,
                about=bundle.about if bundle.account else None, bundle=bundle,
            ).draft  # fmt: skip
            made.token_digest = token_digest(token_of(bundle, number))
            made.save(update_fields=["token_digest"])
            # What the register has of who applies says nothing of somebody who died.
            if bundle.account is not None and not _is_about_another(bundle):
                prefill(actor=bundle.account, draft=made, reader=Reader.OWN if is_own else Reader.DELEGATE)


def _is_about_another(bundle: Bundle) -> bool:
    scope = life_events()[bundle.event].question(life_events()[bundle.event].scope)
    return scope is not None and scope.type == "member"


def token_of(bundle: Bundle, number: int) -> str:
    """The secret of one draft of a bundle, from that of the bundle: so its code can be shown again (下書きの鍵)."""
    said = f"{bundle.public}:{bundle.token_digest}:{number}"
    return salted_hmac("kijun bundle draft", said, algorithm="sha256").hexdigest()


def sweep_bundles() -> None:
    """Remove bundles whose time is over and whose drafts are gone, receptions with them (期限の過ぎた一式の削除)."""
    over = Q(expires_at__lt=clock.now(), submitted_at=None, drafts=None)
    Bundle.objects.filter(pk__in=list(Bundle.objects.filter(over).values_list("pk", flat=True)[:100])).delete()


def bundle_of(public: UUID, token: str, account: Applicant | None, *, is_for_change: bool = False) -> Bundle:
    """The bundle of whoever is signed in, or of this browser where nobody was (手続一式の照会).

    Raises Refused for anybody else's, for one whose time is over, and where a delegation ended.
    """
    rows = Bundle.objects.filter(Q(expires_at__gte=clock.now()) | Q(submitted_at__isnull=False), public=public)
    rows = rows.select_related("account__person", "about")
    found = (rows.select_for_update(of=("self",)) if is_for_change else rows).first()
    if found is None:
        raise Refused(NO_BUNDLE, code="no_bundle")
    if found.account_id is None and not is_same(found.token_digest, token_digest(token)):
        raise Refused(NO_BUNDLE, code="no_bundle")
    if found.account_id is not None and account is None:
        raise Refused(SIGN_IN_AGAIN, code="sign_in_needed")
    if account is not None and found.account_id not in (None, account.pk):
        raise Refused(NO_BUNDLE, code="no_bundle")
    if found.account_id and not all(may_act(account, found.about, one) for one in found.chosen):
        raise Refused(ENDED, code="delegation_ended")
    if is_for_change and found.submitted_at is not None:
        raise Refused(SENT_ALREADY, code="sent_already")
    return found


def _locked(bundle: Bundle) -> Bundle:
    rows = Bundle.objects.select_for_update(of=("self",)).select_related("account__person", "about")
    return rows.get(pk=bundle.pk)


@operation("applications.write_bundle")
def write_bundle(
    *, actor: Actor, bundle: Bundle, applicant: Mapping[str, Any], fields: Mapping[str, Any],
    people: Mapping[str, Mapping[str, str]],
) -> Bundle:  # fmt: skip
    """Keep what was written so far, faulty or not; it is checked at the end (手続一式の保存)."""
    found = _locked(bundle)
    if found.submitted_at is not None:
        raise Refused(SENT_ALREADY, code="sent_already")
    found.applicant, found.people = dict(applicant), {ref: dict(one) for ref, one in people.items()}
    found.answers, found.changed_at = {**found.answers, "fields": dict(fields)}, clock.now()
    found.save(update_fields=["applicant", "answers", "people", "changed_at"])
    record(actor=actor, code=found.event)
    return found


@operation("applications.share_out")
def share_out(*, actor: Actor, bundle: Bundle) -> Reading:
    """Give each application of a bundle its answers, so that they can be signed (回答の配分)."""
    reading = _fitted(_locked(bundle))
    now = clock.now()
    for draft in reading.drafts:
        draft.page, draft.changed_at = "check", now
        record(actor=actor, act="applications.save", code=draft.procedure)
    Draft.objects.bulk_update(reading.drafts, ["page", "applicant", "answers", "people", "changed_at"])
    record(actor=actor, code=bundle.event)
    return reading


def _fitted(bundle: Bundle) -> Reading:
    """The drafts of a bundle that the caller has locked, saying what it says and locked themselves.

    Raises Refused for a draft whose time is over, and after a delegation ended.
    """
    reading, now = read_whole(bundle), clock.now()
    for number, (_part, draft) in enumerate(reading.drafted(), 1):
        if draft.expires_at < now or not is_same(draft.token_digest, token_digest(token_of(bundle, number))):
            raise Refused(NO_DRAFT, code="no_draft")
        refuse_if_ended(draft)
        draft.applicant = said_of(draft, draft.applicant)
    return reading


def digests(reading: Reading) -> dict[int, str]:
    """What is signed, by the draft, of those procedures that want a signature (署名する照合値)."""
    return {draft.pk: to_sign(draft) for draft in reading.drafts if draft.asked.assurance == "signature"}


@operation("applications.hand_in_bundle")
def hand_in(*, actor: Actor, bundle: Bundle, signed: Mapping[int, Signature] | None = None) -> list[Case]:
    """Hand in all of a bundle or nothing of it; sent again, these are the same cases (手続一式の提出).

    ``signed``: signatures of ``digests`` by draft. Raises Refused where anything lacks in any of them.
    """
    found = _locked(bundle)
    if found.submitted_at is not None:
        record(actor=actor, code="again")
        return cases_of(found)
    reading, whose = _fitted(found), account_of(actor, found.account)
    missing = [part.key_of(name) for part, draft in zip(reading.parts, reading.drafts, strict=True)
               for name in lacking(draft)]  # fmt: skip
    if missing:
        raise Refused(INCOMPLETE, field=missing[0], code="incomplete")
    ready = []
    for number, draft in enumerate(reading.drafts, 1):
        refuse_unless_theirs(draft, whose)
        ready.append(Ready(draft, token_of(found, number), (signed or {}).get(draft.pk)))
    made = submit_all(actor, ready, whose)
    found.submitted_at = found.changed_at = clock.now()
    found.answers, found.people, found.applicant = {**found.answers, "fields": {}}, {}, {}
    found.save(update_fields=["submitted_at", "changed_at", "answers", "people", "applicant"])
    record(actor=actor, subjects=[found.about_id] if found.about_id else [], code=found.event)
    return made


def cases_of(bundle: Bundle) -> list[Case]:
    """The cases that came of a bundle, in the order of its drafts (手続一式の申請)."""
    drafts = Draft.objects.filter(bundle=bundle, case__isnull=False).select_related("case").order_by("pk")
    return [draft.case for draft in drafts if draft.case is not None]


@operation("applications.discard_bundle")
def discard_bundle(*, actor: Actor, bundle: Bundle) -> None:
    """Throw a bundle away that was not handed in, with all that was attached (手続一式の破棄)."""
    found = _locked(bundle)
    if found.submitted_at is not None:
        raise Refused(SENT_ALREADY, code="sent_already")
    Attachment.objects.filter(draft__bundle=found).delete()
    Draft.objects.filter(bundle=found).delete()
    record(actor=actor, code=found.event)
    found.delete()
