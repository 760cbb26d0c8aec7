"""Addresses of what stands beside a history (統合記載欄・メモ・通知のURL)."""

from django.urls import path

from municipal.web.views import letters, notes

app_name = "notes"
urlpatterns = [
    path("residents/<str:number>/notes", notes.page, name="page"),
    path("residents/<str:number>/notes/remark", notes.remark, name="remark"),
    path("residents/<str:number>/notes/memo", notes.memo, name="memo"),
    path("residents/<str:number>/notes/investigation", notes.investigation, name="investigation"),
    path("residents/<str:number>/notes/actual-head", notes.actual_head, name="actual_head"),
    path("letters/<int:event>", letters.of_event, name="letters"),
    path("letters/headless", letters.headless, name="headless"),
    path("register/standing-notes", letters.standing_notes, name="standing"),
]
