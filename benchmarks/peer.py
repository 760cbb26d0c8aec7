"""The benchmark's rules once more for frictionless: ``python -m benchmarks.peer FOLDER OUTPUT`` (比較対象).

The schema follows from the same item list. What a schema cannot say (check digits, conditions, days that do not exist)
is a check of its own, written in the tool's way. OUTPUT gets the row numbers with a finding.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from frictionless import Check, Checklist, Package, Resource, Schema, errors

from benchmarks import handover
from municipal.conformance import conditions, lists, packs
from municipal.conformance.packs import Item, Pack
from municipal.conformance.rules.item import character_class, check_digit, date_format
from municipal.conformance.rules.item.number_format import FORMS

DAY = date(2026, 11, 23)
PATTERNS = {name: form.strip("^$") for name, form in {**FORMS, **date_format.FORMS}.items()} | {
    name: form.replace("[^", "[", 1) + "*" if form.startswith("[^") else form.replace("[", "[^", 1) + "*"
    for name, form in character_class.WRONG.items()
}


def field(item: Item, pack: Pack) -> dict[str, Any]:
    """A field of the schema: required, pattern, length, list, as far as a schema says it (項目の定義)."""
    constraints: dict[str, Any] = {}
    if item.presence == "required":
        constraints["required"] = True
    if item.max_length:
        constraints["maxLength"] = item.max_length
    if item.type == "DATE":
        constraints.pop("maxLength", None)
        return {"name": item.name_ja, "type": "date", "format": "%Y-%m-%d", "constraints": constraints}
    if item.codes:
        constraints["enum"] = sorted(lists.right_codes(pack, item.codes, DAY))
    elif item.type in PATTERNS and not item.number:
        constraints["pattern"] = PATTERNS[item.type]
    return {"name": item.name_ja, "type": "string", "constraints": constraints}


class RestOfTheRules(Check):  # type: ignore[misc, unused-ignore]
    """Check digits, conditions, control characters and moments that do not exist (残りの規則)."""

    Errors = [errors.RowConstraintError]
    items: tuple[Item, ...] = ()

    def validate_row(self, row: Any) -> Any:
        """One error for a row that breaks any of them."""
        if any(self._is_wrong(item, row) for item in self.items):
            yield errors.RowConstraintError.from_row(row, note="rest of the rules")

    def _is_wrong(self, item: Item, row: Any) -> bool:
        value = row[item.name_ja] or ""
        if item.condition and not value:
            return conditions.parse(item.condition).holds(lambda heading: str(row[heading] or ""))
        if not value:
            return False
        if item.number:
            return not check_digit.KINDS[item.number].is_valid(value)
        if item.type == "MOMENT":
            return not date_format.is_right(value, item)
        return item.type in ("N", "XN") and any(character in "\ufffd\u202e" for character in value)


def main(folder: Path, output: Path) -> None:
    """Validate people against households and write the rows found (検査の実行)."""
    pack = packs.load(handover.PACK)
    people = Schema.from_descriptor(
        {
            "fields": [field(item, pack) for item in pack.items_of("people")],
            "primaryKey": ["宛名番号"],
            "foreignKeys": [{"fields": ["世帯番号"], "reference": {"resource": "households", "fields": ["世帯番号"]}}],
        }
    )
    homes = Schema.from_descriptor({"fields": [field(item, pack) for item in pack.items_of("households")]})
    package = Package(
        resources=[
            Resource(name="people", path="people.csv", schema=people, basepath=str(folder)),
            Resource(name="households", path="households.csv", schema=homes, basepath=str(folder)),
        ]
    )
    check = RestOfTheRules()
    check.items = tuple(
        item for item in pack.items_of("people") if item.condition or item.number or item.type in ("MOMENT", "N", "XN")
    )
    report = package.get_resource("people").validate(Checklist(checks=[check]), limit_errors=1_000_000)
    rows = {error.row_number for task in report.tasks for error in task.errors if hasattr(error, "row_number")}
    output.write_text(json.dumps(sorted(rows)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
