"""Every address of the system (URL一覧)."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("municipal.web.urls.identity"))]
