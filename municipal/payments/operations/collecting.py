"""Taking in what the channels report (収納・消込)."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.payments import matching
from municipal.payments.files import BadLine
from municipal.payments.intake import Line, read
from municipal.payments.matching import Finding
from municipal.payments.models import CollectionFile, Match, Posting, PostingKind, Report, Slip, Stage, Transfer
from municipal.payments.rules.instalments import fiscal_year

AT_ONCE = 2_000


@dataclass(frozen=True)
class TakenIn:
    """What came of a file (取込みの結果).

    Reports by result, the number of those that said nothing new, and the lines that are none. ``file`` is None for a
    dry run.
    """

    file: CollectionFile | None
    by_match: dict[str, int]
    repeated: int
    bad: tuple[BadLine, ...]


def try_out(name: str, data: bytes) -> TakenIn:
    """What ``take_in`` would do; nothing is changed (試行)."""
    lines, bad = _parted(data)
    counts = dict.fromkeys(Match.values, 0)
    new = list(_new(lines))
    for finding in matching.find(new, matching.known(lines)):
        counts[finding.match] += 1
    return TakenIn(None, counts, len(lines) - len(new), tuple(bad))


@operation("payments.take_in")
def take_in(*, actor: Actor, name: str, data: bytes) -> TakenIn:
    """Take in a file of reports: book what is confirmed, note the rest, keep every line with its result (収納の取込み).

    All of the file or nothing. A report that was taken in before changes nothing, whatever file it stands in; lines
    that are no reports are named and left out. Raises Refused for the same file twice and for one that is none.
    """
    refuse_unstorable(name, 100, "name")
    lines, bad = _parted(data)
    digest = hashlib.sha256(data).hexdigest()
    file = CollectionFile.objects.create(name=name, digest=digest, lines=len(lines), received_at=clock.now())
    counts, repeated = dict.fromkeys(Match.values, 0), 0
    for part in _parts(lines):
        _lock_charges(part)
        new = list(_new(part))
        repeated += len(part) - len(new)
        findings = matching.find(new, matching.known(new))
        _book(file, findings)
        for finding in findings:
            counts[finding.match] += 1
    record(actor=actor, subjects=_payers(file))
    return TakenIn(file, counts, repeated, tuple(bad))


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
    seen = set(Report.objects.filter(number__in=wanted).values_list(*keys))
    for line in lines:
        if line.key not in seen:
            seen.add(line.key)
            yield line


def _lock_charges(lines: Sequence[Line]) -> None:
    """Nobody else books on these charges until the transaction ends."""
    numbers = {line.number for line in lines}
    charges = list(Slip.objects.filter(number__in=numbers).values_list("charge", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT kijun_lock_charges(%s)", [charges])


def _book(file: CollectionFile, findings: Sequence[Finding]) -> None:
    """The reports with their postings, in three statements."""
    kept = [_report(file, finding) for finding in findings]
    moves = [finding.moves for finding in findings]
    postings = [
        _posting(finding, report) if moved else None
        for finding, report, moved in zip(findings, kept, moves, strict=True)
    ]
    Posting.objects.bulk_create(posting for posting in postings if posting)
    Transfer.objects.bulk_create(
        Transfer(posting=posting, charge=move.charge, debit=move.debit, credit=move.credit, yen=move.yen)
        for posting, moved in zip(postings, moves, strict=True)
        for move in moved
        if posting and move.yen
    )
    for report, posting in zip(kept, postings, strict=True):
        report.posting = posting
    Report.objects.bulk_create(kept)


def _report(file: CollectionFile, finding: Finding) -> Report:
    line = finding.line
    return Report(
        file=file, line=line.line, channel=line.channel, stage=line.stage, number=line.number, yen=line.yen,
        paid_on=line.paid_on, place=line.place, reference=line.reference, match=finding.match, slip=finding.slip,
    )  # fmt: skip


def _posting(finding: Finding, report: Report) -> Posting:
    """``source`` holds what makes the report the same as another, so that it is booked once whatever happens."""
    line, undone = finding.line, finding.takes_back.posting if finding.takes_back else None
    source = "|".join((line.channel, line.stage, line.number, f"{line.paid_on:%Y%m%d}", line.place, line.reference))
    year = finding.slip.charge.assessment.fiscal_year if finding.slip else fiscal_year(line.paid_on)
    return Posting(
        kind=PostingKind.REVERSE if undone else PostingKind.COLLECT, booked_on=clock.today(), fiscal_year=year,
        source=hashlib.sha256(source.encode()).hexdigest(), reverses=undone, recorded_at=clock.now(),
    )  # fmt: skip


def _payers(file: CollectionFile) -> list[int]:
    found = Report.objects.filter(file=file, slip__isnull=False)
    return sorted(set(found.values_list("slip__charge__assessment__payer", flat=True)))
