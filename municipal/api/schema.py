"""How the API describes itself: shapes, and the problems every call may answer with (OpenAPIの記述)."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from municipal.residents.inquiry import PURPOSES


class Messages(serializers.Serializer[Any]):
    """One sentence in both languages (二か国語の文)."""

    ja = serializers.CharField()
    en = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """Why not: RFC 9457 problem details (エラー)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    code = serializers.CharField()
    field = serializers.CharField(allow_blank=True)
    messages = Messages()


class RegisterDay(serializers.Serializer[Any]):
    """A date that may be unknown: ``value`` holds what is known, with 00 for what is not; never a stand-in (年月日)."""

    value = serializers.CharField()
    text = serializers.CharField()
    is_exact = serializers.BooleanField()


class Row(serializers.Serializer[Any]):
    """One resident in a list (住民の一行)."""

    number = serializers.CharField()
    household_number = serializers.CharField()
    name = serializers.CharField()
    kana = serializers.CharField(allow_blank=True)
    alias = serializers.CharField(allow_blank=True)
    sex = serializers.CharField()
    born_on = RegisterDay(allow_null=True)
    kind = serializers.CharField()
    status = serializers.CharField()
    relationship = serializers.CharField(allow_blank=True)
    member_order = serializers.IntegerField()
    address = serializers.CharField(allow_null=True)
    postal_code = serializers.CharField(allow_null=True)
    address_withheld = serializers.BooleanField()
    is_suppressed = serializers.BooleanField()


class Page(serializers.Serializer[Any]):
    """A page of a list, or what a search found (一覧)."""

    results = Row(many=True)
    next = serializers.CharField(allow_null=True)
    is_cut = serializers.BooleanField()


class Record(serializers.Serializer[Any]):
    """One row of a resident's history, every item that may be seen (履歴の一行)."""

    serial = serializers.IntegerField()
    recorded_at = serializers.DateTimeField()
    items = serializers.DictField(child=serializers.JSONField(allow_null=True))
    hidden_items = serializers.ListField(child=serializers.CharField())
    address_withheld = serializers.BooleanField()


class Resident(Record):
    """One resident (住民)."""

    number = serializers.CharField()
    household_number = serializers.CharField()


class History(serializers.Serializer[Any]):
    """Every row of one stay, the first first; which of how many stays it is (異動履歴)."""

    number = serializers.CharField()
    stay = serializers.IntegerField()
    stays = serializers.IntegerField()
    results = Record(many=True)


class Household(serializers.Serializer[Any]):
    """A household, its members in stored order, the removed last (世帯)."""

    number = serializers.CharField()
    members = Row(many=True)


STAY = OpenApiParameter(
    "stay", int, description="何回目の在住か。省略すると最後の在住。 / Which stay, the last if left out."
)
PURPOSE = OpenApiParameter("purpose", str, enum=list(PURPOSES), description="照会の目的。監査に残ります。")
PROBLEMS = {
    400: "要求を読み取れない",
    401: "サインインしていない",
    403: "権限がない",
    404: "台帳にない",
    406: "応答できない形式",
    422: "入力が受け付けられない",
    503: "データベースにつながらない",
}
WHERE_SOMETHING_CHANGES = {
    409: "今の状態ではできない",
    412: "見た額から変わっている",
    413: "要求が大きすぎる",
    415: "JSONでない",
}


class Schema(AutoSchema):
    """Adds to every operation the problems that the doorway may answer with."""

    def _get_response_bodies(self, *args: Any, **kwargs: Any) -> Any:
        bodies = super()._get_response_bodies(*args, **kwargs)
        shape = self.resolve_serializer(Problem, "response").ref
        problems = PROBLEMS | (WHERE_SOMETHING_CHANGES if self.method in ("POST", "PUT") else {})
        for status, meaning in problems.items():
            content = {"application/problem+json": {"schema": shape}}
            bodies.setdefault(str(status), {"content": content, "description": meaning})
        return bodies
