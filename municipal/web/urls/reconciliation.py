"""Addresses of the comparison of charges, collections and money (三者照合のURL)."""

from django.urls import path

from municipal.web.views import reconciliation

app_name = "reconciliation"
urlpatterns = [
    path("money/reconciliation", reconciliation.overview, name="overview"),
    path("money/reconciliation.csv", reconciliation.file, name="file"),
    path("money/reconciliation/settlements", reconciliation.settlements, name="settlements"),
    path("money/reconciliation/settlements/new", reconciliation.settlement, name="settlement"),
]
