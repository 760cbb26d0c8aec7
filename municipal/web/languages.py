"""The four languages in which residents read, and which of them a reader has chosen (住民の画面の言語).

Staff read Japanese or English, by Django's own switch; a resident's choice is ``?lang=`` on any page of theirs, so that
a link can be passed on, and this browser keeps it.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override

LANGUAGES = {"ja": "日本語", "ja-easy": "やさしい日本語", "en": "English", "ko": "한국어"}
"""The code of each language, for texts of entries and for sentences alike, and its own name."""
COOKIE, KEPT_DAYS = "kijun_language", 365
OF_RESIDENTS = re.compile(r"/(?:apply|events|me|pay|procedures(?!/edit))(?:/|$)")


def language_of(request: HttpRequest) -> str:
    """The language asked for, else the one this browser keeps, else its own, else Japanese (読む言語)."""
    for found in (request.GET.get("lang", ""), request.COOKIES.get(COOKIE, "")):
        if found in LANGUAGES:
            return found
    if request.headers.get("Accept-Language", "").lower().startswith("ko"):
        return "ko"
    return "en" if get_language() == "en" else "ja"


class ReadersLanguage:
    """Every page of a resident, refusals and errors included, in the reader's language (住民の画面の言語の選択)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not OF_RESIDENTS.match(request.path_info):
            return self.get_response(request)
        language = language_of(request)
        with override(language):
            response = self.get_response(request)
        # What a view says itself counts: a draft is read in the language in which it was begun.
        response.headers.setdefault("Content-Language", language[:2])
        patch_vary_headers(response, ("Cookie",))
        if request.GET.get("lang") == language != request.COOKIES.get(COOKIE):
            response.set_cookie(
                COOKIE, language, max_age=KEPT_DAYS * 86_400, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response
