"""Addresses of the extracts (抽出のURL)."""

from django.urls import path

from municipal.web.views import extracts

app_name = "extracts"
urlpatterns = [
    path("extracts", extracts.overview, name="overview"),
    path("extracts/build/<str:source>", extracts.build, name="build"),
    path("extracts/words/<str:source>", extracts.words, name="words"),
    path("extracts/sample", extracts.sample, name="sample"),
    path("extracts/inspection-copy", extracts.copy, name="copy"),
    path("extracts/saved/<int:saved>/retire", extracts.retire, name="retire"),
    path("extracts/wards/<str:number>/notice", extracts.ward_notice, name="ward_notice"),
    path("extracts/runs/<int:number>", extracts.result, name="result"),
    path("extracts/runs/<int:number>/labels", extracts.labels, name="labels"),
    path("extracts/runs/<int:number>/files", extracts.order, name="order"),
    path("extracts/runs/<int:number>/files/<int:file>", extracts.file, name="file"),
]
