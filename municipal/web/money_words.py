"""What accounts, postings, channels and results are called, in the reader's language (公金のことば)."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

from municipal.payments.fees import fees as all_fees
from municipal.payments.models import Account, Channel, FloorPer, Match, PostingKind, YearBy

WORDS: Mapping[str, str] = {
    Account.RECEIVABLE: _("収入未済額"), Account.REVENUE: _("調定額"), Account.IN_TRANSIT: _("収納未決済"),
    Account.CASH: _("公金口座"), Account.OVERPAID: _("過誤納金"), Account.SUSPENSE: _("仮受金"),
    Account.WRITTEN_OFF: _("不納欠損額"), Account.REFUND_EXPENDITURE: _("過年度還付（歳出）"),
    Account.REFUND_INTEREST: _("還付加算金（歳出）"),
    PostingKind.CHARGE: _("調定"), PostingKind.ADJUST: _("調定変更"), PostingKind.COLLECT: _("収納（確報）"),
    PostingKind.SETTLE: _("入金"), PostingKind.IDENTIFY: _("仮受金の振替"), PostingKind.APPLY: _("充当"),
    PostingKind.REFUND: _("還付"), PostingKind.WRITE_OFF: _("不納欠損"), PostingKind.REVERSE: _("取消し"),
    Channel.SITE: _("地方税お支払サイト"), Channel.APP: _("スマートフォン決済"), Channel.BANK: _("金融機関窓口"),
    Channel.STORE: _("コンビニエンスストア"), Channel.DEBIT: _("口座振替"), Channel.COUNTER: _("市町村の窓口"),
    Match.MATCHED: _("一致"), Match.DIFFERS: _("金額相違"), Match.TWICE: _("二重納付"), Match.UNKNOWN: _("該当なし"),
    Match.CONTESTED: _("取消不能"), Match.NOTED: _("記録のみ"),
    FloorPer.SEGMENT: _("暦年の区間ごと"), FloorPer.BAND: _("割合の期間ごと"),
    YearBy.PAID: _("納付した日"), YearBy.CREDITED: _("口座に入金された日"),
}  # fmt: skip
"""Every word by its code; the codes of all lists differ."""

STATUSES = {
    "seen": gettext_lazy("原典を確認"), "cited": gettext_lazy("条文による"),
    "provisional": gettext_lazy("未確認（暫定）"), "derived": gettext_lazy("計算で導いた値（暫定）"),
}  # fmt: skip
"""How sure data of the standards are, by the mark they carry."""


def called(code: str) -> str:
    """What ``code`` is called; itself where nobody named it (呼び名)."""
    return gettext(WORDS[code]) if code in WORDS else code


def name_said(names: Mapping[str, str]) -> str:
    """A name of the standards' data in the reader's language (名前の表示)."""
    return names.get(get_language() or "ja", names["ja"])


def fee_name(code: str) -> str:
    """What a fee is called in the reader's language; its code where it is none any more (料金項目の名前)."""
    found = all_fees().get(code)
    if found is None:
        return code
    return name_said(found.names)
