"""The error rows of a job as a file (エラー行の出力)."""

import csv
import io

from .models import Job

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def errors_csv(job: Job) -> bytes:
    """A job's error rows, in the order of their rows, as CSV in UTF-8 with a byte order mark (エラー行CSV).

    Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    writer.writerow(["行番号", "項目", "理由"])
    for bad in job.error_rows.order_by("row", "pk"):
        writer.writerow([bad.row, _plain(bad.field), _plain(bad.sentence)])
    return output.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
