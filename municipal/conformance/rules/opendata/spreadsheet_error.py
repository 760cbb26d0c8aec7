"""No cell holds an error of a spreadsheet (表計算のエラー値)."""

import re

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, collecting, columns, is_any, told

_ERRORS = re.compile(r"#(REF!|VALUE!|NAME\?|N/A|DIV/0!|NUM!|NULL!|SPILL!|#+)")


@set_rule(
    "ODS-0029",
    clause="open-data-sets/2021#数式",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(is_any),
)
def no_cell_holds_an_error_of_a_spreadsheet(tables: Tables, context: Context) -> Found:
    """No cell holds #REF!, #N/A or another error of a spreadsheet (表計算のエラー値).

    The formula behind the cell lost what it pointed to, and the value was published without it. Repair the formula
    in the source table, paste the values, and publish again. Workbooks tell their errors when they are read.
    """
    for item, filled in columns(tables, context, is_any):
        rows = [row for row in filled if ".xlsx#" not in context.files[row.file]]
        yield from told(item, [row for row in rows if _ERRORS.fullmatch(row[item.item].strip())], rows)
