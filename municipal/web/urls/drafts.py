"""Addresses of provisional entries (仮登録のURL)."""

from django.urls import path

from municipal.web.views import drafts

app_name = "drafts"
urlpatterns = [
    path("drafts", drafts.everything, name="list"),
    path("drafts/decide", drafts.confirm_several, name="decide_several"),
    path("drafts/<int:number>", drafts.detail, name="detail"),
    path("drafts/<int:number>/decide", drafts.confirm, name="decide"),
    path("drafts/<int:number>/return", drafts.give_back, name="return"),
    path("drafts/<int:number>/withdraw", drafts.take_back, name="withdraw"),
]
