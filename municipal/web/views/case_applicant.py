"""Who applied, for whom, and who signed, as the office sees it on a case (申請者と署名の部品)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _

from municipal.applications.models import Case, Channel
from municipal.applications.operations.cosigning import cosigned_digest, cosigners_of
from municipal.applications.operations.signing import Verdict, holds, verdict
from municipal.applications.standing import may_act, principal_of
from municipal.web.panels import Panel, for_clerks

from .cosigning import row_of
from .people import moment

WORDS = {
    Verdict.GOOD: _("署名は有効です。署名した内容と、今の内容は同じです。"),
    Verdict.ALTERED: _("署名した内容と、今の内容が違います。申請者に確かめてください。"),
    Verdict.BAD: _("署名を確かめられません。申請者に確かめてください。"),
}  # fmt: skip
COSIGNED = {
    True: _("有効"), False: _("署名のあとで内容が変わりました"), None: "",
}  # fmt: skip


@for_clerks(5)
def panel(request: HttpRequest, case: Case) -> Panel | None:
    """Signed in or not, for whom, whether each signature holds; checked anew each time (申請者と署名)."""
    cosigners = [_cosigner(case, row_of(one)) for one in cosigners_of(case)]
    if case.channel != Channel.ONLINE and not cosigners:
        return None
    found, principal = verdict(case), principal_of(case)
    return Panel("cases/applicant.html", {
        "is_account": case.account_id is not None, "needs_identity": case.asked.assurance != "none",
        "is_resident": case.account is not None and case.account.is_resident,
        "principal": principal.name if principal else "",
        "has_ended": not may_act(case.account, case.about, case.procedure),
        "verdict": found.value if found else "", "words": WORDS[found] if found else "",
        "serial": case.signature.get("serial", ""), "signed_at": _when(case),
        "cosigners": cosigners, "number": case.about.number if case.about else "",
    })  # fmt: skip


def _when(case: Case) -> str:
    said = case.signature.get("signed_at", "")
    return moment(datetime.fromisoformat(said)) if said else ""


def _cosigner(case: Case, row: dict[str, Any]) -> dict[str, Any]:
    one = row.pop("cosigner")
    is_same = holds(one.signature) and one.signature["digest"] == cosigned_digest(case) if one.signature else None
    return row | {"says": COSIGNED[is_same], "is_wrong": is_same is False or row["state"] == "expired"}
