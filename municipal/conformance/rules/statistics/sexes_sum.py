"""Men and women are together the total (男女計)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.statistics import STOCK_PACKS, Found, Tables, counts, fault, flows

SUMS = (("total", "men", "women"), ("births", "births_men", "births_women"), ("deaths", "deaths_men", "deaths_women"))


@set_rule(
    "STAT-0001",
    clause="open-data-sets/2021#総人口,男性,女性",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=STOCK_PACKS,
    collects=flows,
)
def men_and_women_are_together_the_total(tables: Tables, context: Context) -> Found:
    """In every row the men and the women are together the total (男女計).

    The same for births and deaths. Rows with a hidden or unreadable figure are not judged. A difference of one usually
    means that one cell was corrected and the others were not: take the row from the register again.
    """
    for table, rows in tables.items():
        for row in rows:
            for names in SUMS:
                figures = counts(row, names)
                if figures and figures[0] != figures[1] + figures[2]:
                    yield fault(context, row, table, names[0], total=figures[0], sum=figures[1] + figures[2])
