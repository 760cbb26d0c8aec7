"""The API does what its description says, whatever is asked (APIの記述との照合)."""

import json
from io import StringIO
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from hypothesis import Phase, given, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from conftest import TOWN
from municipal.identity.models import Staff
from municipal.identity.operations import issue_token
from municipal.municipalities import wall

# The key is ours and good, though it was not generated; and a well-formed word may still mean nothing to a register.
NOT_MEANT = [ignored_auth, positive_data_acceptance]
OPERATIONS = ["residents", "residents/{number}", "residents/{number}/history", "residents/{number}/as-of"]
OPERATIONS += ["households/{number}"]


@pytest.fixture
def described() -> Any:
    out = StringIO()
    call_command("spectacular", format="openapi-json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_answer_is_one_that_the_description_promises(two_towns: str, described: Any, path: str) -> None:
    with wall.within(TOWN):
        staff = Staff.objects.get(login_name="counter")
        key = issue_token(actor=staff, label="照合").key
    schema = schemathesis.openapi.from_dict(described)
    schema.app = get_wsgi_application()
    operation = schema[f"/api/v1/{path}"]["GET"]
    asked = 0

    for case in _cases(operation, 40):
        answer = case.call(headers={"Authorization": f"Bearer {key}"})
        asked += 1
        assert answer.status_code < 500, case.as_curl_command()
        case.validate_response(answer, excluded_checks=NOT_MEANT)
    assert asked > 10


def _cases(operation: Any, count: int) -> list[Any]:
    """``count`` cases that the description allows, the same every time."""
    found: list[Any] = []

    @settings(max_examples=count, derandomize=True, deadline=None, database=None, phases=[Phase.generate])
    @given(case=operation.as_strategy())
    def collect(case: Any) -> None:
        found.append(case)

    collect()
    return found[:count]
