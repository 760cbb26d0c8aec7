"""Addresses of asking other offices and of answering them (情報連携のURL)."""

from django.urls import path

from municipal.web.views import case_evidence, linkage_desk

app_name = "linkage"
urlpatterns = [
    path("linkage", linkage_desk.desk, name="desk"),
    path("linkage/settings", linkage_desk.change, name="settings"),
    path("linkage/incoming/<int:row>", linkage_desk.incoming, name="incoming"),
    path("linkage/simulator", linkage_desk.simulator, name="simulator"),
    path("linkage/simulator/send", linkage_desk.send, name="send"),
    path("cases/<int:number>/evidence/ask", case_evidence.ask, name="ask"),
    path("cases/<int:number>/evidence/papers", case_evidence.papers, name="papers"),
    path("cases/<int:number>/evidence/<int:row>/used", case_evidence.used, name="used"),
]
