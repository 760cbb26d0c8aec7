"""Addresses of life events and of what is handed in together (ライフイベントのURL)."""

from django.urls import path

from municipal.web.views import bundle_panels as _panels  # noqa: F401  (parts of the pages of a case)
from municipal.web.views import bundles, bundling, events

app_name = "bundles"
urlpatterns = [
    path("events/<str:town>", events.everything, name="list"),
    path("events/<str:town>/bundles/<uuid:public>", bundles.receipt, name="receipt"),
    path("events/<str:town>/bundles/<uuid:public>/receipt.pdf", bundles.receipt_file, name="receipt_file"),
    path("events/<str:town>/bundles/<uuid:public>/check", bundles.check, name="check"),
    path("events/<str:town>/bundles/<uuid:public>/sign", bundles.sign_page, name="sign"),
    path("events/<str:town>/bundles/<uuid:public>/discard", bundles.discard, name="discard"),
    path("events/<str:town>/bundles/<uuid:public>/pages/<slug:page>", bundling.page, name="page"),
    path("events/<str:town>/bundles/<uuid:public>/files/<uuid:ref>", bundling.attached, name="file"),
    path("events/<str:town>/<slug:event>", events.questions, name="questions"),
    path("events/<str:town>/<slug:event>/plan", events.plan_page, name="plan"),
    path("events/<str:town>/<slug:event>/plan.pdf", events.plan_file, name="plan_file"),
]
