"""Keeping questions, asking them, ordering and taking files (抽出の操作)."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import connections
from django.db.models import Max

from municipal.audit.operations import disclose, operation, record
from municipal.certificates.operations import note_inspection_copy
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.identity.models import Staff, permissions_of
from municipal.municipalities import wall
from municipal.office.operations import order_job

from . import inspection_copies, paper, queries, running, runs, sampling, writing
from .answers import Answer, Label, Row
from .models import ExtractFile, ExtractPiece, ExtractRun, SavedQuery
from .running import Line

WRITE = "extracts.write"
"""The job kind that writes a file (抽出ファイルの作成)."""
KEPT_FOR = timedelta(days=7)
PIECE, AT_ONCE = 1_000_000, 2_000
MOST_BYTES = 300_000_000
NAME, NOTE = 100, 200
LABEL_FIELDS = ("name", "address_block", "address_lot", "address_building", "address_postal_code")


@operation("extracts.save_query")
def save_query(*, actor: Staff, name: str, query: queries.Query, is_shared: bool) -> SavedQuery:
    """Keep a question under a name; one of one's own of that name is retired by it (抽出条件の保存).

    Raises Refused for a question that cannot be asked, and without a name.
    """
    refuse_unstorable(name, NAME, "name")
    if not name.strip():
        raise Refused("条件の名前を入力してください。", field="name", code="no_name")
    queries.ready(query, permissions=permissions_of(actor), hidden=())
    now = clock.now()
    SavedQuery.objects.filter(owner=actor, name=name.strip(), retired_at=None).update(retired_at=now)
    made = SavedQuery.objects.create(
        owner=actor, name=name.strip(), query=query.as_json(), is_shared=is_shared, saved_at=now
    )
    record(actor=actor, code=str(made.pk))
    return made


@operation("extracts.retire_query")
def retire_query(*, actor: Staff, saved: SavedQuery) -> None:
    """Take a question of one's own out of use (抽出条件の廃止). Raises Refused for somebody else's."""
    if saved.owner_id != actor.pk:
        raise Refused("ほかの職員の条件は変えられません。自分の条件として保存してください。", code="not_yours")
    if not SavedQuery.objects.filter(pk=saved.pk, retired_at=None).update(retired_at=clock.now()):
        raise Refused("この条件はすでに使われていません。一覧を開き直してください。", code="retired")
    record(actor=actor, code=str(saved.pk))


@implements("resident-record/1.0#10.1/m12")
@operation("extracts.run")
def run_query(*, actor: Staff, query: queries.Query, purpose: str, note: str = "") -> ExtractRun:
    """Begin a run of a question; nothing is shown yet (抽出の実行). Raises Refused for what cannot be asked."""
    held = runs.permissions_for(actor, ExtractRun.Kind.QUERY)
    queries.ready(query, permissions=held, hidden=())
    return _begin(actor, ExtractRun.Kind.QUERY, query.as_json(), purpose, note)


@operation("extracts.sample")
def run_sample(*, actor: Staff, asked: sampling.Sampling, purpose: str, note: str = "") -> ExtractRun:
    """Begin a run that draws people at random (無作為抽出の実行)."""
    runs.permissions_for(actor, ExtractRun.Kind.SAMPLE)
    sampling.check(asked)
    return _begin(actor, ExtractRun.Kind.SAMPLE, asked.as_json(), purpose, note)


@operation("extracts.copy_for_inspection")
def run_copy(*, actor: Staff, asked: inspection_copies.Copying, purpose: str, note: str = "") -> ExtractRun:
    """Begin a run that makes the copy for inspection (閲覧用台帳の作成)."""
    runs.permissions_for(actor, ExtractRun.Kind.COPY)
    inspection_copies.check(asked)
    return _begin(actor, ExtractRun.Kind.COPY, asked.as_json(), purpose, note)


def _begin(actor: Staff, kind: str, asked: Mapping[str, Any], purpose: str, note: str) -> ExtractRun:
    if purpose not in runs.PURPOSES:
        raise Refused("抽出の目的を一覧から選んでください。", field="purpose", code="no_purpose")
    refuse_unstorable(note, NOTE, "note")
    made = ExtractRun.objects.create(
        number=_next_number(), kind=kind, asked=asked, purpose=purpose, note=note, owner=actor, asked_at=clock.now()
    )
    # What was asked may hold names and addresses: the audit has the number under which it is kept.
    record(actor=actor, purpose=purpose, code=str(made.number))
    return made


def _next_number() -> int:
    """The town's next number; a lock until the commit keeps two runs from taking the same one."""
    with connections[wall.opening().using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('extracts.number'), %s)", [wall.current()])
    return int(ExtractRun.objects.aggregate(last=Max("number"))["last"] or 0) + 1


@operation("extracts.show")
def show(*, actor: Staff, run: ExtractRun, start: int, size: int) -> tuple[queries.Ready, int, list[Line]]:
    """A page of a run's rows and how many there are; everybody on it counts as disclosed (抽出結果の表示)."""
    _refuse_unless_own(actor, run)
    ready = runs.ready_of(run)
    count, lines = running.how_many(ready), running.page(ready, start=start, size=size)
    _disclose(actor, run, [whom for line in lines for whom in line.subjects], ready.fields)
    return ready, count, lines


@operation("extracts.show_drawn")
def show_drawn(*, actor: Staff, run: ExtractRun, start: int, size: int) -> tuple[Answer, int, list[Row]]:
    """A page of a draw or of a copy for inspection (無作為抽出・閲覧用台帳の表示)."""
    _refuse_unless_own(actor, run)
    answer = runs.answer_of(run, is_spoken=True)
    with running.bounded(running.SECONDS_AT_A_SCREEN):
        rows = list(answer.rows)
    lines = rows[start : start + size]
    _disclose(actor, run, [whom for row in lines for whom in row.subjects], answer.fields)
    return answer, len(rows), lines


@operation("extracts.show_labels")
def show_labels(*, actor: Staff, run: ExtractRun, start: int, size: int) -> tuple[list[Label], int]:
    """A page of labels as they will be printed, and how many people the run found (宛名の表示)."""
    _refuse_unless_own(actor, run)
    with running.bounded(running.SECONDS_AT_A_SCREEN):
        labels, people = runs.labels_of(run, start=start, size=size)
        shown = list(labels)
    _disclose(actor, run, [label.subject for label in shown], LABEL_FIELDS)
    return shown, people


def _refuse_unless_own(actor: Staff, run: ExtractRun) -> None:
    if run.owner_id != actor.pk:
        raise Refused("ほかの職員の抽出結果は見られません。", code="not_yours")


def _disclose(actor: Actor, run: ExtractRun, subjects: Iterable[int], fields: Iterable[str]) -> None:
    record(actor=actor, purpose=run.purpose, code=str(run.number))
    people, named = list(dict.fromkeys(subjects)), [name.replace("__", ".") for name in fields]
    for start in range(0, len(people), AT_ONCE):
        disclose(actor=actor, subjects=people[start : start + AT_ONCE], fields=named, purpose=run.purpose)


@implements("resident-record/1.0#10.1/m17")
@operation("extracts.order_file")
def order_file(*, actor: Staff, run: ExtractRun, format: str, is_spoken: bool = False) -> ExtractFile:
    """Have a file of a run written by a worker; old files are emptied meanwhile (ファイルへの出力の依頼)."""
    _refuse_unless_own(actor, run)
    runs.permissions_for(actor, run.kind)
    if format not in ExtractFile.Format.values:
        raise Refused("ファイルの形式を一覧から選んでください。", field="format", code="no_such_format")
    _empty_old()
    job = order_job(actor=actor, kind=WRITE)
    made = ExtractFile.objects.create(run=run, job=job, format=format, is_spoken=is_spoken, ordered_at=clock.now())
    record(actor=actor, purpose=run.purpose, code=f"{run.number} {format}")
    return made


def _empty_old() -> None:
    old = ExtractFile.objects.filter(ordered_at__lt=clock.now() - KEPT_FOR, removed_at=None)
    ExtractPiece.objects.filter(file__in=old).delete()
    old.update(removed_at=clock.now())


@implements("resident-record/1.0#10.1/m16")
@operation("extracts.write_file")
def write_file(*, actor: Actor, file: ExtractFile) -> ExtractFile:
    """Write an ordered file, whole or not at all; everybody in it counts as disclosed (抽出ファイルの作成).

    What cannot be written is said in the file's ``failure``: the worker has nobody to tell.
    """
    run, seen = file.run, _Seen()
    try:
        with running.bounded(running.SECONDS_OF_A_WORKER):
            digest, number = sha256(), 0
            for number, piece in enumerate(_pieces(_bytes(file, seen)), start=1):
                digest.update(piece)
                file.size += len(piece)
                _refuse_too_big(file.size)
                ExtractPiece.objects.create(file=file, number=number, content=zlib.compress(piece, 6))
        file.sha256 = digest.hexdigest()
    except Refused as refused:
        file.failure, file.size = str(refused)[:300], 0
        seen = _Seen()
    file.rows, file.left_out, file.written_at = seen.rows, seen.left_out, clock.now()
    file.save()
    if run.kind == ExtractRun.Kind.COPY and not file.failure:
        place = run.owner.department[:30]
        headings = inspection_copies.HEADINGS
        note_inspection_copy(actor=actor, run=run.number, items=headings, place=place, digest=file.sha256)
    _disclose(actor, run, seen.subjects, seen.fields)
    return file


def _refuse_too_big(size: int) -> None:
    if size > MOST_BYTES:
        raise Refused("ファイルが大きすぎます。項目か条件をしぼってください。", code="file_too_big")


class _Seen:
    """Who stands in a file while it is written, and how many rows."""

    def __init__(self) -> None:
        self.subjects: list[int] = []
        self.fields: tuple[str, ...] = ()
        self.rows = self.left_out = 0

    def noted(self, rows: Iterator[Row]) -> Iterator[Row]:
        for row in rows:
            self.rows += 1
            self.subjects += row.subjects
            yield row


def _bytes(file: ExtractFile, seen: _Seen) -> Iterator[bytes]:
    if file.format == ExtractFile.Format.LABELS:
        labels, people = runs.labels_of(file.run)
        wanted = list(labels)
        seen.rows, seen.left_out = len(wanted), people - len(wanted)
        seen.subjects, seen.fields = [label.subject for label in wanted], LABEL_FIELDS
        yield paper.labels_on_paper(wanted)
        return
    answer = runs.answer_of(file.run, is_spoken=file.is_spoken)
    seen.fields = answer.fields
    noted = Answer(answer.title, answer.headings, seen.noted(answer.rows), answer.fields)
    if file.format == ExtractFile.Format.PDF:
        yield paper.list_on_paper(noted)
    else:
        yield from writing.written(noted, file.format)


def _pieces(parts: Iterator[bytes]) -> Iterator[bytes]:
    kept = bytearray()
    for part in parts:
        kept += part
        while len(kept) >= PIECE:
            yield bytes(kept[:PIECE])
            del kept[:PIECE]
    if kept:
        yield bytes(kept)


@operation("extracts.take_file")
def take_file(*, actor: Staff, file: ExtractFile) -> bytes:
    """The bytes of a file of one's own run, to be taken along (抽出ファイルの取出し).

    Raises Refused where it is not there yet, could not be written, or is emptied already.
    """
    _refuse_unless_own(actor, file.run)
    runs.permissions_for(actor, file.run.kind)
    if file.removed_at is not None:
        raise Refused("保存期間が過ぎたファイルです。もう一度出力してください。", code="file_emptied")
    if file.written_at is None or file.failure:
        raise Refused("このファイルはまだ作成されていません。", code="file_not_written")
    content = b"".join(zlib.decompress(bytes(piece.content)) for piece in file.pieces.order_by("number"))
    record(actor=actor, purpose=file.run.purpose, code=f"{file.run.number} {file.format}")
    return content
