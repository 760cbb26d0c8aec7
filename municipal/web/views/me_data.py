"""Taking along what I handed in (私のデータの持出しの画面)."""

from tempfile import TemporaryFile

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from municipal.applicants.models import ApplicantSession
from municipal.applications.my_data import write
from municipal.audit.operations import disclose
from municipal.municipalities.models import Municipality

from .me import framed
from .me_door import for_oneself


@for_oneself(is_resident=False)
@never_cache
@require_safe
def page(request: HttpRequest, town: Municipality, session: ApplicantSession) -> HttpResponse:
    """What is in the file and what is not (私のデータ)."""
    return render(request, "me/data.html", framed(town, session))


@for_oneself(is_resident=False)
@never_cache
@require_POST
def file(request: HttpRequest, town: Municipality, session: ApplicantSession) -> FileResponse:
    """The file, sent piece by piece from where it was written (私のデータのファイル)."""
    account = session.applicant
    person = [account.person_id] if account.person_id else []
    disclose(actor=account, act="applications.my_data", subjects=person, fields=["applications", "entitlement"])
    # FileResponse closes it when the last piece has gone.
    written = TemporaryFile()  # noqa: SIM115
    write(written, account)
    written.seek(0)
    return FileResponse(written, as_attachment=True, filename="my-data.zip", content_type="application/zip")
