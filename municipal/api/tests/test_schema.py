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
from municipal.applications.operations import attach
from municipal.applications.tests.acting import CLERK, WASTE, a_case
from municipal.applications.tests.filling import picture
from municipal.core import clock
from municipal.core.dates import RegisterDate
from municipal.identity.models import Staff
from municipal.identity.operations import issue_token
from municipal.municipalities import wall
from municipal.residents.tests.acting import entered, newcomer_said

# The key is ours and good, though it was not generated; and a well-formed word may still mean nothing to a register.
NOT_MEANT = [ignored_auth, positive_data_acceptance]
OPERATIONS = ["residents", "residents/{number}", "residents/{number}/history", "residents/{number}/as-of"]
OPERATIONS += ["households/{number}", "residents/{number}/events", "events", "events/{entry}"]
CHANGING = [("events", "POST"), ("events/{entry}", "PUT")]
CHANGING += [(f"events/{{entry}}/{step}", "POST") for step in ("decide", "return", "withdraw")]
MONEY = ["charges", "charges/{charge}", "payments", "payments/{payment}", "refunds", "refunds/{refund}"]
MONEY += ["payment-events", "webhook-endpoints", "webhook-endpoints/{endpoint}"]
MONEY_CHANGING = ["refunds", "webhook-endpoints", "webhook-endpoints/{endpoint}/disable"]
APPLICATIONS = ["procedures", "procedures/{procedure}", "applications", "applications/{application}"]
APPLICATIONS += ["applications/{application}/files/{ref}"]
APPLICATIONS_CHANGING = ["applications", "applications/{application}/steps"]
ENTRIES, SHORT, LONG = 8, 40, 1_000


@pytest.fixture(scope="module")
def described() -> Any:
    out = StringIO()
    call_command("spectacular", format="openapi-json", stdout=out)
    return json.loads(out.getvalue())


def _statuses(
    described: Any, path: str, method: str, key: str, entries: list[int], there: Any = None, count: int = SHORT
) -> list[int]:
    """What so many cases were answered, each held against the description; every second one about what is there."""
    schema = schemathesis.openapi.from_dict(described)
    schema.app = get_wsgi_application()
    found = []
    for number, case in enumerate(_cases(schema[f"/api/v1/{path}"][method], count)):
        if number % 2 and there:
            _point_at(case, there)
        if number % 2 and "entry" in (case.path_parameters or {}):
            case.path_parameters["entry"] = entries[number % ENTRIES]
            # The first ones see the entry as it is, and some of them have it their way.
            if isinstance(case.body, dict) and "version" in case.body and number < 20:
                case.body["version"] = 1
        # Inside one process nobody unpacks what is packed for the way.
        answer = case.call(headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"})
        assert answer.status_code < 500, case.as_curl_command()
        case.validate_response(answer, excluded_checks=NOT_MEANT)
        found.append(answer.status_code)
    return found


def _point_at(case: Any, there: dict[str, Any]) -> None:
    """An application that is there, with the version that it has; a paper that could be handed in."""
    for name in set(case.path_parameters or {}) & set(there):
        case.path_parameters[name] = there[name]
    if isinstance(case.body, dict) and "version" in case.body:
        case.body["version"] = 1
    if isinstance(case.body, dict) and "answers" in case.body:
        case.body |= {"procedure": WASTE, "applicant": {"name": "甲野", "phone": "0"}}


def _key_of(login_name: str) -> str:
    with wall.within(TOWN):
        return issue_token(actor=Staff.objects.get(login_name=login_name), label="照合").key


def _entries() -> list[int]:
    """Entries that wait, made by nobody who asks here."""
    with wall.within(TOWN):
        people = [newcomer_said(serial=9_000_000 + n, born_on=RegisterDate(1980, 1, n)) for n in range(1, ENTRIES + 1)]
        today = RegisterDate.exact(clock.today())
        return [entered("move_in", people=(one,), event_on=today).pk for one in people]


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_answer_is_one_that_the_description_promises(two_towns: str, described: Any, path: str) -> None:
    statuses = _statuses(described, path, "GET", _key_of("counter"), _entries())
    assert len(statuses) > 10
    assert "entry" not in path or 200 in statuses


@pytest.mark.parametrize(("path", "method"), CHANGING)
def test_every_answer_to_a_change_is_one_that_the_description_promises(
    two_towns: str, described: Any, path: str, method: str
) -> None:
    statuses = _statuses(described, path, method, _key_of("chief"), _entries())
    assert len(statuses) > 10
    assert 422 in statuses
    assert path.endswith(("events", "{entry}")) or 200 in statuses


@pytest.mark.parametrize("path", MONEY)
def test_every_answer_about_money_is_one_that_the_description_promises(
    two_towns: str, described: Any, path: str
) -> None:
    assert len(_statuses(described, path, "GET", _key_of("treasurer"), [])) > 10


@pytest.mark.parametrize("path", MONEY_CHANGING)
def test_every_answer_to_a_change_of_money_is_one_that_the_description_promises(
    two_towns: str, described: Any, path: str
) -> None:
    statuses = _statuses(described, path, "POST", _key_of("treasurer"), [])
    assert len(statuses) > 10
    assert {404, 422} & {*statuses}


@pytest.fixture
def there(two_towns: str) -> dict[str, Any]:
    """An application with a file."""
    with wall.within(TOWN):
        case = a_case("nursery-status", {"is_unchanged": True})
        file = attach(actor=CLERK, to=case, field="x", name="x.png", content=picture())
        return {"application": f"ap_{case.pk}", "ref": str(file.ref), "procedure": WASTE}


@pytest.mark.parametrize("path", APPLICATIONS)
def test_every_answer_about_applications_is_one_that_the_description_promises(
    there: dict[str, Any], described: Any, path: str
) -> None:
    statuses = _statuses(described, path, "GET", _key_of("chief"), [], there)
    assert len(statuses) > 5
    assert 200 in statuses


@pytest.mark.parametrize("path", APPLICATIONS_CHANGING)
def test_every_answer_to_a_change_of_applications_is_one_that_the_description_promises(
    there: dict[str, Any], described: Any, path: str
) -> None:
    # Bodies of applications are large, and take long to think of.
    statuses = _statuses(described, path, "POST", _key_of("chief"), [], there, SHORT // 2)
    assert len(statuses) > 10
    assert {404, 409, 412, 422} & {*statuses}


def test_every_call_of_the_description_is_tried_above(described: Any) -> None:
    tried = {(path, "get") for path in (*OPERATIONS, *MONEY, *APPLICATIONS)}
    tried |= {(path, method.lower()) for path, method in CHANGING}
    tried |= {(path, "post") for path in (*MONEY_CHANGING, *APPLICATIONS_CHANGING)}
    known = {
        (path.removeprefix("/api/v1/"), method)
        for path, methods in described["paths"].items() for method in methods
    }  # fmt: skip
    assert known - tried == set()


@pytest.mark.faults
@pytest.mark.parametrize("login", ["chief", "treasurer"])
def test_a_thousand_cases_of_every_call_are_no_fault_of_ours(there: dict[str, Any], described: Any, login: str) -> None:
    """The long run of the above, under ``make faults``: every call, whoever may make it or not."""
    key = _key_of(login)
    for path, methods in described["paths"].items():
        for method in methods:
            _statuses(described, path.removeprefix("/api/v1/"), method.upper(), key, [1] * ENTRIES, there, LONG)


def _cases(operation: Any, count: int) -> list[Any]:
    """``count`` cases that the description allows, the same every time."""
    found: list[Any] = []

    @settings(max_examples=count, derandomize=True, deadline=None, database=None, phases=[Phase.generate])
    @given(case=operation.as_strategy())
    def collect(case: Any) -> None:
        found.append(case)

    collect()
    return found[:count]
