"""Every address of the system (URL一覧)."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from municipal.identity.access import open_to_all
from municipal.web.views import errors, home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("", include("municipal.web.urls.identity")),
    path("", include("municipal.web.urls.residents")),
    path("", include("municipal.web.urls.searching")),
    path("", include("municipal.web.urls.places")),
    path("", include("municipal.web.urls.runs")),
    path("", include("municipal.web.urls.address_changes")),
    path("", include("municipal.web.urls.days")),
    path("", include("municipal.web.urls.manual")),
    path("", include("municipal.web.urls.numbers")),
    path("", include("municipal.web.urls.certificates")),
    path("", include("municipal.web.urls.notes")),
    path("", include("municipal.web.urls.measures")),
    path("", include("municipal.web.urls.entries")),
    path("", include("municipal.web.urls.drafts")),
    path("", include("municipal.web.urls.late")),
    path("", include("municipal.web.urls.received")),
    path("", include("municipal.web.urls.counts")),
    path("", include("municipal.web.urls.statistics")),
    path("", include("municipal.web.urls.extracts")),
    path("", include("municipal.web.urls.register")),
    path("", include("municipal.web.urls.staff")),
    path("", include("municipal.web.urls.audit")),
    path("", include("municipal.web.urls.inspections")),
    path("", include("municipal.web.urls.transfer")),
    path("", include("municipal.web.urls.money")),
    path("", include("municipal.web.urls.pay")),
    path("", include("municipal.web.urls.online")),
    path("", include("municipal.web.urls.payers")),
    path("", include("municipal.web.urls.slips")),
    path("", include("municipal.web.urls.collections")),
    path("", include("municipal.web.urls.queues")),
    path("", include("municipal.web.urls.reconciliation")),
    path("", include("municipal.web.urls.closing")),
    path("", include("municipal.web.urls.arrears")),
    path("", include("municipal.web.urls.banking")),
    path("", include("municipal.web.urls.procedures")),
    path("", include("municipal.web.urls.apply")),
    path("", include("municipal.web.urls.cases")),
    path("", include("municipal.web.urls.entitlements")),
    path("", include("municipal.web.urls.linkage")),
    path("", include("municipal.web.urls.desk")),
    path("", include("municipal.web.urls.me")),
    path("", include("municipal.web.urls.bundles")),
    path("", include("municipal.web.urls.intake")),
    path("api/v1/", include("municipal.api.urls")),
    path("language", open_to_all(set_language), name="set_language"),
]

handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
