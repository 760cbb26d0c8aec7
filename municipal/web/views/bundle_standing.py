"""How the applications of a bundle stand, and what the office started by itself (手続一式の状況)."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import get_language, gettext

from municipal.applicants.models import Applicant
from municipal.applications.bundling.events import life_events
from municipal.applications.models import Bundle, Case
from municipal.applications.operations.bundles import cases_of
from municipal.applications.rules.steps import is_over, outward
from municipal.core import clock
from municipal.procedures.catalogue import by_id
from municipal.procedures.offered import entries
from municipal.web.languages import day_said, moment_said

from .applied import NEXT_WORDS

MOST = 20


def standing(bundle: Bundle, language: str, codes: Sequence[str]) -> dict[str, Any]:
    """Every case with its state and the next step, and what follows by itself (状況)."""
    cases = cases_of(bundle)
    shown = list(codes) or [""] * len(cases)
    rows = [row_of(case, code, language) for case, code in zip(cases, shown, strict=True)]
    return {
        "cases": rows, "followed": followed_of(bundle, language), "has_codes": bool(codes), "count": len(rows),
        "submitted_at": moment_said(bundle.submitted_at) if bundle.submitted_at else "",
        "is_over": all(row["is_over"] for row in rows),
    }  # fmt: skip


def followed_of(bundle: Bundle, language: str) -> list[dict[str, Any]]:
    """What the office began by itself (職権で続く処理)."""
    known = by_id(entries())
    return [
        {"title": known[one.procedure].title.said(language) if one.procedure in known else one.procedure,
         "is_certain": one.is_certain, "on": moment_said(one.started_at)}
        for one in bundle.follow_ups.order_by("pk")
    ]  # fmt: skip


def mine(account: Applicant, concerned: Collection[int | None]) -> list[dict[str, Any]]:
    """Bundles that somebody has begun and not handed in, the newest first, for these people (書きかけの手続一式)."""
    rows = Bundle.objects.filter(account=account, submitted_at=None, expires_at__gte=clock.now())
    language = get_language() or "ja"
    return [
        {"public": one.public, "title": life_events()[one.event].title.said(language), "count": len(one.chosen),
         "until": day_said(one.expires_at.astimezone(clock.TOKYO).date())}
        for one in rows.order_by("-changed_at")[:MOST] if one.about_id in concerned and one.event in life_events()
    ]  # fmt: skip


def row_of(case: Case, code: str, language: str) -> dict[str, Any]:
    """One application in words (申請の行)."""
    word, text = outward()[case.workflow, case.state]
    by = case.correct_by or (case.due_on if word in ("received", "processing") else None)
    return {
        "number": case.number, "title": case.asked.title.said(language), "state": text.said(language), "word": word,
        "next": gettext(NEXT_WORDS[word]), "by": day_said(by) if by else "", "code": code,
        "is_over": is_over(case.workflow, case.state),
    }  # fmt: skip
