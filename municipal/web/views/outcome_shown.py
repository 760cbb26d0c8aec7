"""What an applicant is told of how the decision was carried out, and the specimen to take away (決定の実施の案内)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from municipal.applications.models import Case, CaseOutcome
from municipal.applications.operations import APPLICANT
from municipal.applications.operations.carrying_out import entry_of_case, standing
from municipal.applications.operations.results import has_result, result
from municipal.applications.outcomes.entering import ACTS
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.municipalities import wall
from municipal.residents.models import DraftState
from municipal.web.panels import Panel, for_applicants

from .applied import opened_case
from .apply import told
from .downloads import download
from .pay import town_of

CHECKING = _("認められました。役所の記録に入れる前に、担当課がもう一度内容を確かめています。")
PLAIN = {
    "obstacle": CHECKING, "by_hand": _("担当課で処理しました。"),
    "damage_certificate": _("罹災証明書を作りました。ここで見本を保存できます。原本は担当課からお渡しします。"),
    "mandate": _("口座振替を登録しました。始まる時期は、担当課からお知らせします。"),
}  # fmt: skip
ENTERED = _("届出の内容を役所の記録に入れました。別の職員が確かめると、手続が終わります。")
CONFIRMED = _("届出のとおり、役所の記録を改めました。")
CANCELLED = _("この届出による記録は、あとで取り消されました。くわしくは担当課にお問い合わせください。")
AT_THE_COUNTER = _("職員が内容を確かめて、役所の記録に入れます。")
BEING_MADE = _("証明書を作る準備をしています。")
RECEIVED = {
    "post": _("証明書を作りました。役所に登録されている住所へ郵送します。"),
    "counter": _("証明書を作りました。窓口でお渡しします。受付番号をお持ちください。"),
    "electronic_specimen": _("電子の見本ができました。見本は、証明書としては使えません。"),
}  # fmt: skip


@for_applicants(20)
def outcome_panel(request: HttpRequest, case: Case) -> Panel | None:
    """What happened after the decision, in plain words; never why something could not be done (実施の案内)."""
    outcome = standing(case)
    said = _said(case, outcome) if outcome is not None else ""
    if not said:
        return None
    address = [f"{case.municipality_id:06d}", case.number]
    link = reverse("apply:result", args=address) if has_result(case, outcome) else ""
    return Panel("apply/outcome.html", {"sentence": said, "result": link})


def _said(case: Case, outcome: CaseOutcome) -> str:
    entry = entry_of_case(outcome)
    if entry is not None:
        if entry.event is not None:
            return CANCELLED if entry.event.cancellations.exists() else CONFIRMED
        return CHECKING if entry.state == DraftState.WITHDRAWN else ENTERED
    if outcome.kind == "prepared":
        return AT_THE_COUNTER if case.asked.does in ACTS else BEING_MADE
    if outcome.kind == "certificate":
        return RECEIVED[case.answers.get("receive", "counter")]
    return PLAIN.get(outcome.kind, "")


@open_to_all
@never_cache
@require_safe
def result_file(request: HttpRequest, town: str, number: str) -> HttpResponse:
    """The specimen as a PDF, for whoever may open the case (電子見本)."""
    place = town_of(town)
    try:
        with wall.within(place.pk):
            case = opened_case(request, place, number)
            if case is None:
                raise Http404
            pdf = result(actor=APPLICANT, case=case)
    except Refused as refused:
        return told(request, place, refused, 422)
    return download(pdf, f"specimen-{case.number}.pdf", "application/pdf")
