"""Getting an issued copy onto paper or into a file, each time with a line in the audit (証明書の印刷; #10.7)."""

import shlex
import subprocess
from hashlib import sha256

from django.conf import settings

from municipal.audit.operations import operation, record
from municipal.certificates.contents import read
from municipal.certificates.gathering import printed
from municipal.certificates.kinds import KINDS, LIST
from municipal.certificates.models import CertificateCopy, Output, Printer
from municipal.certificates.rules.numbering import IssueNumber
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.residents.suppression import ISSUE, decide

from .issuing import drawn_of

PATIENCE_SECONDS = 20


def pdf_of(actor: Actor, copy: CertificateCopy) -> bytes:
    """The PDF of a copy, byte by byte as it was issued (再描画).

    Raises Refused where that can no longer be had: the forms or an individual number have changed since.
    """
    issue = copy.issue
    if KINDS[issue.kind].family == LIST:
        raise Refused("閲覧用の写しは、抽出の画面でファイルを受け取ってください。", code="made_by_an_extract")
    contents = read(issue.contents)
    number = IssueNumber(copy.day, contents.town, issue.terminal, issue.printer, copy.serial)
    pdf = drawn_of(actor, contents, number).pdf
    if sha256(pdf).hexdigest() != copy.digest:
        raise Refused(
            "発行したときと同じ証明書を作れません。この証明書は処分し、新しく発行してください。", code="not_the_same"
        )
    return pdf


@implements("resident-record/1.0#10.7/m4", "resident-record/1.0#10.7/n1")
@operation("certificates.print_copy")
def print_copy(*, actor: Actor, copy: CertificateCopy) -> bytes:
    """Give out an issued copy: as a file, or to the printer and the tray that were chosen (印刷).

    On the day of issue only: what is asked for later is issued anew, with a number of its own. Returns the PDF.
    """
    issue = copy.issue
    if issue.issued_on != clock.today():
        raise Refused("印刷できるのは発行した日だけです。必要なときは、新しく発行してください。", code="not_today")
    if copy.disposals.exists():
        raise Refused("この証明書は処分されています。", code="disposed")
    decide(ISSUE, issue.subjects).refuse_errors()
    pdf = pdf_of(actor, copy)
    record(actor=actor, subjects=issue.subjects, fields=printed(read(issue.contents)), purpose="print")
    if issue.output == Output.PAPER:
        _to_printer(pdf, issue.printer, issue.tray)
    return pdf


@implements("resident-record/1.0#10.7/m1")
def _to_printer(pdf: bytes, number: str, tray: str) -> None:
    """Hand the PDF to the system's print command (``lp`` of CUPS), which takes it from its standard input."""
    command = shlex.split(settings.KIJUN_PRINT_COMMAND)
    printer = Printer.objects.filter(number=number).first()
    if not command or printer is None:
        raise Refused(
            "プリンタへの出力が設定されていません。PDFで出力するか、管理者に確かめてください。", code="no_printing"
        )
    options = ["-o", f"media-source={tray}"] if tray else []
    try:
        subprocess.run(
            [*command, "-d", printer.queue, *options], input=pdf, check=True, capture_output=True,
            timeout=PATIENCE_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        raise Refused(
            "プリンタに送れませんでした。プリンタを確かめて、もう一度印刷してください。", code="printer_failed"
        ) from None
