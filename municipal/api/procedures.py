"""The catalogue for other systems of the town: what can be applied for, and the form of each (手続API)."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.identity.access import signed_in
from municipal.procedures.catalogue import entry_of
from municipal.procedures.offered import current, entries

from . import application_schema as described
from . import application_shapes as shapes
from .errors import only


@signed_in()
class Procedures(APIView):
    """Everything that the town offers (手続の一覧)."""

    @extend_schema(operation_id="procedures_list", responses=described.Procedures)
    def get(self, request: Request) -> Response:
        """In order of id, each in the version that residents read now; nobody's data are among this."""
        only(request.query_params)
        return Response({"results": [shapes.procedure(one) for one in entries()]})


@signed_in()
class ProcedureRead(APIView):
    """One procedure (手続)."""

    @extend_schema(operation_id="procedures_read", responses=described.ProcedureForm)
    def get(self, request: Request, procedure: str) -> Response:
        """With the JSON Schema of its form: answers that fit it are answers that can be handed in."""
        only(request.query_params)
        content = current(procedure) if procedure.isprintable() and len(procedure) <= 60 else None
        if content is None:
            raise Http404
        return Response(shapes.form(entry_of(content)))
