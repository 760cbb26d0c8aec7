"""The code of a local government is one (全国地方公共団体コードの誤り)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables
from municipal.conformance.rules.opendata.code_without_check_digit import CHOSEN, codes_that_lack


@set_rule(
    "ODS-0024",
    clause="open-data-sets/2021#都道府県コード又は市区町村コード",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=PACKS,
    collects=CHOSEN,
)
def the_code_is_one(tables: Tables, context: Context) -> Found:
    """The code of a local government has six half-width digits and the right check digit (コードの誤り).

    Words, full-width digits, a wrong length and a wrong check digit are found, once for every value of a file. A code
    with the right check digit is right even if today's list lacks it: municipalities merge. Codes that only lack their
    check digit or their leading zero have rules of their own.
    """
    yield from codes_that_lack(tables, context, frozenset({"all"}))
