"""Figures and journals as tables for a spreadsheet (公金の出力).

Payers stand in them by number only.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from municipal.core.refusals import Refused
from municipal.office.exports import sheet

from .balances import by_fee
from .dashboard import balances_on, by_channel, by_day
from .fees import fees
from .models import Account, Channel, PostingKind, Transfer

MOST_LINES = 200_000
"""Lines of one journal; a spreadsheet opens a million, a browser waits for so many."""

JOURNAL = (
    "仕訳番号", "記帳日", "会計年度", "種類", "借方", "貸方", "金額", "調定番号", "宛名番号", "料金項目", "賦課年度",
    "取り消した仕訳", "記録日時",
)  # fmt: skip
STANDING = ("調定額", "充当額", "不納欠損額", "収入未済額", "過誤納金", "還付額")


def journal(first: date, last: date) -> bytes:
    """Every transfer of a period with the balances before and after it (仕訳帳).

    Raises Refused for days out of order and for more than MOST_LINES lines.
    """
    if last < first:
        raise Refused("期間の終わりが始まりより前です。日付を確かめてください。", field="last", code="invalid")
    found = Transfer.objects.filter(posting__booked_on__gte=first, posting__booked_on__lte=last)
    if found[MOST_LINES : MOST_LINES + 1].exists():
        raise Refused(
            "仕訳が%(most)d行を超えます。期間を短くしてください。", field="last", code="too_large", most=MOST_LINES
        )
    rows = found.order_by("posting", "pk").values_list(
        "posting", "posting__booked_on", "posting__fiscal_year", "posting__kind", "debit", "credit", "yen", "charge",
        "charge__assessment__payer__number", "charge__assessment__fee", "charge__assessment__levy_year",
        "posting__reverses", "posting__recorded_at",
    )  # fmt: skip
    before = first - timedelta(days=1)
    return sheet([*_balances(before, "期首残高"), JOURNAL, *map(_line, rows.iterator()), *_balances(last, "期末残高")])


def _balances(day: date, title: str) -> Iterator[Sequence[Any]]:
    yield (title, f"{day:%Y-%m-%d}")
    for account, yen in balances_on(day).items():
        yield (Account(account).label, yen)
    yield ()


def _line(row: Sequence[Any]) -> Sequence[Any]:
    number, booked_on, year, kind, debit, credit, yen, charge, payer, fee, levy_year, reverses, recorded_at = row
    return (
        number, f"{booked_on:%Y-%m-%d}", year, PostingKind(kind).label, Account(debit).label, Account(credit).label,
        yen, charge or "", payer or "", fee or "", levy_year or "", reverses or "", recorded_at.isoformat(),
    )  # fmt: skip


def days(first: date, last: date) -> bytes:
    """Collected yen by day (日別の収納)."""
    return sheet([("記帳日", "収納額"), *((f"{day:%Y-%m-%d}", yen) for day, yen in by_day(first, last).items())])


def channels(first: date, last: date) -> bytes:
    """Reports and collected yen by channel (チャネル別の収納)."""
    found = by_channel(first, last).items()
    return sheet([("チャネル", "件数", "収納額"), *((Channel(name).label, *said) for name, said in found)])


def by_item(first: date, last: date) -> bytes:
    """Figures by fee and levy year, of the whole books whatever the period (料金項目・年度別)."""
    rows = (
        (code, fees()[code].name_ja if code in fees() else "", year, one.charged, one.applied, one.written_off,
         one.outstanding, one.overpaid, one.refunded)
        for code, year, one in by_fee()
    )  # fmt: skip
    return sheet([("料金項目", "名称", "賦課年度", *STANDING), *rows])


def balances(day: date) -> bytes:
    """Balances of the accounts at the end of a day (残高表)."""
    return sheet(_balances(day, "残高"))
