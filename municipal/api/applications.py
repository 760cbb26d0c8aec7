"""Applications for other systems of the town: read, handed in, moved step by step (申請API)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.applications.models import Case, Channel
from municipal.applications.operations import take_step
from municipal.applications.operations.handling import FOR_APPLICANT, ROLES
from municipal.applications.rules.attachments import KINDS
from municipal.applications.rules.steps import Step, from_here, step_of
from municipal.audit.operations import record
from municipal.core.refusals import Refused
from municipal.identity.access import needs
from municipal.office.answers import Answer
from municipal.residents.secrecy import secrets

from . import application_schema as described
from . import application_shapes as shapes
from . import bodies, event_schema, money_schema, money_shapes
from .application_shapes import APPLICATION, OUTWARD
from .errors import only
from .money import choice, cursor_of, whole
from .views import limit_of, staff_of

VIEWING = ("applications.view", "applications.work", "applications.decide")
ANSWERS = "applications.answers"
NO_ANSWERS = Refused("申請の内容を読むには「申請の内容のAPI」の権限が必要です。", field="expand", code="forbidden")
NOT_THIS_STEP = Refused("この処理をする権限がありません。", field="action", code="forbidden")
OUTDATED = Refused(
    "見た版から変わっています。読み直してから指示してください。", field="version", code="precondition_failed"
)


def cases() -> QuerySet[Case]:
    """Cases with the number of their steps (申請の読出し)."""
    return Case.objects.select_related("about").annotate(steps=Count("events")).order_by("pk")


def case_of(said: str) -> Any:
    """The case of this town with that id. Raises Http404 for everything else (申請の照会)."""
    number = money_shapes.number(APPLICATION, said)
    found = cases().filter(pk=number).first() if number else None
    if found is None:
        raise Http404
    return found


def seen(request: Request, found: list[Case], *fields: str) -> None:
    """Whoever's application is delivered counts as seen (閲覧の記録)."""
    people = sorted({one.about_id for one in found if one.about_id})
    record(
        actor=staff_of(request), act="applications.read_api", subjects=people, fields=fields,
        kind="disclosure" if people else "operation", code=found[0].number if len(found) == 1 else str(len(found)),
    )  # fmt: skip


def may(request: Request, permission: str) -> bool:
    """Whether the caller's token reaches so far (権限の確認)."""
    return permission in request._request.permissions  # type: ignore[attr-defined]


@needs(*VIEWING)
class Applications(APIView):
    """Applications, page by page, and new ones (申請の一覧と提出)."""

    @extend_schema(
        operation_id="applications_list",
        parameters=[
            OpenApiParameter("procedure", str, description="手続の識別子。 / Id of the procedure."),
            OpenApiParameter("state", str, enum=list(described.STATES), description="状態。 / State."),
            OpenApiParameter("channel", str, enum=Channel.values, description="受付の経路。 / By which way it came."),
            money_schema.CURSOR, money_schema.LIMIT,
        ],
        responses=described.ApplicationPage,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The oldest first; of people the addressee number only."""
        asked = only(request.query_params, "procedure", "state", "channel", "cursor", "limit")
        size, rows = limit_of(asked), cases().filter(pk__gt=cursor_of(APPLICATION, asked)).defer("answers", "people")
        narrowed = {
            "procedure": whole(asked, "procedure", 60), "state": choice(asked, "state", described.STATES),
            "channel": choice(asked, "channel", Channel.values),
        }  # fmt: skip
        found = list(rows.filter(**{name: said for name, said in narrowed.items() if said})[: size + 1])
        page = found[:size]
        if page:
            seen(request, page, "application")
        following = money_shapes.word(APPLICATION, page[-1].pk) if len(found) > size else None
        results = [shapes.application(one, one.steps) for one in page]  # type: ignore[attr-defined]
        return Response({"results": results, "next": following})

    @needs("applications.submit")
    @extend_schema(
        operation_id="applications_create", parameters=[event_schema.KEY], request=described.ApplicationOrder,
        responses={201: described.NewApplication}, examples=[described.SUBMIT_EXAMPLE],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Hand in what came over the counter or on paper; asked again with the same key, it is the same case."""
        from .handing_in import handed_in

        return handed_in(request)


@needs(*VIEWING)
@prints_addresses("api.application", Purpose.API)
class ApplicationRead(APIView):
    """One application (申請)."""

    @extend_schema(
        operation_id="applications_read", parameters=[described.EXPAND], responses=described.ApplicationDetail
    )
    def get(self, request: Request, application: str) -> Response:
        """How it stands, its files, the steps that may be taken; answers only with a permission of their own."""
        asked = only(request.query_params, "expand")
        wanted = [one for one in asked.get("expand", "").split(",") if one]
        if set(wanted) - set(described.EXPANDED):
            raise Refused("この値はありません。一覧から選んでください。", field="expand", code="invalid")
        if "answers" in wanted and not may(request, ANSWERS):
            raise NO_ANSWERS
        found = case_of(application)
        seen(request, [found], "application", *wanted)
        response = Response(_whole(request, found, wanted))
        response["ETag"] = f'"{found.steps}"'
        return response


def _whole(request: Request, found: Any, wanted: list[str]) -> dict[str, Any]:
    files = found.attachments.order_by("pk").defer("content")
    said = shapes.application(found, found.steps) | {
        "files": [shapes.attachment(one) for one in files],
        "steps": [shapes.step(one) for one in _open(request, found)],
    }
    if "answers" in wanted:
        is_hidden = found.about_id is not None and found.about_id in secrets().people
        said["content"] = shapes.content(found, is_hidden=is_hidden)
    if "events" in wanted:
        said["events"] = [shapes.event(one) for one in found.events.order_by("number")]
    return said


def _open(request: Request, case: Case) -> list[Step]:
    """The steps of the office that this caller may take now."""
    steps = [one for one in from_here(case.workflow, case.state) if one.role in ROLES or one.action in FOR_APPLICANT]
    return [one for one in steps if may(request, _permission(one))]


def _permission(step: Step) -> str:
    return "applications.decide" if step.is_decision else "applications.work"


@needs(ANSWERS)
class ApplicationFileRead(APIView):
    """One file of an application (申請の添付)."""

    @extend_schema(
        operation_id="applications_read_file",
        responses={(200, media): OpenApiTypes.BINARY for media, _end in KINDS.values()},
    )
    def get(self, request: Request, application: str, ref: UUID) -> HttpResponse:
        """Its bytes, as they came; of this application and of no other."""
        only(request.query_params)
        case = case_of(application)
        found = case.attachments.filter(ref=ref).first()
        if found is None:
            raise Http404
        seen(request, [case], "attachment")
        answer = HttpResponse(bytes(found.content), content_type=KINDS[found.kind][0])
        answer["Content-Disposition"] = f'attachment; filename="{found.ref}.{KINDS[found.kind][1]}"'
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


@needs("applications.work", "applications.decide")
class ApplicationSteps(APIView):
    """A step with an application (申請の処理)."""

    @extend_schema(
        operation_id="applications_step", parameters=[event_schema.KEY, described.IF_MATCH],
        request=described.StepOrder, responses=described.Application, examples=[described.STEP_EXAMPLE],
    )  # fmt: skip
    def post(self, request: Request, application: str) -> Response:
        """Take one step of the table, by the version that was seen; 412 where somebody was quicker."""

        def act(said: dict[str, Any]) -> Answer:
            bodies.part(said, "version", "action", "reason", "fields", "correct_by")
            case, version = case_of(application), bodies.version_of(said)
            if version != case.steps or request.headers.get("If-Match", f'"{version}"') != f'"{version}"':
                raise OUTDATED
            action, reason, fields = _texts(said)
            step = step_of(case.workflow, case.state, action)
            if step is not None and not may(request, _permission(step)):
                raise NOT_THIS_STEP
            take_step(
                actor=staff_of(request), case=case.pk, seen=version, action=action, reason=reason, fields=fields,
                correct_by=_day(said),
            )  # fmt: skip
            done = case_of(application)
            return Answer(200, shapes.application(done, done.steps))

        return bodies.once(request, act)


def _texts(said: dict[str, Any]) -> tuple[str, str, list[str]]:
    action, reason, fields = said.get("action"), said.get("reason", ""), said.get("fields", [])
    if not isinstance(action, str) or action not in described.ACTIONS:
        raise Refused("この値はありません。一覧から選んでください。", field="action", code="invalid")
    bodies.storable(reason, "reason", 1000)
    if not isinstance(fields, list) or not all(isinstance(one, str) for one in fields):
        raise Refused("訂正してもらう項目を選んでください。", field="fields", code="invalid")
    return action, reason, fields


def _day(said: dict[str, Any]) -> date | None:
    if "correct_by" not in said:
        return None
    try:
        return date.fromisoformat(said["correct_by"])
    except (TypeError, ValueError):
        raise Refused("日付を 2026-11-23 の形で入れてください。", field="correct_by", code="invalid") from None


__all__ = ["OUTWARD", "ApplicationFileRead", "ApplicationRead", "ApplicationSteps", "Applications"]
