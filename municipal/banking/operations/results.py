"""Taking in what the bank says came of a request (口座振替の結果の取込み)."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from municipal.audit.operations import operation, record
from municipal.banking.debits import PAID
from municipal.banking.models import DebitItem, DebitRequest, DebitResult, ResultFile
from municipal.banking.zengin.files import File, Row, read, refuse_wrong_totals
from municipal.banking.zengin.layouts import DEBIT, codes
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.refusals import Refused
from municipal.payments.intake import Line
from municipal.payments.models import Channel, Stage
from municipal.payments.operations import take_in_lines

Key = tuple[str, ...]
OF_A_LINE = ("bank", "branch", "kind", "number", "customer")
OF_THE_TOWN = ("client", "bank", "branch", "number")


@dataclass(frozen=True)
class TakenResults:
    """What came of a file of results: numbers and yen (結果の取込みの結果).

    ``repeated``: lines that said nothing new; ``missing``: lines of the request that still wait for a result.
    ``by_match``: what became of the paid ones in the books. ``file`` is None for a trial.
    """

    file: ResultFile | None
    paid: int
    paid_yen: int
    unpaid: int
    unpaid_yen: int
    repeated: int
    missing: int
    by_match: dict[str, int]


def try_debit_results(*, request: DebitRequest, name: str, data: bytes, actor: Actor) -> TakenResults:
    """What ``take_debit_results`` would do; it does the same and leaves nothing behind (試行)."""
    with transaction.atomic():
        tried = _taken(actor, request, name, data)
        transaction.set_rollback(True)
    return replace(tried, file=None)


@operation("banking.take_debit_results")
def take_debit_results(*, actor: Actor, request: DebitRequest, name: str, data: bytes) -> TakenResults:
    """Take in the results of a request: what was paid is reported to the books, the rest noted (結果の取込み).

    All of the file or nothing. A result that was taken in before changes nothing. Raises Refused for the same file
    twice, a file of another town, account or day, wrong sums, a line that was not asked for, and a result that differs
    from the one there is.
    """
    taken = _taken(actor, request, name, data)
    payers = DebitResult.objects.filter(file=taken.file).values_list("item__charge__assessment__payer", flat=True)
    record(actor=actor, subjects=sorted(set(payers)), code=request.fee)
    return taken


def _taken(actor: Actor, request: DebitRequest, name: str, data: bytes) -> TakenResults:
    refuse_unstorable(name, 100, "name")
    digest = hashlib.sha256(data).hexdigest()
    found = read(DEBIT, data)
    _refuse_another(found, request)
    file = ResultFile.objects.create(request=request, name=name, digest=digest, received_at=clock.now())
    new, repeated = _matched(found.rows, request)
    DebitResult.objects.bulk_create(
        DebitResult(item=item, file=file, code=row.said["result"], recorded_at=clock.now()) for item, row in new
    )
    paid = [item for item, row in new if row.said["result"] == PAID]
    unpaid = [item for item, row in new if row.said["result"] != PAID]
    by_match = {}
    if paid:
        lines = [_report(request, item) for item in paid]
        by_match = take_in_lines(actor=actor, name=name, digest=digest, lines=lines).by_match
    return TakenResults(
        file, len(paid), sum(item.yen for item in paid), len(unpaid), sum(item.yen for item in unpaid), repeated,
        request.items.filter(results__isnull=True).count(), by_match,
    )  # fmt: skip


def _refuse_another(found: File, request: DebitRequest) -> None:
    """A file that answers another request, perhaps of another town; and one whose sums do not agree."""
    asked = read(DEBIT, bytes(request.content)).header
    if any(found.header[name] != asked[name] for name in OF_THE_TOWN):
        raise Refused(
            "委託者コードまたは取引口座が、この請求と違います。この市町村の結果データか確かめてください。",
            field="file", code="invalid",
        )  # fmt: skip
    if found.header["day"] != asked["day"]:
        raise Refused(
            "引落日が%(day)sの結果データです。この請求の引落日と違います。", field="file", code="invalid",
            day=f"{found.header['day'][:2]}/{found.header['day'][2:]}",
        )  # fmt: skip
    for row in found.rows:
        if row.said["result"] not in codes("result"):
            raise Refused(
                "%(line)d行目の結果コード「%(result)s」は一覧にありません。", field="file", code="invalid",
                line=row.line, result=row.said["result"],
            )  # fmt: skip
    refuse_wrong_totals(found, "paid_count", "paid_yen", [row for row in found.rows if row.said["result"] == PAID])
    refuse_wrong_totals(found, "unpaid_count", "unpaid_yen", [row for row in found.rows if row.said["result"] != PAID])


def _matched(rows: Sequence[Row], request: DebitRequest) -> tuple[list[tuple[DebitItem, Row]], int]:
    """Each new result with its line, and how many results were known: by account, customer and yen, in their order."""
    waiting, answered = defaultdict[Key, list[DebitItem]](list), defaultdict[Key, list[str]](list)
    items = request.items.select_related("mandate", "slip").prefetch_related("results").order_by("-position")
    for item in items:
        results = [result.code for result in item.results.all()]
        if results:
            answered[_key_of(item)].append(results[0])
        else:
            waiting[_key_of(item)].append(item)
    new, repeated = [], 0
    for row in rows:
        key = (*(row.said[name] for name in OF_A_LINE), str(row.yen))
        if row.said["result"] in answered[key]:
            answered[key].remove(row.said["result"])
            repeated += 1
        elif waiting[key]:
            new.append((waiting[key].pop(), row))
        else:
            _refuse_row(row, is_known=bool(answered[key]))
    return new, repeated


def _refuse_row(row: Row, *, is_known: bool) -> None:
    if is_known:
        raise Refused(
            "%(line)d行目の結果が、取り込み済みの結果と違います。銀行に確かめてください。",
            field="file", code="invalid", line=row.line,
        )  # fmt: skip
    raise Refused(
        "%(line)d行目は、この請求にない引落し、または重複した行です。銀行に確かめてください。",
        field="file", code="invalid", line=row.line,
    )  # fmt: skip


def _key_of(item: DebitItem) -> Key:
    account = item.mandate
    return (
        account.bank_code, account.branch_code, account.kind, account.number, account.customer, str(item.yen),
    )  # fmt: skip


def _report(request: DebitRequest, item: DebitItem) -> Line:
    """The money as any other channel would report it: confirmed, under the line's payment number."""
    return Line(
        line=item.position + 1, channel=Channel.DEBIT, stage=Stage.CONFIRMED, number=item.slip.number, yen=item.yen,
        paid_on=request.debit_on, place=f"{item.mandate.bank_code}{item.mandate.branch_code}",
        reference=f"D{request.pk}-{item.position}",
    )  # fmt: skip
