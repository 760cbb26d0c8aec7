"""The real addresses, and beside them views that do what no real one does (試験用のURL)."""

from collections.abc import Iterator

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from municipal.audit.operations import disclose
from municipal.core.refusals import Refused
from municipal.identity.access import needs, signed_in
from municipal.identity.models import Staff
from municipal.municipalities import wall
from municipal.urls import handler403, handler404, handler500, urlpatterns

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


@needs("residents.search")
def searching(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{wall.current()} {request.staff.login_name}")  # type: ignore[attr-defined]


@signed_in()
def late(request: HttpRequest) -> SimpleTemplateResponse:
    """What the template does happens in the door too."""
    response = SimpleTemplateResponse("errors/500.html")
    response.add_post_render_callback(lambda _: disclose(actor=request.staff, subjects=[7], fields=["name"]))  # type: ignore[attr-defined]
    return response


@signed_in()
def refusing(request: HttpRequest) -> HttpResponse:
    Staff.objects.update(department="動いてはいけない")
    disclose(actor=request.staff, subjects=[7], fields=["name"])  # type: ignore[attr-defined]
    code, field = request.GET.get("code", "refused"), request.GET.get("field", "")
    raise Refused("架空の%(what)sは受け付けられません。", code=code, field=field, what="届出")


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody said who may see this")


@signed_in()
def streaming(request: HttpRequest) -> StreamingHttpResponse:
    def drops() -> Iterator[bytes]:
        yield b"after the door"

    return StreamingHttpResponse(drops())


@signed_in()
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a secret of the source")


@signed_in()
def missing(request: HttpRequest) -> HttpResponse:
    raise Http404


@signed_in()
def unreadable(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [{"nul": "a\0b", "half": "\ud800"}[request.GET["what"]]])
    return HttpResponse("read")


@csrf_exempt
@signed_in()
def exempt(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


urlpatterns = [
    *urlpatterns,
    *(
        path(f"{prefix}trial/{view.__name__}", view, name=f"{prefix}{view.__name__}")
        for prefix in ("", "api/")
        for view in (
            searching, late, refusing, undeclared, streaming, broken, missing, unreadable, exempt,
        )
    ),
]  # fmt: skip
