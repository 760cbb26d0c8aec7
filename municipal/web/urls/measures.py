"""Addresses of support measures and suppressions (支援措置・抑止のURL)."""

from django.urls import path

from municipal.web.views import measures, suppressions

app_name = "measures"
urlpatterns = [
    path("measures", measures.everything, name="list"),
    path("measures/<str:number>", measures.one, name="case"),
    path("measures/<str:number>/details", measures.details, name="details"),
    path("measures/<str:number>/notices/<str:what>.pdf", measures.notice, name="notice"),
    path("measures/<str:number>/extend", measures.extend, name="extend"),
    path("measures/<str:number>/perpetrators/<int:row>/withdraw", measures.withdraw_perpetrator, name="withdraw"),
    path("measures/<str:number>/steps/<str:name>", measures.step, name="step"),
    path("residents/<str:number>/measures/new", measures.apply, name="apply"),
    path("residents/<str:number>/suppressions", suppressions.of_person, name="suppressions"),
    path("residents/<str:number>/suppressions/set", suppressions.set_one, name="suppress"),
    path("residents/<str:number>/suppressions/release", suppressions.release, name="release"),
    path("suppressions", suppressions.everything, name="suppressed"),
    path("suppressions/settings", suppressions.settings, name="release_settings"),
    path("suppressions/<int:row>/lift", suppressions.lift, name="lift"),
]
