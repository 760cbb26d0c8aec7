"""Telling the system of family-register supplements about a new address (戸籍附票への連携; #7.2.4)."""

from collections.abc import Sequence

from municipal.addressees.outputs import names_of_group
from municipal.core.clauses import implements
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality
from municipal.office.outbox import emit
from municipal.residents.models import ResidentEvent, ResidentRecord

SUPPLEMENT = "residents.family_register_supplement"
OF_PLACES = (*names_of_group("address"), *names_of_group("planned_destination"), "status")


@implements("resident-record/1.0#7.2.4/m1")
def tell_supplement(event: ResidentEvent, rows: Sequence[tuple[ResidentRecord | None, ResidentRecord]]) -> None:
    """Tell who of those whose family register is here has another address now (住所の連携).

    ``rows``: what was and what was written, of the whole act. Ids only: the receiver reads the address itself, and
    there is no field in which a correction could be described (#4.2.3.1/n1).
    """
    moved = [row for before, row in rows if before is None or moved_from(before, row)]
    if not moved:
        return
    town = Municipality.objects.get(pk=wall.current())
    subjects = [row.addressee_id for row in moved if is_ours(row, town)]
    if subjects:
        emit(topic=SUPPLEMENT, subjects=subjects, payload={"event": event.pk})


def moved_from(before: ResidentRecord, after: ResidentRecord) -> bool:
    """Whether the supplement has something to hear of it (附票に関わる変更)."""
    return any(getattr(before, name, "") != getattr(after, name, "") for name in OF_PLACES)


def is_ours(row: ResidentRecord, town: Municipality) -> bool:
    """Whether the person's family register is kept here: by its code, or by the town's name where it has none."""
    if row.domicile_municipality_code:
        return bool(row.domicile_municipality_code == town.code)
    return bool(row.domicile.startswith((town.prefecture + town.name, town.name)))
