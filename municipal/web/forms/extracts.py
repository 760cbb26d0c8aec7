"""Forms of the extracts: a question, a draw, a copy for inspection, a file (抽出の入力欄)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from municipal.extracts import inspection_copies, queries, runs, sampling, wizard
from municipal.extracts.models import ExtractFile
from municipal.extracts.queries import Column, Order, Query
from municipal.extracts.sources import Source
from municipal.residents.models import Kind

from .days import DayField

ROWS, ORDERS = 5, 2
_NONE = [("", _("（使わない）"))]


class PurposeForm(forms.Form):
    """What an extract is for; every run says it (抽出の目的)."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    purpose = forms.ChoiceField(
        label=_("目的"),
        choices=[("", _("選んでください")), *((code, _(name)) for code, name in runs.PURPOSES.items())],
        error_messages={"required": _("抽出の目的を一覧から選んでください。")},
    )
    note = forms.CharField(
        label=_("目的の説明"), required=False, max_length=200, help_text=_("事業名など。操作の記録には残りません。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class QueryForm(PurposeForm):
    """A question about one source: what, of whom, in which order or counted how (抽出条件の組立て)."""

    items = forms.MultipleChoiceField(label=_("出力する項目"), required=False, widget=forms.CheckboxSelectMultiple)
    others = forms.CharField(
        label=_("計算した列"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行に一つ、「見出し: 式」の形で。例: 年齢: AGE([生年月日])"),
    )  # fmt: skip
    where = forms.CharField(
        label=_("式で書く条件"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("上の条件に加えて、式で書いた条件も満たすものに限ります。例: AGE([生年月日]) >= 75"),
    )  # fmt: skip
    measure = forms.ChoiceField(
        label=_("集計"), required=False,
        choices=[("", _("集計しない（一覧にする）")), *((code, _(name)) for code, name in queries.MEASURES.items())],
    )  # fmt: skip
    measured = forms.ChoiceField(label=_("集計する項目"), required=False)
    group = forms.ChoiceField(label=_("縦に分ける項目"), required=False)
    group_said = forms.CharField(
        label=_("縦に分ける式"), required=False, max_length=500, help_text=_("例: INT(AGE([生年月日]) / 10) * 10")
    )
    across = forms.ChoiceField(label=_("横に分ける項目"), required=False)
    name = forms.CharField(
        label=_("条件の名前"), required=False, max_length=100, help_text=_("入れると、この条件を保存します。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    is_shared = forms.BooleanField(label=_("ほかの職員もこの条件を使える"), required=False)

    def __init__(self, *args: Any, source: Source, permissions: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source, held = source, frozenset(permissions)
        names = [name for name, item in source.items.items() if not item.permission or item.permission in held]
        often = [name for name in wizard.OFTEN if name in names]
        self.often, self.seldom = often, [name for name in names if name not in often]
        choices = [(name, name) for name in (*often, *self.seldom)]
        self.fields["items"].choices = choices  # type: ignore[attr-defined]
        for number in range(ROWS):
            self._add_row(number, choices)
        for number in range(ORDERS):
            label = _("並び順 %(number)d") % {"number": number + 1}
            self.fields[f"order_{number}"] = forms.ChoiceField(label=label, required=False, choices=[*_NONE, *choices])
            self.fields[f"descending_{number}"] = forms.BooleanField(label=_("大きい順"), required=False)
        for name in ("measured", "group", "across"):
            self.fields[name].choices = [*_NONE, *choices]  # type: ignore[attr-defined]

    def _add_row(self, number: int, choices: list[Any]) -> None:
        place = {"number": number + 1}
        if number:
            joins = [(wizard.AND, _("かつ")), (wizard.OR, _("または"))]
            self.fields[f"join_{number}"] = forms.ChoiceField(
                label=_("条件%(number)dのつなぎ") % place, required=False, choices=joins
            )
        self.fields[f"item_{number}"] = forms.ChoiceField(
            label=_("条件%(number)dの項目") % place, required=False, choices=[*_NONE, *choices]
        )
        comparisons = [(code, _(name)) for code, name in wizard.COMPARISONS.items()]
        self.fields[f"comparison_{number}"] = forms.ChoiceField(
            label=_("条件%(number)dの比べ方") % place, required=False, choices=comparisons
        )
        self.fields[f"value_{number}"] = forms.CharField(
            label=_("条件%(number)dの値") % place, required=False, max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )  # fmt: skip

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of every row of the conditions, for the page."""
        names = [[f"join_{n}", f"item_{n}", f"comparison_{n}", f"value_{n}"] for n in range(ROWS)]
        return [[self[name] for name in row if name in self.fields] for row in names]

    def orders(self) -> list[list[forms.BoundField]]:
        """The fields of every row of the order, for the page."""
        return [[self[f"order_{n}"], self[f"descending_{n}"]] for n in range(ORDERS)]

    def query(self) -> Query:
        """The question. Raises Refused for a condition that says nothing."""
        said = self.cleaned_data
        conditions = [
            wizard.Condition(
                said[f"item_{n}"], said[f"comparison_{n}"], said[f"value_{n}"], said.get(f"join_{n}") or wizard.AND
            )
            for n in range(ROWS)
            if said[f"item_{n}"]
        ]
        where = wizard.expression_of(self.source.code, conditions, said["where"])
        if said["measure"]:
            groups = [Column(f"[{said['group']}]")] if said["group"] else []
            groups += [Column(said["group_said"])] if said["group_said"].strip() else []
            return Query(
                self.source.code, where=where, groups=tuple(groups), measure=said["measure"],
                across=_bracketed(said["across"]), measured=_bracketed(said["measured"]),
            )  # fmt: skip
        orders = tuple(
            Order(f"[{said[f'order_{n}']}]", said[f"descending_{n}"]) for n in range(ORDERS) if said[f"order_{n}"]
        )
        return Query(self.source.code, wizard.columns_of(said["items"], said["others"]), where, orders)


def _bracketed(name: str) -> str:
    return f"[{name}]" if name else ""


def initial_of(query: Query) -> dict[str, Any]:
    """What a form says at first of a question that was asked or kept before (条件の復元)."""
    names, lines = wizard.parts_of(query)
    found: dict[str, Any] = {
        "items": names, "others": lines, "where": query.where, "measure": query.measure,
        "across": query.across.strip("[]"), "measured": query.measured.strip("[]"),
    }  # fmt: skip
    for number, order in enumerate(query.order[:ORDERS]):
        found |= {f"order_{number}": order.said.strip("[]"), f"descending_{number}": order.is_descending}
    for group in query.groups:
        name = group.said.strip("[]")
        found |= {"group": name} if f"[{name}]" == group.said else {"group_said": group.said}
    return found


class SamplingForm(PurposeForm):
    """Among whom is drawn, and how many (無作為抽出の条件)."""

    size = forms.IntegerField(
        label=_("抽出する人数"), min_value=1, max_value=sampling.MOST,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("1から100000までの人数を入れてください。")
        ),
    )  # fmt: skip
    sex = forms.ChoiceField(
        label=_("性別"), required=False, choices=[("", _("すべて")), ("1", _("男")), ("2", _("女"))]
    )
    kind = forms.ChoiceField(
        label=_("日本人・外国人の別"),
        required=False,
        choices=[("", _("すべて")), *((one.value, _(one.label)) for one in Kind)],
    )
    born_from = DayField(label=_("生年月日（から）"), required=False)
    born_to = DayField(label=_("生年月日（まで）"), required=False)
    blocks = forms.MultipleChoiceField(
        label=_("地区（町字）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("選ばなければ町全体。"),
    )
    seed = forms.CharField(
        label=_("乱数の種"), max_length=sampling.LONGEST_SEED,
        help_text=_("同じ種と条件なら、同じ人が同じ順に選ばれます。抽出の記録に書き留めてください。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, blocks: Iterable[str], **kwargs: Any) -> None:
        kwargs["initial"] = {"seed": sampling.new_seed()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["blocks"].choices = [(block, block) for block in blocks]  # type: ignore[attr-defined]

    def asked(self) -> sampling.Sampling:
        """The conditions of the draw."""
        said = self.cleaned_data
        names = ("size", "seed", "sex", "kind", "born_from", "born_to")
        return sampling.Sampling(**{name: said[name] for name in names}, blocks=tuple(said["blocks"]))


class CopyingForm(PurposeForm):
    """Of whom the copy for inspection is made, and in which order (閲覧用台帳の条件)."""

    kind = forms.ChoiceField(
        label=_("日本人・外国人の別"),
        required=False,
        choices=[("", _("すべて")), *((one.value, _(one.label)) for one in Kind)],
    )
    blocks = forms.MultipleChoiceField(
        label=_("地区（町字）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("選ばなければ町全体。"),
    )
    order = forms.ChoiceField(
        label=_("並び順"), widget=forms.RadioSelect, initial="address",
        choices=[(code, _(name)) for code, name in inspection_copies.ORDERS.items()],
        error_messages={"required": _("並び順を一覧から選んでください。")},
    )  # fmt: skip
    seed = forms.CharField(
        label=_("乱数の種"),
        required=False,
        max_length=sampling.LONGEST_SEED,
        help_text=_("ランダム順のときに使います。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, blocks: Iterable[str], **kwargs: Any) -> None:
        kwargs["initial"] = {"seed": sampling.new_seed(), "purpose": "inspection"} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["blocks"].choices = [(block, block) for block in blocks]  # type: ignore[attr-defined]

    def asked(self) -> inspection_copies.Copying:
        """The conditions of the copy."""
        said = self.cleaned_data
        return inspection_copies.Copying(said["order"], said["seed"], said["kind"], tuple(said["blocks"]))


class FileForm(forms.Form):
    """A file of a run: its format, codes or names (ファイルへの出力)."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    format = forms.ChoiceField(label=_("形式"), choices=[(one.value, _(one.label)) for one in ExtractFile.Format])
    is_spoken = forms.BooleanField(
        label=_("コードを名称で、日付を和暦で書く"), required=False, initial=True,
        help_text=_("ほかのシステムに渡すときは外してください。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


def said_of(form: PurposeForm) -> Mapping[str, str]:
    """Purpose and note, as operations take them (目的)."""
    return {"purpose": form.cleaned_data["purpose"], "note": form.cleaned_data["note"]}
