"""What is there or not is written as the definition has it (有無の表記)."""

from collections.abc import Iterator, Mapping

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.packs import Item, Pack
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.opendata import Found, Tables, by_file, collecting

FLAGS = ("yes", "yes_no")


def is_flag(item: Item) -> bool:
    """Chooses items that say that something is there, or is not (有無の項目か)."""
    return item.codes in FLAGS


def defined(pack: Pack, codes: str) -> Mapping[str, str]:
    """By usual notation of a list the one that the definition has: ○ is 1 or 有 (定義の表記)."""
    values = pack.codes.get(codes, ())
    right = {value.name_ja: value.code for value in values if value.status != Standing.PROVISIONAL}
    return {value.code: right[value.name_ja] for value in values if value.status == Standing.PROVISIONAL}


@set_rule(
    "ODS-0044",
    clause="open-data-sets/2021#有無",
    severity=Severity.INFO,
    standing=Standing.CITED,
    packs=("open-data-sets",),
    collects=collecting(is_flag),
)
def a_flag_is_written_as_defined(tables: Tables, context: Context) -> Found:
    """What is there or not is written as the definition has it: 有 and 無, or 1 for what applies (有無の表記).

    Many tables have ○ and ×, あり and なし instead. Everybody understands that, so it is told for information only,
    once for a file and notation, with the number of columns and cells. Other words are judged as wrong codes.
    """
    for table, rows in tables.items():
        items = [item for item in context.pack.items_of(table) if is_flag(item)]
        for same in by_file(rows):
            yield from _of_file(items, same, context.pack)


def _of_file(items: list[Item], rows: list[Row], pack: Pack) -> Iterator[tuple[Row, Fault]]:
    found: dict[tuple[str, str], list[tuple[Row, Item]]] = {}
    for item in items:
        other = defined(pack, item.codes)
        for row in rows:
            if row[item.item] in other:
                found.setdefault((row[item.item], other[row[item.item]]), []).append((row, item))
    for (notation, expected), places in found.items():
        row, item = min(places, key=lambda place: place[0].number)
        columns = len({item.item for _, item in places})
        facts = {"notation": notation, "expected": expected, "columns": columns, "count": len(places)}
        yield row, Fault(item.name_ja, row[item.item], facts)
