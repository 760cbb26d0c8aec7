"""Forms of judging files: what to judge, and what to look at (適合検査の入力欄)."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from municipal.inspections.models import Inspection
from municipal.inspections.operations import choosable
from municipal.inspections.reading import outcomes, severities

from .days import DayField

_ANY = _("すべて")


class FilesInput(forms.ClearableFileInput):
    """Several files at once (複数のファイルの選択)."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files; an empty file is one too, for the checker says what is wrong with it (複数のファイル)."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [super(FilesField, self).clean(file, initial) for file in data or []]


class InspectionForm(forms.Form):
    """What is to be judged, against what, and what of it is shown (検査の依頼).

    Nothing is required but a file or a folder: where an upload is stopped, the fields behind it never arrive.
    """

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    uploads = FilesField(label=_("ファイル"), required=False, allow_empty_file=True)
    folder = forms.ChoiceField(
        label=_("受渡しフォルダー"),
        required=False,
        help_text=_("ファイルの代わりに、サーバーに置かれたフォルダーを丸ごと検査します。"),
    )
    pack = forms.ChoiceField(
        label=_("仕様パック"), required=False, help_text=_("分からないときは自動のままにしてください。")
    )
    as_of = DayField(
        label=_("基準日"),
        required=False,
        help_text=_("データがいつの時点のものか。例: R8.11.23。空にすると今日です。"),
    )
    privacy = forms.ChoiceField(
        label=_("値の表示"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("counts", _("件数のみ")),
            ("rows", _("行番号まで(値は示さない)")),
            ("masked", _("値は伏せ字(先頭の文字と文字数)")),
        ],
        help_text=_("報告を外に渡すときは、行番号までにしてください。"),
    )

    def __init__(self, *args: Any, folders: Iterable[str], megabytes: int, most: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid4(), "privacy": Inspection.Privacy.ROWS} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        is_english = (get_language() or "").startswith("en")
        self.fields["uploads"].help_text = _(
            "CSV、TSV、Excel、JSON、Parquet、またはZIP。%(most)d個まで、合計%(megabytes)d MBまで選べます。"
        ) % {"most": most, "megabytes": megabytes}
        packs = [
            (name, f"{pack.title_en if is_english else pack.title_ja} ({name})") for name, pack in choosable().items()
        ]
        _choices(self, "pack", [("", _("自動で判別する")), *packs])
        found = [(name, name) for name in folders]
        if found:
            _choices(self, "folder", [("", _("使わない")), *found])
        else:
            del self.fields["folder"]

    def order(self) -> dict[str, Any]:
        """The cleaned fields as the operation takes them, without the token."""
        said = self.cleaned_data
        return {
            "files": said["uploads"],
            "folder": said.get("folder", ""),
            "pack": said["pack"],
            "as_of": said["as_of"],
            "privacy": said["privacy"] or Inspection.Privacy.ROWS,
        }


class RuleFilterForm(forms.Form):
    """Which rules are listed (規則のしぼり込み)."""

    outcome = forms.ChoiceField(label=_("結果"), required=False)
    severity = forms.ChoiceField(label=_("重大度"), required=False)
    text = forms.CharField(label=_("ことば"), required=False, max_length=100, help_text=_("規則番号か、説明の一部。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "ja"
        _choices(self, "outcome", [("", _ANY), *outcomes(language)])
        if "severity" in self.fields:
            _choices(self, "severity", [("", _ANY), *severities(language)])


class RequirementFilterForm(RuleFilterForm):
    """Which requirements are listed (要件のしぼり込み)."""

    severity = None  # type: ignore[assignment]
    text = forms.CharField(label=_("ことば"), required=False, max_length=100, help_text=_("要件の番号か、要約の一部。"))


class CompareForm(forms.Form):
    """Which earlier inspection stands beside this one (比べる相手)."""

    earlier = forms.ChoiceField(
        label=_("前の検査"), required=True, error_messages={"required": _("前の検査を選んでください。")}
    )

    def __init__(self, *args: Any, earlier: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "earlier", list(earlier))


def _choices(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
