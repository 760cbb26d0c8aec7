"""What an applicant keeps: the receipt, and the notice of a decision or a correction (申請の控えと通知書)."""

from typing import IO

from municipal.core import clock
from municipal.core.eras import wareki
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.payments.paper.addressing import moment, one_sheet
from municipal.payments.paper.sheet import Column, Sheet, Table

from .models import Case, CaseEvent
from .rules.answers import said
from .rules.applicant import asked_of_applicant
from .rules.steps import CORRECTION
from .standing import principal_of

DECIDED = {
    "done": "次の申請を認め、処理を終えました。",
    "approved": "次の申請を認めました。処理が終わると、状況の画面でお知らせします。",
    "rejected": "次の申請は、認められませんでした。", "error": "次の申請は、受け付けられませんでした。",
    CORRECTION: "次の申請に、直していただきたいところがあります。",
}  # fmt: skip
"""What a notice says first, by the state of the case. In other states there is none."""
WAITS_AT = "申請状況の画面でお渡しします"
LINE = 26
"""Letters of an answer that stand in one row of the table; a longer one takes several."""
APPEAL = "この通知に不服があるときの手続は、担当課におたずねください（教示文は未確認です）。"


def write_receipt(file: IO[bytes], case: Case, code: str) -> None:
    """Write what was submitted, with the number and the code that open it again, as a PDF (申請の控え)."""
    principal = principal_of(case)
    rows = (
        ("手続", case.asked.title.ja), *([("だれのための申請か", f"{principal.name}さん")] if principal else []),
        ("受付番号", case.number), ("確認コード", code),
        ("受付日時", moment(case.submitted_at).removesuffix("現在")),
        ("処理の目安", f"{wareki(case.due_on)}まで（暫定）"),
    )  # fmt: skip
    body = (
        "次の申請を受け付けました。受付番号と確認コードがあると、状況を見て、訂正し、取り下げることができます。",
        Table("", (Column("項目", 40), Column("内容", 130)), rows),
        Table("申請の内容", (Column("質問", 70), Column("回答", 100)), _answers(case)),
        "確認コードは、ほかの人に見せないでください。",
    )
    one_sheet(file, _sheet(case, "申請の控え", body))


def _answers(case: Case) -> tuple[tuple[str, str], ...]:
    found = [
        (field.label.ja, "、".join(lines))
        for field in asked_of_applicant(case.asked) if (lines := said(field, case.applicant.get(field.name), {}, "ja"))
    ]  # fmt: skip
    for field in case.asked.asks:
        value = case.answers.get(field.name)
        lines = [f"{len(value)}個"] if field.type == "file" and value else said(field, value, case.people, "ja")
        found += [(field.label.ja if at == 0 else "", line) for at, line in enumerate(lines)]
    return tuple(
        (label if at == 0 else "", line[at : at + LINE])
        for label, line in found for at in range(0, max(len(line), 1), LINE)
    )  # fmt: skip


def has_notice(case: Case) -> bool:
    """Whether there is anything to notify (通知書の有無)."""
    return case.state in DECIDED


def write_notice(file: IO[bytes], case: Case) -> None:
    """Write the notice that belongs to the state of a case, as a PDF (通知書)."""
    last: CaseEvent = case.events.exclude(action="carry_out").latest("number")
    rows = [
        ("手続", case.asked.title.ja),
        ("受付番号", case.number),
        ("日付", wareki(last.at.astimezone(clock.TOKYO).date())),
    ]
    if case.state == CORRECTION and case.correct_by:
        labels = {field.name: field.label.ja for field in case.asked.asks}
        labels |= {f"evidence-{one.id}": one.title.ja for one in case.asked.evidence}
        rows.append(("直すところ", "、".join(labels.get(name, name) for name in last.fields)))
        rows.append(("期限", f"{wareki(case.correct_by)}まで"))
    reason = (f"理由　{last.reason}",) if last.reason else ()
    body = (DECIDED[case.state], Table("", (Column("項目", 40), Column("内容", 130)), tuple(rows)), *reason, APPEAL)
    one_sheet(file, _sheet(case, "訂正のお願い" if case.state == CORRECTION else "申請についてのお知らせ", body))


def _sheet(case: Case, title: str, body: tuple[str | Table, ...]) -> Sheet:
    """Never with an address: what somebody typed as theirs is not where the office may write to."""
    town = Municipality.objects.get(pk=wall.current())
    return Sheet(
        title=title, town=town.name, office=case.asked.desk.ja, issued_on=clock.today(),
        recipient=f"{case.applicant.get('name', '')}　様", role="", address=(), care_of=WAITS_AT,
        as_of=moment(clock.now()), body=body, is_specimen=town.is_fictional,
    )  # fmt: skip
