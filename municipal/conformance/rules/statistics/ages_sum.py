"""The age classes of a sex are together its total (年齢階級の合計)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.statistics import SEXES, STOCK_PACKS, Found, Tables, ages, count, counts, fault, stock


@set_rule(
    "STAT-0002",
    clause="open-data-sets/2021#年齢別人口",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=STOCK_PACKS,
    collects=stock,
)
def the_age_classes_are_together_the_total(tables: Tables, context: Context) -> Found:
    """In every row the age classes of men sum to the men, and those of women to the women (年齢階級の合計).

    Judged only where all eighteen classes and the total are figures; a hidden class hides the sum. The row is named
    at the total, because nobody can tell which class is wrong. Take the row from the register again.
    """
    for table, rows in tables.items():
        classes = {sex: ages(context.pack, table, sex) for sex in SEXES}
        for row in rows:
            for sex, names in classes.items():
                total, figures = count(row[sex]), counts(row, names)
                if total is not None and figures and total != sum(figures):
                    yield fault(context, row, table, sex, total=total, sum=sum(figures))
