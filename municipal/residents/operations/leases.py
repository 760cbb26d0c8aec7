"""Who is entering something about whom; others only view meanwhile (入力中の排他; resident-record/1.0#10.3/m9)."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.models import Claim, Lease

from .settings import settings

RAN_OUT = _("入力の制限時間が過ぎました。最新の内容を確認して、もう一度入力してください。")
BUSY = _("ほかの職員がこの方の異動を入力しています。終わるまで照会だけができます。")


@implements("resident-record/1.0#10.3/m9")
@operation("residents.open_entry")
def open_entry(*, actor: Actor, people: Collection[int]) -> Lease:
    """Take a lease on ``people`` (addressee ids) for one entry; the row of the first of them (入力の開始).

    The same actor takes over an own lease; one that ran out goes to whoever asks. Raises Refused while somebody else
    enters, or where a provisional act is open.
    """
    if not people:
        raise Refused("異動する人を選んでください。", field="people", code="nobody")
    now = clock.now()
    # In the order of ids, so that two openings wait for each other and never both.
    known = list(
        Addressee.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk", flat=True)
    )
    refuse_leased(actor, known)
    if Claim.objects.filter(addressee__in=known).exists():
        raise Refused(
            "この方には仮登録中の異動があります。先にその異動を本登録するか、取り下げてください。", code="claimed"
        )
    Lease.objects.filter(addressee__in=known).delete()
    token, expires_at = uuid4(), now + timedelta(minutes=settings().lease_minutes)
    made = Lease.objects.bulk_create(
        Lease(
            addressee_id=one, token=token, held_by_kind=actor.actor_kind, held_by_id=actor.actor_id, taken_at=now,
            expires_at=expires_at,
        )
        for one in known
    )  # fmt: skip
    record(actor=actor, subjects=known)
    return made[0]


def refuse_leased(actor: Actor, people: Collection[int]) -> None:
    """Raise Refused if somebody else is entering something about one of ``people``."""
    if leased_by_others(actor, people).exists():
        raise Refused(BUSY, code="leased")


def leased_by_others(actor: Actor, people: Collection[int]) -> QuerySet[Lease]:
    """What others hold of ``people`` and has not run out (ほかの職員の入力)."""
    others = Lease.objects.filter(addressee__in=people, expires_at__gt=clock.now())
    return others.exclude(held_by_kind=actor.actor_kind, held_by_id=actor.actor_id)


def refuse_run_out(actor: Actor, token: UUID) -> None:
    """Raise Refused unless the lease ``token`` is in force and the actor's own."""
    own = Lease.objects.filter(token=token, held_by_kind=actor.actor_kind, held_by_id=actor.actor_id)
    if not own.filter(expires_at__gt=clock.now()).exists():
        raise Refused(RAN_OUT, code="lease_ran_out")


@operation("residents.release_entry")
def release_entry(*, actor: Actor, token: UUID) -> None:
    """Give a lease back: the entry is abandoned (入力の中止). A lease that is gone is no error."""
    own = Lease.objects.filter(token=token, held_by_kind=actor.actor_kind, held_by_id=actor.actor_id)
    subjects = list(own.values_list("addressee", flat=True))
    own.delete()
    record(actor=actor, subjects=subjects)
