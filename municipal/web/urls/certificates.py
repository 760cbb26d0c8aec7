"""Addresses of certificates and notices (証明書・通知書のURL)."""

from django.urls import path

from municipal.web.views import certificate_history, certificate_settings, certificates, member_order, screen_copies

app_name = "certificates"
urlpatterns = [
    path("certificates", certificate_history.everything, name="list"),
    path("certificates/settings", certificate_settings.everything, name="settings"),
    path("certificates/settings/seals", certificate_settings.seals, name="seals"),
    path("certificates/settings/later", certificate_settings.later, name="later"),
    path("certificates/settings/printers", certificate_settings.printers, name="printers"),
    path("certificates/settings/<str:kind>", certificate_settings.form, name="form_settings"),
    path("certificates/<int:number>", certificate_history.issue, name="issue"),
    path("certificates/<int:number>/reissue", certificate_history.reissue_it, name="reissue"),
    path("certificates/copies/<int:number>/print", certificate_history.print_it, name="print"),
    path("certificates/copies/<int:number>/dispose", certificate_history.dispose_of, name="dispose"),
    path("residents/<str:number>/certificates", certificate_history.of_person, name="person"),
    path("residents/<str:number>/certificates/new", certificates.new, name="new"),
    path("residents/<str:number>/print", screen_copies.print_screen, name="print_screen"),
    path("residents/<str:number>/household/order", member_order.order, name="order"),
    path("events/<int:number>/notices", certificate_history.send_notice, name="send"),
]
