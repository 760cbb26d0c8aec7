"""No list that is given away has a column for the individual number (個人番号の列)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.reading import TableFile, Unreadable
from municipal.conformance.recognition import plain
from municipal.conformance.rules import Context, file_rule

NUMBER = r"(?:^|_)(?:個人番号|マイナンバー|個人番号\(マイナンバー\)|my_?number|individual_?number)$"


@file_rule(
    "RES-0174",
    clause="Number Act (平成25年法律第27号), article 19",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=("resident-disclosure", "open-data-sets"),
)
def a_list_has_no_individual_numbers(file: TableFile | Unreadable, context: Context) -> Iterator[tuple[int, Fault]]:
    """A list for the public or for others has no column 個人番号, not even an empty one (個人番号の列).

    The law names the few tasks for which the number may be given. An empty column is found too: it shows that the
    list was drawn with the number, and the next one may be filled. Each column is found once, whatever its rows hold.

    Right although it looks odd: 個人番号カード発行有無 (it says whether there is a card) and 宛名番号.
    """
    for column in file.columns if isinstance(file, TableFile) else ():
        if re.search(NUMBER, plain(column)):
            yield 0, Fault(column)
