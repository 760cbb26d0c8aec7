"""The notice of a decision: to what somebody is entitled, since when, how much, and how to object (決定通知書)."""

from collections.abc import Sequence
from typing import IO

from municipal.addressees.mailing import deliveries
from municipal.core import clock
from municipal.core.eras import wareki
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.payments.paper.addressing import moment, one_sheet, yen
from municipal.payments.paper.sheet import Column, Sheet, Table

from .kinds import Kind, kind_of
from .models import Entitlement, Per, State

FIRST = {
    State.GRANTED: "次のとおり認定しました。", State.ENDED: "次の受給資格は終了しました。",
    State.REFUSED: "次の申請は認められませんでした。",
}  # fmt: skip
NO_AMOUNT = "額は、別の通知でお知らせします。"
APPEAL = (
    "この決定に不服があるときは、この決定があったことを知った日の翌日から起算して3か月以内に、審査請求をすることができます。",
    "決定の取消しの訴えは、この決定があったことを知った日の翌日から起算して6か月以内に、起こすことができます。",
    "審査請求の相手と訴えの相手は、手続により異なります。担当課におたずねください。この教示文と根拠条文は未確認です。",
)
"""Administrative Appeal Act, article 82; Administrative Case Litigation Act, article 46: not read where they stand."""
WAITS_AT = "担当課でお渡しします"
LINE = 24


def write_decision(file: IO[bytes], found: Sequence[Entitlement], *, is_sent: bool, office: str) -> None:
    """Write the notice of what one application came to, as a PDF (決定通知書の作成).

    ``found``: the versions that hold, of one person; ``is_sent``: with the address where papers go, which is kept back
    of who is protected; without it the applicant takes the file from their own page. Raises IndexError for none.
    """
    first, town = found[0], Municipality.objects.get(pk=wall.current())
    to = deliveries([first.person_id], office=office)[first.person_id]
    lines = to.lines if is_sent else ()
    postal = (f"〒{to.postal_code[:3]}-{to.postal_code[3:]}",) if to.postal_code and lines else ()
    one_sheet(
        file,
        Sheet(
            title="不認定通知書" if first.state == State.REFUSED else "決定通知書", town=town.name, office=office,
            issued_on=clock.today(), recipient=f"{to.recipient}　{to.honorific}", role=to.role,
            address=(*postal, *lines), care_of="" if lines else to.care_of or WAITS_AT, as_of=moment(clock.now()),
            body=_body(found), is_specimen=town.is_fictional,
        ),
    )  # fmt: skip


def _body(found: Sequence[Entitlement]) -> tuple[str | Table, ...]:
    first = found[0]
    kind = kind_of(first.procedure)
    rows = [("種類", first.name), *_cut("根拠", _basis(kind)), ("決定日", wareki(first.decided_on))]
    if first.decided_in:
        rows.append(("受付番号", first.decided_in))
    said: list[str | Table] = [
        FIRST[State(first.state)],
        Table("", (Column("項目", 40), Column("内容", 130)), tuple(rows)),
    ]
    if first.state != State.REFUSED:
        said.append(Table("内容", _COLUMNS, tuple(map(_row, found))))
    if first.state == State.GRANTED and any(one.amount_yen is None for one in found):
        said.append(NO_AMOUNT)
    reasons = dict.fromkeys(one.reason for one in found if one.reason)
    return (*said, *(f"理由　{one}" for one in reasons), *APPEAL)


_COLUMNS = (
    Column("番号", 30),
    Column("対象の方", 44),
    Column("始まり", 32),
    Column("終わり", 32),
    Column("額", 32, is_sum=True),
)


def _row(one: Entitlement) -> tuple[str, ...]:
    per = {Per.MONTH: "月額 ", Per.ONCE: "一時金 "}.get(Per(one.per), "")
    return (
        one.number, one.about.name, wareki(one.starts_on) if one.starts_on else "－",
        wareki(one.ends_on) if one.ends_on else "－",
        f"{per}{yen(one.amount_yen)}" if one.amount_yen is not None else "－",
    )  # fmt: skip


def _basis(kind: Kind | None) -> str:
    if kind is None:
        return "－"
    return kind.basis if kind.is_verified else f"{kind.basis}（未確認）"


def _cut(label: str, text: str) -> list[tuple[str, str]]:
    return [(label if at == 0 else "", text[at : at + LINE]) for at in range(0, max(len(text), 1), LINE)]
