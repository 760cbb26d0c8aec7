"""Data sources besides the resident records: what other rooms keep of people, homes and places (その他のデータソース).

Each is named with its fields one by one. Free text may say where somebody lives, so that it is withheld with the
address. What is not here is said below, with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import MeasureStep, Protection, Suppression
from municipal.certificates.models import CertificateIssue
from municipal.places.models import Block, Building, CertifyingOfficer, District, InputPlace, Terminal
from municipal.residents.models import ActualHead, Investigation, Memo, Received, Remark, StoredRecord


@dataclass(frozen=True)
class Table:
    """A table as a source: which fields, whom a row is about, what it takes to ask (表の選択).

    ``linked``: more items, by the path to them. ``withheld``: fields that nobody is told of a protected person.
    """

    code: str
    name: str
    model: Any
    fields: tuple[str, ...]
    subject: str = ""
    subjects: str = ""
    permission: str = ""
    linked: Mapping[str, str] | None = None
    withheld: frozenset[str] = frozenset()


TABLES = (
    Table(
        "certificates", _("証明書の交付履歴"), CertificateIssue,
        ("kind", "issued_on", "issued_at", "place", "terminal", "requester", "requester_name", "purpose",
         "identity_check", "is_official", "exemption", "copies_count", "fee_yen"),
        subjects="subjects", permission="certificates.history",
    ),
    Table(
        "remarks", _("統合記載欄の記載"), Remark, ("sort", "item", "text", "is_struck", "written_at"),
        subject="addressee_id", withheld=frozenset({"text"}),
    ),
    Table(
        "memos", _("メモ"), Memo, ("text", "is_struck", "written_at"), subject="addressee_id",
        withheld=frozenset({"text"}),
    ),
    Table(
        "investigations", _("実態調査"), Investigation, ("about", "because", "started_on", "ended_on", "outcome"),
        subject="addressee_id", withheld=frozenset({"about", "because", "outcome"}),
    ),
    Table(
        "stored", _("除票用データベース"), StoredRecord,
        ("last_serial", "removed_on", "processed_on", "stored_on", "keep_until"), subject="addressee_id",
    ),
    Table(
        "received", _("受信した通知"), Received, ("kind", "sender", "noticed_on", "received_at", "closed_because"),
        subject="addressee_id", withheld=frozenset({"sender", "closed_because"}),
    ),
    Table(
        "actual_heads", _("事実上の世帯主"), ActualHead, ("name", "standing", "since", "until"),
        linked={"世帯番号": "household__number"},
    ),
    Table(
        "protected", _("支援対象者"), Protection, ("is_own", "relation", "starts_on", "ends_on", "lifted_on"),
        subject="addressee_id", permission="measures.view", linked={"支援措置の番号": "measure__number"},
    ),
    Table(
        "measures", _("支援措置の経過"), MeasureStep,
        ("serial", "step", "status", "kind", "applied_on", "consulting_body", "consulted_on", "provisional_from",
         "starts_on", "ends_on", "ended_on", "end_reason", "first_municipality", "received_on", "recorded_at"),
        permission="measures.details", linked={"支援措置の番号": "measure__number"},
    ),
    Table(
        "suppressions", _("抑止"), Suppression,
        ("household_number", "process", "level", "starts_on", "ends_on", "lifted_on"), subject="addressee_id",
        permission="suppressions.set",
    ),
    Table(
        "blocks", _("住所辞書"), Block,
        ("code", "municipality_code", "block_code", "prefecture", "city", "large", "small", "large_kana",
         "small_kana", "postal_code"),
    ),
    Table("buildings", _("方書の辞書"), Building, ("code", "block", "lot", "name", "kana")),
    Table("districts", _("地区"), District, ("code", "name")),
    Table("input_places", _("入力場所"), InputPlace, ("code", "name", "kind", "ward_code")),
    Table("terminals", _("入力端末"), Terminal, ("code", "name", "place_code", "address")),
    Table("officers", _("認証者"), CertifyingOfficer, ("seat", "ward_code", "title", "name")),
)  # fmt: skip
"""Every table beside the resident records that can be asked for."""

NOT_ASKED = {
    "addressees.SupportMeasure": "支援措置の経過が番号を示す",
    "addressees.Perpetrator": "加害者の情報は支援措置の画面だけで扱う",
    "addressees.Forwarding": "転送先は支援措置の画面だけで扱う",
    "addressees.TemporaryRelease": "一時解除は操作の記録で調べる",
    "addressees.SuppressionSettings": "設定であり、住民のデータではない",
    "addressees.Recipient": "送付先は公金の納付義務者の画面だけで扱う",
    "addressees.DirectoryRecord": "住登外者と法人の履歴であり、住民のデータではない",
    "addressees.NumberSeries": "付番の連番であり、住民のデータではない",
    "numbers.IndividualNumber": "個人番号は、二人目の承認がない出力に載せない",
    "numbers.StockedCode": "まだだれのものでもない番号",
    "numbers.CardDestination": "居所であり、どの画面にも示さない",
    "numbers.NumberSettings": "設定であり、住民のデータではない",
    "numbers.NetworkRequest": "住基ネットとの通信の状態であり、住民のデータではない",
    "places.Country": "コード表",
    "places.DictionaryUpdate": "辞書の更新の記録",
    "places.Lot": "住所辞書の下の地番の一覧",
    "residents.Draft": "仮登録は決定まで他の職員に見せない",
    "residents.Claim": "仮登録の排他制御",
    "residents.Lease": "入力中の排他制御",
    "residents.RegisterSettings": "設定であり、住民のデータではない",
    "residents.GraveAlert": "設定であり、住民のデータではない",
    "residents.StandingNote": "定型文",
    "residents.Period": "住民票の行が有効である期間の内部の表",
    "residents.RememberedSearch": "職員ごとの検索履歴",
    "residents.SearchKey": "氏名から作る検索用の索引",
    "certificates.CertificateCopy": "交付履歴の内訳",
    "certificates.Disposal": "交付履歴の内訳",
    "certificates.Seal": "印影",
    "certificates.Printer": "設定であり、住民のデータではない",
    "certificates.FormSettings": "設定であり、住民のデータではない",
    "certificates.LaterRule": "設定であり、住民のデータではない",
    "certificates.MemberOrder": "証明書の並び順の指定",
}
"""Tables that are no source, each with its reason; a test holds this list against the tables that there are."""
