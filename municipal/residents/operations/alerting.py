"""Alerts that are added to every act, and those that not everybody may confirm (アラート; resident-record/1.0#11.1)."""

from collections.abc import Collection

from django.utils.translation import gettext_noop as _

from municipal.addressees.fields import ADDRESS_PARTS
from municipal.audit.operations import operation, record
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.models import Staff
from municipal.municipalities import wall
from municipal.places.finding import is_unknown
from municipal.residents.acts import Plan
from municipal.residents.acts.plan import Alert
from municipal.residents.models import GraveAlert

PERMISSION = "alerts.confirm"
NOT_IN_DICTIONARY = Alert(
    "address_not_in_dictionary",
    _("入力された町字は住所辞書にありません。字の違いがないか、新しい町名でないかを確かめてください。"),
)


@implements("resident-record/1.0#11.1/m2")
def alert_to_unknown_places(plan: Plan) -> None:
    """Add an alert where somebody comes to live in a block that is not in the dictionary (住所の確認)."""
    own = f"{wall.current():06d}"
    places = {
        tuple(str(change.items.get(f"address_{part}") or "") for part in ADDRESS_PARTS)
        for change in plan.changes
        if change.items.get("address_block")
    }
    if any(is_unknown(dict(zip(ADDRESS_PARTS, place, strict=True)), own) for place in places):
        plan.alerts.append(NOT_IN_DICTIONARY)


@implements("resident-record/1.0#11.1/m2")
def refuse_unless_may_confirm(actor: Actor, plan: Plan) -> None:
    """Raise Refused where ``plan`` has an alert that the actor may see but not confirm (重要なアラートの確認)."""
    if not plan.alerts or not isinstance(actor, Staff):
        return
    codes = [alert.code for alert in plan.alerts]
    grave = GraveAlert.objects.filter(code__in=codes).exists()
    if grave and not actor.may(PERMISSION):
        raise Refused(
            "このアラートを確認できるのは、権限のある職員だけです。責任者に入力を頼んでください。",
            field="confirmed",
            code="alert_needs_permission",
        )


@implements("resident-record/1.0#11.1/m2")
@operation("residents.set_grave_alerts")
def set_grave_alerts(*, actor: Actor, codes: Collection[str]) -> None:
    """Say which alerts only holders of the permission may confirm (重要なアラートの設定)."""
    wanted = {code[:60] for code in codes}
    GraveAlert.objects.exclude(code__in=wanted).delete()
    known = set(GraveAlert.objects.values_list("code", flat=True))
    GraveAlert.objects.bulk_create(GraveAlert(code=code) for code in sorted(wanted - known))
    record(actor=actor, fields=["grave_alerts"])
