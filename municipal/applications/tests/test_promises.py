"""What the database itself holds of applications, whoever writes (申請の約束の試験)."""

import pytest
from django.db import Error, IntegrityError, connection, transaction

from conftest import OTHER_TOWN, TOWN
from municipal.applications.models import Attachment, Case, CaseEvent, Draft
from municipal.municipalities import wall

from .acting import a_case, a_draft


@pytest.fixture
def case(committed_db: str) -> Case:
    with wall.within(TOWN):
        return a_case("nursery-status", {"is_unchanged": True})


@pytest.mark.parametrize("state", ["approved", "done", "draft", "elsewhere", "proposed"])
def test_no_state_is_reached_but_by_a_step_of_the_table(case: Case, state: str) -> None:
    with pytest.raises(IntegrityError, match="does not follow"), wall.within(TOWN):
        Case.objects.filter(pk=case.pk).update(state=state)


def test_a_case_to_be_corrected_has_a_day(case: Case) -> None:
    with wall.within(TOWN):
        Case.objects.filter(pk=case.pk).update(state="form_check")
    with pytest.raises(IntegrityError, match="case_is_corrected_by_a_day"), wall.within(TOWN):
        Case.objects.filter(pk=case.pk).update(state="correction")


@pytest.mark.parametrize(
    "change", [{"number": "1"}, {"entry": {}}, {"applicant": {}}, {"workflow": "one_person"}, {"code_digest": "x"}]
)
def test_what_was_submitted_stays_and_the_application_may_not_even_try(case: Case, change: dict[str, object]) -> None:
    with pytest.raises(Error, match=r"permission denied|What was submitted stays"), wall.within(TOWN):
        Case.objects.filter(pk=case.pk).update(**change)


def test_no_case_and_no_event_is_removed_or_changed(case: Case) -> None:
    for statement in (
        f"DELETE FROM applications_case WHERE id = {case.pk}",
        "DELETE FROM applications_caseevent",
        "UPDATE applications_caseevent SET reason = 'x'",
    ):
        with pytest.raises(Error), wall.within(TOWN), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with wall.within(TOWN):
        assert CaseEvent.objects.count() == 1


def test_another_town_sees_no_draft_no_case_and_no_file(case: Case) -> None:
    with wall.within(TOWN):
        a_draft("care-plan")
    with wall.within(OTHER_TOWN):
        assert [table.objects.count() for table in (Draft, Case, CaseEvent, Attachment)] == [0, 0, 0, 0]
    with pytest.raises(IntegrityError), wall.within(OTHER_TOWN):
        CaseEvent.objects.create(
            case_id=case.pk, number=9, action="accept", state_from="submitted", state_to="form_check",
            at=case.submitted_at, actor_kind="staff", actor_id=1,
        )  # fmt: skip
