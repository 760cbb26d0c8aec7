"""Rules about keys: unique inside a table, known in another (キーの規則)."""

from municipal.conformance.packs import Pack


def heading(pack: Pack, table: str, name: str) -> str:
    """The heading of an item that a key or a reference of ``table`` names (項目の見出し)."""
    return next(item.name_ja for item in pack.items_of(table) if item.item == name)
