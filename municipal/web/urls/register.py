"""Addresses of the register's settings (台帳の設定のURL)."""

from django.urls import path

from municipal.web.views import register_settings, switches

app_name = "register"
urlpatterns = [
    path("register/settings", register_settings.register_settings, name="settings"),
    path("register/switches", switches.switches, name="switches"),
]
