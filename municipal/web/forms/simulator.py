"""What a trainer plays: a payment at a store or counter, and the faults of its reports (模擬チャネルの入力欄)."""

from django import forms
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from municipal.checkout.models import FAULT_NAMES
from municipal.payments.models import Channel

CHANNELS = [
    (Channel.STORE.value, _("コンビニエンスストア")),
    (Channel.BANK.value, _("金融機関の窓口")),
    (Channel.APP.value, _("スマートフォン決済（バーコード）")),
    (Channel.COUNTER.value, _("市町村の窓口")),
    (Channel.DEBIT.value, _("口座振替")),
    (Channel.SITE.value, _("地方税お支払サイト")),
]
_CHOOSE = dict.fromkeys(("required", "invalid_choice"), _("一覧から選んでください。"))


def fault_field() -> forms.ChoiceField:
    """How the channel is to misbehave (不具合)."""
    choices = [(one.value, gettext_lazy(name)) for one, name in FAULT_NAMES.items()]
    return forms.ChoiceField(label=_("通知の届き方"), choices=choices, initial="none", error_messages=_CHOOSE)


class ProviderForm(forms.Form):
    """On the provider's page, beside the buttons (支払サービスの見本画面)."""

    fault = fault_field()


class ChannelForm(forms.Form):
    """A slip that is paid somewhere (窓口での模擬の支払い)."""

    channel = forms.ChoiceField(label=_("どこで納めるか"), choices=CHANNELS, error_messages=_CHOOSE)
    number = forms.CharField(
        label=_("納付番号（20桁）"),
        max_length=24,
        error_messages=dict.fromkeys(("required", "max_length"), _("納付番号は20桁の数字です。")),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    yen = forms.IntegerField(
        label=_("金額（円）"),
        required=False,
        min_value=1,
        max_value=99_999_999_999,
        help_text=_("空欄なら納付書の額。"),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("金額は1円以上の数字です。")),
    )
    place = forms.CharField(
        label=_("店舗"), required=False, max_length=20, initial="0001",
        error_messages={"max_length": _("店舗は20文字までです。")},
    )  # fmt: skip
    fault = fault_field()


class SendForm(forms.Form):
    """Until when the clock is turned forward for what waits to be sent (送信)."""

    days = forms.TypedChoiceField(
        label=_("いつまでの分を送るか"),
        choices=[(0, _("今までの分")), (1, _("明日の分まで（確報まで）")), (7, _("7日後の分まで（すべて）"))],
        coerce=int,
        error_messages=_CHOOSE,
    )
