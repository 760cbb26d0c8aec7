"""Files to be saved (ファイルの取出し)."""

from django.http import HttpResponse


def download(content: bytes, name: str, kind: str = "text/csv; charset=utf-8") -> HttpResponse:
    """``content`` as a file ``name`` that the browser saves and never shows under our own address (ファイルの応答)."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
