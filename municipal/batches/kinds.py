"""What each run is called, what it asks for, who may order it (一括処理の種類)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class RunKind:
    """One kind of run on the page (処理の種類). ``asks``: the parameters a person gives, each with its default."""

    label: str
    clause: str
    explanation: str = ""
    asks: Mapping[str, int] | None = None
    may_be_ordered: bool = True
    may_be_scheduled: bool = True


KINDS: Mapping[str, RunKind] = {
    "batches.notices_due": RunKind(
        _("届出期限を過ぎた届出の一覧"), "resident-record/1.0#9.1/m10",
        _("前の月に処理した異動のうち、期限を過ぎて届け出られたものを一覧にします。"), {"months_back": 1},
    ),
    "batches.measures_ending": RunKind(
        _("支援措置の期間が終わる方の一覧"), "resident-record/1.0#9.2",
        _("終了日がこの日数のうちに来る方と、過ぎた方を一覧にします。終わらせることはしません。"), {"days_ahead": 31},
    ),
    "batches.stays_ending": RunKind(
        _("在留期間が満了する方の一覧"), "resident-record/1.0#9.1/m10",
        _("在留期間の満了の日が、この日数のうちに来る方と、過ぎた方を一覧にします。"), {"days_ahead": 90},
    ),
    "batches.remove_announced": RunKind(
        _("転出予定日が来た方の消除"), "resident-record/1.0#1.1.5",
        _("転出予定日が来た方を消除します。ふだんは毎時、自動で行います。"), {},
    ),
    "batches.address_change": RunKind(
        _("住所一括変更"), "resident-record/1.0#9.7", may_be_ordered=False, may_be_scheduled=False
    ),
    "residents.store_removed": RunKind(
        _("除票の移行"), "resident-record/1.0#9.3", _("消除から5年を過ぎた記録を、除票の保管に移します。"), {},
    ),
    "numbers.rotate": RunKind(
        _("個人番号の鍵の更新"), "resident-record/1.0#10.4", _("すべての個人番号を、最も新しい鍵で封じ直します。"), {},
    ),
    "extracts.write": RunKind(_("抽出ファイルの作成"), "resident-record/1.0#10.1", "", None, False, False),
    "transfer.hand_over": RunKind(_("台帳の引渡し"), "resident-record/1.0#7.2.3", "", None, False, False),
    "transfer.intake": RunKind(_("台帳の受入れ"), "標準外", "", None, False, False),
    "payments.assess_file": RunKind(_("賦課データの取込み"), "標準外", "", None, False, False),
    "payments.take_in_file": RunKind(_("収納データの取込み"), "標準外", "", None, False, False),
    "payments.run_charges": RunKind(_("納付書の一括発行"), "標準外", "", None, False, False),
    "payments.print_slips": RunKind(_("納付書の再印刷"), "標準外", "", None, False, False),
    "payments.demand": RunKind(_("督促状の作成"), "標準外", "", None, False, False),
    "payments.charge_interest": RunKind(_("延滞金の一括調定"), "標準外", "", None, False, False),
    "inspections.judge": RunKind(_("適合検査"), "標準外", "", None, False, False),
}  # fmt: skip
"""The runs of this installation by their job kind, in the order of the page."""


STATES: Mapping[str, str] = {"waiting": _("待機中"), "running": _("実行中"), "done": _("完了"), "failed": _("中断")}
"""How far a run is, in words."""

PAPER_STATES: Mapping[str, str] = {
    "blank": _("未使用"), "received": _("受付済み（未入力）"), "entered": _("入力済み"), "spoilt": _("書き損じ"),
}  # fmt: skip
"""What became of a paper form, in words."""


def label(kind: str) -> str:
    """What a kind is called, its own word where it has no name here (処理の名前)."""
    return KINDS[kind].label if kind in KINDS else kind
