"""The four languages in which residents read, and which of them a reader has chosen (住民の画面の言語).

Staff read Japanese or English, by Django's own switch; a resident's choice is ``?lang=`` on any page of theirs, so that
a link can be passed on, and this browser keeps it.
"""

import re
from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.dateformat import format as formatted
from django.utils.functional import lazy
from django.utils.translation import get_language, override

from municipal.core import clock
from municipal.core.eras import wareki
from municipal.procedures.catalogue import Text

LANGUAGES = {"ja": "日本語", "ja-easy": "やさしい日本語", "en": "English", "ko": "한국어"}
"""The code of each language, for texts of entries and for sentences alike, and its own name."""
COOKIE, KEPT_DAYS = "kijun_language", 365
OF_RESIDENTS = re.compile(r"/(?:apply|events|me|pay|procedures(?!/edit))(?:/|$)")

DAYS = {"ja-easy": "Y年n月j日", "en": "j F Y", "ko": "Y년 n월 j일"}
"""How a day is written for residents who do not read era dates."""


def language_of(request: HttpRequest) -> str:
    """The language asked for, else the one this browser keeps, else its own, else Japanese (読む言語)."""
    for found in (request.GET.get("lang", ""), request.COOKIES.get(COOKIE, "")):
        if found in LANGUAGES:
            return found
    if request.headers.get("Accept-Language", "").lower().startswith("ko"):
        return "ko"
    return "en" if get_language() == "en" else "ja"


def _day(day: date) -> str:
    pattern = DAYS.get(get_language() or "ja")
    return formatted(day, pattern) if pattern else wareki(day)


def _moment(at: datetime) -> str:
    local = at.astimezone(clock.TOKYO)
    return f"{_day(local.date())} {local:%H:%M}"


def _text(text: Text) -> str:
    return text.said(get_language() or "ja")


day_said = lazy(_day, str)
"""A day as the reader of the page writes it, whose language is known where it is rendered (日付の表示)."""
moment_said = lazy(_moment, str)
"""A moment likewise, in the time of Japan (日時の表示)."""
text_said = lazy(_text, str)
"""A text of the catalogue likewise (カタログの文の表示)."""


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
