"""The words of the reports, in both languages and one way each (報告の用語)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from municipal.conformance.findings import Exit, Outcome, Severity, Standing


class Both(NamedTuple):
    """The same in Japanese and in English (二言語の文)."""

    ja: str
    en: str

    def first(self, language: str) -> str:
        """In the language asked for (指定の言語)."""
        return self.ja if language == "ja" else self.en

    def second(self, language: str) -> str:
        """In the other language (もう一方の言語)."""
        return self.en if language == "ja" else self.ja


class Section(StrEnum):
    """Where in a report a rule is shown (報告の区分).

    Finer than the outcome: what fails only on provisional grounds, or merely informs, stands apart.
    """

    FINDINGS = "findings"
    PROVISIONAL = "provisional"
    INFORMATION = "information"
    WAIVED = "waived"
    CANNOT_TELL = "cannot_tell"
    UNTESTED = "untested"
    INAPPLICABLE = "inapplicable"
    PASSED = "passed"


SECTIONS: Mapping[Section, Both] = {
    Section.FINDINGS: Both("指摘", "Findings"),
    Section.PROVISIONAL: Both("暫定の指摘（終了状態に影響しない）", "Provisional findings (exit status not affected)"),
    Section.INFORMATION: Both("お知らせ（終了状態に影響しない）", "For information (exit status not affected)"),
    Section.WAIVED: Both("免除された指摘", "Waived findings"),
    Section.CANNOT_TELL: Both("判定できないもの", "What cannot be told"),
    Section.UNTESTED: Both("検査できなかった規則", "Rules that could not run"),
    Section.INAPPLICABLE: Both("対象のない規則", "Rules with nothing to judge"),
    Section.PASSED: Both("指摘のなかった規則", "Rules without findings"),
}
OUTCOMES: Mapping[Outcome, Both] = {
    Outcome.PASSED: Both("指摘なし", "no findings"),
    Outcome.FAILED: Both("指摘あり", "findings"),
    Outcome.WAIVED: Both("免除", "waived"),
    Outcome.CANNOT_TELL: Both("判定不能", "cannot tell"),
    Outcome.INAPPLICABLE: Both("対象なし", "inapplicable"),
    Outcome.UNTESTED: Both("未検査", "untested"),
}
SEVERITIES: Mapping[Severity, Both] = {
    Severity.ERROR: Both("エラー", "error"),
    Severity.WARNING: Both("警告", "warning"),
    Severity.INFO: Both("情報", "information"),
}
STANDINGS: Mapping[Standing, Both] = {
    Standing.OFFICIAL: Both("公式", "official"),
    Standing.CITED: Both("引用", "cited"),
    Standing.PROVISIONAL: Both("暫定", "provisional"),
}
EXITS: Mapping[Exit, Both] = {
    Exit.NOTHING_FOUND: Both("指摘はありません", "Nothing found"),
    Exit.FINDINGS: Both("指摘があります", "Findings"),
    Exit.INCOMPLETE: Both("検査できなかった規則があります", "Incomplete"),
    Exit.OUR_FAULT: Both("検査の道具に不具合があります", "Fault of the tool"),
    Exit.WRONG_USAGE: Both("使い方が正しくありません", "Wrong usage"),
}
PRIVACY: Mapping[str, Both] = {
    "counts": Both("件数のみ", "counts only"),
    "rows": Both("行番号まで（値は非表示）", "row numbers, values hidden"),
    "masked": Both("値は伏せ字", "values masked"),
    "raw": Both("値をそのまま表示（取扱注意・送付不可）", "values as written (keep inside, do not send)"),
}
NEWLINES: Mapping[str, Both] = {
    "\n": Both("LF", "LF"),
    "\r\n": Both("CRLF", "CRLF"),
    "\r": Both("CR", "CR"),
    "mixed": Both("混在", "mixed"),
    "": Both("―", "–"),
}
DELIMITERS: Mapping[str, Both] = {
    ",": Both("コンマ", "comma"),
    "\t": Both("タブ", "tab"),
    ";": Both("セミコロン", "semicolon"),
    "|": Both("縦線", "bar"),
    "": Both("―", "–"),
}
NONE = Both("―", "–")
NOT_RECOGNISED = Both("判別できませんでした", "not recognised")
WHOLE_FILE = Both("ファイル全体", "whole file")
RAW = Both(
    "個人情報をそのまま表示しています。庁内で扱い、送付しないでください。",
    "Cells are shown as written: personal data. Keep this report inside and do not send it.",
)
CAUTION = Both(
    "この報告は、実行した検査とその結果を述べるものです。証明書ではありません。",
    "This report says what was checked and found. It does not certify anything.",
)
