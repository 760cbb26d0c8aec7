"""Inspections as the screens show them: strings already written (適合検査の表示)."""

from typing import Any

from django.utils.translation import gettext

from municipal.conformance.baseline import Comparison
from municipal.conformance.findings import Outcome
from municipal.conformance.reports.words import OUTCOMES
from municipal.core.actors import STAFF
from municipal.core.eras import wareki
from municipal.identity.models import Staff
from municipal.inspections import reading
from municipal.inspections.models import Inspection

from . import people

MOST_EARLIER = 50


def state(found: Inspection) -> str:
    """waiting, running, done or failed (状態)."""
    return "done" if found.is_judged else str(found.job.state)


def subject(found: Inspection) -> str:
    """What was judged, in a few words (検査の対象)."""
    if found.folder:
        return gettext("受渡しフォルダー %(name)s") % {"name": found.folder}
    first = found.names[0] if found.names else ""
    more = len(found.names) - 1
    return gettext("%(first)s ほか%(more)d個") % {"first": first, "more": more} if more > 0 else str(first)


def head(found: Inspection, language: str, by: str | None = None) -> dict[str, Any]:
    """One inspection as a line of the list and as the head of its pages (検査の見出し)."""
    privacy = {
        "counts": gettext("件数のみ"),
        "rows": gettext("行番号まで(値は示さない)"),
        "masked": gettext("値は伏せ字"),
    }
    return {
        "number": found.number,
        "subject": subject(found),
        "pack": found.pack or gettext("自動で判別する"),
        "as_of": wareki(found.as_of),
        "checked_on": wareki(found.checked_on),
        "privacy": privacy[found.privacy],
        "ordered_at": people.moment(found.ordered_at),
        "started_at": people.moment(found.job.started_at) if found.job.started_at else "",
        "by": _by([found]).get(found.actor_id, "") if by is None else by,
        "state": state(found),
        "exit": found.exit_status,
        "ending": reading.ending(found.exit_status, language),
        "findings": found.counts["decisive"] if found.counts else None,
        "input_sha256": found.input_sha256 or "",
    }


def rows(found: list[Inspection], language: str) -> list[dict[str, Any]]:
    """The lines of the list (一覧の行)."""
    names = _by(found)
    return [head(one, language, names.get(one.actor_id, "")) for one in found]


def _by(found: list[Inspection]) -> dict[int, str]:
    numbers = {one.actor_id for one in found if one.actor_kind == STAFF}
    return dict(Staff.objects.filter(pk__in=numbers).values_list("pk", "name"))


def earlier(found: Inspection, language: str) -> list[tuple[str, str]]:
    """The inspections that this one can be compared with, newest first (比べられる検査)."""
    others = Inspection.objects.filter(number__lt=found.number, judged_at__isnull=False).select_related("job")
    return [
        (str(one.number), f"{one.number}: {people.moment(one.ordered_at)} {subject(one)}")
        for one in others.order_by("-number")[:MOST_EARLIER]
    ]


def compared(comparison: Comparison, read: reading.Result) -> dict[str, Any]:
    """What differs, rule by rule, and how many rules do not (比較の表)."""
    said = {entry["code"]: entry["what"] for entry in read.rules(reading.Chosen())}

    def word(outcome: str | None) -> str:
        return read.words(OUTCOMES[Outcome(outcome)]) if outcome else "—"

    changes = [
        {
            "code": change.code,
            "what": said.get(change.code, ""),
            "is_here": change.code in said,
            "old_count": "—" if change.old_count is None else change.old_count,
            "new_count": "—" if change.new_count is None else change.new_count,
            "old_outcome": word(change.old_outcome),
            "new_outcome": word(change.new_outcome),
            "appeared": change.appeared,
            "gone": change.gone,
        }
        for change in comparison.changes
        if change.is_change
    ]
    return {
        "changes": changes,
        "unchanged": len(comparison.changes) - len(changes),
        "same_basis": comparison.same_basis,
    }
