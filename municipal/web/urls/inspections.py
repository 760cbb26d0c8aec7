"""Addresses of judging files (適合検査のURL)."""

from django.urls import path

from municipal.web.views import inspections

app_name = "inspections"
urlpatterns = [
    path("inspections", inspections.everything, name="list"),
    path("inspections/new", inspections.order, name="order"),
    path("inspections/<int:number>", inspections.result, name="result"),
    path("inspections/<int:number>/rules/<str:code>", inspections.rule, name="rule"),
    path("inspections/<int:number>/requirements", inspections.requirements, name="requirements"),
    path("inspections/<int:number>/compare", inspections.compare, name="compare"),
    path("inspections/<int:number>/reports/<str:format>/<str:language>", inspections.report, name="report"),
]
