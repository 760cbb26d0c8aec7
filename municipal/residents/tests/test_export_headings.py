"""What our export writes, the checker's pack of resident records knows (出力と仕様パックの一致)."""

from municipal.conformance.packs import find
from municipal.residents.exports import columns


def test_every_heading_of_the_export_is_an_item_of_the_pack() -> None:
    known = {item.name_ja for item in find("resident-record-data").items_of("history")}
    assert {heading for _, heading, _ in columns()} | {"住所の非表示"} <= known
