"""Where the payment provider sends its webhooks (支払サービスの通知の受け口)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from municipal.checkout.operations import receive
from municipal.core.refusals import Refused
from municipal.identity.access import open_to_all
from municipal.identity.answers import problem

from .pay import town_of


@open_to_all
@csrf_exempt
@require_POST
def take(request: HttpRequest, town: str) -> HttpResponse:
    """One signed message: 204 when it is noted, whether it was new or not; a refusal in JSON (通知の受信).

    No browser sends it, so no form's token is asked for: the signature is what counts.
    """
    place = town_of(town)
    try:
        headers = {name.lower(): value for name, value in request.headers.items()}
        receive(town=place.pk, headers=headers, body=request.body)
    except Refused as refused:
        return problem(request, refused)
    return HttpResponse(status=204)
