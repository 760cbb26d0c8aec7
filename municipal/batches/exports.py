"""Files of address changes: whom one concerns, and what came of it (住所一括変更のファイル)."""

from collections.abc import Iterator, Sequence

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.office.exports import sheet
from municipal.places.rules import sort_code
from municipal.residents.acts.standing import newest_periods
from municipal.residents.inquiry import withheld
from municipal.residents.models import ResidentRecord

from .models import AddressChange
from .rules import ADDRESS_PARTS, headings


@implements("resident-record/1.0#9.7/m1")
@prints_addresses("batches.households_of_blocks", Purpose.EXPORT)
def households_of(blocks: Sequence[str], lots: tuple[int, int] | None = None) -> tuple[bytes, int, int]:
    """The file to fill in for the households of some blocks, prefilled with the old address (対象の抽出).

    Household numbers and addresses only: no list of the people of an area may be made (#9.7/n1). Also how many
    households there are, and how many are left out because an address in them is protected. ``lots``: first and last
    number of the lot.
    """
    if not blocks:
        raise Refused("町字を入力してください。", field="blocks", code="blocks_missing")
    here = newest_periods().filter(is_registered=True).values("record")
    rows = ResidentRecord.objects.filter(pk__in=here, address_block__in=blocks)
    hidden, homes, protected = withheld(), dict[str, tuple[str, ...]](), set[str]()
    columns = [f"address_{part}" for part in ADDRESS_PARTS]
    for person, number, *parts in rows.values_list("addressee", "household__number", *columns):
        if lots and not lots[0] <= int(sort_code(parts[1])[:5] or 0) <= lots[1]:
            continue
        homes.setdefault(number, tuple(parts))
        if person in hidden:
            protected.add(number)
    shown = sorted((sort_code(parts[1]), number, parts) for number, parts in homes.items() if number not in protected)
    lines = [[number, *parts, *parts] for _code, number, parts in shown]
    return sheet([headings("address"), *lines]), len(lines), len(protected)


@implements("resident-record/1.0#9.7/m1")
@prints_addresses("batches.domiciles_like", Purpose.EXPORT)
def domiciles_like(former: str) -> tuple[bytes, int, int]:
    """The file to fill in for residents whose domicile begins so, and the counts (本籍の対象の抽出)."""
    if len(former) < 2:
        raise Refused("本籍のはじめの2文字以上を入力してください。", field="blocks", code="blocks_missing")
    here = newest_periods().filter(is_registered=True).values("record")
    rows = ResidentRecord.objects.filter(pk__in=here, domicile__startswith=former).order_by("addressee__number")
    hidden = withheld()
    found = list(rows.values_list("addressee", "addressee__number", "domicile"))
    lines = [[number, domicile, domicile] for person, number, domicile in found if person not in hidden]
    return sheet([headings("domicile"), *lines]), len(lines), len(found) - len(lines)


@implements("resident-record/1.0#9.7/m4")
def results_of(change: AddressChange) -> bytes:
    """Line by line what came of a change, for checking: numbers, results and reasons, no names (処理結果一覧)."""

    def lines() -> Iterator[Sequence[object]]:
        yield ("行番号", "世帯番号・宛名番号", "結果", "理由")
        tried = _refused_in_trial(change)
        for row in change.rows.order_by("row"):
            if row.outcome:
                yield (row.row, row.number, row.get_outcome_display(), row.sentence)
            elif change.trial_id:
                yield (
                    row.row,
                    row.number,
                    "仮処理: 除く" if row.row in tried else "仮処理: 変更できる",
                    tried.get(row.row, ""),
                )
            else:
                yield (row.row, row.number, "未処理", "")

    return sheet(lines())


def _refused_in_trial(change: AddressChange) -> dict[int, str]:
    if change.trial is None:
        return {}
    return dict(change.trial.error_rows.values_list("row", "sentence"))
