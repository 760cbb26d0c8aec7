"""What somebody says of themselves who applies: less where the register vouches for them (申請者の項目)."""

from collections.abc import Mapping
from typing import Any

from municipal.procedures.catalogue import Entry, Field, Text

YOU, PAPERS, HELD, CHECK = "you", "papers", "held", "check"
"""Pages that every form has beside those of its entry."""
EVIDENCE = "evidence-"

PAGE_TITLES = {
    YOU: Text("申請する人", "あなたの こと", "About you", "신청하는 사람"),
    PAPERS: Text("添付する書類", "いっしょに 出す もの", "Documents", "첨부 서류"),
    HELD: Text("役所にある情報", "役所に ある こと", "What we hold", "보유 정보"),
    CHECK: Text("確認", "たしかめる", "Check", "확인"),
}

_NAME = Field("name", "text", Text("氏名", "なまえ", "Full name", "성명"), None, True, YOU, most=100)
_PHONE = Field(
    "phone", "text",
    Text(
        "昼間に連絡のとれる電話番号", "ひるま でられる 電話ばんごう", "Daytime telephone number",
        "낮에 연락 가능한 전화번호",
    ),
    None, True, YOU, most=20,
)  # fmt: skip
_KANA = Text(
    "氏名のフリガナ", "なまえの よみかた（カタカナ）", "Reading of the name in katakana", "성명의 가타카나 표기"
)
_KNOWN_BY = (
    Field("kana", "text", _KANA, None, False, YOU, most=100),
    Field("born_on", "date", Text("生年月日", "うまれた 日", "Date of birth", "생년월일"), None, True, YOU),
    Field("address", "address", Text("住所", "すんでいる ところ", "Address", "주소"), None, True, YOU),
)


def asked_of_applicant(entry: Entry, *, is_known: bool = False) -> tuple[Field, ...]:
    """The questions about who applies (申請者に聞く項目).

    Fewer where nobody need be identified; ``is_known``: the register says the rest, so only the telephone is asked.
    """
    if is_known:
        return (_PHONE,)
    return (_NAME, _PHONE) if entry.assurance == "none" else (_NAME, *_KNOWN_BY, _PHONE)


def missing_of_applicant(entry: Entry, applicant: Mapping[str, Any], *, is_known: bool = False) -> list[str]:
    """Names of what is not said yet (申請者の不足)."""
    asked = asked_of_applicant(entry, is_known=is_known)
    return [one.name for one in asked if one.is_required and not applicant.get(one.name)]


def papers(entry: Entry) -> tuple[Field, ...]:
    """Documents that only the applicant has, as questions for a file; none must be there at once (添付する書類)."""
    return tuple(
        Field(f"{EVIDENCE}{one.id}", "file", one.title, one.how, False, PAPERS, most=5)
        for one in entry.evidence if one.obtained == "applicant"
    )  # fmt: skip
