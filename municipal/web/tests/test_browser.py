"""The screens in a real browser: keyboard, accessibility, nothing from outside (ブラウザでの試験)."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from conftest import TOWN
from fixtures.town.cast import PROTECTED_MARKER
from municipal.inspections.models import Inspection
from municipal.municipalities import wall
from municipal.office import jobs

from .browsing import Town, faults, sign_in, visit

pytestmark = pytest.mark.browser


def test_a_clerk_reaches_the_right_person_with_four_keys(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    number = served.cast["five_head"]
    page.goto(f"{served.url}/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/residents?*")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/residents/{number}")
    assert number in page.inner_text("main")


def test_the_screens_of_the_counter_are_accessible(page: Any, served: Town) -> None:
    assert visit(page, served, ["/sign-in"]) == []
    sign_in(page, served, "counter")
    paths = ["/", "/residents?q=コウ", "/residents?q=zzz", "/residents?q="]
    paths += [f"/residents/{served.cast['alias']}{tab}" for tab in ("", "/history", "/household", "/disclosures")]
    assert visit(page, served, paths) == []


def test_the_screens_of_audit_and_staff_are_accessible(page: Any, served: Town) -> None:
    sign_in(page, served, "admin")
    assert visit(page, served, ["/audit", "/staff", "/staff/add", "/account/password", "/account/second-factor"]) == []


def judge_what_waits() -> None:
    """As a worker would; in a thread of its own, since playwright's is taken for an asynchronous one."""
    with wall.within(TOWN):
        waiting = Inspection.objects.get(judged_at=None)
    jobs.run(TOWN, waiting.job_id)
    connections.close_all()


def test_the_screens_of_judging_files_are_accessible(page: Any, served: Town, settings: Any, tmp_path: Path) -> None:
    settings.KIJUN_INSPECTIONS = tmp_path / "inspections"
    settings.KIJUN_HANDOVER_FOLDER = str(tmp_path)
    (tmp_path / f"{TOWN:06d}" / "2026-11").mkdir(parents=True)
    wrong = tmp_path / "residents.csv"
    wrong.write_text("宛名番号,続柄_表記\n" + "1,孫\n" * 60, encoding="utf-8")
    sign_in(page, served, "admin")
    for _ in range(2):
        page.goto(f"{served.url}/inspections/new")
        page.set_input_files("input[type=file]", wrong)
        page.get_by_role("button", name="検査を始める").click()
        page.wait_for_url(lambda url: not url.endswith("/new"))
        assert faults(page) == []
        with ThreadPoolExecutor(1) as worker:
            worker.submit(judge_what_waits).result()
    # Nobody pressed anything: the page has asked for itself again.
    page.wait_for_selector("text=規則ごとの結果")
    code = page.locator("table a").first.inner_text()
    tails = ["", "?outcome=failed", "?outcome=x", f"/rules/{code}?page=2", "/requirements", "/compare?earlier=1"]
    assert visit(page, served, ["/inspections", "/inspections/new", *(f"/inspections/2{tail}" for tail in tails)]) == []
    with page.expect_download() as taken:
        page.goto(f"{served.url}/inspections/2")
        page.get_by_role("link", name="HTML (日本語)").click()
    assert taken.value.suggested_filename == "inspection-2-ja.html"


def test_a_protected_address_is_in_no_page_and_the_badge_is(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    for key in ("protected_mother", "protected_child"):
        number = served.cast[key]
        for path in (
            f"/residents?q={number}",
            *(f"/residents/{number}{tab}" for tab in ("", "/history", "/household")),
        ):
            page.goto(f"{served.url}{path}")
            assert "支援措置" in page.inner_text("main")
            assert PROTECTED_MARKER not in page.content()


def test_english_screens_keep_era_dates(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    page.goto(f"{served.url}/residents/{served.cast['five_head']}")
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    assert page.get_attribute("html", "lang") == "en"
    assert any(era in page.inner_text("main") for era in ("昭和", "平成", "令和", "大正", "明治"))
    assert faults(page) == []
