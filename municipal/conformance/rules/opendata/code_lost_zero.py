"""The code of a local government keeps its leading zero (先頭の0が落ちたコード)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables
from municipal.conformance.rules.opendata.code_without_check_digit import CHOSEN, codes_that_lack


@set_rule(
    "ODS-0023",
    clause="open-data-sets/2021#都道府県コード又は市区町村コード",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=PACKS,
    collects=CHOSEN,
)
def the_code_keeps_its_leading_zero(tables: Tables, context: Context) -> Found:
    """A code that begins with 0 keeps it (先頭の0が落ちたコード).

    The nine prefectures from Hokkaido to Tochigi have codes that begin with 0. A spreadsheet that takes the column for
    numbers drops it: 092011 becomes 92011, which belongs to no municipality. Said once for every code of a file. Set
    the column to text before the data are typed or imported.
    """
    yield from codes_that_lack(tables, context, frozenset({"zero", "both"}))
