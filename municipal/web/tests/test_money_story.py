"""A year of national health insurance, from the file to the closing, by the pages alone (公金の通し試験).

Every yen is reckoned here a second time, from what was charged and what people did, and compared with the books.
"""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from conftest import TOWN
from fixtures.money.habits import COLUMNS as REPORT
from fixtures.money.levies import COLUMNS as ASSESSMENT
from fixtures.money.levies import text_of
from municipal.addressees.operations.directory import DirectoryEntry, register_payer
from municipal.conformance.findings import Exit
from municipal.conformance.slips import judge_file
from municipal.conformance.slips.decoding import pages
from municipal.core import clock
from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.payments.balances import Standing, by_fee
from municipal.payments.models import Charge, Report, Slip

from .entering import text
from .handing_in import upload, worked
from .keeping import key_in, staff

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
MAY = tuple(f"payments.{name}" for name in ("view", "payers", "assess", "slips", "collect", "refund", "close"))
PREMIUMS = [61_800, 300_000, 45_000, 46_000, 47_000, 48_000, 49_000, 50_000, 700_000, 51_000]
"""Yen a year, in two instalments; the second can just be paid at a store, the ninth is too much for one."""
CLERK = System("demo")


@pytest.fixture(autouse=True)
def _today(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.KIJUN_PAYMENTS = tmp_path / "payments"
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def clerk(committed_db: str) -> Client:
    return staff(*MAY)


def people() -> list[str]:
    """The numbers of ten people, one for each premium."""
    home = {"prefecture": "架空県", "city": "架空市", "block": "東雲町", "lot": "１番地", "postal_code": "0000104"}
    with wall.within(TOWN):
        return [
            register_payer(
                actor=CLERK, entry=DirectoryEntry("non_resident", f"甲野　{name}", "コウノ", address=home)
            ).number
            for name in "一二三四五六七八九十"
        ]


def halves(yen: int) -> tuple[int, int]:
    """Two instalments in whole hundreds, the rest in the first."""
    second = yen // 2 // 100 * 100
    return yen - second, second


def handed_in(clerk: Client, page: str, name: str, data: bytes) -> str:
    """Handed in, tried, and booked: the page of the file."""
    answer = clerk.post(page, {"file": upload(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    worked()
    place = str(answer["Location"])
    assert clerk.post(place, {"key": key_in(clerk.get(place))}).status_code == 302
    worked()
    return place


def charged(clerk: Client) -> list[list[Slip]]:
    """Everybody is charged from a file and gets slips by a run; the slips of each person, in order."""
    due = "2026-11-30 2026-12-25"
    rows = [
        ("901", 2026, 2026, f"K{place}", payer, yen, due)
        for place, (payer, yen) in enumerate(zip(people(), PREMIUMS, strict=True))
    ]
    handed_in(clerk, "/money/assessments/files", "premiums.csv", text_of(ASSESSMENT, rows))
    said = {"fee": "901", "levy_year": 2026, "periods": "", "order": "number", "pay_until": ""}
    answer = clerk.post("/money/slips/order", said | {"key": key_in(clerk.get("/money/slips/order"))})
    assert answer.status_code == 302
    worked()
    with wall.within(TOWN):
        charges = Charge.objects.order_by("assessment__reference", "period").prefetch_related("slips")
        slips = [charge.slips.get() for charge in charges]
    return [slips[2 * place : 2 * place + 2] for place in range(len(PREMIUMS))]


def printed(clerk: Client, folder: Path) -> Path:
    """The file of the run, as it goes to the printer."""
    answer = clerk.get("/money/slips/runs/1/mail.pdf")
    assert answer.status_code == 200
    path = folder / "slips.pdf"
    path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    return path


def test_the_codes_on_every_slip_of_the_run_are_read_back(clerk: Client, tmp_path: Path) -> None:
    slips = [slip for some in charged(clerk) for slip in some]
    file = printed(clerk, tmp_path)
    judged = judge_file(file, today=NOON.date())
    # A specimen has the code of an agency that does not exist; nothing else may be found.
    assert {finding.code for finding in judged.findings} == {"ELQ-0009"}
    assert judged.exit_status is Exit.NOTHING_FOUND
    texts = [symbol.text for page in pages(file) for symbol in page.symbols]
    assert sum(len(text) == 255 for text in texts) == len(slips)
    # The two halves of 700,000 yen are too much for a store.
    assert sum(len(text) == 44 for text in texts) == len(slips) - 2
    for slip in slips:
        assert any(len(text) == 255 and slip.number in text for text in texts), slip.number


def line(channel: str, stage: str, slip: Slip | str, yen: int, reference: str) -> tuple[object, ...]:
    number = slip if isinstance(slip, str) else slip.number
    return channel, stage, number, yen, "2026-11-19", "0001", reference, ""


def told(slips: list[list[Slip]]) -> list[tuple[object, ...]]:
    """What the channels tell of the first instalments: every channel, every fault."""
    first = [some[0] for some in slips]
    return [
        line("store", "provisional", first[0], first[0].yen, "A0"),
        line("store", "confirmed", first[0], first[0].yen, "A0"),
        line("store", "confirmed", first[1], first[1].yen, "A1"),
        line("app", "confirmed", first[1], first[1].yen, "B1"),
        line("bank", "confirmed", first[2], first[2].yen - 1_000, "A2"),
        line("site", "confirmed", first[3], first[3].yen + 700, "A3"),
        line("bank", "confirmed", "77" + first[4].number[2:], first[4].yen, "A4"),
        line("store", "provisional", first[5], first[5].yen, "A5"),
        line("store", "cancelled", first[5], first[5].yen, "A5"),
        line("counter", "confirmed", first[5], first[5].yen, "B5"),
        line("debit", "confirmed", first[6], first[6].yen, "A6"),
        line("store", "confirmed", first[7], first[7].yen, "A7"),
        line("store", "cancelled", first[7], first[7].yen, "A7"),
        line("bank", "confirmed", first[8], first[8].yen, "A8"),
        line("bank", "confirmed", "9" * 20, 3_300, "A9"),
    ]


def report_of(reference: str) -> int:
    with wall.within(TOWN):
        return Report.objects.get(reference=reference, stage="confirmed").pk


def decided(clerk: Client, reference: str, act: str, **said: object) -> None:
    number = report_of(reference)
    page = clerk.get(f"/money/queues/{number}").content.decode()
    key = re.search(rf'/{act}".*?name="key" value="([^"]+)"', page, re.DOTALL)
    how = "give-back" if act in ("refunded", "returned") else "decide"
    answer = clerk.post(f"/money/queues/{number}/{how}/{act}", {"key": key and key[1], "reason": "確認済み", **said})
    assert answer.status_code == 302, text(answer)


def checked() -> dict[str, Any]:
    """What the command says; it ends with 0."""
    said = io.StringIO()
    call_command("ledger_check", "--format", "json", "--town", f"{TOWN}", stdout=said)
    found: dict[str, Any] = json.loads(said.getvalue())[0]
    assert found["broken"] == []
    return found


def settled(clerk: Client, **yen: int) -> None:
    """The money of each channel is on the account."""
    for channel, amount in yen.items():
        page = "/money/reconciliation/settlements/new"
        said = {"channel": channel, "reference": f"入金{channel}", "yen": amount, "credited_on": "2026-11-20"}
        answer = clerk.post(page, said | {"key": key_in(clerk.get(page))})
        assert answer.status_code == 302, answer.content.decode()


def told_by_files(clerk: Client, slips: list[list[Slip]]) -> list[tuple[object, ...]]:
    """Two files: with a report twice and a bad line; then the same reports in another file, with one that is new."""
    lines = told(slips)
    data = text_of(REPORT, [*lines, lines[1], line("store", "confirmed", slips[9][0], 0, "BAD")], is_counted=True)
    handed_in(clerk, "/money/collections", "november.csv", data)
    later = [*lines, line("app", "confirmed", slips[0][1], slips[0][1].yen, "C0")]
    handed_in(clerk, "/money/collections", "november-again.csv", text_of(REPORT, later, is_counted=True))
    return later


def cases_decided(clerk: Client, slips: list[list[Slip]], twice: int) -> None:
    """Twice: 20,000 for the second instalment, the rest back; 700 too much back; both of nobody dealt with."""
    with wall.within(TOWN):
        other = Charge.objects.get(slips__number=slips[1][1].number).pk
    decided(clerk, "B1", "applied", charge=other, yen=20_000)
    decided(clerk, "B1", "refunded", yen=twice - 20_000)
    decided(clerk, "A3", "refunded", yen=700)
    decided(clerk, "A4", "identified", number=slips[4][0].number)
    decided(clerk, "A9", "returned")
    decided(clerk, "A2", "left")


def test_every_yen_is_accounted_for_from_the_assessment_to_the_closing(clerk: Client) -> None:
    slips = charged(clerk)
    first, second = zip(*map(halves, PREMIUMS), strict=True)
    later = told_by_files(clerk, slips)
    in_between = checked()
    assert in_between["collected"] == sum(int(str(one[3])) for one in later if one[1] == "confirmed") - first[7]
    assert in_between["suspense"] == first[4] + 3_300
    assert in_between["total"]["overpaid"] == first[1] + 700

    cases_decided(clerk, slips, first[1])
    by_channel = {
        "store": first[0] + first[1], "app": first[1] + second[0], "site": first[3] + 700, "debit": first[6],
        "counter": first[5], "bank": first[2] - 1_000 + first[4] + first[8] + 3_300,
    }  # fmt: skip
    settled(clerk, **by_channel)
    closing = {"day": "2026-10-31", "is_known": "on", "key": key_in(clerk.get("/money/closing"))}
    assert clerk.post("/money/closing", closing).status_code == 302

    paid = sum(first[place] for place in (0, 1, 3, 4, 5, 6, 8)) + second[0]
    applied, back = paid + first[2] - 1_000 + 20_000, first[1] - 20_000 + 700
    expected = Standing(sum(PREMIUMS), applied, 0, sum(PREMIUMS) - applied, 0, back)
    with wall.within(TOWN):
        assert list(by_fee()) == [("901", 2026, expected)]
    found = checked()
    # Of no debt, but of the whole: what came for nobody and was sent back.
    assert Standing(**found["total"]) == replace(expected, refunded=back + 3_300)
    assert (found["collected"], found["suspense"]) == (sum(by_channel.values()), 0)
    assert (found["accounts"]["in_transit"], found["accounts"]["cash"]) == (0, sum(by_channel.values()) - back - 3_300)
