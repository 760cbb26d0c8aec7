"""Paper of this room: blank forms for a day without the system, notices of a changed address (用紙と通知の描画)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.certificates.paper.page import INNER, MARGIN, WIDTH, Paper
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.places.finding import certifying_officer
from municipal.residents.acts.standing import newest_periods
from municipal.residents.inquiry import withheld
from municipal.residents.models import ResidentRecord

from .models import AddressChange, PaperForm

ROWS = 4
Said = tuple[Mapping[str, str], Mapping[str, str]]
"""A place as it was called and as it is called (変更前と変更後)."""
_NEWCOMER = ("氏名", "フリガナ", "生年月日", "性別", "続柄", "本籍・国籍", "筆頭者・在留資格")
_WIDTHS = (32.0, 30.0, 26.0, 12.0, 20.0, 34.0, 26.0)
_ACTS: Mapping[str, str] = {
    "move_in": "転入届", "move_within": "転居届", "move_out": "転出届", "householder_change": "世帯主変更届",
    "household_split": "世帯分離届", "household_merger": "世帯合併届", "household_transfer": "世帯変更届",
    "birth": "出生（戸籍届出による記載）", "death": "死亡（戸籍届出による消除）",
}  # fmt: skip
BLANK_ACTS = tuple(_ACTS)
"""The acts of which there are blank forms: what cannot wait until the system is back."""


def blank_forms(papers: Sequence[PaperForm], town: str) -> bytes:
    """One page for each numbered form, as the entry screen asks (停止中の受付用紙)."""
    paper = Paper()
    paper.titled("停止中の受付用紙")
    for index, one in enumerate(papers):
        if index:
            paper.next_page()
        _form(paper, one, town)
    return paper.finish()


def _form(paper: Paper, one: PaperForm, town: str) -> None:
    paper.text(MARGIN, 12, f"{town}　停止中の受付用紙", size=9)
    paper.text(WIDTH - MARGIN, 12, f"用紙番号　{one.number}", size=11, align="right")
    paper.text(WIDTH / 2, 20, _ACTS.get(one.act, one.act), size=18, align="middle")
    half = INNER / 2
    y = 34.0
    for left, right in (
        ("受付日時（年月日・時分）", "受け付けた職員"), ("異動日", "届出日"), ("届出人の氏名", "届出人の資格・連絡先"),
        ("本人確認の方法", "宛名番号・世帯番号（分かるとき）"),
    ):  # fmt: skip
        paper.cell(MARGIN, y, half, 13, left, "")
        paper.cell(MARGIN + half, y, half, 13, right, "")
        y += 13
    for label in (
        "新しい住所・転出先（郵便番号、町字、番地、方書）",
        "前の住所（郵便番号から）",
        "新しい世帯主・前の世帯主",
    ):
        paper.cell(MARGIN, y, INNER, 15, label, "")
        y += 15
    paper.text(MARGIN, y + 3, "異動する人", size=9)
    y += 8
    for _ in range(ROWS):
        x = MARGIN
        for label, width in zip(_NEWCOMER, _WIDTHS, strict=True):
            paper.cell(x, y, width, 17, label, "")
            x += width
        y += 17
    paper.cell(MARGIN, y + 4, INNER, 34, "備考（添付書類、聞き取ったこと）", "")
    paper.cell(MARGIN, y + 42, half, 12, "後入力した年月日時", "")
    paper.cell(MARGIN + half, y + 42, half, 12, "入力者・確認者", "")


@dataclass(frozen=True)
class Notices:
    """The letters, and for how many households (通知書)."""

    pdf: bytes
    households: int


@implements("resident-record/1.0#9.7/m2")
@prints_addresses("batches.change_notices", Purpose.MAIL)
def change_notices(change: AddressChange, *, is_before: bool) -> Notices:
    """A letter to the head of every household that a change concerns, before or after it (住所変更の通知書).

    Before: of every row; after: of the rows that were changed. Households with a protected address get none from here:
    theirs are written one by one. Raises Refused where nobody certifies today, or there is nobody to write to.
    """
    rows = change.rows.order_by("row") if is_before else change.rows.filter(outcome="done").order_by("row")
    heads, kept_back = _heads([row.number for row in rows], change.kind), _with_protected(change.kind)
    written = [(row, heads[row.number]) for row in rows if row.number in heads and row.number not in kept_back]
    paper = Paper()
    paper.titled("住所変更のお知らせ")
    officer = certifying_officer(change.effective_on)
    for index, (row, head) in enumerate(written):
        if index:
            paper.next_page()
        _letter(paper, change, (row.before, row.after), head.name, is_before=is_before)
        paper.text(WIDTH - MARGIN, 250, f"{officer.title}　{officer.name}", size=12, align="right")
    return Notices(paper.finish(), len(written))


def _heads(numbers: Iterable[str], kind: str) -> dict[str, ResidentRecord]:
    """Whom a letter is addressed to, by the number of the row: the first of a household, or the person."""
    here = newest_periods().filter(is_registered=True).values("record")
    rows = ResidentRecord.objects.filter(pk__in=here).select_related("household", "addressee")
    if kind == "domicile":
        return {row.addressee.number: row for row in rows.filter(addressee__number__in=list(numbers))}
    found: dict[str, ResidentRecord] = {}
    for row in rows.filter(household__number__in=list(numbers)).order_by("member_order"):
        found.setdefault(row.household.number, row)
    return found


def without_letter(change: AddressChange, *, is_before: bool) -> int:
    """How many of the letters before or after a change are not written from here (通知書を作らない世帯の数)."""
    rows = change.rows.all() if is_before else change.rows.filter(outcome="done")
    return rows.filter(number__in=_with_protected(change.kind)).count()


def _with_protected(kind: str) -> set[str]:
    """The numbers, of households or of people, that stand for a household with a protected address in it."""
    here = newest_periods().filter(is_registered=True)
    homes = here.filter(addressee__in=withheld()).values("household")
    number = "addressee__number" if kind == "domicile" else "household__number"
    return set(here.filter(household__in=homes).values_list(number, flat=True))


def _letter(paper: Paper, change: AddressChange, said: Said, name: str, *, is_before: bool) -> None:
    before, after = (_place(one) for one in said)
    what = "本籍" if change.kind == "domicile" else "住所"
    paper.text(MARGIN, 30, f"{name}　様", size=14)
    paper.text(WIDTH / 2, 60, f"{what}の表示の変更のお知らせ", size=18, align="middle")
    when = "変更されます" if is_before else "変更されました"
    lead = f"{wareki(change.effective_on)}から、あなたの世帯の{what}の表示が次のように{when}。届出の必要はありません。"
    y = paper.paragraph(MARGIN, 84, INNER, lead, size=12)
    paper.row(y + 8, 18, f"変更前の{what}", before)
    paper.row(y + 26, 18, f"変更後の{what}", after)
    paper.row(y + 44, 14, "実施日", wareki(change.effective_on))
    paper.row(y + 58, 14, "変更の根拠", change.basis)


def _place(said: Mapping[str, str]) -> str:
    return said.get("domicile") or "　".join(
        filter(None, (f"{said.get('block', '')}{said.get('lot', '')}", said.get("building")))
    )
