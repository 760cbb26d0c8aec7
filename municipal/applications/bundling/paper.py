"""What somebody takes along: the guide sheet of an event, and the receipt of a bundle (案内書と控え)."""

from collections.abc import Sequence
from typing import IO

from municipal.applications.models import Bundle, Case
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.payments.paper.addressing import moment, one_sheet
from municipal.payments.paper.sheet import Column, Sheet, Table
from municipal.procedures.catalogue import Text

from .events import life_events
from .planning import Item, Plan

WAYS = {
    "online": Text(
        "オンラインで出せるもの", "ネットで 出せる もの", "To be handed in online", "オンラインで出せるもの"
    ),
    "counter": Text("窓口でするもの", "まどぐちで する もの", "To be done at the counter", "窓口でするもの"),
    "elsewhere": Text("ほかの所でするもの", "ほかの ところで する もの", "To be done elsewhere", "ほかの所でするもの"),
    "ex_officio": Text(
        "何もしなくてよいもの", "なにも しなくて いい もの", "What happens by itself", "何もしなくてよいもの"
    ),
}  # fmt: skip
HEADINGS = Text("手続|理由|期限", "手続き|りゆう|いつまで", "Procedure|Reason|By", "手続|理由|期限")
MAY = Text("（当てはまるとき）", "（あてはまる とき）", " (if it applies)", "（当てはまるとき）")
UNVERIFIED = Text("（未確認）", "（未確認）", " (not verified)", "（未確認）")
CLOSING = Text(
    "期限は答えた日から数えたものです。分からないことは、この紙を持って窓口でおたずねください。",
    "わからない ときは、この紙を もって まどぐちで 聞いて ください。",
    "Days are counted from the day you gave. Bring this sheet to the counter for questions.",
    "期限は答えた日から数えたものです。分からないことは、この紙を持って窓口でおたずねください。",
)
WAITS_AT = "控え"


def write_plan(file: IO[bytes], plan: Plan, language: str) -> None:
    """Write the guide sheet of an event as a PDF, with no name and no address of anybody (手続の案内書).

    The typeface of paper has no Hangul: Korean readers get the Japanese sheet, which the counter reads with them.
    """
    said = language if language != "ko" else "ja"
    headings = HEADINGS.said(said).split("|")
    columns = (Column(headings[0], 62), Column(headings[1], 62), Column(headings[2], 46))
    body: list[str | Table] = [plan.event.summary.said(said)]
    for kind, name in WAYS.items():
        rows = [_row(item, said) for item in plan.of_kind(kind)]
        if rows:
            body.append(Table(name.said(said), columns, rows))
    body.append(CLOSING.said(said))
    one_sheet(file, _sheet(plan.event.title.said(said), body))


def _row(item: Item, language: str) -> tuple[str, str, str]:
    why = "、".join(
        f"{one.about.said(language)}: {one.answer.said(language)}" if one.answer else one.about.said(language)
        for one in item.reasons
    )
    title = item.entry.title.said(language) + ("" if item.is_certain else MAY.said(language))
    if item.copies > 1:
        title += f" ×{item.copies}"
    return title, why, _due(item, language)


def _due(item: Item, language: str) -> str:
    """The last day, and whether somebody has read the rule where it stands."""
    if item.due is None or item.entry.deadline is None:
        return ""
    return wareki(item.due) + ("" if item.entry.deadline.status == "seen" else UNVERIFIED.said(language))


def write_receipt(file: IO[bytes], bundle: Bundle, cases: Sequence[Case], codes: Sequence[str]) -> None:
    """Write what was handed in together, with every number, as a PDF (一式の控え).

    ``codes``: of guests, in the order of the cases; empty for whoever is signed in, who needs none.
    """
    shown = list(codes) or [""] * len(cases)
    rows = [
        (case.asked.title.ja, case.number, code, f"{wareki(case.due_on)}（暫定）")
        for case, code in zip(cases, shown, strict=True)
    ]
    columns = (Column("手続", 66), Column("受付番号", 38), Column("確認コード", 36), Column("処理の目安", 30))
    at = moment(bundle.submitted_at).removesuffix("現在") if bundle.submitted_at else ""
    body = (
        f"次の{len(cases)}件の申請を、まとめて受け付けました（{at}）。",
        Table("", columns, rows),
        "確認コードは、ほかの人に見せないでください。"
        if codes
        else "状況は、サインインして「私のページ」で見られます。",
    )
    title = f"{life_events()[bundle.event].title.ja}（申請の控え）"
    one_sheet(file, _sheet(title, body))


def _sheet(title: str, body: Sequence[str | Table]) -> Sheet:
    town = Municipality.objects.get(pk=wall.current())
    return Sheet(
        title=title, town=town.name, office="", issued_on=clock.today(), recipient="", role="", address=(),
        care_of="", as_of=moment(clock.now()), body=body, is_specimen=town.is_fictional,
    )  # fmt: skip
