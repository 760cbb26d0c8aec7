"""The office's own acts: ordering jobs, proposing and deciding, dealing with dead letters (庶務の操作)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from .jobs import kinds
from .models import Delivery, Job, Proposal
from .outbox import check_ids


@operation("jobs.order")
def order_job(*, actor: Actor, kind: str, parameters: Mapping[str, Any] | None = None, is_dry_run: bool = False) -> Job:
    """Order a job; a worker takes it up after the commit (一括処理の依頼).

    ``parameters``: ids and machine words. Raises Refused for a kind that does not exist.
    """
    if kind not in kinds:
        raise Refused("この一括処理はありません。一覧から選んでください。", field="kind", code="unknown_job")
    check_ids(parameters or {})
    now = clock.now()
    job = Job.objects.create(
        kind=kind, parameters=dict(parameters or {}), is_dry_run=is_dry_run, actor_kind=actor.actor_kind,
        actor_id=actor.actor_id, created_at=now, touched_at=now,
    )  # fmt: skip
    record(actor=actor, code="dry_run" if is_dry_run else "")
    _wake(job.pk)
    return job


def _wake(job_id: int) -> None:
    from .tasks import run_job, wake

    town = wall.current()
    transaction.on_commit(lambda: wake(run_job, town, job_id), using=wall.opening().using, robust=True)


@operation("proposals.propose")
def propose(*, actor: Actor, act: str, subject: int | None = None, payload: Mapping[str, Any]) -> Proposal:
    """Propose an act that a second person must decide (起案).

    ``act``: the operation's name; ``subject``: addressee id; ``payload``: ids and machine words.
    """
    check_ids(payload)
    made = Proposal.objects.create(
        act=act, subject=subject, payload=dict(payload), proposed_by_kind=actor.actor_kind,
        proposed_by_id=actor.actor_id, proposed_at=clock.now(),
    )  # fmt: skip
    record(actor=actor, subjects=() if subject is None else (subject,), code=act)
    return made


@operation("proposals.decide")
def decide(*, actor: Actor, proposal: int, is_approved: bool) -> Proposal:
    """Approve or reject a proposal of somebody else, once; the caller then carries out the act (決定).

    Raises Refused where there is no such proposal, it is decided, or ``actor`` proposed it.
    """
    found = Proposal.objects.select_for_update().filter(pk=proposal).first()
    if found is None:
        raise Refused("この起案は見つかりません。番号を確かめてください。", code="no_such_proposal")
    if found.decided_at is not None:
        raise Refused(
            "この起案はすでに決定されています。画面を更新して結果を確認してください。", code="already_decided"
        )
    found.decided_by_kind, found.decided_by_id = actor.actor_kind, actor.actor_id
    found.decided_at, found.is_approved = clock.now(), is_approved
    found.save()
    subjects = () if found.subject is None else (found.subject,)
    record(actor=actor, subjects=subjects, code="approved" if is_approved else "rejected")
    return found


@operation("deliveries.revive")
def revive(*, actor: Actor, delivery: int) -> Delivery:
    """Have a dead delivery tried again from the beginning, now (再配達)."""
    found = _dead(delivery)
    found.state, found.attempts, found.next_at = Delivery.State.WAITING, 0, clock.now()
    found.save()
    record(actor=actor, subjects=found.event.subjects, code=found.event.topic)
    return found


@operation("deliveries.skip")
def skip(*, actor: Actor, delivery: int) -> Delivery:
    """Give a dead delivery up for good, so that younger events of the same people go on (配達の取りやめ)."""
    found = _dead(delivery)
    found.state = Delivery.State.DONE
    found.save()
    record(actor=actor, subjects=found.event.subjects, code=found.event.topic)
    return found


def _dead(delivery: int) -> Delivery:
    found = Delivery.objects.select_for_update().filter(pk=delivery, state=Delivery.State.DEAD).first()
    if found is None:
        raise Refused("配達不能の通知ではありません。一覧を更新して確認してください。", code="not_dead")
    return found
