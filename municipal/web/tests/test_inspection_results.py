"""What was found, through the screens: filter, places, requirements, comparison, downloads (検査結果の画面の試験)."""

import re

import pytest
from django.test import Client
from django.utils.translation import override

from conftest import TOWN
from municipal.audit.models import Entry
from municipal.inspections.models import InspectionReport
from municipal.inspections.operations import WRITTEN
from municipal.inspections.tests.conftest import kept
from municipal.inspections.tests.files import BETTER, CANARY, upload
from municipal.municipalities import wall
from municipal.web.views.inspections import CONTENT_TYPES

from .inspecting import inspector, judged, listed, ordered, shown

__all__ = ["inspector", "kept"]
pytestmark = pytest.mark.django_db


def test_no_page_says_that_anything_conforms(inspector: Client) -> None:
    number = judged(inspector, upload(content=BETTER))
    for path in ("", f"/{number}", f"/{number}/requirements"):
        page = shown(inspector, path)
        assert not re.search("適合して|適合です|合格|適合しま", page)
    with override("en"):
        page = inspector.get(f"/inspections/{number}", headers={"accept-language": "en"}).content.decode()
    assert "No findings in" in page
    assert not re.search(r"(?i)\bconform(s|ant|ing|ity)\b|compliant", page)


@pytest.mark.parametrize("privacy", ["counts", "rows", "masked"])
def test_the_canary_is_in_no_page(inspector: Client, privacy: str) -> None:
    number, later = judged(inspector, privacy=privacy), judged(inspector, upload("x.csv"), privacy=privacy)
    codes = {rule["code"] for rule in listed(inspector, number, outcome="failed")}
    assert codes
    paths = ["", f"/{number}", f"/{number}/requirements", f"/{later}/compare?earlier={number}"]
    for path in (*paths, *(f"/{number}/rules/{code}" for code in codes)):
        assert CANARY not in shown(inspector, path)


@pytest.mark.parametrize(("format", "language"), WRITTEN)
def test_every_report_is_a_download_of_the_stored_bytes(inspector: Client, format: str, language: str) -> None:
    number = judged(inspector)
    answer = inspector.get(f"/inspections/{number}/reports/{format}/{language}")
    with wall.within(TOWN):
        kept_one = InspectionReport.objects.get(format=format, language=language)
        assert Entry.objects.filter(act="inspections.download", code=f"{number} {format} {language}").count() == 1
    assert answer.content == bytes(kept_one.content)
    assert answer["Content-Type"] == CONTENT_TYPES[format]
    assert re.fullmatch(rf'attachment; filename="inspection-{number}-{language}\.\w+"', answer["Content-Disposition"])
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_the_result_offers_every_report_once(inspector: Client) -> None:
    page = shown(inspector, f"/{judged(inspector)}")
    offered = re.findall(r'href="/inspections/\d+/reports/(\w+)/(\w+)"', page)
    assert sorted(offered) == sorted(WRITTEN)


@pytest.mark.parametrize(
    "path", ["reports/pdf/ja", "reports/json/en", "reports/text/fr", "rules/NONE-0000", "rules/%00"]
)
def test_what_is_not_there_is_not_found(inspector: Client, path: str) -> None:
    assert inspector.get(f"/inspections/{judged(inspector)}/{path}").status_code == 404


@pytest.mark.parametrize("tail", ["/rules/RES-0012", "/requirements", "/compare", "/reports/json/ja"])
def test_before_it_is_judged_there_is_no_result(inspector: Client, tail: str) -> None:
    assert inspector.get(f"/inspections/{ordered(inspector)}{tail}").status_code == 404


def test_rules_are_narrowed_by_outcome_severity_and_text(inspector: Client) -> None:
    number = judged(inspector)
    failed = listed(inspector, number, outcome="failed")
    assert failed
    assert {rule["outcome"] for rule in failed} == {"failed"}
    assert {rule["severity"] for rule in listed(inspector, number, severity="warning")} == {"warning"}
    code = failed[0]["code"]
    assert {rule["code"] for rule in listed(inspector, number, text=code.lower())} == {code}
    assert "この条件に合う規則はありません" in shown(inspector, f"/{number}", text="ありえないことば")


@pytest.mark.parametrize(
    "query",
    [{"outcome": "conformant"}, {"severity": "'"}, {"text": "x" * 101}, {"text": "\0"}, {"outcome": "a" * 10_000}],
)
def test_a_filter_that_makes_no_sense_is_refused(inspector: Client, query: dict[str, str]) -> None:
    number = judged(inspector)
    assert inspector.get(f"/inspections/{number}", query).status_code == 422
    if "severity" not in query:
        assert inspector.get(f"/inspections/{number}/requirements", query).status_code == 422


def test_what_was_found_comes_first_and_what_had_nothing_to_judge_last(inspector: Client) -> None:
    number = judged(inspector)
    pages = [listed(inspector, number, page=str(page)) for page in range(1, 5)]
    outcomes = [rule["outcome"] for page in pages for rule in page]
    assert outcomes == sorted(outcomes, key=["failed", "passed", "inapplicable"].index)
    assert outcomes[0] == "failed"
    assert outcomes[-1] == "inapplicable"


def test_rules_come_in_pages_that_keep_the_filter(inspector: Client) -> None:
    number = judged(inspector)
    first = inspector.get(f"/inspections/{number}", {"outcome": "inapplicable"})
    assert len(first.context["rules"]) == 25
    second = inspector.get(f"/inspections/{number}{first.context['pager']['next_url']}")
    assert {rule["outcome"] for rule in second.context["rules"]} == {"inapplicable"}
    assert {rule["code"] for rule in second.context["rules"]}.isdisjoint(
        rule["code"] for rule in first.context["rules"]
    )


def test_places_come_in_pages(inspector: Client) -> None:
    lines = "".join(f"{row},孫,甲\n" for row in range(1, 121))
    number = judged(inspector, upload(content=f"宛名番号,続柄_表記,氏名\n{lines}".encode()))
    most = max(listed(inspector, number, outcome="failed"), key=lambda rule: rule["count"])
    pages = [inspector.get(f"/inspections/{number}/rules/{most['code']}", {"page": str(page)}) for page in (1, 2, 3)]
    rows = [place["row"] for page in pages for place in page.context["places"]]
    assert [len(page.context["places"]) for page in pages] == [50, 50, 20]
    assert sorted(rows) == list(range(2, 122))
    assert "120件を数え、うち120件を示しています。" in pages[0].content.decode()


def test_requirements_carry_their_summary_and_their_outcome(inspector: Client) -> None:
    number = judged(inspector, upload(content="宛名番号,続柄_表記,氏名\n1,孫,甲\n".encode()))
    page = inspector.get(f"/inspections/{number}/requirements", {"text": "1.1.11/n1"})
    (found,) = page.context["requirements"]
    assert (found["clause"], found["outcome"]) == ("resident-record/1.0#1.1.11/n1", "failed")
    assert found["summary"]
    assert {one["outcome"] for one in inspector.get(
        f"/inspections/{number}/requirements", {"outcome": "passed"}
    ).context["requirements"]} == {"passed"}  # fmt: skip


def test_two_inspections_side_by_side(inspector: Client) -> None:
    old, new = judged(inspector), judged(inspector, upload(content=BETTER))
    page = inspector.get(f"/inspections/{new}/compare", {"earlier": str(old)})
    compared = page.context["compared"]
    assert compared["same_basis"]
    gone = [change for change in compared["changes"] if change["gone"]]
    assert gone
    assert all(change["old_count"] > change["new_count"] for change in gone)
    assert compared["unchanged"] > 50
    assert inspector.get(f"/inspections/{new}/compare").context["compared"] is None
    assert "比べられる前の検査がありません" in shown(inspector, f"/{old}/compare")
    for other in (str(new), "999", "x", ""):
        assert inspector.get(f"/inspections/{new}/compare", {"earlier": other}).status_code == 422
