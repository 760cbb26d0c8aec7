"""The one place where a request gets into a municipality (入口の試験)."""

from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client, RequestFactory

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.identity.answers import source_of
from municipal.identity.middleware import COOKIE
from municipal.identity.models import FailedSignIn, Grant, Session, Staff
from municipal.identity.operations import issue_token
from municipal.identity.tests.people import browser_of, opened_by, somebody
from municipal.municipalities import wall

pytestmark = [pytest.mark.django_db, pytest.mark.urls("municipal.identity.tests.addresses")]
SEARCHING, API = "/trial/searching", "/api/trial/searching"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def token_of(staff: Staff) -> str:
    with wall.within(TOWN):
        return issue_token(actor=staff, label="試験").key


def entries(**which: Any) -> list[Entry]:
    with wall.within(TOWN):
        return list(Entry.objects.filter(**which).order_by("seq"))


def test_who_holds_the_permission_comes_in_and_the_town_is_that_of_the_key() -> None:
    for town in (TOWN, OTHER_TOWN):
        answer = browser_of(somebody("residents.search", town=town)).get(SEARCHING)
        assert (answer.status_code, answer.content.decode()) == (200, f"{town} clerk")
        assert answer["Cache-Control"] == "no-store"


def test_the_key_of_one_town_is_nothing_in_another() -> None:
    client = browser_of(somebody("residents.search"))
    somebody("residents.search", town=OTHER_TOWN)
    client.cookies[COOKIE] = client.cookies[COOKIE].value.replace(str(TOWN), str(OTHER_TOWN))
    assert client.get(SEARCHING).status_code == 302


@pytest.mark.parametrize(
    "key",
    ["", "x", "990019", "990019.", "990019." + "A" * 43, "123456." + "A" * 43, "99001²." + "A" * 43, "\x00"],
)
def test_what_is_no_key_leads_to_the_sign_in_and_back(key: str) -> None:
    client = Client()
    client.cookies[COOKIE] = key
    answer = client.get(SEARCHING + "?q=1")
    assert unquote(answer["Location"]) == "/sign-in?next=/trial/searching?q=1"
    assert client.get(API).status_code == 401


def test_a_form_sent_too_late_is_not_come_back_to() -> None:
    answer = Client().post(SEARCHING)
    assert answer["Location"] == "/sign-in"


def test_without_the_permission_the_page_names_it_and_the_refusal_is_logged() -> None:
    clerk = somebody("residents.view")
    answer = browser_of(clerk).get(SEARCHING)
    assert answer.status_code == 403
    assert "住民の検索" in answer.content.decode()
    assert [(found.actor_id, found.code) for found in entries(kind="refusal")] == [(clerk.pk, "forbidden")]


def test_a_permission_revoked_in_mid_session_is_gone_with_the_next_request() -> None:
    clerk = somebody("residents.search")
    client = browser_of(clerk)
    assert client.get(SEARCHING).status_code == 200
    with wall.within(TOWN):
        Grant.objects.filter(staff=clerk).update(revoked_at=clock.now())
    assert client.get(SEARCHING).status_code == 403


def test_a_permission_that_expires_in_mid_session_is_gone_at_midnight() -> None:
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=31)
    clerk = somebody("residents.search")
    with clock.stopped_at(midnight - timedelta(minutes=1)):
        client = browser_of(clerk)
        assert client.get(SEARCHING).status_code == 200
    with clock.stopped_at(midnight):
        assert client.get(SEARCHING).status_code == 403


@pytest.mark.parametrize("change", [{"is_active": False}, {"valid_until": clock.today() - timedelta(days=1)}])
def test_an_account_closed_in_mid_session_is_out_with_the_next_request(change: dict[str, Any]) -> None:
    clerk = somebody("residents.search", valid_from=clock.today() - timedelta(days=9))
    client = browser_of(clerk)
    with wall.within(TOWN):
        Staff.objects.filter(pk=clerk.pk).update(**change)
    assert client.get(SEARCHING).status_code == 302


def test_an_idle_session_leads_to_the_sign_in() -> None:
    client = browser_of(somebody("residents.search"))
    with clock.stopped_at(clock.now() + timedelta(minutes=11)):
        assert client.get(SEARCHING).status_code == 302


def test_work_keeps_a_session_open() -> None:
    start, client = clock.now(), browser_of(somebody("residents.search"))
    for minutes in (8, 16, 24):
        with clock.stopped_at(start + timedelta(minutes=minutes)):
            assert client.get(SEARCHING).status_code == 200


def test_a_temporary_password_is_changed_before_anything_else() -> None:
    client = browser_of(somebody("residents.search", must_change_password=True))
    assert client.get(SEARCHING)["Location"] == "/account/password"
    assert client.get("/account/password").status_code == 200
    assert client.get("/account/second-factor")["Location"] == "/account/password"


def test_the_second_step_comes_before_anything_else() -> None:
    clerk = somebody("residents.search", second_factor_set_at=clock.now())
    assert browser_of(clerk).get(SEARCHING)["Location"] == "/sign-in/code"
    assert browser_of(clerk, passed=True).get(SEARCHING).status_code == 200


def test_where_a_second_factor_is_required_it_is_set_up_first(settings: Any) -> None:
    settings.KIJUN_REQUIRE_SECOND_FACTOR = True
    client = browser_of(somebody("residents.search"))
    assert client.get(SEARCHING)["Location"] == "/account/second-factor"
    assert client.get("/account/second-factor").status_code == 200


def test_a_token_reads_through_the_api_with_its_holders_permissions() -> None:
    clerk, stranger = somebody("residents.search"), somebody(login_name="other")
    assert Client().get(API, headers=bearer(token_of(clerk))).content.decode() == f"{TOWN} clerk"
    answer = Client().get(API, headers=bearer(token_of(stranger)))
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["messages"]["ja"].startswith("この操作には「住民の検索」の権限が必要です")


def test_a_token_opens_no_page_and_a_cookie_is_no_token() -> None:
    clerk = somebody("residents.search")
    assert Client().get(SEARCHING, headers=bearer(token_of(clerk))).status_code == 302
    assert Client().get(API, headers=bearer(opened_by(clerk).key)).status_code == 401


def test_a_token_that_opens_nothing_is_logged_where_the_town_exists() -> None:
    for town in ("990019", "123456"):
        answer = Client().get(API, headers=bearer(f"{town}." + "A" * 43))
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="kijun"')
    assert [found.act for found in entries(kind="failed_sign_in")] == ["identity.use_token"]


@pytest.mark.parametrize("path", ["/trial/exempt", "/api/trial/exempt"])
def test_a_cookie_does_not_count_for_a_change_that_nobody_checked_for_forgery(path: str) -> None:
    client = browser_of(somebody(), enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert client.post(path).status_code in {302, 401}


def test_a_refusal_undoes_everything_and_is_logged_apart() -> None:
    clerk = somebody(department="市民課")
    answer = browser_of(clerk).get("/trial/refusing")
    assert answer.status_code == 409
    assert "架空の届出は受け付けられません。" in answer.content.decode()
    assert [(found.kind, found.subjects) for found in entries()] == [("refusal", [])]
    with wall.within(TOWN):
        assert Staff.objects.get().department == "市民課"


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 409), ("?field=name", 422), ("?code=forbidden", 403), ("?code=conflict", 409), ("?code=locked", 429)],
)
def test_the_status_follows_from_the_refusal(query: str, status: int) -> None:
    clerk = somebody()
    assert browser_of(clerk).get("/trial/refusing" + query).status_code == status
    problem = Client().get("/api/trial/refusing" + query, headers=bearer(token_of(clerk)))
    assert (problem.status_code, problem.json()["status"]) == (status, status)
    assert set(problem.json()) == {"type", "title", "status", "detail", "instance", "code", "field", "messages"}


def test_a_wrong_password_inside_a_session_counts_like_one_at_the_door() -> None:
    browser_of(somebody()).get("/trial/refusing?code=wrong_credentials")
    with wall.within(TOWN):
        assert FailedSignIn.objects.count() == 1


def test_what_the_template_discloses_is_recorded_before_the_answer_leaves() -> None:
    clerk = somebody()
    answer = browser_of(clerk).get("/trial/late")
    found = entries(kind="disclosure")
    assert answer.status_code == 200
    assert [(entry.subjects, entry.screen, str(entry.request_id)) for entry in found] == [
        ([7], "late", answer["X-Request-ID"])
    ]


@pytest.mark.parametrize("path", ["/trial/undeclared", "/trial/streaming", "/trial/broken"])
def test_what_must_not_happen_is_a_plain_500_that_shows_nothing_of_the_inside(path: str, settings: Any) -> None:
    settings.DEBUG = False
    answer = browser_of(somebody()).get(path)
    body = answer.content.decode()
    assert answer.status_code == 500
    assert "処理を終えられませんでした" in body
    assert not any(word in body for word in ("Traceback", "secret", "nobody said", "after the door"))
    assert answer["X-Request-ID"]


@pytest.mark.parametrize("path", ["/trial/missing", "/nowhere"])
def test_what_is_not_there_is_a_page_of_its_own(path: str, settings: Any) -> None:
    settings.DEBUG = False
    answer = browser_of(somebody()).get(path)
    assert answer.status_code == 404
    assert "見つかりません" in answer.content.decode()


@pytest.mark.parametrize("what", ["nul", "half"])
def test_input_that_the_database_cannot_hold_is_refused_in_one_sentence(what: str) -> None:
    answer = browser_of(somebody()).get(f"/trial/unreadable?what={what}")
    assert answer.status_code == 422
    assert "入力に使えない文字" in answer.content.decode()


def test_an_english_reader_is_refused_in_english_and_a_machine_in_both_languages() -> None:
    clerk = somebody()
    answer = Client().get(API, headers={"Accept-Language": "en", **bearer(token_of(clerk))})
    said = answer.json()
    assert said["messages"]["ja"] != said["messages"]["en"]
    assert said["detail"] == said["messages"]["en"]


def test_the_address_that_sent_the_request_is_taken_from_trusted_proxies_only(settings: Any) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.4"})
    for proxies, expected in ((0, "127.0.0.1"), (1, "198.51.100.4"), (2, "203.0.113.9"), (3, "127.0.0.1")):
        settings.KIJUN_PROXIES = proxies
        assert source_of(request) == expected
    settings.KIJUN_PROXIES = 1
    assert source_of(RequestFactory().get("/", headers={"X-Forwarded-For": "nonsense"})) is None


def test_only_the_session_that_is_used_stays_awake() -> None:
    clerk = somebody("residents.search")
    with clock.stopped_at(clock.now() - timedelta(minutes=5)):
        idle, used = opened_by(clerk), opened_by(clerk)
    client = Client()
    client.cookies[COOKIE] = used.key
    client.get(SEARCHING)
    with wall.within(TOWN):
        seen = {found.pk: found.last_seen_at for found in Session.objects.all()}
    assert seen[used.session.pk] > seen[idle.session.pk]
