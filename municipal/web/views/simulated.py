"""The simulated channels: the provider's page for payers, and the trainer's page behind it (模擬チャネルの画面)."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipal.checkout.methods import ways
from municipal.checkout.models import FAULT_NAMES, Simulated, SimulatedMessage
from municipal.checkout.operations import (
    PAYER,
    at,
    cancel,
    deliver,
    file_of_day,
    needs_simulator,
    play_act,
    play_channel,
)
from municipal.checkout.rules.faults import Fault
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs, open_to_all
from municipal.municipalities import wall
from municipal.payments.models import Channel
from municipal.web.forms.refusing import show, show_and_log
from municipal.web.forms.simulator import ChannelForm, ProviderForm, SendForm

from . import people
from .downloads import download
from .once import new_key, pressed_once
from .pay import framed, town_of

SHOWN = 30


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def provider_page(request: HttpRequest, town: str, reference: str) -> HttpResponse:
    """Where a payer pays, as if it were the provider's own; no money moves (支払サービスの見本)."""
    place, form = town_of(town), ProviderForm(request.POST if request.method == "POST" else None)
    with wall.within(place.pk):
        needs_simulator()
        found = at(reference)
    if form.is_bound and form.is_valid():
        try:
            return _acted(place.pk, found, request.POST.get("act", ""), Fault(form.cleaned_data["fault"]))
        except Refused as refused:
            show(form, refused)
    with wall.within(place.pk):
        found = at(reference)
    name = ways()[found.method].names["ja"] if found.method in ways() else ""
    context = framed(place, form=form, paid=found, method=name, yen=f"{found.yen:,}", is_open=found.state == "open")
    context["is_waiting"] = found.state == "waiting"
    return render(request, "pay/simulator.html", context, status=422 if form.errors else 200)


def _acted(town: int, found: Simulated, act: str, fault: Fault) -> HttpResponse:
    if act == "leave" and found.payment is not None:
        cancel(town=town, payment=found.payment)
    elif act != "back":
        with wall.within(town):
            play_act(actor=PAYER, reference=found.reference, act=act, fault=fault)
        deliver(town=town, until=clock.now())
    if act == "number":
        return redirect("pay:simulator", f"{town:06d}", found.reference)
    return HttpResponseRedirect(found.return_url)


@needs("payments.settings")
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """A trainer pays slips at simulated stores and counters, and makes the files that come of it (模擬チャネル)."""
    asked = cast(StaffRequest, request)
    needs_simulator()
    form = ChannelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            pressed_once(asked, lambda: _played(asked, form.cleaned_data))
        except Refused as refused:
            show_and_log(asked, form, refused)
        else:
            messages.success(request, gettext("支払いを記録しました。収納データのファイルに入ります。"))
            return redirect("online:simulator")
    today = clock.today()
    context = {
        "form": form, "key": new_key(request), "send_form": SendForm(), "rows": _rows(),
        "waiting": SimulatedMessage.objects.filter(delivered_at=None).count(),
        "days": [_day(today + timedelta(days=after)) for after in range(-1, 6)],
    }  # fmt: skip
    return render(request, "online/simulator.html", context, status=422 if form.errors else 200)


def _played(request: StaffRequest, said: dict[str, Any]) -> str:
    digits = "".join(said["number"].split())
    made = play_channel(
        actor=request.staff, channel=Channel(said["channel"]), number=digits, yen=said["yen"] or 0,
        place=said["place"], fault=Fault(said["fault"]),
    )  # fmt: skip
    return made.reference


def _day(day: date) -> dict[str, str]:
    return {"iso": day.isoformat(), "name": wareki(day)}


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "at": people.moment(one.paid_at or one.created_at), "channel": one.get_channel_display(),
            "number": one.number, "yen": f"{one.yen:,}", "state": one.get_state_display(),
            "fault": gettext(FAULT_NAMES[Fault(one.fault)]),
        }
        for one in Simulated.objects.order_by("-pk")[:SHOWN]
    ]  # fmt: skip


@needs("payments.settings")
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send the webhooks that wait, as if days had passed (通知の送信)."""
    form = SendForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("一覧から選んでください。"))
        return redirect("online:simulator")
    count = deliver(town=wall.current(), until=clock.now() + timedelta(days=form.cleaned_data["days"]))
    messages.success(request, gettext("通知を%(count)s件送りました。") % {"count": count})
    return redirect("online:simulator")


@needs("payments.settings")
@require_safe
def day_file(request: HttpRequest, day: str) -> HttpResponse:
    """The file of reports of one day, to be taken in by a clerk (模擬の収納データ)."""
    needs_simulator()
    try:
        wanted = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007  (a day, not a moment)
    except ValueError:
        raise Http404 from None
    return download(file_of_day(wanted), f"collections-{wanted.isoformat()}.csv")
