"""No role of the application overwrites what an act wrote (上書きの禁止)."""

from itertools import product

import pytest
from django.db import DatabaseError, connections, transaction

from conftest import TOWN
from municipal.core import clock
from municipal.municipalities import wall
from municipal.residents.models import Period, ResidentEvent, ResidentRecord
from municipal.residents.tests.acting import ACTS_ON, act, family, member, people_of

STATEMENTS = (
    "UPDATE residents_residentrecord SET remarks = 'x'",
    "UPDATE residents_residentevent SET act = 'x'",
    "UPDATE residents_period SET valid = daterange('2020-01-01', NULL)",
    "UPDATE residents_period SET recorded = tstzrange(lower(recorded), NULL) WHERE upper(recorded) IS NOT NULL",
    *(f"DELETE FROM residents_{table}" for table in ("residentrecord", "residentevent", "period", "household")),
    *(f"TRUNCATE residents_{table} CASCADE" for table in ("residentrecord", "residentevent", "period", "household")),
)


@pytest.mark.clause("resident-record/1.0#4.2.3.3/n1", "resident-record/1.0#4.2.3.3/m3")
def test_what_an_act_wrote_is_neither_changed_nor_removed(committed_db: str) -> None:
    """The application's role lacks the right, and a trigger stops the owner's."""
    with clock.stopped_at(ACTS_ON), wall.within(TOWN):
        home = people_of(act("move_in", people=family()))
        act("minor_correction", people=(member(home[0], alias="タロ"),))
    done = []
    for statement, role in product(STATEMENTS, ("default", "owner")):
        try:
            with wall.within(TOWN, using=role), transaction.atomic(using=role), connections[role].cursor() as cursor:
                cursor.execute(statement)
        except DatabaseError:
            continue
        done.append((statement, role))
    assert done == []
    with wall.within(TOWN):
        assert (ResidentRecord.objects.count(), ResidentEvent.objects.count(), Period.objects.count()) == (5, 2, 5)
