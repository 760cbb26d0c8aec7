"""Taking in what the channels report (収納・消込)."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.municipalities.bulk import among, load, take_ids
from municipal.payments import matching
from municipal.payments.announcements import announce
from municipal.payments.files import BadLine
from municipal.payments.intake import Line, read
from municipal.payments.matching import Finding
from municipal.payments.models import CollectionFile, Match, Posting, PostingKind, Report, Slip, Stage, Transfer
from municipal.payments.outcomes import BAD, REPEATED, Row
from municipal.payments.rules.instalments import fiscal_year
from municipal.payments.years import Years, years

from .posting import hold_charges, hold_suspense

AT_ONCE = 5_000


@dataclass(frozen=True)
class TakenIn:
    """What came of a file (取込みの結果).

    Reports by result, the number of those that said nothing new, the lines that are none, and every line in its order.
    ``file`` is None for a dry run.
    """

    file: CollectionFile | None
    by_match: dict[str, int]
    repeated: int
    bad: tuple[BadLine, ...]
    rows: tuple[Row, ...]


def try_out(name: str, data: bytes) -> TakenIn:
    """What ``take_in`` would do; it does the same and leaves nothing behind (試行). Raises Refused as it does."""
    lines, bad = _parted(data)
    with transaction.atomic():
        tried = _taken(name, hashlib.sha256(data).hexdigest(), lines, bad)
        transaction.set_rollback(True)
    return replace(tried, file=None)


@operation("payments.take_in")
def take_in(*, actor: Actor, name: str, data: bytes) -> TakenIn:
    """Take in a file of reports: book what is confirmed, note the rest, keep every line with its result (収納の取込み).

    All of the file or nothing. A report that was taken in before changes nothing, whatever file it stands in; lines
    that are no reports are named and left out. Raises Refused for the same file twice and for one that is none.
    """
    lines, bad = _parted(data)
    taken = _taken(name, hashlib.sha256(data).hexdigest(), lines, bad)
    record(actor=actor, subjects=_payers(taken.file))
    return taken


@operation("payments.take_in_lines")
def take_in_lines(*, actor: Actor, name: str, digest: str, lines: Sequence[Line]) -> TakenIn:
    """Take in reports that did not come as a file of the profile: the same way, the same books (収納の取込み).

    ``digest``: what makes the delivery the same as another, up to 64 characters, for example the SHA-256 of the message
    that brought it. Raises Refused for the same delivery twice.
    """
    taken = _taken(name, digest, lines, [])
    record(actor=actor, subjects=_payers(taken.file))
    return taken


def _taken(name: str, digest: str, lines: Sequence[Line], bad: Sequence[BadLine]) -> TakenIn:
    refuse_unstorable(name, 100, "name")
    file = CollectionFile.objects.create(name=name, digest=digest, lines=len(lines), received_at=clock.now())
    rows: list[Row] = []
    decided = years()
    if any(line.stage == Stage.CANCELLED for line in lines):
        hold_suspense()
    for part in _parts(lines):
        _hold(part)
        new = list(_new(part))
        findings = matching.find(new, matching.known(new))
        _book(file, findings, decided)
        rows += _rows(part, findings)
    return _result(file, rows, bad)


def _rows(part: Sequence[Line], findings: Sequence[Finding]) -> Iterator[Row]:
    found = {id(finding.line): finding.match for finding in findings}
    for line in part:
        yield Row(line.line, line.number, line.yen, str(found.get(id(line), REPEATED)))


def _result(file: CollectionFile | None, rows: list[Row], bad: Sequence[BadLine]) -> TakenIn:
    counts = Counter(row.result for row in rows)
    rows += [Row(one.line, "", 0, BAD, one.sentence) for one in bad]
    by_match = {match: counts[match] for match in Match.values}
    return TakenIn(file, by_match, counts[REPEATED], tuple(bad), tuple(sorted(rows)))


def _parted(data: bytes) -> tuple[list[Line], list[BadLine]]:
    lines, bad = [], []
    for one in read(data):
        if isinstance(one, Line):
            lines.append(one)
        else:
            bad.append(one)
    return lines, bad


def _parts(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines by the thousand; what is taken back stands in a later part than what it takes back."""
    part: list[Line] = []
    confirmed: set[tuple[str, str, str]] = set()
    for line in lines:
        key = line.channel, line.number, line.reference
        if len(part) == AT_ONCE or (line.stage == Stage.CANCELLED and key in confirmed):
            yield part
            part, confirmed = [], set()
        part.append(line)
        if line.stage == Stage.CONFIRMED:
            confirmed.add(key)
    if part:
        yield part


def _new(lines: Sequence[Line]) -> Iterator[Line]:
    """Those that say something that no report said before, here or in the register."""
    wanted = {line.number for line in lines}
    keys = ("channel", "stage", "number", "paid_on", "place", "reference")
    seen = set(Report.objects.filter(number__in=among(wanted, "text")).values_list(*keys))
    for line in lines:
        if line.key not in seen:
            seen.add(line.key)
            yield line


def _hold(lines: Sequence[Line]) -> None:
    numbers = {line.number for line in lines}
    hold_charges(Slip.objects.filter(number__in=among(numbers, "text")).values_list("charge", flat=True))


REPORT = (
    "file_id", "line", "channel", "stage", "number", "yen", "paid_on", "credited_on", "place", "reference", "match",
    "slip_id", "posting_id",
)  # fmt: skip
POSTING = ("id", "kind", "booked_on", "fiscal_year", "source", "reverses_id", "recorded_at")
TRANSFER = ("posting_id", "charge_id", "debit", "credit", "yen")


def _book(file: CollectionFile, findings: Sequence[Finding], decided: Years) -> None:
    """The reports with their postings, in three loads."""
    booked = [finding for finding in findings if finding.moves]
    numbers = dict(zip(map(id, booked), take_ids(Posting, len(booked)), strict=True))
    load(Posting, POSTING, (_posting(numbers[id(one)], one, decided) for one in booked))
    load(
        Transfer, TRANSFER,
        (
            (numbers[id(one)], move.charge and move.charge.pk, move.debit, move.credit, move.yen)
            for one in booked
            for move in one.moves
            if move.yen
        ),
    )  # fmt: skip
    load(Report, REPORT, (_report(file, one, numbers.get(id(one))) for one in findings))
    announce((_kind(one), numbers[id(one)]) for one in booked)


def _report(file: CollectionFile, finding: Finding, posting: int | None) -> tuple[Any, ...]:
    line, slip = finding.line, finding.slip
    return (
        file.pk, line.line, line.channel, line.stage, line.number, line.yen, line.paid_on, line.credited_on, line.place,
        line.reference, finding.match, slip and slip.pk, posting,
    )  # fmt: skip


def _posting(number: int, finding: Finding, decided: Years) -> tuple[Any, ...]:
    """``source`` holds what makes the report the same as another, so that it is booked once whatever happens."""
    line, undone = finding.line, finding.takes_back.posting if finding.takes_back else None
    source = "|".join((line.channel, line.stage, line.number, f"{line.paid_on:%Y%m%d}", line.place, line.reference))
    if undone:
        year = decided.open_year(undone.fiscal_year)
    else:
        levied = finding.slip.charge.assessment.fiscal_year if finding.slip else fiscal_year(line.paid_on)
        year = decided.of_collection(levied, line.paid_on, line.credited_on)
    digest = hashlib.sha256(source.encode()).hexdigest()
    return number, _kind(finding), clock.today(), year, digest, undone and undone.pk, clock.now()


def _kind(finding: Finding) -> PostingKind:
    is_undone = finding.takes_back is not None and finding.takes_back.posting is not None
    return PostingKind.REVERSE if is_undone else PostingKind.COLLECT


def _payers(file: CollectionFile | None) -> list[int]:
    found = Report.objects.filter(file=file, slip__isnull=False)
    return sorted(set(found.values_list("slip__charge__assessment__payer", flat=True)))
