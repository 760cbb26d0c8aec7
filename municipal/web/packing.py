"""Pages are packed for the way: a phone on a slow line waits for a quarter of the bytes (応答の圧縮)."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/", "application/json", "application/geo+json", "image/svg+xml")


class Packing(GZipMiddleware):
    """Packs what is text and whole; letters, pictures, PDFs and encrypted files are packed already.

    The masked token of a form and the random length that Django adds keep a page's secret from whoever watches
    lengths (BREACH; Django's documentation of ``GZipMiddleware``).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        is_text = response.headers.get("Content-Type", "").startswith(TEXTS)
        is_part = response.has_header("Content-Range")
        return super().process_response(request, response) if is_text and not is_part else response
