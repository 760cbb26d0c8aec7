"""Reading: from paths to tables in batches, with everything that was odd on the way (ファイルの読取り).

``read`` is all that others need. Below it: ``paths`` walks files, folders and archives, ``kinds`` looks what a file
is, ``head`` and ``delimited`` read CSV and TSV, ``workbook``, ``jsonfile`` and ``parquet`` the rest.
"""

from municipal.conformance.reading.headings import Headings
from municipal.conformance.reading.paths import read
from municipal.conformance.reading.tables import Oddity, TableFile, Unreadable

__all__ = ["Headings", "Oddity", "TableFile", "Unreadable", "read"]
