"""What each member of staff looked for: kept by itself, up to a number, for that person alone (検索履歴)."""

from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.residents.models import RememberedSearch

from .conditions import Conditions, read

KEPT = 20
"""So many searches are kept of each person."""


@implements("resident-record/1.0#2.1.1/m1")
def remember(actor: Actor, asked: Conditions) -> None:
    """Keep the conditions of a search, the newest KEPT of each person; the same ones once (検索履歴の保存).

    The audit holds that there was a search; these conditions may name people, so nobody else reads them.
    """
    said = asked.as_json()
    own = RememberedSearch.objects.filter(actor_kind=actor.actor_kind, actor_id=actor.actor_id)
    own.filter(conditions=said).delete()
    RememberedSearch.objects.create(
        actor_kind=actor.actor_kind, actor_id=actor.actor_id, conditions=said, asked_at=clock.now()
    )
    kept = own.order_by("-asked_at", "-pk").values_list("pk", flat=True)[:KEPT]
    own.exclude(pk__in=list(kept)).delete()


@implements("resident-record/1.0#2.1.1/m2")
def remembered(actor: Actor) -> list[tuple[int, Conditions]]:
    """The searches of one person, the newest first, each with its number (検索履歴の一覧)."""
    own = RememberedSearch.objects.filter(actor_kind=actor.actor_kind, actor_id=actor.actor_id)
    return [(one.pk, read(one.conditions)) for one in own.order_by("-asked_at", "-pk")]
