"""Addresses of the catalogue of procedures: for everybody, and for who writes it (手続カタログのURL)."""

from django.urls import path

from municipal.web.views import principles, procedure_editing, procedures

app_name = "procedures"
urlpatterns = [
    path("procedures", procedures.towns, name="towns"),
    path("procedures/edit", procedure_editing.everything, name="list"),
    path("procedures/edit/file.json", procedure_editing.whole, name="whole"),
    path("procedures/edit/take-in", procedure_editing.take_in, name="take_in"),
    path("procedures/edit/entries/<slug:code>", procedure_editing.edit, name="edit"),
    path("procedures/edit/versions/<int:number>", procedure_editing.version, name="version"),
    path("procedures/<str:town>", procedures.find, name="find"),
    path("procedures/<str:town>/guide", procedures.guide_page, name="guide"),
    path("procedures/<str:town>/principles", principles.principles_page, name="principles"),
    path("procedures/<str:town>/principles.csv", principles.file, name="principles_file"),
    path("procedures/<str:town>/entries/<slug:code>", procedures.entry_page, name="entry"),
]
