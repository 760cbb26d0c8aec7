"""What stands against a row of a file, each kind with its code, its sentence and how to mend it (受入れのエラー)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, order=True)
class Fault:
    """One fault in one place: file, row as a spreadsheet counts, item, code (エラー).

    ``sentence`` is empty where the code says it all; ``values`` fill its places. Never the value of a cell: a report
    goes to the maker of the file.
    """

    file: str
    row: int
    item: str
    code: str
    sentence: str = ""
    values: Mapping[str, object] = field(default_factory=dict, compare=False)

    @property
    def said(self) -> str:
        """The sentence with its places filled, in Japanese (説明)."""
        return (self.sentence or SENTENCES[self.code]) % dict(self.values)


SENTENCES = {
    "IN-0001": _("文字数が項目の長さを超えています。"),
    "IN-0002": _("暦にある日付（YYYY-MM-DD）ではないか、終わりが始まりより前です。"),
    "IN-0003": _("半角数字9桁以内の整数ではありません。"),
    "IN-0004": _("0か1ではありません。"),
    "IN-0005": _("この項目のコードにない値です。"),
    "IN-0006": _("日時（YYYY-MM-DDThh:mm:ss+09:00）ではないか、終わりが始まりより前です。"),
    "IN-0007": _("年月日・不詳フラグ・不詳表記の組合せが、定められた書き方ではありません。"),
    "IN-0008": _("宛名番号の並び（空白区切り）ではありません。"),
    "IN-0009": _("この参照番号は空欄にできません。"),
    "IN-0010": _("台帳の決まりに合わないため登録できません。"),
    "IN-0011": _("参照先が、ファイルにも台帳にもありません。"),
    "IN-0012": _("同じ行がこのファイルに二度あります。"),
    "IN-0013": _("この番号の行は台帳にあり、記録日時が違います。別の台帳のデータです。"),
    "IN-0014": _("この人の前の履歴が、ファイルにも台帳にもありません。前の全件または差分を先に受け入れてください。"),
    "IN-0015": _("同じ世帯に、同じ期間の世帯主が二人います。"),
    "IN-0016": _("別の市区町村のデータです。"),
    "IN-0017": _("行を読み取れません（列の数、引用符、文字コードのいずれかが正しくありません）。"),
    "IN-0018": _("目録にあるファイルがないか、内容が目録と違います。もう一度受け取ってください。"),
    "IN-0019": _("この宛名番号は、住民以外の宛名に使われています。"),
    "IN-0020": _("この列には対応する項目がなく、受け入れません。"),
    "IN-0021": _("同じ人の記録が、同じ期間に二つあります。"),
    "IN-0022": _("空欄にできない項目です。"),
    "IN-0024": _("この差分の前の全件または差分が、まだ受け入れられていません。先に受け入れてください。"),
    "IN-0023": _("JSONとして読み取れません。"),
}
"""What each code means (エラーの説明)."""

ONLY_TOLD = frozenset({"IN-0020"})
"""Codes that are told and stop nothing (お知らせ)."""
