"""How the API describes acts and provisional entries (異動APIの記述)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from municipal.residents.acts import acts
from municipal.residents.models import DraftState
from municipal.residents.notices import MOST_PEOPLE

from .schema import Messages, RegisterDay

KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, pattern="^[!-~]{1,255}$",
    description="この要求の名前。同じ名前と同じ本文で送り直すと、二度は実行されず、最初の応答が返ります。",
)  # fmt: skip


class SaidShape(serializers.Serializer[Any]):
    """One person in a notice; a newcomer has no number yet (異動者)."""

    number = serializers.CharField(required=False, allow_blank=True, max_length=15)
    items = serializers.DictField(child=serializers.JSONField(allow_null=True), required=False)
    individual_number = serializers.CharField(required=False, write_only=True, max_length=100)


class NoticeShape(serializers.Serializer[Any]):
    """One act as entered. Dates as YYYY-MM-DD; what is unknown of one is written as the register keeps it (届書)."""

    act = serializers.ChoiceField(choices=[*acts])
    event_on = serializers.CharField(required=False, allow_null=True)
    notified_on = serializers.DateField(required=False, allow_null=True)
    basis = serializers.CharField(required=False)
    notifier_name = serializers.CharField(required=False, allow_blank=True, max_length=100)
    notifier_capacity = serializers.CharField(required=False, allow_blank=True)
    identity_check = serializers.CharField(required=False, allow_blank=True)
    people = serializers.ListField(child=SaidShape(), required=False, max_length=MOST_PEOPLE)
    others = serializers.ListField(child=SaidShape(), required=False, max_length=MOST_PEOPLE)
    joins = serializers.CharField(required=False, allow_blank=True, max_length=15)
    place = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False, allow_null=True)
    came_from = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False, allow_null=True)
    planned_on = serializers.DateField(required=False, allow_null=True)
    cancels = serializers.IntegerField(required=False, allow_null=True)
    answers = serializers.IntegerField(required=False, allow_null=True)
    corrects = serializers.IntegerField(required=False, allow_null=True)
    confirmed = serializers.ListField(child=serializers.CharField(), required=False)


class Version(serializers.Serializer[Any]):
    """The version that the caller saw (版)."""

    version = serializers.IntegerField(min_value=1)


class Reason(Version):
    """Why an entry is given back (差戻しの理由)."""

    because = serializers.CharField(max_length=200)


class Amendment(Version):
    """Another notice in place of the first (修正)."""

    notice = NoticeShape()


class EntryState(serializers.Serializer[Any]):
    """Where an entry stands (仮登録の状態)."""

    id = serializers.IntegerField()
    act = serializers.CharField()
    act_label = serializers.CharField()
    state = serializers.ChoiceField(choices=DraftState.choices)
    version = serializers.IntegerField()
    entered_at = serializers.DateTimeField()
    event = serializers.IntegerField(allow_null=True)


class Line(EntryState):
    """What every view of an entry says (仮登録の概要)."""

    event_on = RegisterDay(allow_null=True)
    notified_on = serializers.DateField(allow_null=True)
    entered_by = serializers.CharField(allow_blank=True)
    returned_because = serializers.CharField(allow_blank=True)


class Named(serializers.Serializer[Any]):
    """Somebody whom an entry is about; a newcomer has no number (対象者)."""

    number = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_blank=True)


class EntryRow(Line):
    """One entry in a list (仮登録の一行)."""

    people = Named(many=True)


class EntryPage(serializers.Serializer[Any]):
    """A page of entries, the oldest first (仮登録の一覧)."""

    results = EntryRow(many=True)
    next = serializers.CharField(allow_null=True)


class ChangedItem(serializers.Serializer[Any]):
    """One item before and after; null where it is empty or may not be seen (変わる項目)."""

    item = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ChangeShape(serializers.Serializer[Any]):
    """What an entry changes for one person (異動前後)."""

    number = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    reason = serializers.CharField()
    household_before = serializers.CharField(allow_null=True)
    household_after = serializers.CharField(allow_null=True)
    items = ChangedItem(many=True)
    hidden_items = serializers.ListField(child=serializers.CharField())


class AlertShape(serializers.Serializer[Any]):
    """Something that must be seen and confirmed (アラート)."""

    code = serializers.CharField()
    messages = Messages()
    is_confirmed = serializers.BooleanField()


class ProblemOfEntry(serializers.Serializer[Any]):
    """Why the entry cannot be decided as it stands (決定できない理由)."""

    code = serializers.CharField()
    messages = Messages()


class Entry(Line):
    """One entry with its notice and what it changes (仮登録)."""

    notice = serializers.DictField(child=serializers.JSONField(allow_null=True))
    changes = ChangeShape(many=True)
    alerts = AlertShape(many=True)
    document = serializers.CharField(allow_blank=True)
    problem = ProblemOfEntry(allow_null=True)
    address_withheld = serializers.BooleanField()


class EventShape(serializers.Serializer[Any]):
    """One decided act (異動)."""

    id = serializers.IntegerField()
    act = serializers.CharField()
    act_label = serializers.CharField()
    basis = serializers.CharField()
    event_on = RegisterDay(allow_null=True)
    notified_on = serializers.DateField(allow_null=True)
    processed_on = serializers.DateField()
    recorded_at = serializers.DateTimeField()
    notifier_name = serializers.CharField(allow_blank=True)
    notifier_capacity = serializers.CharField(allow_blank=True)
    identity_check = serializers.CharField(allow_blank=True)
    document = serializers.CharField(allow_blank=True)
    cancels = serializers.IntegerField(allow_null=True)
    follows = serializers.IntegerField(allow_null=True)
    cancelled_by = serializers.IntegerField(allow_null=True)
    serials = serializers.ListField(child=serializers.IntegerField())


class Events(serializers.Serializer[Any]):
    """The decided acts of one resident, the first first (住民の異動)."""

    number = serializers.CharField()
    results = EventShape(many=True)
