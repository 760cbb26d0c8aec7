"""Whoever is entered for the first time, or again (新たに記載する人; resident-record/1.0#4.1.1.1, #4.1.1.2)."""

from typing import Any

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from municipal.addressees.models import LifeState
from municipal.core.clauses import implements
from municipal.core.numbers import refuse_unless_resident_record_code
from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.notices import PARTS, Notice, Said
from municipal.residents.rules.days import may_be_unnamed, refuse_before_birth

from .plan import Alert, Plan
from .standing import RESIDENT, record_of, refuse_twice, refuse_unless_next
from .timing import Timing

NUMBERS = ("resident_code", "residence_card_number")
NEEDED = {
    "name": gettext_lazy("氏名"), "born_on": gettext_lazy("生年月日"), "sex": gettext_lazy("性別"),
    "resident_code": gettext_lazy("住民票コード"),
}  # fmt: skip
"""What nobody is entered without, by its label."""
ALREADY = _("住民票コード又は在留カード等の番号が同じ人が、すでに住民として記録されています（宛名番号 %(number)s）。")
RETURNING = _(
    "住民票コード又は在留カード等の番号が同じ除票があります（宛名番号 %(number)s）。再転入者として選んでください。"
)
SAME_PERSON = _("氏名・性別・生年月日が同じ除票があります（宛名番号 %(number)s）。再転入者でないか確かめてください。")
LIVES_HERE = _("氏名・性別・生年月日が同じ住民がいます（宛名番号 %(number)s）。同じ人でないか確かめてください。")
GONE: dict[str, Any] = {
    "status": RESIDENT, "is_place_notified": None,
    "revised_on": None, "removal_reason": "", "removal_notified_on": None, "removed_on": None,
    "move_out_notified_on": None, "move_out_planned_on": None, "move_out_confirmed_on": None, "arrival_notice_on": None,
    **{f"{group}_{part}": "" for group in ("planned_destination", "confirmed_destination") for part in PARTS},
}  # fmt: skip
"""What was true of a removed record and is no longer true of somebody who came back."""


def entered(notice: Notice, plan: Plan, when: Timing) -> list[dict[str, Any]]:
    """The items of everybody whom ``notice`` enters, checked; adds alerts to ``plan``. Raises Refused."""
    if not notice.people:
        raise Refused("異動する人を入力してください。", field="people", code="nobody")
    refuse_twice([one.number for one in notice.people if one.number])
    for name in NUMBERS:
        refuse_twice([one.items[name] for one in notice.people if one.items.get(name)])
    found = []
    for one in notice.people:
        items = dict(one.items)
        if one.number:
            former = record_of(one.number)
            items = {**GONE, "name": former.name, "relationship": "", **items}
            refuse_before_birth(when.event_on, items.get("born_on") or former.born_on)
        else:
            _refuse_unless_whole(items, when)
            refuse_before_birth(when.event_on, items["born_on"])
            _look_for_the_same(items, plan)
            items = {"status": RESIDENT, "kind": "1", **items}
        found.append(items)
    return found


@implements("resident-record/1.0#4.1.0.1/m3")
def _refuse_unless_whole(items: dict[str, Any], when: Timing) -> None:
    """What nobody is entered without; only a child whose birth is notified too may have no name (出生届も出た転入)."""
    is_unnamed = not items.get("name") and may_be_unnamed(items.get("born_on"), when.valid_from)
    items |= {"name": ""} if is_unnamed else {}
    for name, label in NEEDED.items():
        if not items.get(name) and not (name == "name" and is_unnamed):
            raise Refused("%(label)sを入力してください。", field=name, code="missing", label=label)
    refuse_unless_resident_record_code(items["resident_code"], field="resident_code")


@implements("resident-record/1.0#4.1.1.2/m1", "resident-record/1.0#4.1.1.2/m2")
def _look_for_the_same(items: dict[str, Any], plan: Plan) -> None:
    """A match by number blocks a new entry, one by name, sex and birth date alerts (再転入者)."""
    for name in NUMBERS:
        same = _newest(**{name: items[name]}) if items.get(name) else None
        if same is not None:
            lives_here = same.status == RESIDENT
            raise Refused(
                ALREADY if lives_here else RETURNING,
                field=name,
                code="already_registered" if lives_here else "returning_by_number",
                number=same.addressee.number,
            )
    if not items["name"]:
        return
    same = _newest(name=items["name"], sex=items["sex"], born_on=str(items["born_on"]))
    if same is not None:
        is_here = same.status == RESIDENT
        code = "same_person_lives_here" if is_here else "returning_by_name"
        plan.alerts.append(Alert(code, LIVES_HERE if is_here else SAME_PERSON, {"number": same.addressee.number}))


def _newest(**items: Any) -> ResidentRecord | None:
    """The newest row of somebody of whom any row says ``items``, unless a cancelled entry."""
    some = set(ResidentRecord.objects.filter(**items).values_list("addressee", flat=True))
    if not some:
        return None
    rows = ResidentRecord.objects.filter(addressee__in=some).order_by("addressee", "-serial").distinct("addressee")
    standing = [row for row in rows.select_related("addressee") if not _is_cancelled(row)]
    return next((row for row in standing if row.status == RESIDENT), standing[0] if standing else None)


def _is_cancelled(newest: ResidentRecord) -> bool:
    return newest.status == LifeState.REMOVED and newest.reason == "cancellation_removing"


@implements("resident-record/1.0#4.1.1.2/m3", "resident-record/1.0#4.1.1.2/m4", "resident-record/1.0#1.1.7/m3")
def returning(said: Said, when: Timing) -> ResidentRecord | None:
    """The newest row of somebody who comes back, under the old number; None for a newcomer (再転入者).

    Former surname and alias come back with it, unless the notice says otherwise.

    Raises Refused for somebody who lives here or has died.
    """
    if not said.number:
        return None
    former = record_of(said.number)
    if former.status == RESIDENT:
        raise Refused(
            "この方はすでに住民として記録されています（宛名番号 %(number)s）。", field="people",
            code="already_registered", number=said.number,
        )  # fmt: skip
    if former.status == LifeState.DEAD:
        raise Refused("この方は死亡により消除されています。対象者を確かめてください。", field="people", code="is_dead")
    refuse_unless_next([former], when.valid_from)
    return former
