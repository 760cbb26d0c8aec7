"""Statistics and extracts in a real browser: built, asked, looked at (統計と抽出のブラウザでの試験)."""

from threading import Thread
from typing import Any

import pytest
from django.db import connections

from conftest import TOWN
from fixtures.town.cast import PROTECTED_MARKER
from municipal.extracts.models import ExtractFile
from municipal.municipalities import wall
from municipal.office import jobs

from .browsing import Town, faults, sign_in, visit

pytestmark = pytest.mark.browser
STATISTICS = [
    "/statistics/months",
    "/statistics/years",
    "/statistics/years?begins=4",
    "/statistics/people",
    "/statistics/foreigners",
    "/statistics/files",
]
EXTRACTS = [
    "/extracts", "/extracts/build/residents", "/extracts/build/households", "/extracts/words/history",
    "/extracts/sample", "/extracts/inspection-copy",
]  # fmt: skip


def write_what_was_ordered() -> None:
    """As a worker does."""
    with wall.within(TOWN):
        job = ExtractFile.objects.get().job_id
    jobs.run(TOWN, job)
    connections.close_all()


def in_another_thread(act: Any) -> None:
    worker = Thread(target=act)
    worker.start()
    worker.join(30)


def test_statistics_are_accessible(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    assert visit(page, served, STATISTICS) == []


def test_a_clerk_asks_with_the_keyboard_and_takes_a_file(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    assert visit(page, served, EXTRACTS) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{served.url}/extracts/build/residents")
    page.check("input[name=items][value='住所_町字']")
    page.select_option("select[name=item_0]", "生年月日")
    page.select_option("select[name=comparison_0]", "<=")
    page.fill("input[name=value_0]", "S40.1.1")
    page.select_option("select[name=order_0]", "生年月日")
    page.select_option("select[name=purpose]", "mailing")
    page.fill("input[name=note]", "敬老会")
    page.fill("input[name=name]", "敬老会の案内")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/extracts/runs/1")
    assert page.locator("tbody tr").count() > 3
    assert PROTECTED_MARKER not in page.content()
    assert faults(page) == []
    page.select_option("select[name=format]", "labels")
    page.click("text=ファイルを作る")
    in_another_thread(write_what_was_ordered)
    page.goto(f"{served.url}/extracts/runs/1")
    with page.expect_download() as taken:
        page.click("text=PDF（宛名シール） >> nth=-1")
    assert taken.value.suggested_filename == "extract-1-labels.pdf"
    found = visit(
        page, served, ["/extracts/runs/1", "/extracts/runs/1/labels", "/extracts/build/residents?saved=1", "/extracts"]
    )
    assert found == []


def test_figures_stand_in_a_cross_table(page: Any, served: Town) -> None:
    sign_in(page, served, "counter")
    page.goto(f"{served.url}/extracts/build/residents")
    page.click("text=一覧ではなく集計する")
    page.select_option("select[name=measure]", "count")
    page.select_option("select[name=group]", "住所_町字")
    page.select_option("select[name=across]", "性別")
    page.select_option("select[name=purpose]", "statistics")
    page.click("text=抽出する >> nth=-1")
    page.wait_for_url(f"{served.url}/extracts/runs/1")
    assert page.locator("thead th").all_inner_texts()[-1] == "女"
    assert faults(page) == []
