"""What is written beside a history: notes, remarks, memos, investigations (統合記載欄・メモ・実態調査の入力欄)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.residents.models import ActualHead, Investigation
from municipal.residents.rules.investigating import ABOUT, WHOLE

from .days import DayField
from .entry_fields import choice, line

TEXT = {"rows": 3, "autocomplete": "off"}
ABOUTS = {
    WHOLE: _("居住の事実"), "address": _("住所"), "household": _("世帯"), "family_register": _("戸籍の表示"),
    "name": _("氏名"), "born_on": _("生年月日"), "relationship": _("続柄"), "nationality": _("国籍・地域"),
}  # fmt: skip
OUTCOMES = {
    Investigation.Outcome.AS_RECORDED: _("記録のとおり"), Investigation.Outcome.TO_CORRECT: _("修正する"),
    Investigation.Outcome.TO_REMOVE: _("職権消除する"),
}  # fmt: skip
STANDINGS = {
    ActualHead.Standing.EXEMPT: _("法の適用を受けない外国人"), ActualHead.Standing.DIRECTOR: _("施設の長"),
    ActualHead.Standing.OTHER: _("その他"),
}  # fmt: skip
assert ABOUTS.keys() == ABOUT.keys()


def _text(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=hint, widget=forms.Textarea(attrs=TEXT))


class OnePageForm(forms.Form):
    """One of several forms of a page: its fields have ids of their own (画面の中の一つの入力欄)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{type(self).__name__.lower()}_%s"


class RemarkForm(OnePageForm):
    """A remark on the person, or a note on one row of the history and one of its items (備考・留意事項)."""

    text = _text(_("内容"))

    def __init__(self, *args: Any, rows: Iterable[Any] = (), items: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        empty = [("", _("異動とは別の備考"))]
        self.fields["serial"] = forms.ChoiceField(label=_("関係する異動"), required=False, choices=[*empty, *rows])
        self.fields["item"] = choice(_("関係する項目"), items)
        self.order_fields(["serial", "item", "text"])


class MemoForm(OnePageForm):
    """A memo (メモ)."""

    text = _text(_("メモ"), _("証明書にも他の画面にも出ません。住所は書かないでください。"))


class InvestigationForm(OnePageForm):
    """What is looked into, why, since when, about whom of the household (実態調査の開始)."""

    about = choice(_("調査の対象"), list(ABOUTS.items()))
    because = line(_("調査の理由"))
    started_on = DayField(label=_("開始日"), required=False, help_text=_("例: R8.11.23"))

    def __init__(self, *args: Any, members: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others := list(members):
            box = forms.CheckboxSelectMultiple
            self.fields["others"] = forms.MultipleChoiceField(
                label=_("一緒に調査する世帯員"), choices=others, required=False, widget=box
            )


class EndForm(OnePageForm):
    """How an investigation ended (実態調査の終了)."""

    investigation = forms.IntegerField(widget=forms.HiddenInput)
    outcome = choice(_("結果"), [(str(value), label) for value, label in OUTCOMES.items()])
    ended_on = DayField(label=_("終了日"), required=False, help_text=_("例: R8.11.23"))


class ActualHeadForm(OnePageForm):
    """Who leads the household in fact (事実上の世帯主)."""

    name = line(_("氏名"))
    standing = choice(_("立場"), [(str(value), label) for value, label in STANDINGS.items()])
    since = DayField(label=_("開始日"), required=False, help_text=_("例: R8.11.23"))


class StandingNoteForm(forms.Form):
    """The note that every act of one reason gets (定型の留意事項)."""

    reason = choice(_("異動事由"), [])
    text = _text(_("留意事項"), _("空欄にすると、定型文をなくします。"))

    def __init__(self, *args: Any, reasons: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", _("選んでください")), *reasons]  # type: ignore[attr-defined]
