"""How the API describes procedures and applications (申請APIの記述)."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

from municipal.applications.models import Channel
from municipal.applications.rules.steps import steps

from .application_shapes import OUTWARD

ACTIONS = tuple(sorted({one.action for one in steps() if one.state != "draft"}))
STATES = tuple(sorted({one.to for one in steps()} - {"discarded"}))
BY_HAND = (Channel.COUNTER.value, Channel.PAPER.value)
LANGUAGES = ("ja", "ja-easy", "en", "ko")
EXPANDED = ("answers", "events")

EXPAND = OpenApiParameter(
    "expand", str,
    description="answers（申請の内容）、events（経過）。両方はコンマでつなぐ。 / What else is wanted.",
)  # fmt: skip
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description='見た版。例: "3" / The version that was seen, in quotes.'
)


class Said(serializers.Serializer[Any]):
    """A text in four languages (4言語の文)."""

    ja = serializers.CharField()
    en = serializers.CharField(allow_blank=True)
    ko = serializers.CharField(allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """A tag with a hyphen is no name in Python."""
        return {**super().get_fields(), "ja-easy": serializers.CharField(allow_blank=True)}


class Procedure(serializers.Serializer[Any]):
    """An entry of the catalogue (手続)."""

    id = serializers.CharField()
    version = serializers.IntegerField()
    kind = serializers.CharField()
    title = Said()
    is_online = serializers.BooleanField()
    assurance = serializers.CharField(allow_blank=True)
    workflow = serializers.CharField(allow_blank=True)
    fee_yen = serializers.IntegerField(allow_null=True)
    events = serializers.ListField(child=serializers.CharField())


class Procedures(serializers.Serializer[Any]):
    """Every entry that the town offers (手続の一覧)."""

    results = Procedure(many=True)


class LegalBasis(serializers.Serializer[Any]):
    """A law and an article; ``status`` says whether somebody has read it there (根拠法令)."""

    law = serializers.CharField(allow_blank=True)
    article = serializers.CharField(allow_blank=True)
    status = serializers.CharField(allow_blank=True)


class AskedOfApplicant(serializers.Serializer[Any]):
    """One item about who applies (申請者の項目)."""

    name = serializers.CharField()
    type = serializers.CharField()
    is_required = serializers.BooleanField()


class ProcedureForm(Procedure):
    """An entry with its form; ``schema`` is a JSON Schema 2020-12, null where none is offered (手続の様式)."""

    summary = Said()
    basis = LegalBasis(many=True)
    applicant = AskedOfApplicant(many=True)
    schema = serializers.DictField(allow_null=True)


class Application(serializers.Serializer[Any]):
    """A case and how it stands; ``version`` counts its steps (申請)."""

    id = serializers.CharField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    procedure = serializers.CharField()
    procedure_version = serializers.IntegerField()
    state = serializers.CharField()
    status = serializers.ChoiceField(choices=OUTWARD)
    status_text = Said()
    channel = serializers.ChoiceField(choices=Channel.choices)
    language = serializers.CharField()
    about = serializers.CharField(allow_null=True)
    submitted_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    correct_by = serializers.DateField(allow_null=True)
    changed_at = serializers.DateTimeField()


class ApplicationPage(serializers.Serializer[Any]):
    """A page of applications (申請の一覧)."""

    results = Application(many=True)
    next = serializers.CharField(allow_null=True)


class ApplicationFile(serializers.Serializer[Any]):
    """A file that was attached (添付)."""

    ref = serializers.UUIDField()
    field = serializers.CharField()
    kind = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class OpenStep(serializers.Serializer[Any]):
    """A step that the caller may take now (選べる処理)."""

    action = serializers.CharField()
    to = serializers.CharField()
    needs_reason = serializers.BooleanField()
    label = Said()  # type: ignore[assignment]


class TakenStep(serializers.Serializer[Any]):
    """A step that was taken (経過)."""

    version = serializers.IntegerField()
    action = serializers.CharField()
    state_from = serializers.CharField()
    state_to = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    fields_ = serializers.ListField(child=serializers.CharField())

    def get_fields(self) -> dict[str, Any]:
        """The name is taken in a serializer."""
        found = super().get_fields()
        return {name.rstrip("_"): field for name, field in found.items()}


class ApplicationContent(serializers.Serializer[Any]):
    """What was applied for; addresses are null where ``address_withheld`` (申請の内容)."""

    applicant = serializers.DictField(child=serializers.CharField(allow_null=True, allow_blank=True))
    answers = serializers.DictField(child=serializers.JSONField(allow_null=True))
    people = serializers.DictField(child=serializers.DictField())
    taken_over = serializers.DictField(child=serializers.DictField())
    address_withheld = serializers.BooleanField()


class ApplicationDetail(Application):
    """A case with its files and the steps that may be taken; the rest where it was asked for (申請の詳細)."""

    files = ApplicationFile(many=True)
    steps = OpenStep(many=True)
    content = ApplicationContent(required=False)
    events = TakenStep(many=True, required=False)


class ApplicationFileOrder(serializers.Serializer[Any]):
    """A file for a question, in base64 (添付)."""

    field = serializers.CharField(max_length=120)
    name = serializers.CharField(max_length=100)
    content = serializers.CharField()


class ApplicationOrder(serializers.Serializer[Any]):
    """An application that came over the counter or on paper (申請の提出)."""

    procedure = serializers.CharField(max_length=60)
    channel = serializers.ChoiceField(choices=BY_HAND)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    about = serializers.CharField(required=False, max_length=15)
    applicant = serializers.DictField(child=serializers.CharField())
    answers = serializers.DictField()
    people = serializers.DictField(required=False)
    files = ApplicationFileOrder(many=True, required=False)


class NewApplication(Application):
    """The case; ``code`` opens it together with the number, and is shown this once (受け付けた申請)."""

    code = serializers.CharField(required=False)


class StepOrder(serializers.Serializer[Any]):
    """One step of the table (処理の指示)."""

    version = serializers.IntegerField(min_value=1)
    action = serializers.ChoiceField(choices=ACTIONS)
    reason = serializers.CharField(required=False, max_length=1000)
    fields_ = serializers.ListField(child=serializers.CharField(), required=False)
    correct_by = serializers.DateField(required=False)

    def get_fields(self) -> dict[str, Any]:
        """The name is taken in a serializer."""
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


SUBMIT_EXAMPLE = OpenApiExample(
    "紙の申請を提出する / Hand in what came on paper", request_only=True,
    value={
        "procedure": "bulky-waste", "channel": "paper", "applicant": {"name": "甲野　太郎", "phone": "000-0000-0000"},
        "answers": {},
    },
)  # fmt: skip
STEP_EXAMPLE = OpenApiExample("受け付ける / Accept", request_only=True, value={"version": 1, "action": "accept"})
