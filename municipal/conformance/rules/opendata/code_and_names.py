"""The code and the names of a local government go together (コードと団体名の食い違い)."""

from municipal.conformance.findings import Fault, Severity, Standing
from municipal.conformance.rules import Context, Row, set_rule
from municipal.conformance.rules.opendata import PACKS, Found, Tables, by_file, collecting, heading, items_named
from municipal.conformance.rules.opendata.code_without_check_digit import whole
from municipal.core.characters import name_key
from municipal.core.codes import LocalGovernment, local_governments

_CODE = items_named(frozenset({"local_government_code"}))
_NAMES = items_named(frozenset({"prefecture", "municipality"}))


def body_of(row: Row) -> LocalGovernment | None:
    """The local government that the code of a row names, None if nobody knows it (コードの団体)."""
    readings = whole(row["local_government_code"], row["prefecture"].strip())
    return local_governments().get(readings[0]) if readings else None


def is_of(body: LocalGovernment, row: Row) -> str:
    """The item that contradicts the code, "" if none does (食い違う項目)."""
    prefecture, municipality = row["prefecture"].strip(), row["municipality"].strip()
    if prefecture and not body.prefecture.startswith(prefecture):
        return "prefecture"
    if not municipality or body.name == body.prefecture:
        return ""
    # A district (郡) may stand before a town, the prefecture before everything, a ward behind its city.
    written, known = (_folded(name) for name in (municipality.removeprefix(body.prefecture), body.name))
    is_same = written.endswith(known) or written.startswith(known) or known.startswith(written)
    return "" if is_same else "municipality"


def _folded(name: str) -> str:
    # 龍ケ崎 is also written 龍ヶ崎, and many names have variant characters.
    return name_key(name).replace("ヶ", "ケ")


@set_rule(
    "ODS-0020",
    clause="open-data-sets/2021#都道府県名,市区町村名",
    severity=Severity.ERROR,
    standing=Standing.CITED,
    packs=PACKS,
    collects=collecting(_CODE, _NAMES),
)
def the_code_and_the_names_go_together(tables: Tables, context: Context) -> Found:
    """The names of prefecture and municipality are those of the code (コードと団体名の食い違い).

    Said once for every pair of code and names in a file, with the number of rows. The list of 2024-01-01 is used;
    codes that it lacks are not judged. A district before the name of a town is right, and so is a prefecture's code
    with any municipality. A ward may be left out or added, and variant characters (龍ケ崎, 龍ヶ崎) do not count.
    Mostly a table was copied from another municipality, or a column slipped.
    """
    for table, rows in tables.items():
        for same in by_file(rows):
            found: dict[tuple[str, ...], list[Row]] = {}
            for row in same:
                body = body_of(row)
                if body is not None and (item := is_of(body, row)):
                    found.setdefault((item, row["local_government_code"], row[item]), []).append(row)
            for (name, *_), wrong in found.items():
                first = wrong[0]
                yield first, Fault(heading(context, table, name), first[name], {"count": len(wrong)})
