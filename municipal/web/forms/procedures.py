"""What is typed where the catalogue is written anew (手続カタログの入力欄)."""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_TEXT, MOST_FILE = 200_000, 5_000_000
LONG = _("長すぎます。1件は20万文字までです。")


class WordingForm(forms.Form):
    """An entry as text (手続の内容)."""

    text = forms.CharField(
        label=_("手続の内容（JSON）"),
        strip=False,
        max_length=MOST_TEXT,
        help_text=_("4つの言語を必ずそろえます。版の番号は、保存するときに付きます。"),
        error_messages={"required": _("手続の内容を入れてください。"), "max_length": LONG},
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "k-code"}),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """What is done with a version, and why it goes back (版の処理)."""

    act = forms.ChoiceField(
        choices=[(one, one) for one in ("propose", "publish", "return", "discard")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("処理を選んでください。")),
        widget=forms.HiddenInput,
    )
    reason = forms.CharField(
        label=_("差し戻す理由"),
        required=False,
        max_length=400,
        error_messages={"max_length": _("理由は400文字以内で入れてください。")},
    )


class CatalogueForm(forms.Form):
    """Another town's catalogue (カタログのファイル)."""

    file = forms.FileField(
        label=_("ほかの自治体の手続カタログ（JSON）"),
        error_messages=dict.fromkeys(("required", "missing", "empty", "invalid"), _("ファイルを選んでください。")),
    )

    def clean_file(self) -> object:
        """Refuse what is too large to be a catalogue (大きさの確認)."""
        found = self.cleaned_data["file"]
        if found.size > MOST_FILE:
            raise forms.ValidationError(_("ファイルが大きすぎます。5MBまでです。"))
        return found
