"""What the database promises, whoever asks (データベースの約束の試験)."""

import pytest
from django.db import DatabaseError, IntegrityError, connections, models, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee, AddresseeKind
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.constraints import Across, AppendOnly, Shared, Wall, refusal_of
from municipal.residents.models import Household, Period, ResidentRecord


def someone(number: str) -> Addressee:
    return Addressee.objects.create(number=number, kind=AddresseeKind.NON_RESIDENT, name="丙山　三郎")


@pytest.mark.parametrize("alias", ["default", "owner"])
def test_neither_the_application_nor_the_owner_sees_the_other_town(committed_db: str, alias: str) -> None:
    with wall.within(TOWN):
        someone("17")
    with wall.within(OTHER_TOWN, using=alias):
        assert not Addressee.objects.using(alias).exists()
    with wall.within(TOWN, using=alias):
        assert Addressee.objects.using(alias).count() == 1


def test_a_row_cannot_be_written_into_the_other_town(committed_db: str) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), wall.within(TOWN):
        Addressee.objects.create(municipality_id=OTHER_TOWN, number="17", kind="resident")


def test_a_row_cannot_be_moved_into_the_other_town(committed_db: str) -> None:
    with wall.within(TOWN):
        someone("17")
    with pytest.raises(DatabaseError, match="row-level security"), wall.within(TOWN):
        Addressee.objects.update(municipality_id=OTHER_TOWN)


def test_the_application_cannot_lift_the_wall(committed_db: str) -> None:
    for statement in (
        "ALTER TABLE addressees_addressee DISABLE ROW LEVEL SECURITY",
        "DROP POLICY addressees_addressee_wall ON addressees_addressee",
        "ALTER TABLE residents_residentrecord DISABLE TRIGGER ALL",
        "SET ROLE kijun_owner",
        "SET SESSION AUTHORIZATION kijun_owner",
    ):
        with pytest.raises(DatabaseError), wall.within(TOWN), connections["default"].cursor() as cursor:
            cursor.execute(statement)


def test_a_violated_constraint_speaks_with_its_own_sentence(town: int) -> None:
    someone("17")
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        someone("17")
    refused = refusal_of(error.value)
    assert isinstance(refused, Refused)
    assert refused.sentence == "この宛名番号はすでに使われています。別の番号にしてください。"


def test_a_constraint_without_a_sentence_is_a_fault_of_ours(town: int) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Addressee.objects.create(number=None, kind="resident")  # type: ignore[misc]
    assert refusal_of(error.value) is None


@pytest.mark.parametrize("model", [ResidentRecord, Household, Period])
def test_history_is_append_only_by_declaration(model: type[models.Model]) -> None:
    assert any(isinstance(found, AppendOnly) for found in model._meta.constraints)


@pytest.mark.parametrize(
    "promise",
    [
        Wall(name="a", rights=("SELECT",)),
        Shared(name="a", rights=("SELECT",)),
        Across(name="a", field="household"),
        AppendOnly(name="a", closes="recorded"),
    ],
)
def test_migrations_can_write_a_promise_down_and_read_it_again(promise: Wall) -> None:
    path, args, kwargs = promise.deconstruct()
    again = type(promise)(*args, **kwargs)
    assert path.endswith(type(promise).__name__)
    assert again == promise
    assert hash(again) == hash(promise)
    assert promise.clone() == promise


def test_every_promise_can_be_undone_and_made_again(committed_db: str) -> None:
    with connections["owner"].schema_editor() as editor:
        for model in (Household, Period):
            for promise in model._meta.constraints:
                if isinstance(promise, Wall | Across | AppendOnly):
                    editor.remove_constraint(model, promise)
            for promise in model._meta.constraints:
                if isinstance(promise, Wall | Across | AppendOnly):
                    editor.add_constraint(model, promise)
    with wall.within(TOWN):
        Household.objects.create(number="17")
    with wall.within(OTHER_TOWN):
        assert not Household.objects.exists()
