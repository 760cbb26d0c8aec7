"""Tables as files that a spreadsheet opens, and the error rows of a job as one (表の出力).

Cells that a spreadsheet would take for a formula begin with an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from municipal.core.characters import neutral_for_spreadsheet

from .models import Job


def sheet(lines: Iterable[Sequence[object]]) -> bytes:
    """``lines`` as CSV in UTF-8 with a byte order mark, every cell harmless (表のCSV)."""
    output = io.StringIO(newline="")
    csv.writer(output).writerows([neutral_for_spreadsheet(str(cell)) for cell in line] for line in lines)
    return output.getvalue().encode("utf-8-sig")


def errors_csv(job: Job) -> bytes:
    """A job's error rows, in the order of their rows (エラー行CSV)."""
    rows = job.error_rows.order_by("row", "pk")
    return sheet([("行番号", "項目", "理由"), *((bad.row, bad.field, bad.sentence) for bad in rows)])
