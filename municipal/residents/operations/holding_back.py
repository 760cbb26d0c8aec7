"""Suppression within the acts of the register: an error stops an entry, an alert is confirmed (異動入力の抑止)."""

from collections.abc import Collection

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import LifeState
from municipal.addressees.operations import keep_protecting
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.residents.acts import Plan
from municipal.residents.acts.plan import Alert
from municipal.residents.suppression import EVENT, decide

ALERTS = {
    "measure": _(
        "支援措置の対象者が含まれています（宛名番号 %(number)s）。"
        "届出をした方を確かめ、住所をだれにも伝えないでください。"
    ),
    "provisional": _(
        "仮支援措置の対象者が含まれています（宛名番号 %(number)s）。"
        "届出をした方を確かめ、住所をだれにも伝えないでください。"
    ),
    "suppression": _("異動入力の抑止の対象者が含まれています（宛名番号 %(number)s）。責任者に確認してください。"),
}
GONE = {LifeState.MOVED_OUT.value}


@implements("resident-record/1.0#3.1/m1", "resident-record/1.0#3.1/m2")
def hold_back(plan: Plan, people: Collection[int]) -> None:
    """Add the alerts that suppressions of ``people`` (addressee ids) raise to ``plan`` (異動入力の抑止).

    Raises Refused where one of them is an error that nobody has let through.
    """
    decision = decide(EVENT, people)
    decision.refuse_errors()
    numbers: dict[str, list[str]] = {}
    for ground in decision.alerts:
        numbers.setdefault(ground.code, []).append(ground.number)
    for code, found in numbers.items():
        said = "、".join(dict.fromkeys(found))
        plan.alerts.append(Alert(f"suppressed_{code}", ALERTS[code], {"number": said}))


@implements("resident-record/1.0#3.4/m11")
def keep_protecting_leavers(actor: Actor, plan: Plan) -> None:
    """Turn the support measures of those who leave the municipality provisional, at once (転出時の切替え)."""
    left = [
        change.before.addressee_id
        for change in plan.changes
        if change.before is not None and change.before.status not in GONE and change.items.get("status") in GONE
    ]
    if left:
        keep_protecting(actor, left)
