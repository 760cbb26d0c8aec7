"""Signing in and out, and one's own account (サインインの画面)."""

from typing import cast

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from municipal.core.refusals import Refused
from municipal.identity.access import PASSWORD, SECOND_FACTOR, SETUP, StaffRequest, open_to_all, signed_in
from municipal.identity.answers import safe_next, source_of
from municipal.identity.middleware import COOKIE
from municipal.identity.operations import (
    Opened,
    change_password,
    confirm_second_factor,
    enroll_second_factor,
    pass_second_factor,
    sign_in,
    sign_in_by_front,
    sign_out,
)
from municipal.identity.operations.front import is_offered
from municipal.identity.operations.second_factor import address_for_app, secret_of
from municipal.municipalities.models import Municipality
from municipal.web.forms.identity import CodeForm, PasswordChangeForm, SignInForm
from municipal.web.forms.refusing import show, show_and_log

GET_OR_POST = ["GET", "HEAD", "POST"]


def _let_in(request: HttpRequest, opened: Opened, target: str) -> HttpResponse:
    """Go on with the new session's cookie, which scripts cannot read and other sites cannot send along."""
    response = HttpResponseRedirect(safe_next(request, target))
    response.set_cookie(
        COOKIE, opened.key, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, path="/"
    )  # fmt: skip
    rotate_token(request)
    return response


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", request.GET.get("next", ""))
    return target if safe_next(request, target) == target else ""


def _towns() -> tuple[list[Municipality], Municipality | None]:
    """The towns to choose from, and the one that is meant where there is no choice."""
    towns = list(Municipality.objects.all())
    named = [town for town in towns if settings.KIJUN_TOWN in (town.code, str(town.pk))]
    return towns, (named or towns)[0] if len(named or towns) == 1 else None


@open_to_all
@never_cache
@require_http_methods(["GET"])
def by_front(request: HttpRequest) -> HttpResponse:
    """The way in through the front of a single sign-on, where there is one (シングルサインオン)."""
    if not is_offered():
        raise Http404
    _, preset = _towns()
    town = preset.pk if preset else int(request.GET["town"]) if request.GET.get("town", "").isdecimal() else 0
    opened = sign_in_by_front(
        town=town if town < 10**6 else 0,
        login_name=request.headers.get(settings.KIJUN_SSO_HEADER, ""),
        secret=request.headers.get("X-Kijun-Front", ""),
        source=source_of(request),
        replacing=request.COOKIES.get(COOKIE, ""),
    )
    return _let_in(request, opened, _next(request))


@open_to_all
@never_cache
@require_http_methods(GET_OR_POST)
def enter(request: HttpRequest) -> HttpResponse:
    """Name and password; the town stands in the form or is preset (サインイン)."""
    towns, preset = _towns()
    form = SignInForm(request.POST or None, towns=towns, preset=preset)
    if request.method == "POST" and form.is_valid():
        try:
            opened = sign_in(
                town=preset.pk if preset else int(form.cleaned_data["town"]),
                login_name=form.cleaned_data["login_name"],
                password=form.cleaned_data["password"],
                source=source_of(request),
                replacing=request.COOKIES.get(COOKIE, ""),
            )
        except Refused as refused:
            show(form, refused)
        else:
            return _let_in(request, opened, _next(request))
    context = {
        "form": form,
        "next": _next(request),
        "town": preset,
        "idle_minutes": settings.KIJUN_IDLE_MINUTES,
    }
    return render(request, "identity/sign_in.html", context, status=422 if form.errors else 200)


@open_to_all
@never_cache
@require_http_methods(GET_OR_POST)
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code of the authenticator app, after the password (ワンタイムコードの確認)."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = pass_second_factor(
                key=request.COOKIES.get(COOKIE, ""), code=form.cleaned_data["code"], source=source_of(request)
            )
        except Refused as refused:
            if refused.code == "not_signed_in":
                return redirect("identity:sign_in")
            show(form, refused)
        else:
            return _let_in(request, opened, _next(request))
    context = {"form": form, "next": _next(request)}
    return render(request, "identity/second_factor.html", context, status=422 if form.errors else 200)


@signed_in(during=(SECOND_FACTOR, PASSWORD, SETUP))
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session and come back to the first page (サインアウト)."""
    asked = cast(StaffRequest, request)
    sign_out(actor=asked.staff, session=asked.session_row)
    response = redirect("identity:sign_in")
    response.delete_cookie(COOKIE, path="/", samesite="Lax")
    return response


@signed_in(during=(PASSWORD,))
@require_http_methods(GET_OR_POST)
def password_change(request: HttpRequest) -> HttpResponse:
    """One's own password; forced where it is a temporary one (パスワードの変更)."""
    asked = cast(StaffRequest, request)
    form, is_forced = PasswordChangeForm(request.POST or None), asked.staff.must_change_password
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old_password"], form.cleaned_data["new_password1"]
        try:
            change_password(actor=asked.staff, old=old, new=new, session=asked.session_row)
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("パスワードを変更しました。"))
            return redirect("home")
    context = {"form": form, "is_forced": is_forced}
    return render(request, "identity/password_change.html", context, status=422 if form.errors else 200)


@signed_in(during=(SETUP,))
@require_http_methods(GET_OR_POST)
def second_factor_setup(request: HttpRequest) -> HttpResponse:
    """Show the secret as an image, and take the first code as the proof that it arrived (ワンタイムコードの設定)."""
    asked = cast(StaffRequest, request)
    staff, form = asked.staff, CodeForm(request.POST or None)
    if staff.has_second_factor or not secret_of(staff):
        enroll_second_factor(actor=staff)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_second_factor(actor=staff, code=form.cleaned_data["code"])
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("ワンタイムコードを設定しました。次のサインインから使います。"))
            return redirect("home")
    secret = secret_of(staff)
    context = {
        "form": form,
        "qr_svg": _image(address_for_app(staff)),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "is_set": False,
    }
    return render(request, "identity/second_factor_setup.html", context, status=422 if form.errors else 200)


def _image(text: str) -> SafeString:
    """A QR code as SVG without style or size: the stylesheet says how large it is."""
    drawn = segno.make(text, error="m").svg_inline(omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(drawn)  # noqa: S308  (made of squares only; the text is not in it)
