"""A figure does not jump for one month and return (一か月だけの急変)."""

from municipal.conformance.findings import Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.statistics import STOCK_PACKS, Found, Tables, by_body, counts, fault, series, stock

WATCHED = ("total", "men", "women", "households")
_LEAST = 100


def jumps(before: int, now: int, after: int) -> bool:
    """Whether a figure is half or double of two neighbours that agree within a tenth (急変か)."""
    low, high = sorted((before, after))
    return low >= _LEAST and (high - low) * 10 <= high and (now * 2 < low or now > high * 2)


@set_rule(
    "STAT-0011",
    clause="population-statistics/1#series",
    severity=Severity.WARNING,
    standing=Standing.CITED,
    packs=STOCK_PACKS,
    collects=stock,
)
def a_figure_does_not_jump_and_return(tables: Tables, context: Context) -> Found:
    """A figure of an area is not half or double for one month and back in the next (一か月だけの急変).

    Only areas with a hundred or more are looked at, with the month before and the month after, which agree within a
    tenth. A town does not lose and regain half of its households in two months: a digit was lost. Take the figure
    from the register again.
    """
    for rows in by_body(tables.get("population", ())):
        months = series(rows, context)
        places = {month: {_place(row): row for row in same} for month, same in months.items()}
        for month in months:
            for place, row in places[month].items():
                before, after = (places.get(month + step, {}).get(place) for step in (-1, 1))
                if before is None or after is None:
                    continue
                for name in WATCHED:
                    three = [figures[0] for one in (before, row, after) if (figures := counts(one, (name,)))]
                    if len(three) == 3 and jumps(three[0], three[1], three[2]):
                        yield fault(context, row, "population", name, before=three[0], now=three[1], after=three[2])


def _place(row: Row) -> tuple[str, str]:
    return row["area_code"].strip(), row["area"].strip()
