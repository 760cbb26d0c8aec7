"""How names, readings, titles and empty items are written on a certificate (証明書の表記)."""

from municipal.certificates.contents import EMPTY
from municipal.core.clauses import implements
from municipal.core.refusals import Refused

_KATAKANA = {code: code + 0x60 for code in [*range(0x3041, 0x3097), 0x309D, 0x309E]}


@implements("resident-record/1.0#5.3/o1", "resident-record/1.0#5.3/n2", "resident-record/1.0#5.3/n3")
def with_reading(name: str, kana: str) -> str:
    """A name and, if there is one, its reading in brackets and in katakana: 甲野　（コウノ） (フリガナ)."""
    return f"{name}　（{kana.translate(_KATAKANA)}）" if name and kana else name


def filled(text: str) -> str:
    """``text``, or the words for an item that has no value (空欄; CERT-08)."""
    return text or EMPTY


@implements("resident-record/1.0#5.6/m2", "resident-record/1.0#5.6/n2", "resident-record/1.0#1.3.9/n1")
def title_of_office(prefecture: str, town: str, title: str, name: str) -> tuple[str, str]:
    """Title with prefecture and municipality, and the name: 架空県架空市長, 架空　太郎 (職名・氏名).

    ``title``: 市長, 市長職務代理者副市長, 区長; the municipality is put before it unless it says it already.
    Raises Refused without prefecture, title or name: none of them can be left out.
    """
    if not (prefecture.strip() and title.strip() and name.strip()):
        raise Refused(
            "認証者の都道府県名・職名・氏名がそろっていません。認証者を登録してから発行してください。",
            code="officer_incomplete",
        )
    own = title.removeprefix(prefecture)
    if not own.startswith(town):
        # 市長 of 架空市: the last character of the municipality is the first of the title.
        own = town + (own.removeprefix(town[-1]) if town else own)
    return prefecture + own, name
