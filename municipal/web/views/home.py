"""The first screen: the search box, and what the person may do (ホーム)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from municipal.identity.access import signed_in
from municipal.web.forms.residents import SearchForm


@signed_in()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where everybody arrives after signing in (ホーム)."""
    return render(request, "home.html", {"form": SearchForm()})
