"""What an act would change, person by person, before and after (異動の確認; resident-record/1.0#4.0.9)."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from municipal.core import clock
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.municipalities.sentences import sentence
from municipal.residents import inquiry
from municipal.residents.acts import Change, Plan
from municipal.residents.acts.numbers import CHANGE_NOTICE, CODE_NOTICE, CORRECTION_NOTICE
from municipal.residents.acts.plan import OF_THE_EVENT, groups
from municipal.residents.acts.standing import newest_periods
from municipal.residents.models import Basis, Capacity, IdentityCheck, ResidentRecord
from municipal.residents.notices import Notice
from municipal.residents.rules import deadlines
from municipal.residents.secrecy import NOTHING
from municipal.residents.shown import WITHHELD_FIELDS, changed_fields, items, labels, written

from . import people

DOCUMENTS = {
    deadlines.CERTIFICATE: _("転出証明書"),
    deadlines.EQUIVALENT: _("転出証明書に準ずる証明書"),
    CODE_NOTICE: _("住民票コード通知票"),
    CHANGE_NOTICE: _("住民票コード変更通知票"),
    CORRECTION_NOTICE: _("住民票コード修正通知票"),
}
UNSAID = frozenset({*OF_THE_EVENT, "processed_on", "household_id", "revision"})
"""What every row says of its own event is shown once, on top."""


@implements("resident-record/1.0#4.0.9/m1", "resident-record/1.0#11.1/m2", "resident-record/1.0#11.1/m3")
def confirmation(plan: Plan, notice: Notice, permissions: Collection[str]) -> dict[str, Any]:
    """All that a clerk checks before an entry, and a decider before a decision (確認の内容)."""
    hidden = inquiry.withheld()
    homes = set(newest_periods().filter(addressee__in=hidden).values_list("household_id", flat=True))
    return {
        "people": _with_sealed([_person(found, permissions, hidden, homes) for found in groups(plan.changes)], notice),
        "document": gettext(DOCUMENTS[plan.document]) if plan.document else "",
        "due": _due(notice),
        "alerts": [_alert(alert, notice) for alert in plan.alerts],
        "event_on": notice.event_on.shown() if notice.event_on else "",
        "notified_on": wareki(notice.notified_on) if notice.notified_on else "",
        "basis": gettext(str(Basis(notice.basis).label)),
        "notifier": notice.notifier_name,
        "capacity": gettext(str(Capacity(notice.notifier_capacity).label)) if notice.notifier_capacity else "",
        "identity_check": gettext(str(IdentityCheck(notice.identity_check).label)) if notice.identity_check else "",
    }


def _with_sealed(found: list[dict[str, Any]], notice: Notice) -> list[dict[str, Any]]:
    """The people, with a line for every individual number in the notice: it is there, no digit of it (封じた番号)."""
    said = {one.number for one in notice.people if one.individual_number and one.number}
    line = {"label": gettext("個人番号"), "before": "", "after": "", "hidden": gettext("封じて入力済み")}
    for person in found:
        if person["number"] in said:
            person["rows"][0]["changes"] = [line, *person["rows"][0]["changes"]]
    return found


def _alert(alert: Any, notice: Notice) -> dict[str, Any]:
    said = Refused(str(alert.sentence), **alert.values)
    return {"code": alert.code, "sentence": sentence(said), "is_confirmed": alert.code in notice.confirmed}


def _due(notice: Notice) -> dict[str, Any] | None:
    """The last day for the notice, and how late it is; None where the law sets none."""
    if notice.event_on is None or notice.event_on.date is None:
        return None
    due = deadlines.due(notice.act, notice.event_on.date, notice.notified_on or clock.today())
    return {"last_day": wareki(due.last_day), "days_late": due.days_late} if due else None


def _person(
    changes: list[Change], permissions: Collection[str], hidden: set[int], homes: set[int]
) -> dict[str, Any]:  # fmt: skip
    first = changes[0]
    is_protected = any(
        (one.addressee is not None and one.addressee.pk in hidden)
        or (one.household is not None and one.household.pk in homes)
        for one in changes
    )
    withheld = WITHHELD_FIELDS if is_protected else NOTHING
    rows = [_row(one, permissions, withheld) for one in changes]
    record = first.before or first.after()
    return {
        "number": first.addressee.number if first.addressee else "",
        "name": record.name,
        "badges": people.badges(record.status, is_protected=is_protected),
        "rows": rows,
    }


def _row(change: Change, permissions: Collection[str], withheld: Collection[str]) -> dict[str, Any]:
    """One row of history to come: since when it holds, and what it changes."""
    after = change.after()
    after.processed_on = clock.today()
    until = change.valid_until
    return {
        "reason": written("reason", after.reason, kind=after.kind),
        "valid_from": wareki(change.valid_from),
        "valid_until": wareki(until) if until else "",
        "is_new": change.before is None,
        "groups": _groups(after, permissions, withheld) if change.before is None else [],
        "changes": _changes(change.before, after, change, permissions, withheld) if change.before is not None else [],
    }


def _groups(after: ResidentRecord, permissions: Collection[str], withheld: Collection[str]) -> list[dict[str, Any]]:
    """All items of a first row but those of the act, which stand on top of the page."""
    shown = people.groups(after, permissions=permissions, withheld=withheld)
    return [group for group in shown if group["title"] != gettext("異動")]


def _changes(
    before: ResidentRecord,
    after: ResidentRecord,
    change: Change,
    permissions: Collection[str],
    withheld: Collection[str],
) -> list[dict[str, str]]:
    fields = [name for name in changed_fields(before, after) if name not in UNSAID]
    olds = items(before, fields, permissions=permissions, withheld=withheld)
    news = items(after, fields, permissions=permissions, withheld=withheld)
    found = [
        {"label": new.label, "before": old.text, "after": new.text, "hidden": people.reason(new.why_empty)}
        for old, new in zip(olds, news, strict=True)
        if old.text != new.text or new.why_empty
    ]
    return [*_household(before, change), *found]


def _household(before: ResidentRecord, change: Change) -> list[dict[str, str]]:
    """The household's number, where another one follows; a new one gets its number with the decision."""
    if change.household is not None and change.household.pk == before.household_id:
        return []
    number = change.household.number if change.household else gettext("新しい世帯（本登録のときに番号が付きます）")
    return [{"label": labels()["household_id"], "before": before.household.number, "after": number, "hidden": ""}]
