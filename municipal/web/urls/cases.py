"""Addresses of the office's queue of applications (申請の処理のURL)."""

from django.urls import path

from municipal.web.views import case_applicant as _applicant  # noqa: F401  (a part of the page of a case)
from municipal.web.views import (
    case_differences,
    case_entitlements,
    case_fees,
    case_findings,
    case_keeping,
    case_messages,
    case_outcome,
    case_statistics,
    cases_bulk,
    casework,
)

app_name = "cases"
urlpatterns = [
    path("cases", casework.queue, name="list"),
    path("cases/bulk", cases_bulk.bulk, name="bulk"),
    path("cases/letters", case_keeping.letters, name="letters"),
    path("cases/letters/<int:number>/posted", case_keeping.posted, name="posted"),
    path("cases/statistics", case_statistics.page, name="statistics"),
    path("cases/statistics.csv", case_statistics.file, name="statistics_file"),
    path("cases/<int:number>", casework.case_page, name="case"),
    path("cases/<int:number>/steps/<slug:action>", casework.step_page, name="step"),
    path("cases/<int:number>/differences", case_differences.seen, name="differences"),
    path("cases/<int:number>/outcome/try", case_outcome.try_outcome, name="try"),
    path("cases/<int:number>/outcome/by-hand", case_outcome.by_hand, name="by_hand"),
    path("cases/<int:number>/outcome/person", case_outcome.identify_person, name="identify"),
    path("cases/<int:number>/findings", case_findings.note, name="findings"),
    path("cases/damage/<int:number>.pdf", case_findings.damage, name="damage"),
    path("cases/<int:number>/prices", case_fees.set_prices, name="quote"),
    path("cases/<int:number>/decision.pdf", case_entitlements.notice, name="decision"),
    path("cases/<int:number>/messages", case_messages.send, name="send"),
    path("cases/<int:number>/hold", case_keeping.place_hold, name="hold"),
    path("cases/<int:number>/hold/lift", case_keeping.take_hold_off, name="lift_hold"),
    path("cases/<int:number>/notice.pdf", casework.notice, name="notice"),
    path("cases/<int:number>/files/<uuid:ref>", casework.attached, name="file"),
]
