"""A copy for inspection is noted where every issue is (閲覧用の写しの交付履歴の試験)."""

from typing import Any

import pytest

from municipal.certificates.models import CertificateIssue
from municipal.certificates.operations import dispose, print_copy
from municipal.core.refusals import Refused
from municipal.extracts import inspection_copies, operations
from municipal.extracts.models import ExtractFile, ExtractRun
from municipal.extracts.queries import Column, Query
from municipal.identity.tests.people import somebody
from municipal.office import jobs


def written(made: ExtractRun, format: str) -> ExtractFile:
    """A file ordered and written as the worker would."""
    file = operations.order_file(actor=made.owner, run=made, format=format)
    return operations.write_file(actor=jobs.ordered_by(file.job), file=file)


@pytest.mark.clause("resident-record/1.0#1.3.8/m1")
def test_a_copy_for_inspection_stands_in_the_issuance_history(people: Any, town: int) -> None:
    desk = somebody("extracts.run", "extracts.inspection_copy")
    made = operations.run_copy(actor=desk, asked=inspection_copies.Copying(blocks=("松町",)), purpose="inspection")
    file = written(made, "pdf")
    assert written(made, "labels").failure, "what was not written was not issued"
    issue = CertificateIssue.objects.get()
    copy = issue.copies.get()
    assert (issue.kind, issue.items) == ("inspection_copy", list(inspection_copies.HEADINGS))
    assert (issue.issued_by_kind, issue.issued_by_id) == ("staff", desk.pk)
    assert (issue.purpose, issue.copies_count, issue.fee_yen) == (f"抽出番号 {made.number}", 1, 0)
    assert (copy.digest, copy.day) == (file.sha256, issue.issued_on)
    assert copy.number.endswith(" 001")
    with pytest.raises(Refused) as refused:
        print_copy(actor=desk, copy=copy)
    assert refused.value.code == "made_by_an_extract"
    assert dispose(actor=desk, copy=copy, reason="町字を誤ったため").refunded_yen == 0
    query = operations.run_query(actor=desk, query=Query("residents", (Column("[氏名]"),)), purpose="own_work")
    written(query, "csv")
    assert CertificateIssue.objects.count() == 1
