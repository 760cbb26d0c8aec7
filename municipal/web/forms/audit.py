"""Narrowing the audit trail (操作の記録のしぼり込み)."""

from django import forms

from municipal.audit.operations import operations

from .days import DayField

ACTS = {
    "disclose": "閲覧",
    "audit.view": "操作の記録の閲覧",
    "audit.verify": "改ざんの検査",
    "audit.analyse": "記録の分析",
    "numbers.show": "個人番号の表示",
    "numbers.find": "個人番号による検索",
    "numbers.enter": "個人番号の記載",
    "numbers.stock_codes": "住民票コードの取込み",
    "transfer.order_handover": "引渡しの依頼",
    "transfer.approve_handover": "引渡しの承認",
    "transfer.write_handover": "引渡しの出力",
    "transfer.order_intake": "受入れの依頼",
    "transfer.load_intake": "受入れの登録",
    "transfer.back_up": "バックアップ",
    "transfer.restore": "復元",
    "transfer.disaster_package": "災害用パッケージの作成",
    "system.error": "エラー",
    "identity.refuse": "拒否",
    "identity.sign_in": "サインイン",
    "identity.sign_out": "サインアウト",
    "identity.grant": "権限の付与",
    "identity.revoke": "権限の取消",
    "identity.open_account": "職員の登録",
    "identity.change_account": "職員の変更",
    "identity.close_account": "職員の停止",
    "identity.reset_password": "パスワードの初期化",
    "identity.change_password": "パスワードの変更",
    "identity.issue_token": "APIの鍵の発行",
    "identity.revoke_token": "APIの鍵の取消",
    "residents.enter_record": "異動の記録",
    "residents.enter": "仮登録",
    "residents.amend": "仮登録の修正",
    "residents.decide": "本登録",
    "residents.return_draft": "差戻し",
    "residents.withdraw": "取下げ",
    "residents.open_entry": "入力の開始",
    "residents.release_entry": "入力の中止",
    "residents.export": "住民データの出力",
    "residents.make_town": "架空の町の作成",
    "inspections.order": "適合検査の依頼",
    "inspections.judge": "適合検査の実行",
    "inspections.list": "適合検査の一覧",
    "inspections.view": "検査結果の閲覧",
    "inspections.download": "検査報告の取出し",
    "addressees.protect": "支援措置の開始",
    "addressees.lift_protection": "支援措置の終了",
}
"""What the acts are called on the screen; an act that is not here shows its own word (操作の名前)."""


class AuditFilterForm(forms.Form):
    """A day, a member of staff, an act; all may stay empty (しぼり込み)."""

    on = DayField(label="日", required=False, help_text="例: R8.11.23")
    staff = forms.CharField(label="職員のサインイン名", required=False, max_length=64)
    act = forms.ChoiceField(label="操作", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = self.fields["act"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [("", "—"), *((name, ACTS.get(name, name)) for name in sorted({*operations, *ACTS}))]
