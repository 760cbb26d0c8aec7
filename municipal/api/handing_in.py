"""An application that another system hands in, whole or not at all (申請の提出API)."""

import base64
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop as _
from rest_framework.request import Request
from rest_framework.response import Response

from municipal.addressees.models import Addressee
from municipal.applications.keys import code_of
from municipal.applications.models import Case
from municipal.applications.operations import attach, begin, save, submit
from municipal.applications.rules.applicant import CHECK, papers
from municipal.core.refusals import Refused
from municipal.intake.payload import ANSWERS as SHAPE
from municipal.intake.payload import checked
from municipal.office.answers import Answer
from municipal.procedures.catalogue import entry_of
from municipal.procedures.offered import current

from . import application_schema as described
from . import application_shapes as shapes
from . import bodies
from .views import staff_of

KNOWN = ("procedure", "channel", "language", "about", "applicant", "answers", "people", "files")
NO_PROCEDURE = Refused("この手続はオンラインで受け付けていません。", field="procedure", code="invalid")
UNKNOWN = _("この手続にない項目があります（%(name)s）。")
NO_PERSON = Refused("この宛名番号の人はいません。番号を確かめてください。", field="about", code="invalid")
NO_FILE = Refused("添付は field、name、content（base64）で指定してください。", field="files", code="invalid")


def handed_in(request: Request) -> Response:
    """Answer the request: 201 with the case; its code beside the kept answer, so that nothing kept holds it (提出)."""
    made: list[tuple[Case, str]] = []

    def act(said: dict[str, Any]) -> Answer:
        case, token = _case(request, bodies.part(said, *KNOWN))
        made.append((case, token))
        return Answer(201, shapes.application(case, case.events.count()))

    response = bodies.once(request, act)
    response["Location"] = reverse("api_application", args=[response.data["id"]])
    if made:
        response.data["code"] = code_of(made[0][1])
    return response


def _case(request: Request, said: dict[str, Any]) -> tuple[Case, str]:
    content = current(_word(said, "procedure", 60))
    if content is None or content["kind"] != "online":
        raise NO_PROCEDURE
    form = checked({name: said.get(name, {}) for name in ("applicant", "answers", "people")}, SHAPE)
    entry, actor = entry_of(content), staff_of(request)
    questions = {one.name for one in entry.asks if one.type != "file"}
    if odd := sorted(set(form["answers"]) - questions):
        raise Refused(UNKNOWN, field="answers", code="invalid", name=odd[0][:60] if odd[0].isprintable() else "?")
    begun = begin(
        actor=actor, procedure=entry.id, language=_one_of(said, "language", described.LANGUAGES, "ja"),
        about=_person(said), channel=_one_of(said, "channel", described.BY_HAND, ""),
    )  # fmt: skip
    known = {one.name for one in (*entry.asks, *papers(entry))}
    for field, name, file in _files(said, known):
        attach(actor=actor, to=begun.draft, field=field, name=name, content=file)
    draft, token = begun.draft.public, begun.token
    save(
        actor=actor, draft=draft, token=token, page=CHECK, applicant=form["applicant"], answers=form["answers"],
        people=form["people"],
    )  # fmt: skip
    return submit(actor=actor, draft=draft, token=token), token


def _word(said: dict[str, Any], name: str, most: int) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not found or len(found) > most or not found.isprintable():
        raise Refused("この値はありません。一覧から選んでください。", field=name, code="invalid")
    return found


def _one_of(said: dict[str, Any], name: str, known: tuple[str, ...], default: str) -> str:
    found = said.get(name, default)
    if not isinstance(found, str) or found not in known:
        raise Refused("この値はありません。一覧から選んでください。", field=name, code="invalid")
    return found


def _person(said: dict[str, Any]) -> Addressee | None:
    if "about" not in said:
        return None
    found = Addressee.objects.filter(number=_word(said, "about", 15)).first()
    if found is None:
        raise NO_PERSON
    return found


def _files(said: dict[str, Any], known: set[str]) -> list[tuple[str, str, bytes]]:
    files = said.get("files", [])
    if not isinstance(files, list) or not all(isinstance(one, dict) for one in files):
        raise NO_FILE
    found = []
    for one in files:
        bodies.part(one, "field", "name", "content")
        field, name, content = (one.get(part) for part in ("field", "name", "content"))
        if not isinstance(field, str) or not isinstance(name, str) or not isinstance(content, str):
            raise NO_FILE
        if field.partition("__")[0] not in known or len(field) > 120 or not field.isprintable():
            raise Refused(UNKNOWN, field="files", code="invalid", name=field[:60] if field.isprintable() else "?")
        bodies.storable(name, "files", 100)
        try:
            found.append((field, name, base64.b64decode(content, validate=True)))
        except ValueError:
            raise NO_FILE from None
    return found
