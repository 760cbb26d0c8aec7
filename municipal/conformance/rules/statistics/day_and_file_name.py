"""The day of the survey fits the month in the file's name (調査年月日とファイル名)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, set_rule
from municipal.conformance.rules.statistics import (
    STOCK_PACKS,
    Found,
    Tables,
    by_body,
    fault,
    lags,
    month_in_name,
    month_of,
    number_of,
    stock,
    usual_lag,
    written,
)


@set_rule(
    "STAT-0005",
    clause="open-data-sets/2021#調査年月日",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=STOCK_PACKS,
    collects=stock,
)
def the_day_fits_the_file_name(tables: Tables, context: Context) -> Found:
    """The day of the survey is as far from the month in the file's name as in the other files (調査年月日とファイル名).

    Some municipalities name a file by the month of the survey, some by the month of publication; so the files of a
    series, three or more, are held against one another, and the one that differs is found. Its rows are of another
    month, or the day was not changed when the file of the month before was copied.
    """
    for rows in by_body(tables.get("population", ())):
        usual = usual_lag(rows, context)
        for file, lag in lags(rows, context).items():
            named = month_in_name(context.files[file])
            if usual is not None and named is not None and lag != usual:
                first = next(row for row in rows if row.file == file)
                expected = written(month_of(number_of(named) - usual))
                surveyed = written(month_of(number_of(named) - lag))
                yield fault(context, first, "population", "surveyed_on", surveyed=surveyed, expected=expected)
