"""What there is to be allowed, and until when a permission lasts by default (権限の規則).

Permissions are given to a person, never to a rank (resident-record/1.0#10.3). Items of a record that may be
hidden are exactly the four of #10.4; the relationship to the householder has no code here, because hiding it by
permission is forbidden.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unicodedata import category

from django.utils.translation import gettext_noop as _

OPERATIONS, ITEMS = "operations", "items"
BEYOND = "標準外"

IDLE_PRECISION = timedelta(minutes=1)
"""How exactly the time of the last request is kept: one write a minute, not one a request."""


@dataclass(frozen=True)
class Permission:
    """One thing that a member of staff may be allowed (権限).

    ``clause`` is the id of the clause that asks for it, or BEYOND where no standard does.
    """

    code: str
    name: str
    name_en: str
    clause: str
    group: str = OPERATIONS
    explanation: str = ""


_ALL = (
    Permission("residents.search", _("住民の検索"), "Search residents", "resident-record/1.0#2.1.1"),
    Permission("residents.view", _("住民の記録の照会"), "View a resident's record", "resident-record/1.0#2.1.1"),
    Permission("residents.history", _("異動履歴の照会"), "View a resident's history", "resident-record/1.0#1.2.1"),
    Permission(
        "residents.enter", _("異動の入力"), "Enter events provisionally", "resident-record/1.0#4.0.8",
        explanation=_("異動を仮登録し、直し、取り下げます。台帳は決定されるまで変わりません。"),
    ),
    Permission(
        "residents.decide", _("異動の決定"), "Decide entered events", "resident-record/1.0#4.0.8",
        explanation=_("仮登録された異動を審査し、本登録するか差し戻します。"),
    ),
    Permission(
        "register.settings", _("台帳の設定"), "Settings of the register", "resident-record/1.0#4.0.8",
        explanation=_("入力した職員が決定できるか、入力の制限時間を何分にするかを決めます。"),
    ),
    Permission(
        "residents.disclosures", _("閲覧の記録の照会"), "View who saw a record", "resident-record/1.0#10.2",
        explanation=_("ある人の記録を、だれがいつ見たかを調べます。"),
    ),
    Permission("audit.view", _("操作の記録の照会"), "View the audit trail", "resident-record/1.0#10.2"),
    Permission(
        "audit.verify", _("操作の記録の検証"), "Verify the audit trail", "resident-record/1.0#10.2",
        explanation=_("記録が書き換えられていないことを確かめます。"),
    ),
    Permission("staff.view", _("職員と権限の照会"), "View staff and permissions", "resident-record/1.0#10.3"),
    Permission(
        "staff.manage", _("職員と権限の管理"), "Manage staff and permissions", "resident-record/1.0#10.3",
        explanation=_("アカウントを開き、権限を与え、パスワードを初期化します。自分の権限は変えられません。"),
    ),
    Permission("jobs.view", _("一括処理の照会"), "View batch jobs", "resident-record/1.0#9.1"),
    Permission("jobs.run", _("一括処理の実行"), "Run batch jobs", "resident-record/1.0#9.1"),
    Permission(
        "inspect_files", _("適合検査"), "Judge files against the standards", BEYOND,
        explanation=_("受け取ったデータを標準に照らして検査し、報告を取り出します。"),
    ),
    Permission(
        "api.use", _("APIの鍵の発行"), "Issue API tokens", BEYOND,
        explanation=_("自分の権限の範囲で、他のシステムから読み出すための鍵を作ります。"),
    ),
    Permission(
        "item.family_register", _("項目の表示: 戸籍"), "Show the item: family register",
        "resident-record/1.0#10.4", ITEMS,
    ),
    Permission(
        "item.individual_number", _("項目の表示: 個人番号"), "Show the item: individual number",
        "resident-record/1.0#10.4", ITEMS,
    ),
    Permission(
        "item.resident_code", _("項目の表示: 住民票コード"), "Show the item: resident-record code",
        "resident-record/1.0#10.4", ITEMS,
    ),
    Permission(
        "item.residence_status", _("項目の表示: 在留資格等"), "Show the item: status of residence",
        "resident-record/1.0#10.4", ITEMS,
    ),
)  # fmt: skip

PERMISSIONS = {permission.code: permission for permission in _ALL}
"""Every permission by its code, in the order in which screens list them."""


def fiscal_year_end(day: date) -> date:
    """The 31 March on which the fiscal year of ``day`` ends (年度末)."""
    return date(day.year + (day.month > 3), 3, 31)


def is_one_line(text: str) -> bool:
    """Whether the text has no control character, line break, direction mark or half of a character (一行の文字).

    Wider than ``str.isprintable``, which knows neither the full-width space between two names nor characters that a
    municipality made for itself.
    """
    return not any(category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in text)


def is_idle(last_seen_at: datetime, now: datetime, minutes: int) -> bool:
    """Whether a session has been left alone for ``minutes`` or longer (放置)."""
    return now - last_seen_at >= timedelta(minutes=minutes)


def may_be_seen(items: Iterable[str], permissions: Iterable[str]) -> dict[str, bool]:
    """For each item code of #10.4 among ``items``, whether ``permissions`` show it (項目の表示)."""
    held = frozenset(permissions)
    return {item: item in held for item in items}
