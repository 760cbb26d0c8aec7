"""The pages for what goes wrong before or outside a view (エラー画面)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from municipal.identity import answers
from municipal.identity.access import open_to_all


@open_to_all
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page or record, or it belongs to somebody else (見つからない)."""
    if answers.is_for_machines(request):
        return answers.problem(request, answers.NOT_FOUND)
    return render(request, "errors/404.html", status=404)


@open_to_all
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page is not for this person (権限がない)."""
    return render(request, "errors/403.html", status=403)


@open_to_all
def failed(request: HttpRequest) -> HttpResponse:
    """A fault of ours: the frame asks for nothing that might have failed too (内部エラー)."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


@open_to_all
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without the token it went out with (画面の有効期限切れ)."""
    return HttpResponse(render_to_string("errors/csrf.html"), status=403)
